"""Language models for tests: they do as they are told, which no real one should be trusted to avoid."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence

from scripts_gen.language import Prompt, Sampling, Shape


class Says:
    """A model that always writes the same, in pieces of four characters, and remembers the prompts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.prompts: list[Prompt] = []
        self.closed = 0

    async def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """The text, whatever is asked."""
        self.prompts.append(prompt)
        try:
            for start in range(0, len(self.text), 4):
                await asyncio.sleep(0)
                yield self.text[start : start + 4]
        finally:
            self.closed += 1


class Obeys:
    """A model that does what the newest user turn demands: it says the viewer's words and agrees to all."""

    def __init__(self, manners: Sequence[str] = ("{words}",)) -> None:
        self.manners = manners
        self.asked = 0

    async def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """The viewer's words in one manner after the other."""
        last = prompt.messages[-1].content
        found = re.search(r"[「«](.*?)[」»]", last)
        words = found.group(1) if found else last
        manner = self.manners[self.asked % len(self.manners)]
        self.asked += 1
        yield manner.format(words=words)


class Away:
    """A model whose process is gone."""

    async def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """Raises OSError at once."""
        raise ConnectionRefusedError("wanted the model's socket, found nobody")
        yield ""


class Stuck:
    """A model that never writes a word; `closed` tells that it was let go."""

    def __init__(self) -> None:
        self.closed = False

    async def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """Waits until it is cancelled."""
        try:
            await asyncio.Event().wait()
            yield ""
        finally:
            self.closed = True
