"""试听: any words in any voice of the house, clause by clause; and how fast each voice speaks, measured."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from app.live.larder import parts_of
from app.live.voicing import Caches, UrgentVoice, clip_maker
from app.shows.cast import SAMPLE_WORDS
from avatar.clips import Clip, ClipCache, NothingToSay

PRIORITY = 7  # at the voice: after everything a running show needs, before the idle phrases
CLAUSE_WITHIN = 60.0  # seconds for one clause on a busy machine
PACE_WITHIN = 2.5  # seconds a page waits for the first measurement of a voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Characters a second. Not `measured`: nothing of this voice has been heard yet, so what is usual stands in."""

    characters: float | None
    measured: bool


class Auditions:
    """Speaks for the merchant alone. One of these per studio."""

    def __init__(self, voice: UrgentVoice, clips: ClipCache | None) -> None:
        self._voice = voice
        self._caches = None if clips is None else Caches(words=clips, phrases=clips)
        self._paces: dict[str, float] = {}
        self._measuring: dict[str, asyncio.Task[None]] = {}

    async def speak(
        self, text: str, voice: str, lang: str, readings: Mapping[str, str] | None = None
    ) -> AsyncGenerator[Clip, None]:
        """The text's clauses as they are made. Raises OSError when the voice is away; what has no sound is left out."""
        make = clip_maker(self._voice, voice, lang, self._caches, readings=readings)
        for part in parts_of(text, lang, True):
            try:
                async with asyncio.timeout(CLAUSE_WITHIN):
                    clip = await make(part, PRIORITY)
            except NothingToSay:
                continue
            yield clip

    async def pace(self, voice: str, lang: str) -> Pace:
        """How fast the voice speaks. At first it is asked to say its sample; a page waits for that only shortly."""
        if voice not in self._paces:
            task = self._measuring.get(voice)
            if task is None:
                task = asyncio.create_task(self._measure(voice, lang), name=f"pace:{voice}")
                self._measuring[voice] = task
                task.add_done_callback(lambda _: self._measuring.pop(voice, None))
            await asyncio.wait({task}, timeout=PACE_WITHIN)
        return Pace(characters=self._paces.get(voice), measured=voice in self._paces)

    async def close(self) -> None:
        """Stop measuring."""
        tasks = list(self._measuring.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _measure(self, voice: str, lang: str) -> None:
        make = clip_maker(self._voice, voice, lang, self._caches)
        parts = parts_of(SAMPLE_WORDS[lang], lang, True)
        try:
            async with asyncio.timeout(CLAUSE_WITHIN):
                seconds = sum([(await make(part, PRIORITY)).seconds for part in parts])
        except OSError:  # TimeoutError is one: the next page asks again
            return
        self._paces[voice] = sum(map(len, parts)) / seconds
