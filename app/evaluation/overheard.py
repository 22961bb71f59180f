"""A language model listened to: what it wrote by itself, before any gate, and how its calls ended."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from scripts_gen.language import LanguageModel, Mark, Pointer, Prompt, Sampling, Shape


@dataclass(slots=True, kw_only=True)
class Call:
    """One call: the prompt's name, the text so far, and `end`: whole, enough (the asker stopped), late or failed."""

    prompt: str
    shaped: bool
    text: str = ""
    end: str = "whole"


@dataclass(slots=True)
class Overheard:
    """Passes every call on and remembers it until `take`."""

    model: LanguageModel
    calls: list[Call] = field(default_factory=list)

    async def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """The model's pieces, unchanged."""
        call = Call(prompt=prompt.name, shaped=shape is not None)
        self.calls.append(call)
        try:
            async with aclosing(self.model.stream(prompt, sampling, shape)) as pieces:
                async for piece in pieces:
                    call.text += piece
                    yield piece
        except asyncio.CancelledError:
            call.end = "late"  # the asker's patience ended; on a slower machine more calls end so
            raise
        except GeneratorExit:
            call.end = "enough"
            raise
        except (OSError, ValueError):
            call.end = "failed"
            raise

    def take(self) -> list[Call]:
        """The calls since the last `take`."""
        taken, self.calls = self.calls, []
        return taken


class OverheardPointer(Overheard):
    """The same for a model that can also point at facts."""

    async def mark(self, text: str, *, priority: int = 8) -> Sequence[Mark]:
        """The model's marks, unchanged. Raises as the model does."""
        call = Call(prompt="mark", shaped=False)
        self.calls.append(call)
        assert isinstance(self.model, Pointer)  # noqa: S101 - `overheard` looked
        try:
            return await self.model.mark(text, priority=priority)
        except asyncio.CancelledError:
            call.end = "late"
            raise
        except (OSError, ValueError):
            call.end = "failed"
            raise


def overheard(model: LanguageModel) -> Overheard:
    """The model, listened to, with every ability that it has."""
    return OverheardPointer(model) if isinstance(model, Pointer) else Overheard(model)
