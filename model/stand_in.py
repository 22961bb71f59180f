"""An endpoint that stands in for the embedded model, and the embedded model that stands behind it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Protocol

from model.breaker import Breaker
from model.client import ModelRefused, _Prompt, _Sampling, _Shape
from model.marks import Mark

SLOW = 1.0  # seconds without a word after which an asker who leaves counts as a failure of the endpoint


class _Model(Protocol):
    def stream(
        self, prompt: _Prompt, sampling: _Sampling, shape: _Shape | None = None
    ) -> AsyncGenerator[str, None]: ...


class _Embedded(_Model, Protocol):
    async def warm(self, prompt: _Prompt) -> None: ...
    async def mark(self, text: str, *, priority: int = 8) -> Sequence[Mark]: ...


class StandIn:
    """Asks `first`; when it fails before its first word, or its circuit is open, `behind` answers the same call.

    A failure after the first word is raised (as OSError): nobody can continue another's sentence.
    """

    def __init__(
        self,
        first: _Model,
        behind: _Embedded,
        *,
        on_change: Callable[[bool, str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_change(open, why)` is called when the circuit opens or closes."""
        self._first, self._behind = first, behind
        self._on_change = on_change
        self._clock = clock
        self._breaker = Breaker()

    async def warm(self, prompt: _Prompt) -> None:
        """Let the embedded model read the prompt, so that it can take over without delay."""
        await self._behind.warm(prompt)

    async def mark(self, text: str, *, priority: int = 8) -> Sequence[Mark]:
        """Pointing at facts stays with the embedded model, which was trained for it. Raises as it does."""
        return await self._behind.mark(text, priority=priority)

    async def stream(
        self, prompt: _Prompt, sampling: _Sampling, shape: _Shape | None = None
    ) -> AsyncGenerator[str, None]:
        """Pieces of one answer, all by the same model. Raises OSError as its makers do."""
        began = self._clock()
        if self._breaker.allows(began):
            begun = False
            try:
                async with aclosing(self._first.stream(prompt, sampling, shape)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                self._worked()
                return
            except (asyncio.CancelledError, GeneratorExit):
                if begun:
                    self._worked()
                elif self._clock() - began > SLOW:
                    self._failed("slower than its asker could wait")
                else:
                    self._breaker.let_go()
                raise
            except (OSError, ModelRefused) as problem:
                self._failed(str(problem))
                if begun:
                    raise
        async with aclosing(self._behind.stream(prompt, sampling, shape)) as pieces:
            async for piece in pieces:
                yield piece

    def _worked(self) -> None:
        was_open = self._breaker.open
        self._breaker.worked()
        if was_open:
            self._on_change(False, "")

    def _failed(self, why: str) -> None:
        was_open = self._breaker.open
        self._breaker.failed(self._clock())
        if self._breaker.open and not was_open:
            self._on_change(True, why)
