"""Every voice fails at once, each in its own way, and the show is never silent for three seconds."""

import asyncio
from collections.abc import AsyncGenerator

from app.events import PartFailed, PartRecovered
from avatar.client import VoiceUnavailable
from avatar.fallback import FallbackVoice, Provider
from avatar.line import Line
from avatar.speech import Sound, Utterance, Voice
from avatar.spoken import spoken
from tests.live.fakes import comment, fast
from tests.live.test_room import longest_silence, on_air


class Provided:
    """A voice that speaks, hangs or refuses."""

    def __init__(self, state: str) -> None:
        self.state = state

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        if self.state == "hangs":
            await asyncio.Event().wait()
        if self.state == "refuses":
            raise VoiceUnavailable("refused")
        yield Sound(pcm=b"\0\0")


def test_a_hanging_cloud_and_a_lost_voice_leave_no_silence_and_are_heard_again_soon(tmp_path):
    async def story():
        async with on_air(tmp_path, warm_up=60) as air:
            cloud, own = Provided("hangs"), Provided("refuses")
            loop = asyncio.get_running_loop()
            both = FallbackVoice(
                [
                    Provider(name="edge", engine=cloud, first=4.0),
                    Provider(name="embedded", engine=own, first=20.0),
                ],
                clock=loop.time,
            )
            make = air.voice.make

            async def through_both(text, priority):
                async for _ in both.speak(spoken(text), Voice(name="zf_xiaoxiao"), priority=priority):
                    pass
                return await make(text, priority)

            air.voice.make = through_both
            since = air.now
            air.room.tell(comment("能在微波炉里转吗", air.now))  # asks for words that nobody has voiced yet
            await air.until(lambda: bool(air.log.events(PartFailed)), 60)
            await asyncio.sleep(600)
            assert longest_silence(air, since, air.now) <= 3.0
            own.state = "speaks"
            known = len(air.log.events(PartRecovered))
            await air.until(lambda: len(air.log.events(PartRecovered)) > known, 15)

    fast(story())
