"""A viewer without a page: what an overlay page would show and sound at a moment, from the messages it would get.

Messages are app.live.wire's. Moments are unix seconds of the studio's own clock; whoever draws may run behind it.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE = 24_000  # Hz of the voice's clips
FADE = 0.03  # seconds in which a cut line goes silent
LINGER = 3.0  # seconds that what has ended stays known
NOTICE_FOR = 6.0  # seconds a passing notice is shown
STATES = ("held", "silenced", "on_air", "ended")


@dataclass(slots=True)
class Clause:
    """One clause as it was announced, its sound once that has come, and the moment it was cut."""

    speech: Mapping[str, Any]
    pcm: Samples | None = None
    cut_at: float | None = None

    @property
    def starts(self) -> float:
        """Unix seconds of its first sample."""
        return float(self.speech["starts_ms"]) / 1000

    @property
    def ends(self) -> float:
        """Unix seconds after its last sample, or of its cut."""
        end = self.starts + float(self.speech["seconds"])
        return end if self.cut_at is None else min(end, self.cut_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What there is to see at a moment. `position` is seconds into `speech`, None while nobody speaks."""

    state: str = "idle"
    rehearsal: bool = False
    lang: str = "zh"
    host: str = ""
    card: Mapping[str, Any] | None = None
    comment: Mapping[str, Any] | None = None
    notice: str = ""
    speech: Mapping[str, Any] | None = None
    position: float | None = None


@dataclass(slots=True)
class Viewer:
    """Takes messages and clips in the order they were sent; answers for any moment not long past."""

    state: str = "idle"
    rehearsal: bool = False
    lang: str = "zh"
    host: str = ""
    card: Mapping[str, Any] | None = None
    comment: Mapping[str, Any] | None = None
    epoch: str = ""
    clauses: list[Clause] = field(default_factory=list)
    _expected: Clause | None = None
    _notice: tuple[str, float] = ("", 0.0)  # text, until

    def message(self, text: str, at: float) -> None:
        """One JSON message that came at a moment."""
        message = json.loads(text)
        match message["type"]:
            case "snapshot":
                if message["epoch"] != self.epoch:
                    self._silence(at)
                self.epoch = message["epoch"]
                self.state, self.rehearsal = message["state"], message["rehearsal"]
                self.lang, self.host = message["lang"], message["host"]
                self.card, self.comment = message["card"], message["comment"]
                if message["speech"] is not None:
                    self._expect(message["speech"], at)
            case "speech.start":
                self._expect(message["speech"], at)
            case "speech.end" if message["outcome"] != "said":
                for clause in self.clauses:
                    if clause.speech["line"] == message["line"] and clause.ends > at:
                        clause.cut_at = at
            case "card":
                self.card = message["card"]
            case "comment":
                self.comment = message["comment"]
            case "gift":
                self._notice = (f"{message['name']} {message['text']}", at + NOTICE_FOR)
            case "notice" if message["notice_kind"] in STATES:
                self.state = message["notice_kind"]
                if self.state in ("held", "silenced", "ended"):
                    self._silence(at)
            case "notice":
                self._notice = (message["text"], at + NOTICE_FOR)
            case _:
                return  # recovered, clock and bye are matters of the line

    def clip(self, opus: bytes) -> None:
        """The sound of the clause announced last. Raises ValueError for a clip that is not the voice's."""
        if self._expected is None:
            return
        pcm, rate = soundfile.read(io.BytesIO(opus), dtype="float32")
        if rate != RATE or pcm.ndim != 1:
            raise ValueError(f"clip: wanted {RATE} Hz mono, found {rate} Hz of shape {pcm.shape}")
        self._expected.pcm = pcm
        self._expected = None

    def scene(self, at: float) -> Scene:
        """What is seen at a moment."""
        clause = next((c for c in reversed(self.clauses) if c.starts <= at < c.ends and c.pcm is not None), None)
        text, until = self._notice
        return Scene(
            state=self.state,
            rehearsal=self.rehearsal,
            lang=self.lang,
            host=self.host,
            card=self.card,
            comment=self.comment,
            notice=text if at < until else "",
            speech=None if clause is None else clause.speech,
            position=None if clause is None else at - clause.starts,
        )

    def sound(self, begins: float, count: int) -> Samples:
        """The `count` samples heard from a moment on; silence where nobody speaks."""
        out = np.zeros(count, np.float32)
        for clause in self.clauses:
            if clause.pcm is None:
                continue
            first = round((begins - clause.starts) * RATE)  # of the clip, at the first sample asked for
            low, high = max(first, 0), min(first + count, len(clause.pcm))
            if low >= high:
                continue
            piece = clause.pcm[low:high]
            if clause.cut_at is not None:
                left = (clause.cut_at - clause.starts) * RATE - np.arange(low, high)
                piece = piece * np.clip(1 + left / (FADE * RATE), 0, 1)
            out[low - first : high - first] += piece
        self.clauses = [c for c in self.clauses if c.ends > begins - LINGER]
        return np.clip(out, -1, 1)

    def _expect(self, speech: Mapping[str, Any], at: float) -> None:
        known = next((c for c in self.clauses if _same(c.speech, speech) and c.ends > at), None)
        self._expected = known or Clause(speech=speech)
        if known is None:
            self.clauses.append(self._expected)

    def _silence(self, at: float) -> None:
        for clause in self.clauses:
            if clause.ends > at:
                clause.cut_at = at


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["line"], one["clause"]) == (other["line"], other["clause"])
