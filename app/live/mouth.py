"""The room's mouth: acts become sentences, sentences become clauses, clauses become clips on the stage.

Rules kept here: nothing sounds that the gate did not pass just now; the log has a sentence and each clause before they
are heard (write-ahead); a cut is immediate and only the heard part is remembered; waiting is filled with short
recorded lines, so that silence stays below three seconds.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import structlog

from app.events import (
    ClauseStarted,
    CommentAnswered,
    LineEnded,
    LineId,
    LineStarted,
    LiveEvent,
    Outcome,
)
from app.live import wire
from app.live.diary import Diary
from app.live.larder import Larder, parts_of
from app.live.repertoire import Repertoire
from app.live.sentence import Sentence
from app.live.shelf import Shelf
from app.live.show import SOURCES, Act, Began, Border, Over, Signal
from app.live.stage import Stage
from app.metrics import FIRST_SOUND, FIRST_WORD, LINES
from avatar.clips import Clip

log = structlog.get_logger()

LEAD = 0.15  # seconds between sending a clip and its start: the page must decode it first
PATIENCE = 0.9  # seconds of silence after which a recorded line fills the wait for an answer
CALM = 1.7  # the same for everything else: a filler would only delay what is nearly made
HEAD_START = 0.03  # seconds an answer has to be ready without an acknowledgement
TRIES = 4  # recorded lines said in a row for one clause before the act is given up
TRAVEL = 0.2  # seconds a page's report may take without meaning that it lags
MOST_BEHIND = 1.0  # seconds that a page is believed to lag
LONGEST_WAIT = 20.0  # seconds without a clip and without anything recorded before the act is given up


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


Composer = Callable[[Act], AsyncGenerator[Sentence, None]]


class Mouth:
    """Plays one act at a time; `say` begins one, `stop` ends it.

    `tell` takes the signals for the director, `note` what happened.
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
        compose: Composer,
        tell: Callable[[Signal], None],
        note: Callable[[LiveEvent], None],
        clock: Callable[[], float],
        keep_clip: Callable[[Clip], str],
    ) -> None:
        self._epoch, self._token, self._lang, self._voice = epoch, token, lang, voice
        self._shelf, self._larder, self._stage, self._diary = shelf, larder, stage, diary
        self._repertoire, self._compose = repertoire, compose
        self._note = note
        self._tell, self._clock, self._keep_clip = tell, clock, keep_clip
        self._act: Act | None = None
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._fell: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._yielding = ""
        self._lines = 0
        self._quiet_since = clock()
        self._answer: tuple[int, int | None, str, LineId, bool] | None = (
            None  # sound, word (ms), words, line, answerable
        )
        self._speech: wire.Speech | None = None
        self._held: Airing | None = None
        self._page: tuple[LineId, int, float] | None = None  # line, clause, seconds that the page is behind our clock
        self.airing: Airing | None = None

    def say(self, act: Act) -> None:
        """Begin an act. The one before must be over or stopped."""
        self._act, self._yielding, self._answer = act, "", None
        self._task = asyncio.create_task(self._play(act), name=f"{self._epoch}:act{act.serial}")
        self._tasks.add(self._task)
        self._task.add_done_callback(self._done)

    async def run(self) -> None:
        """Watch over the acts: what none of them expected is raised here, and ends the room."""
        await self._fell

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None and not self._fell.done():
            self._fell.set_exception(problem)

    def stop(self, serial: int, reason: str, *, at_border: bool = False) -> None:
        """End the act now, or when its clause is over. Silence, voice and model work follow at once."""
        if self._act is None or self._act.serial != serial:
            return
        if at_border:
            self._yielding = reason
            return
        if self._task is not None:
            self._task.cancel()
        self._end_line("cut", reason)
        if self._held is not None:
            self.airing, self._held = self._held, None
            self._end_line("cut", reason)
        self._end_act()
        self._larder.stop(self._repertoire.ahead())

    async def close(self) -> None:
        """Stop and wait until every act's work has stopped."""
        if self._act is not None:
            self.stop(self._act.serial, "closing")
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _play(self, act: Act) -> None:
        outcome: Outcome = "failed"
        try:
            outcome = await self._perform(act)
        except (OSError, ValueError) as error:  # away, or nothing to say
            log.warning("act.failed", source=act.source, error=str(error))
            self._end_line("failed", str(error)[:200] or type(error).__name__)
        if outcome == "failed":
            # What fails at once (a part that is away, a refused sentence) must not spin.
            await asyncio.sleep(0.05)
        self._end_act()
        self._tell(Over(act=act.serial, outcome=outcome))

    def _end_act(self) -> None:
        if self._act is None:
            return
        waiting = self._act.waiting
        if self._answer is not None and waiting is not None and waiting.comment is not None:
            sound, word, text, line, answerable = self._answer
            if word is not None:
                FIRST_SOUND.observe(sound / 1000)
                FIRST_WORD.observe(word / 1000)
                self._note(
                    CommentAnswered(
                        comment=waiting.comment,
                        line=line,
                        answer=text,
                        answerable=answerable,
                        first_sound_ms=sound,
                        first_word_ms=word,
                    )
                )
        if waiting is not None and waiting.comment is not None:
            self._stage.publish(wire.CommentShown(comment=None))
        self._act = self._task = self._answer = None

    async def _perform(self, act: Act) -> Outcome:
        match act.source:
            case "purchase" | "answer":
                return await self._answer_comment(act)
            case "idle":
                sentence = self._repertoire.recorded(self._larder.ready)
                return "failed" if sentence is None else await self._sentence(act, sentence)
            case _:
                sentence = Sentence(
                    template=act.text,
                    kind=SOURCES[act.source].line_kind,
                    product=act.product,
                    block=f"{act.planned.place}:{act.planned.block}" if act.planned else "",
                    reviewer="approved script" if act.planned else "",
                    approved=act.source in ("disclosure", "thanks", "correction", "change"),
                )
                return await self._sentence(act, sentence, first=act.first)

    async def _answer_comment(self, act: Act) -> Outcome:
        waiting = act.waiting
        ready: asyncio.Queue[Sentence | None] = asyncio.Queue(8)
        composing = asyncio.create_task(self._fill(ready, act), name=f"{self._epoch}:compose{act.serial}")
        try:
            if waiting is not None and waiting.comment is not None:
                self._show_comment(act)
            if not await self._ready_at_once(ready):
                acknowledgement = self._repertoire.acknowledgement(self._larder.ready)
                if acknowledgement is not None:
                    spoken = replace(acknowledgement, comment=waiting.comment if waiting else None, product=act.product)
                    await self._sentence(act, spoken)
            outcome: Outcome = "failed"
            async for sentence in self._sentences(act, ready):
                result = await self._sentence(act, sentence)
                outcome = "said" if "said" in (result, outcome) else result
                if self._yielding:
                    return "cut"
            return outcome
        finally:
            composing.cancel()
            await asyncio.gather(composing, return_exceptions=True)

    async def _fill(self, ready: "asyncio.Queue[Sentence | None]", act: Act) -> None:
        """Word the answer, and have its clauses made while earlier ones sound."""
        try:
            async with aclosing(self._compose(act)) as wording:
                async for sentence in wording:
                    text = self._shelf.fill(sentence.template, sentence.product)
                    for clause in parts_of(text, self._lang) if text else ():
                        if self._larder.ready(clause) is None:
                            self._larder.want(clause, 1)
                    await ready.put(sentence)
        finally:
            # The reader is waiting for an end, whatever happened to the wording.
            while ready.full():
                ready.get_nowait()
            ready.put_nowait(None)

    async def _ready_at_once(self, ready: "asyncio.Queue[Sentence | None]") -> bool:
        """Whether the answer's first clause is a clip already: then no acknowledgement is needed."""
        await asyncio.sleep(HEAD_START)
        if ready.empty():
            return False
        sentence = ready.get_nowait()
        # Put back in front: the queue's order is the answer's order.
        rest = [ready.get_nowait() for _ in range(ready.qsize())]
        for item in (sentence, *rest):
            ready.put_nowait(item)
        text = self._shelf.fill(sentence.template, sentence.product) if sentence else None
        parts = parts_of(text, self._lang) if text else []
        return bool(parts) and self._larder.ready(parts[0]) is not None

    async def _sentences(self, act: Act, ready: "asyncio.Queue[Sentence | None]") -> AsyncIterator[Sentence]:
        while True:
            getting = asyncio.ensure_future(ready.get())
            try:
                await self._fill_silence(act, getting)
                sentence = await getting
            finally:
                getting.cancel()
            if sentence is None:
                return
            yield sentence

    async def _fill_silence(self, act: Act, wanted: "asyncio.Future[Any]") -> None:
        """Until `wanted` is there, say a short recorded line whenever it has been quiet too long."""
        filled = False
        patience = PATIENCE if act.source in ("purchase", "answer") else CALM
        for _ in range(TRIES):
            left = patience - (self._clock() - self._quiet_since)
            done, _ = await asyncio.wait({wanted}, timeout=max(0.0, left))
            if done:
                return
            filler = self._repertoire.pause(self._larder.ready)
            if filler is None:
                break
            self._held, self.airing = self.airing, None
            await self._sentence(act, filler, wait=False)
            self.airing, self._held = self._held, None
            filled = True
        await asyncio.wait({wanted}, timeout=patience if filled else LONGEST_WAIT)
        if not wanted.done():
            raise OSError("the voice or the wording did not come in time")

    def _show_comment(self, act: Act) -> None:
        waiting = act.waiting
        if waiting is None or waiting.comment is None:
            return
        shown = wire.ShownComment(
            comment=waiting.comment,
            name=waiting.names[0] if waiting.names else "",
            text=waiting.text[:200],
            simulated=waiting.simulated,
        )
        self._stage.publish(wire.CommentShown(comment=shown))

    async def _sentence(self, act: Act, sentence: Sentence, *, first: int = 0, wait: bool = True) -> Outcome:
        """Say one sentence from its clause `first` on. Facts are looked at again after every wait for a clip."""
        while True:
            text = self._shelf.fill(sentence.template, sentence.product)
            if text is None:
                return "failed"
            ruling = self._shelf.may_say(text, sentence.product, approved=(text,) if sentence.approved else ())
            if not ruling.ok:
                log.warning("sentence.refused", kind=sentence.kind, reason=ruling.reason, text=text[:80])
                return "failed"
            parts = parts_of(text, self._lang)[first:]
            if not parts:
                return "said"
            clip = await self._clip(act, parts[0], wait=wait)
            if self._shelf.fill(sentence.template, sentence.product) == text:
                break
        self._lines += 1
        line = LineId(f"{self._epoch}-{self._lines}")
        await self._diary.write(
            LineStarted(
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
        )
        self.airing = Airing(line=line, sentence=sentence, facts=ruling.facts)
        for index, part in enumerate(parts):
            if index:
                clip = await self._clip(act, part, wait=wait)
            last = index == len(parts) - 1
            if index + 1 < len(parts) and self._larder.ready(parts[index + 1]) is None:
                self._larder.want(parts[index + 1], 1)
            await self._clause(act, line, sentence, first + index, part, clip, last=last)
            if not last:
                self._tell(Border(act=act.serial))
                if self._yielding:
                    await self._until_end()
                    self._end_line("cut", self._yielding)
                    return "cut"
        await self._until_end()
        self._end_line("said", "")
        if first == 0:
            self._repertoire.heard(sentence)
        return "said"

    async def _clip(self, act: Act, clause: str, *, wait: bool) -> Clip:
        clip = self._larder.ready(clause)
        if clip is not None:
            return clip
        urgent = (
            0 if act.source in ("crew", "correction", "change") else 1 if act.source in ("purchase", "answer") else 2
        )
        making = self._larder.want(clause, urgent)
        if wait:
            await self._fill_silence(act, making)
        return await asyncio.shield(making)

    async def _clause(
        self, act: Act, line: LineId, sentence: Sentence, clause: int, text: str, clip: Clip, *, last: bool
    ) -> None:
        """Log one clause, send it, and return shortly before its end."""
        await self._diary.write(
            ClauseStarted(line=line, clause=clause, text=text, audio=clip.sha256, seconds=clip.seconds)
        )
        assert self.airing is not None  # noqa: S101 - set when the line began
        before = self.airing
        starts = self._clock() + LEAD
        if before.clip is not None:
            said = self._joined(before.said, before.clip.text)
            before = replace(before, said=said, said_seconds=before.said_seconds + before.clip.seconds)
            starts = max(starts, self._quiet_since)  # without a gap
        self.airing = replace(before, clause=clause, clip=clip, starts=starts)
        self._quiet_since = starts + clip.seconds
        url = self._keep_clip(clip)
        self._stage.publish(wire.SpeechStart(speech=self.speech_of(self.airing, clause, url, last=last)), clip.opus)
        self._tell(Began(act=act.serial, clause=clause))
        self._note_answer(act, sentence, line, starts, text)
        await asyncio.sleep(max(0.0, self._quiet_since - LEAD - self._clock()))

    def speech_of(self, airing: Airing, clause: int, url: str, *, last: bool) -> wire.Speech:
        """The clause on air as pages need it."""
        clip = airing.clip
        assert clip is not None  # noqa: S101 - only called for a clause with its clip
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
            comment=airing.sentence.comment,
            own_words=airing.sentence.own_words,
            clip=url,
            last=last,
        )
        return self._speech

    def current(self) -> wire.Speech | None:
        """The clause being heard now, for pages that come late."""
        return self._speech if self.airing is not None and self.airing.clip is not None else None

    def page_heard(self, heard: wire.Heard) -> None:
        """A page says how far it is: one that lags (a slow browser) has heard less than our clock thinks."""
        airing = self.airing
        if airing is not None and (airing.line, airing.clause) == (heard.line, heard.clause):
            behind = self._clock() - airing.starts - heard.seconds
            self._page = (airing.line, airing.clause, min(max(0.0, behind - TRAVEL), MOST_BEHIND))

    def _note_answer(self, act: Act, sentence: Sentence, line: LineId, starts: float, text: str) -> None:
        if act.source not in ("purchase", "answer"):
            return
        delay = round((starts - act.since) * 1000)
        if self._answer is None:
            self._answer = (
                delay,
                delay if sentence.own_words else None,
                text if sentence.own_words else "",
                line,
                True,
            )
        elif sentence.own_words:
            sound, word, said, _, answerable = self._answer
            self._answer = (
                sound,
                delay if word is None else word,
                self._joined(said, text),
                line,
                answerable and sentence.answerable,
            )

    async def _until_end(self) -> None:
        await asyncio.sleep(max(0.0, self._quiet_since - self._clock()))

    def _joined(self, left: str, right: str) -> str:
        return f"{left} {right}".strip() if self._lang == "en" else left + right

    def _end_line(self, outcome: Outcome, reason: str) -> None:
        """Say on the stage and in the log what was really heard of the line."""
        airing = self.airing
        if airing is None:
            return
        self.airing = None
        text, seconds = self._heard(airing)
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

    def _heard(self, airing: Airing) -> tuple[str, float]:
        """The words and seconds that have sounded up to now, by the clock of the stage."""
        if airing.clip is None:
            return airing.said, airing.said_seconds
        # Sent a moment before it sounds: until then the clause before it is still being heard.
        behind = self._page[2] if self._page and self._page[:2] == (airing.line, airing.clause) else 0.0
        position = min(max(-LEAD, self._clock() - airing.starts - behind), airing.clip.seconds)
        if position >= airing.clip.seconds - 0.02:
            return self._joined(airing.said, airing.clip.text), airing.said_seconds + airing.clip.seconds
        words = [word for word in airing.clip.words if word.end <= position + 0.02]
        part = airing.clip.text[: words[-1].last] if words else ""
        return self._joined(airing.said, part), max(0.0, airing.said_seconds + position)
