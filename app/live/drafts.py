"""Answers worded before their turn: what waits is thought about, so that it is ready when the air is free."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import structlog

from app.events import CommentId
from app.live import phrases
from app.live.comments import prefer_order
from app.live.composer import Wording
from app.live.larder import Larder, parts_of
from app.live.sentence import Sentence
from app.live.shelf import Shelf
from app.live.show import Act, Show, Waiting

log = structlog.get_logger()

AT_ONCE = 2  # comments that are thought about ahead of their turn; the others wait for theirs
PRIORITY = 4  # of a draft's first clauses at the voice: after what is on air, before the look-ahead
FIRST_CLAUSES = 2


@dataclass(slots=True)
class Draft:
    """One answer in the making; None ends it. `words` are those of the desk, if it gave any."""

    words: str = ""
    task: "asyncio.Task[None] | None" = None
    ready: "asyncio.Queue[Sentence | None]" = field(default_factory=asyncio.Queue)  # an answer has a few sentences


class Drafts:
    """One room's answers in the making."""

    def __init__(self, wording: Wording, shelf: Shelf, larder: Larder, lang: str) -> None:
        self._wording, self._shelf, self._larder, self._lang = wording, shelf, larder, lang
        self._drafts: dict[CommentId, Draft] = {}

    def look(self, show: Show) -> None:
        """Begin the answers that will be wanted next, and give up those that nobody waits for any more."""
        best = [item for item in prefer_order(show) if item.source in ("purchase", "answer")][:AT_ONCE]
        kept = {item.comment for item in best}
        if show.act is not None and show.act.waiting is not None:
            kept.add(show.act.waiting.comment)
        for comment in self._drafts.keys() - kept:
            _stop(self._drafts.pop(comment))
        for item in best:
            if item.comment is None:
                continue
            known = self._drafts.get(item.comment)
            if known is not None and known.words != item.words:
                _stop(self._drafts.pop(item.comment))  # somebody at the desk has put it into words of their own
            if item.comment not in self._drafts:
                self._drafts[item.comment] = self._begin(item, ahead=True)

    def forget(self) -> None:
        """Facts have changed: whatever was worded on the old ones is given up."""
        for draft in self._drafts.values():
            _stop(draft)
        self._drafts.clear()

    async def answer(self, act: Act) -> AsyncGenerator[Sentence, None]:
        """The sentences of the act's answer, from its draft if there is one; merged questions name who asked."""
        waiting = act.waiting
        if waiting is None:
            return
        draft = self._drafts.pop(waiting.comment, None) if waiting.comment else None
        if draft is not None and draft.words != waiting.words:
            _stop(draft)
            draft = None
        draft = draft or self._begin(replace(waiting, product=waiting.product or act.product), ahead=False)
        resuming = phrases.RESUMING["en" if self._lang == "en" else "zh"] if waiting.again else ""
        prefix = resuming or phrases.named(waiting.names, self._lang) if waiting.merged or waiting.words else ""
        said: list[str] = []
        try:
            while (sentence := await draft.ready.get()) is not None:
                said.append(sentence.template)
                yield replace(sentence, template=prefix + sentence.template)
                prefix = ""
        finally:
            _stop(draft)
        self._wording.remember(waiting.text, said)

    async def close(self) -> None:
        """Stop all of it, and wait until it has stopped."""
        tasks = [draft.task for draft in self._drafts.values() if draft.task is not None]
        self.forget()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, waiting: Waiting, *, ahead: bool) -> Draft:
        draft = Draft(words=waiting.words)
        draft.task = asyncio.create_task(self._write(draft, waiting, ahead=ahead), name=f"draft:{waiting.comment}")
        return draft

    async def _write(self, draft: Draft, waiting: Waiting, *, ahead: bool) -> None:
        first = True
        try:
            async with aclosing(self._words(waiting)) as sentences:
                async for sentence in sentences:
                    draft.ready.put_nowait(sentence)
                    if ahead and first:
                        self._voice(sentence)
                    first = False
        except asyncio.CancelledError:
            raise
        except Exception:
            # No comment, however odd, may end a show: the answer is given up and the log says why.
            log.exception("answer.unworded", comment=waiting.comment)
        finally:
            draft.ready.put_nowait(None)

    async def _words(self, waiting: Waiting) -> AsyncGenerator[Sentence, None]:
        """The host's own words, or those that somebody at the desk typed for this viewer."""
        if waiting.words:
            yield Sentence(
                template=waiting.words,
                kind="answer",
                product=waiting.product,
                comment=waiting.comment,
                model="desk",
                reviewer=waiting.by,
            )
            return
        async with aclosing(self._wording.answer(waiting, self._shelf)) as sentences:
            async for sentence in sentences:
                yield sentence

    def _voice(self, sentence: Sentence) -> None:
        parts: Sequence[str] = parts_of(sentence.template, self._lang)
        for clause in parts[:FIRST_CLAUSES]:
            if self._larder.ready(clause) is None and not self._larder.hopeless(clause):
                self._larder.want(clause, PRIORITY)


def _stop(draft: Draft) -> None:
    if draft.task is not None:
        draft.task.cancel()
