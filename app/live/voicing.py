"""From a clause to a clip: the written form is read aloud by the voice, with the urgency of the moment."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from app.live.larder import ClipMaker
from app.live.repertoire import Repertoire
from avatar.clips import Clip, ClipCache, make_clip
from avatar.delivery import delivered
from avatar.line import Line
from avatar.speech import Utterance, Voice
from avatar.spoken import spoken


class UrgentVoice(Protocol):
    """A speech engine that serves smaller priority numbers first."""

    def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """Utterances of the line. Raises OSError when the voice is away; closing the generator stops the work."""
        ...


@dataclass(frozen=True, slots=True)
class _Prioritised:
    """The voice with one priority, as the plain SpeechEngine that clips are made with."""

    voice: UrgentVoice
    priority: int
    spoke: Callable[[], None]

    async def speak(self, line: Line, voice: Voice) -> AsyncGenerator[Utterance, None]:
        """See SpeechEngine."""
        async with aclosing(self.voice.speak(line, voice, self.priority)) as utterances:
            async for utterance in utterances:
                self.spoke()
                yield utterance


@dataclass(frozen=True, slots=True)
class Caches:
    """Where clips are kept: the shop's own words with its data, our fixed phrases once for the whole machine."""

    words: ClipCache
    phrases: ClipCache


def clip_maker(
    engine: UrgentVoice,
    voice: str,
    lang: str,
    caches: Caches | None,
    *,
    spoke: Callable[[], None] = lambda: None,
    readings: Mapping[str, str] | None = None,
) -> ClipMaker:
    """A maker of clips with one voice in one language; clips are kept in `caches` across shows.

    Each clause is delivered by what it says. `spoke` is called whenever the voice itself is heard from: a cached clip
    says nothing about its health.
    """
    fixed = frozenset(Repertoire(lang).openers())

    async def make(text: str, priority: int) -> Clip:
        cache = None if caches is None else caches.phrases if text in fixed else caches.words
        return await make_clip(
            _Prioritised(engine, priority, spoke), spoken(text, lang, readings), delivered(voice, text, lang), cache
        )

    return make
