"""When one voice is away the next one speaks."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from avatar.client import VoiceBusy, VoiceUnavailable
from avatar.fallback import FAILURES, RETRY, WINDOW, Breaker, FallbackVoice, Provider
from avatar.line import Line
from avatar.speech import Phone, Sound, Utterance, Voice
from avatar.spoken import spoken

HOST = Voice(name="zf_xiaoxiao")
LINE = spoken("今天包邮")


class Scripted:
    """Speaks `sounds` pieces, failing or hanging before the piece numbered `ill`."""

    def __init__(self, tag: bytes, *, sounds: int = 2, ill: int | None = None, hangs: bool = False) -> None:
        self.tag, self.sounds, self.ill, self.hangs = tag, sounds, ill, hangs
        self.asked = 0
        self.priorities: list[int] = []
        self.closed = 0

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        self.asked += 1
        self.priorities.append(priority)
        try:
            for number in range(self.sounds):
                yield Phone(symbol=self.tag.decode(), start=number, end=number + 1)
                if number == self.ill:
                    if self.hangs:
                        await asyncio.Event().wait()
                    raise VoiceUnavailable("away")
                yield Sound(pcm=self.tag)
        finally:
            self.closed += 1


def _provider(name: str, engine: Scripted, first: float = 5.0, step: float = 5.0) -> Provider:
    return Provider(name=name, engine=engine, first=first, step=step)


async def _heard(voice: FallbackVoice, priority: int = 5) -> bytes:
    return b"".join([u.pcm async for u in voice.speak(LINE, HOST, priority=priority) if isinstance(u, Sound)])


async def test_the_first_voice_speaks_while_it_can() -> None:
    first, second = Scripted(b"a"), Scripted(b"b")
    assert await _heard(FallbackVoice([_provider("first", first), _provider("second", second)]), priority=1) == b"aa"
    assert (first.priorities, second.asked) == ([1], 0)


async def test_a_voice_that_fails_before_its_sound_leaves_no_trace() -> None:
    voice = FallbackVoice([_provider("first", Scripted(b"a", ill=0)), _provider("second", Scripted(b"b"))])
    said = [u async for u in voice.speak(LINE, HOST)]
    assert [u.symbol for u in said if isinstance(u, Phone)] == ["b", "b"]
    assert [u.pcm for u in said if isinstance(u, Sound)] == [b"b", b"b"]


async def test_a_slow_voice_is_left_at_the_deadline_and_closed() -> None:
    slow = Scripted(b"a", ill=0, hangs=True)
    voice = FallbackVoice([_provider("slow", slow, first=0.03), _provider("second", Scripted(b"b"))])
    assert await _heard(voice) == b"bb"
    assert slow.closed == 1


async def test_no_second_voice_breaks_into_a_clause() -> None:
    second = Scripted(b"b")
    voice = FallbackVoice([_provider("first", Scripted(b"a", ill=1)), _provider("second", second)])
    heard = b""
    with pytest.raises(VoiceUnavailable, match="middle"):
        async for utterance in voice.speak(LINE, HOST):
            if isinstance(utterance, Sound):
                heard += utterance.pcm
    assert (heard, second.asked) == (b"a", 0)


async def test_a_voice_that_stops_in_the_middle_is_left_at_the_step_deadline() -> None:
    voice = FallbackVoice([_provider("first", Scripted(b"a", ill=1, hangs=True), step=0.03)])
    with pytest.raises(VoiceUnavailable, match="middle"):
        await _heard(voice)


async def test_every_voice_away_says_why_of_each() -> None:
    voice = FallbackVoice([_provider("cloud", Scripted(b"a", ill=0)), _provider("own", Scripted(b"b", ill=0))])
    with pytest.raises(VoiceUnavailable, match=r"cloud: .*own: "):
        await _heard(voice)


async def test_a_failing_voice_rests_and_is_tried_again() -> None:
    now = 0.0
    first, second = Scripted(b"a", ill=0), Scripted(b"b")
    voice = FallbackVoice([_provider("first", first), _provider("second", second)], clock=lambda: now)
    for _ in range(FAILURES + 3):
        assert await _heard(voice) == b"bb"
    assert first.asked == FAILURES
    now = RETRY + 1
    first.ill = None
    assert await _heard(voice) == b"aa"
    assert await _heard(voice) == b"aa"


async def test_a_voice_that_is_only_busy_is_asked_again_for_the_next_line() -> None:
    class Busy(Scripted):
        async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
            self.asked += 1
            raise VoiceBusy("no turn")
            yield

    busy = Busy(b"a")
    told: list[tuple[str, str]] = []
    voice = FallbackVoice(
        [_provider("first", busy), _provider("second", Scripted(b"b"))],
        told=lambda name, how, _: told.append((name, how)),
    )
    for _ in range(FAILURES + 2):
        assert await _heard(voice) == b"bb"
    assert busy.asked == FAILURES + 2
    assert told[:2] == [("first", "busy"), ("second", "said")]


async def test_closing_the_line_closes_the_voice() -> None:
    engine = Scripted(b"a")
    async with aclosing(FallbackVoice([_provider("first", engine)]).speak(LINE, HOST)) as utterances:
        await anext(utterances)
    assert engine.closed == 1


def test_failures_far_apart_do_not_open_the_breaker() -> None:
    breaker = Breaker()
    for number in range(FAILURES * 2):
        breaker.failed(number * WINDOW)
    assert breaker.allows(FAILURES * 2 * WINDOW)


def test_while_open_one_line_may_try_every_so_often() -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(0.0)
    assert not breaker.allows(RETRY - 0.1)
    assert breaker.allows(RETRY)
    assert not breaker.allows(RETRY + 0.1)
