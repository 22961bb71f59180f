"""Several voices in order: the next one speaks when one is away, slow or broken, and only ever at a clause border."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from avatar.client import VoiceBusy, VoiceUnavailable
from avatar.line import Line
from avatar.speech import Sound, Utterance, Voice

FAILURES = 3  # within WINDOW open the breaker
WINDOW = 30.0  # seconds
RETRY = 10.0  # seconds until one line may try again; a voice that is back must be heard within 15


class PriorityEngine(Protocol):
    """A SpeechEngine that knows urgent lines from others."""

    def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """As SpeechEngine.speak; a smaller priority goes first."""
        ...


@dataclass(slots=True)
class Breaker:
    """Spares a provider that keeps failing: open after FAILURES in WINDOW seconds, one trial every RETRY seconds."""

    failures: list[float] = field(default_factory=list)
    opened: float | None = None

    def allows(self, now: float) -> bool:
        """Whether a line may try now; a trial while open moves the next one RETRY seconds away."""
        if self.opened is None:
            return True
        if now - self.opened < RETRY:
            return False
        self.opened = now
        return True

    def failed(self, now: float) -> None:
        """Note a failure."""
        self.failures = [t for t in self.failures if now - t < WINDOW] + [now]
        if len(self.failures) >= FAILURES:
            self.opened = now

    def worked(self) -> None:
        """Note a line well said."""
        self.failures.clear()
        self.opened = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A voice with its deadlines in seconds: to the first sound, and from one message to the next."""

    name: str
    engine: PriorityEngine
    first: float
    step: float = 10.0


class FallbackVoice:
    """A SpeechEngine over providers in order of preference.

    A provider that fails before its first sound is followed by the next one, so the listener hears the clause whole and
    in one voice. One that fails later ends the line with VoiceUnavailable: the heard part cannot be unsaid.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        clock: Callable[[], float] = time.monotonic,
        told: Callable[[str, str, str], None] = lambda *_: None,
    ) -> None:
        """`told(provider, outcome, why)` hears of every try: said, failed, busy or resting."""
        self._providers = [(provider, Breaker()) for provider in providers]
        self._clock = clock
        self._told = told

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """Utterances of the first provider that can. Raises VoiceUnavailable when none can, saying why of each."""
        reasons: list[str] = []
        for provider, breaker in self._providers:
            if not breaker.allows(self._clock()):
                reasons.append(f"{provider.name} is resting")
                self._told(provider.name, "resting", "")
                continue
            heard = False
            try:
                async with aclosing(self._spoken(provider, line, voice, priority)) as utterances:
                    async for utterance in utterances:
                        heard = True
                        yield utterance
            except OSError as away:  # TimeoutError is an OSError
                busy = isinstance(away, VoiceBusy)
                if not busy:
                    breaker.failed(self._clock())
                self._told(provider.name, "busy" if busy else "failed", str(away) or type(away).__name__)
                reasons.append(f"{provider.name}: {away!r}")
                if heard:
                    raise VoiceUnavailable(f"{provider.name} broke off in the middle of a line: {away!r}") from away
                continue
            breaker.worked()
            self._told(provider.name, "said", "")
            return
        raise VoiceUnavailable("no voice can speak: " + "; ".join(reasons))

    @staticmethod
    async def _spoken(provider: Provider, line: Line, voice: Voice, priority: int) -> AsyncGenerator[Utterance, None]:
        """The provider's utterances; phones and words are held back until the sound they belong to is there."""
        held: list[Utterance] = []
        loop = asyncio.get_running_loop()
        due = loop.time() + provider.first
        async with aclosing(provider.engine.speak(line, voice, priority=priority)) as utterances:
            while True:
                try:
                    utterance = await asyncio.wait_for(anext(utterances), due - loop.time())
                except StopAsyncIteration:
                    return
                held.append(utterance)
                if isinstance(utterance, Sound):
                    for ready in held:
                        yield ready
                    held.clear()
                    due = loop.time() + provider.step
