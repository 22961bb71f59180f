"""The host's lips: one sentence at a time, from words to clips on the stage.

Kept here: nothing sounds that the gate did not pass just now; the log has a sentence and each clause before they are
heard (write-ahead); only what was really heard is remembered; waiting is filled with short recorded lines.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog

from app.events import ClauseStarted, LineEnded, LineId, LineStarted, LiveEvent, Outcome
from app.live import wire
from app.live.bearing import bearing_of
from app.live.diary import Diary
from app.live.larder import Larder, parts_of
from app.live.repertoire import Repertoire
from app.live.sentence import Sentence
from app.live.shelf import Shelf
from app.live.stage import Stage
from app.metrics import LINES
from avatar.clips import Clip

log = structlog.get_logger()

LEAD = 0.15  # seconds between sending a clip and its start: the page must decode it first
TRIES = 4  # recorded lines said in a row for one clause before the sentence is given up
TRAVEL = 0.2  # seconds a page's report may take without meaning that it lags
MOST_BEHIND = 1.0  # seconds that a page is believed to lag
LONGEST_WAIT = 20.0  # seconds without a clip and without anything recorded before the sentence is given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Airing:
    """The sentence on air: what was said of it, and the clause that sounds (unix seconds `starts`)."""

    line: LineId
    sentence: Sentence
    facts: tuple[str, ...]
    said: str = ""
    said_seconds: float = 0.0
    clause: int = -1
    clip: Clip | None = None
    starts: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a sentence is said: how soon its clips are made (smaller first), how long it may be quiet (seconds)."""

    urgency: int
    patience: float


class Lips:
    """Says sentences. `began(clause, text, starts, sentence, line)` hears of every clause, `border()` is asked between
    two of them whether to stop there (a reason) or to go on (empty); `note` takes what happened, `show` what is in
    the log already.
    """

    def __init__(
        self,
        *,
        epoch: str,
        token: int,
        lang: str,
        voice: str,
        shelf: Shelf,
        larder: Larder,
        stage: Stage,
        diary: Diary,
        repertoire: Repertoire,
        note: Callable[[LiveEvent], None],
        show: Callable[[LiveEvent], None],
        clock: Callable[[], float],
        keep_clip: Callable[[Clip], str],
    ) -> None:
        self._epoch, self._token, self._lang, self._voice = epoch, token, lang, voice
        self._shelf, self._larder, self._stage, self._diary = shelf, larder, stage, diary
        self._repertoire, self._note, self._show = repertoire, note, show
        self._clock, self._keep_clip = clock, keep_clip
        self._lines = 0
        self._quiet_since = clock()
        self._speech: wire.Speech | None = None
        self._held: Airing | None = None
        self._page: tuple[LineId, int, float] | None = None  # line, clause, seconds that the page is behind our clock
        self.airing: Airing | None = None
        self.began: Callable[[int, str, float, Sentence, LineId], None] = lambda *_: None
        self.border: Callable[[], str] = lambda: ""

    async def say(self, sentence: Sentence, manner: Manner, *, first: int = 0, wait: bool = True) -> Outcome:
        """Say one sentence from its clause `first` on. Facts are looked at again after every wait for a clip."""
        while True:
            text = self._shelf.fill(sentence.template, sentence.product)
            if text is None:
                return "failed"
            ruling = self._shelf.may_say(text, sentence.product, approved=(text,) if sentence.approved else ())
            if not ruling.ok:
                log.warning("sentence.refused", kind=sentence.kind, reason=ruling.reason, text=text[:80])
                return "failed"
            parts = parts_of(text, self._lang, sentence.ample)[first:]
            if not parts:
                return "said"
            if manner.urgency == 0 and len(parts) > 1 and self._larder.ready(parts[1]) is None:
                self._larder.want(parts[1], manner.urgency)  # a new price is being made while "a correction" sounds
            clip = await self._clip(parts[0], manner, wait=wait)
            if self._shelf.fill(sentence.template, sentence.product) == text:
                break
        self._lines += 1
        line = LineId(f"{self._epoch}-{self._lines}")
        started = LineStarted(
            line=line,
            line_kind=sentence.kind,
            text="".join(parts) if self._lang != "en" else " ".join(parts),
            facts=ruling.facts,
            product=sentence.product,
            comment=sentence.comment,
            block=sentence.block,
            model=sentence.model,
            reviewer=sentence.reviewer,
            token=self._token,
        )
        await self._diary.write(started)
        self._show(started)
        self.airing = Airing(line=line, sentence=sentence, facts=ruling.facts)
        for index, part in enumerate(parts):
            if index:
                clip = await self._clip(part, manner, wait=wait)
            last = index == len(parts) - 1
            if index + 1 < len(parts) and self._larder.ready(parts[index + 1]) is None:
                self._larder.want(parts[index + 1], manner.urgency)
            await self._clause(line, sentence, first + index, part, clip, last=last)
            if not last and (reason := self.border()):
                await self._until_end()
                self.end("cut", reason)
                return "cut"
        await self._until_end()
        self.end("said", "")
        if first == 0:
            self._repertoire.heard(sentence)
        return "said"

    async def fill_silence(self, wanted: "asyncio.Future[Any]", manner: Manner) -> None:
        """Until `wanted` is there, say a short recorded line whenever it has been quiet too long."""
        filled = False
        for _ in range(TRIES):
            left = manner.patience - (self._clock() - self._quiet_since)
            done, _ = await asyncio.wait({wanted}, timeout=max(0.0, left))
            if done:
                return
            filler = self._repertoire.pause(self._larder.ready, first=not filled)
            if filler is None:
                break
            self._held, self.airing = self.airing, None
            await self.say(filler, manner, wait=False)
            self.airing, self._held = self._held, None
            filled = True
        await asyncio.wait({wanted}, timeout=manner.patience if filled else LONGEST_WAIT)
        if not wanted.done():
            raise OSError("the voice or the wording did not come in time")

    async def _clip(self, clause: str, manner: Manner, *, wait: bool) -> Clip:
        clip = self._larder.ready(clause)
        if clip is not None:
            return clip
        making = self._larder.want(clause, manner.urgency)
        if wait:
            await self.fill_silence(making, manner)
        return await asyncio.shield(making)

    async def _clause(
        self, line: LineId, sentence: Sentence, clause: int, text: str, clip: Clip, *, last: bool
    ) -> None:
        """Log one clause, send it, and return shortly before its end."""
        await self._diary.write(
            ClauseStarted(line=line, clause=clause, text=text, audio=clip.sha256, seconds=clip.seconds)
        )
        assert self.airing is not None  # noqa: S101 - set when the line began
        before = self.airing
        starts = self._clock() + LEAD
        if before.clip is not None:
            said = self.joined(before.said, before.clip.text)
            before = replace(before, said=said, said_seconds=before.said_seconds + before.clip.seconds)
            starts = max(starts, self._quiet_since)  # without a gap
        self.airing = replace(before, clause=clause, clip=clip, starts=starts)
        self._quiet_since = starts + clip.seconds
        url = self._keep_clip(clip)
        self._stage.publish(wire.SpeechStart(speech=self._speech_of(self.airing, clause, url, last=last)), clip.opus)
        self.began(clause, text, starts, sentence, line)
        await asyncio.sleep(max(0.0, self._quiet_since - LEAD - self._clock()))

    def _speech_of(self, airing: Airing, clause: int, url: str, *, last: bool) -> wire.Speech:
        """The clause on air as pages need it."""
        clip = airing.clip
        assert clip is not None  # noqa: S101 - only called for a clause with its clip
        mood, gesture = bearing_of(airing.sentence, clause)
        self._speech = wire.Speech(
            line=airing.line,
            clause=clause,
            line_kind=airing.sentence.kind,
            starts_ms=round(airing.starts * 1000),
            seconds=round(clip.seconds, 3),
            text=clip.text,
            words=[(word.text, round(word.start, 3), round(word.end, 3)) for word in clip.words],
            visemes=[
                (name, round(start, 3), round(end, 3), round(weight, 3)) for name, start, end, weight in clip.visemes
            ],
            voice=self._voice,
            mood=mood,
            gesture=gesture,
            comment=airing.sentence.comment,
            own_words=airing.sentence.own_words,
            clip=url,
            last=last,
        )
        return self._speech

    def current(self) -> wire.Speech | None:
        """The clause being heard now, for pages that come late."""
        return self._speech if self.airing is not None and self.airing.clip is not None else None

    @property
    def silent(self) -> float:
        """Seconds since the last clause ended; 0 while one sounds."""
        return max(0.0, self._clock() - self._quiet_since)

    def page_heard(self, heard: wire.Heard) -> None:
        """A page says how far it is: one that lags (a slow browser) has heard less than our clock thinks."""
        airing = self.airing
        if airing is not None and (airing.line, airing.clause) == (heard.line, heard.clause):
            behind = self._clock() - airing.starts - heard.seconds
            self._page = (airing.line, airing.clause, min(max(0.0, behind - TRAVEL), MOST_BEHIND))

    def cut(self, reason: str) -> None:
        """Silence now: the sentence on air, and the one that a filler had interrupted, end here."""
        self.end("cut", reason)
        if self._held is not None:
            self.airing, self._held = self._held, None
            self.end("cut", reason)

    def end(self, outcome: Outcome, reason: str) -> None:
        """Say on the stage and in the log what was really heard of the line."""
        airing = self.airing
        if airing is None:
            return
        self.airing = None
        text, seconds = self._heard(airing, whole=outcome == "said")
        if outcome != "said":
            self._quiet_since = min(self._quiet_since, self._clock())
        self._stage.publish(wire.SpeechEnd(line=airing.line, outcome=outcome, heard_seconds=round(seconds, 3)))
        LINES.labels(airing.sentence.kind, outcome).inc()
        self._note(
            LineEnded(
                line=airing.line,
                line_kind=airing.sentence.kind,
                text=text,
                facts=airing.facts,
                outcome=outcome,
                heard_seconds=round(seconds, 3),
                reason=reason,
            )
        )

    def _heard(self, airing: Airing, *, whole: bool) -> tuple[str, float]:
        """The words and seconds that have sounded up to now, by the clock of the stage."""
        if airing.clip is None:
            return airing.said, airing.said_seconds
        # Sent a moment before it sounds: until then the clause before it is still being heard.
        behind = self._page[2] if self._page and self._page[:2] == (airing.line, airing.clause) else 0.0
        position = min(max(-LEAD, self._clock() - airing.starts - behind), airing.clip.seconds)
        if whole or position >= airing.clip.seconds - 0.02:
            return self.joined(airing.said, airing.clip.text), airing.said_seconds + airing.clip.seconds
        words = [word for word in airing.clip.words if word.end <= position + 0.02]
        part = airing.clip.text[: words[-1].last] if words else ""
        return self.joined(airing.said, part), max(0.0, airing.said_seconds + position)

    async def _until_end(self) -> None:
        await asyncio.sleep(max(0.0, self._quiet_since - self._clock()))

    def joined(self, left: str, right: str) -> str:
        return f"{left} {right}".strip() if self._lang == "en" else left + right
