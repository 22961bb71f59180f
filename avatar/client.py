"""The voice of another process: `EmbeddedVoice` asks `avatar.serve` over its socket."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import asdict
from pathlib import Path

from websockets.asyncio.client import unix_connect
from websockets.exceptions import WebSocketException

from avatar.line import Line
from avatar.speech import Phone, Sound, Utterance, Voice, Word

PATIENCE = 60.0  # seconds without a message before the voice counts as away; a long line on a loaded machine takes 20


class VoiceUnavailable(OSError):
    """The voice process is away, too busy, or could not say the line."""


class VoiceBusy(VoiceUnavailable):
    """The voice is well but has no turn for the line now; that is no failure of its."""


class EmbeddedVoice:
    """A SpeechEngine. Each line is one connection; closing the generator closes it, which stops the work."""

    def __init__(self, socket: Path, *, patience: float = PATIENCE) -> None:
        self._socket = socket
        self._patience = patience

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """Utterances of the line; a smaller `priority` goes before larger ones. Raises VoiceUnavailable."""
        request = {"line": asdict(line), "voice": asdict(voice), "priority": priority}
        try:
            async with unix_connect(str(self._socket), compression=None, max_size=None) as connection:
                await connection.send(json.dumps(request, ensure_ascii=False))
                while True:
                    message = await asyncio.wait_for(connection.recv(), self._patience)
                    if isinstance(message, bytes):
                        yield Sound(pcm=message)
                        continue
                    answer = json.loads(message)
                    if "phone" in answer:
                        symbol, start, end = answer["phone"]
                        yield Phone(symbol=symbol, start=start, end=end)
                    elif "word" in answer:
                        text, first, last, start, end = answer["word"]
                        yield Word(text=text, first=first, last=last, start=start, end=end)
                    elif answer["end"] == "said":
                        return
                    elif answer["end"] == "busy":
                        raise VoiceBusy(f"the voice is busy: {answer.get('why', '')}")
                    else:
                        raise VoiceUnavailable(f"the voice answered {answer['end']}: {answer.get('why', '')}")
        except VoiceUnavailable:
            raise
        except (OSError, WebSocketException) as away:  # TimeoutError is an OSError
            raise VoiceUnavailable(f"the voice at {self._socket} is away: {away!r}") from away
