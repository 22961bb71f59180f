"""The room's mouth: what the director lets begin is said, and what it cuts is silent at once.

An act is one sentence of the rundown, one fixed line, or an answer of several sentences with a cached acknowledgement
before it. The sentences themselves are the lips' business.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from app.events import CommentAnswered, LineId, LiveEvent, Outcome
from app.live import wire
from app.live.larder import LAST_URGENT, Larder, parts_of
from app.live.lips import Lips, Manner
from app.live.repertoire import Repertoire
from app.live.sentence import Sentence
from app.live.shelf import Shelf
from app.live.show import SOURCES, Act, Began, Border, Over, Signal
from app.live.stage import Stage
from app.live.views import comment_of
from app.metrics import FIRST_SOUND, FIRST_WORD

log = structlog.get_logger()

PATIENCE = 0.9  # seconds of silence after which a recorded line fills the wait for an answer
CALM = 1.7  # the same for everything else: a filler would only delay what is nearly made
AGAIN = 0.15  # seconds after a failure
HEAD_START = 0.03  # seconds an answer has to be ready without an acknowledgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How far an answer is: delays from its choice (milliseconds), its own words so far and their first line."""

    first_sound_ms: int
    line: LineId
    first_word_ms: int | None = None
    text: str = ""
    answerable: bool = True


Composer = Callable[[Act], AsyncGenerator[Sentence, None]]


def manner_of(act: Act) -> Manner:
    """Corrections and the crew first, then answers, then the rundown; only an answer's wait is filled early."""
    match act.source:
        case "crew" | "correction" | "change":
            return Manner(urgency=0, patience=CALM)
        case "purchase" | "answer":
            return Manner(urgency=1, patience=PATIENCE)
        case _:
            return Manner(urgency=2, patience=CALM)


class Mouth:
    """Plays one act at a time; `say` begins one, `stop` ends it.

    `tell` takes the signals for the director, `note` what happened.
    """

    def __init__(
        self,
        lips: Lips,
        *,
        name: str,
        shelf: Shelf,
        larder: Larder,
        stage: Stage,
        repertoire: Repertoire,
        compose: Composer,
        tell: Callable[[Signal], None],
        note: Callable[[LiveEvent], None],
    ) -> None:
        self._lips, self._name = lips, name
        self._shelf, self._larder, self._stage = shelf, larder, stage
        self._repertoire, self._compose = repertoire, compose
        self._tell, self._note = tell, note
        self._act: Act | None = None
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._fell: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._yielding = ""
        self._answer: Answering | None = None
        lips.began, lips.border = self._began, self._at_border

    def say(self, act: Act) -> None:
        """Begin an act. The one before must be over or stopped."""
        self._act, self._yielding, self._answer = act, "", None
        self._task = asyncio.create_task(self._play(act), name=f"{self._name}:act{act.serial}")
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
        self._lips.cut(reason)
        self._end_act()
        self._larder.stop(self._repertoire.ahead())

    async def close(self) -> None:
        """Stop and wait until every act's work has stopped."""
        if self._act is not None:
            self.stop(self._act.serial, "closing")
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _play(self, act: Act) -> None:
        outcome: Outcome = "failed"
        away = False
        try:
            outcome = await self._perform(act)
        except (OSError, ValueError) as error:  # away, or nothing to say
            away = isinstance(error, OSError)
            log.warning("act.failed", source=act.source, error=str(error))
            self._lips.end("failed", str(error)[:200] or type(error).__name__)
        if outcome == "failed":
            # What fails at once (a part that is away, a refused sentence) must not spin.
            await asyncio.sleep(AGAIN)
        self._end_act()
        self._tell(Over(act=act.serial, outcome=outcome, away=away))

    def _end_act(self) -> None:
        if self._act is None:
            return
        waiting = self._act.waiting
        answer = self._answer
        if answer is not None and answer.first_word_ms is not None and waiting is not None and waiting.comment:
            FIRST_SOUND.observe(answer.first_sound_ms / 1000)
            FIRST_WORD.observe(answer.first_word_ms / 1000)
            self._note(
                CommentAnswered(
                    comment=waiting.comment,
                    line=answer.line,
                    answer=answer.text,
                    answerable=answer.answerable,
                    first_sound_ms=answer.first_sound_ms,
                    first_word_ms=answer.first_word_ms,
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
                return "failed" if sentence is None else await self._lips.say(sentence, manner_of(act))
            case _:
                typed_by = act.waiting.by if act.waiting else ""
                sentence = Sentence(
                    template=act.text,
                    kind=SOURCES[act.source].line_kind,
                    product=act.product,
                    block=f"{act.planned.place}:{act.planned.block}" if act.planned else "",
                    reviewer="approved script" if act.planned else typed_by,
                    approved=not typed_by and act.source in ("disclosure", "thanks", "correction", "change"),
                )
                return await self._lips.say(sentence, manner_of(act), first=act.first)

    async def _answer_comment(self, act: Act) -> Outcome:
        waiting = act.waiting
        ready: asyncio.Queue[Sentence | None] = asyncio.Queue()  # an answer has a handful of sentences
        composing = asyncio.create_task(self._fill(ready, act), name=f"{self._name}:compose{act.serial}")
        try:
            if shown := comment_of(act):
                self._stage.publish(wire.CommentShown(comment=shown))
            if not await self._ready_at_once(ready):
                acknowledgement = self._repertoire.acknowledgement(
                    self._larder.ready, waiting.intent if waiting else ""
                )
                if acknowledgement is not None:
                    spoken = replace(acknowledgement, comment=waiting.comment if waiting else None, product=act.product)
                    await self._lips.say(spoken, manner_of(act))
            outcome: Outcome = "failed"
            async for sentence in self._sentences(act, ready):
                result = await self._lips.say(sentence, manner_of(act))
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
                    for place, clause in enumerate(parts_of(text, self._shelf.lang) if text else ()):
                        if self._larder.ready(clause) is None:
                            # In the order they are said: clips asked for together reach the voice in any order.
                            self._larder.want(clause, min(1 + place, LAST_URGENT))
                    ready.put_nowait(sentence)
        finally:
            ready.put_nowait(None)  # the reader is waiting for an end, whatever happened to the wording

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
        parts = parts_of(text, self._shelf.lang) if text else []
        return bool(parts) and self._larder.ready(parts[0]) is not None

    async def _sentences(self, act: Act, ready: "asyncio.Queue[Sentence | None]") -> AsyncIterator[Sentence]:
        while True:
            getting = asyncio.ensure_future(ready.get())
            try:
                await self._lips.fill_silence(getting, manner_of(act))
                sentence = await getting
            finally:
                getting.cancel()
            if sentence is None:
                return
            yield sentence

    def _at_border(self) -> str:
        if self._act is not None:
            self._tell(Border(act=self._act.serial))
        return self._yielding

    def _began(self, clause: int, text: str, starts: float, sentence: Sentence, line: LineId) -> None:
        act = self._act
        if act is None:
            return
        self._tell(Began(act=act.serial, clause=clause))
        if act.source not in ("purchase", "answer"):
            return
        delay = round((starts - act.since) * 1000)
        answer = self._answer or Answering(first_sound_ms=delay, line=line)
        if sentence.own_words:
            answer = replace(
                answer,
                first_word_ms=delay if answer.first_word_ms is None else answer.first_word_ms,
                line=line if answer.first_word_ms is None else answer.line,
                text=self._lips.joined(answer.text, text),
                answerable=answer.answerable and sentence.answerable,
            )
        self._answer = answer
