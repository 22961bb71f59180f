"""The look-ahead: makes clips in the order they will be needed, one at a time, while nothing more urgent is made."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from app.events import ProductId
from app.live.larder import Larder, parts_of
from app.live.repertoire import Repertoire
from app.live.shelf import Shelf
from app.live.show import Show

AHEAD = 26.0  # seconds of ready audio that are aimed for, so that 20 are there while an answer is being made
FIRST = 8.0  # seconds made before the rest of the fixed phrases
OPENERS = 8  # fixed clauses made before anything else: disclosure, first acknowledgements, fillers
PRIORITY = 5  # of the look-ahead at the voice; answers are 1, corrections 0
LIKELY_PRIORITY = 8
PAUSE = 0.4  # seconds between looks when everything is made, or the voice is away

Likely = Callable[[ProductId], Sequence[str]]
"""Sentences that will probably be asked for about a product (price, size, shipping), worded by code."""


class Kitchen:
    """One room's look-ahead. `show` gives the present state."""

    def __init__(
        self,
        *,
        lang: str,
        shelf: Shelf,
        larder: Larder,
        repertoire: Repertoire,
        show: Callable[[], Show],
        likely: Likely,
    ) -> None:
        self._lang = lang
        self._shelf, self._larder, self._repertoire = shelf, larder, repertoire
        self._show, self._likely = show, likely
        self._tried = 0

    async def run(self) -> None:
        """Make what is missing until cancelled. A voice that is away is asked again after a pause."""
        while True:
            wanted = self._next() or self._trial()
            if wanted is None:
                await asyncio.sleep(PAUSE)
                continue
            text, priority, fixed = wanted
            making = self._larder.want(text, priority)
            await asyncio.wait({making})
            if making.cancelled() or making.exception() is not None:
                await asyncio.sleep(PAUSE)
            elif fixed:
                await self._larder.pin([text], priority)

    def ready_seconds(self) -> float:
        """Seconds of audio that are ready to follow one another from the sentence on air."""
        total = 0.0
        for text in self._coming():
            clip = self._larder.ready(text)
            if clip is None:
                break
            total += clip.seconds
        return total

    def _coming(self) -> Iterator[str]:
        """The clauses that follow, if nothing cuts in."""
        show = self._show()
        act = show.act
        if act is not None and act.planned is not None:
            yield from self._parts(act.text, act.product)[max(act.clause + 1, act.first) :]
        for planned, first in show.upcoming():
            if planned.product not in show.sold_out:
                yield from self._parts(planned.template, planned.product)[first:]

    def _parts(self, template: str, product: ProductId | None) -> tuple[str, ...]:
        text = self._shelf.fill(template, product)
        return parts_of(text, self._lang, True) if text else ()

    def _next(self) -> tuple[str, int, bool] | None:
        fixed = self._repertoire.openers()
        if self._lacks(fixed[0]):
            return fixed[0], PRIORITY, True
        ahead = self._missing(0.0)  # what follows the disclosure
        if ahead is not None:
            return ahead, PRIORITY, False
        for text in fixed[:OPENERS]:
            if self._lacks(text):
                return text, PRIORITY, True
        ahead = self._missing(FIRST)
        if ahead is not None:
            return ahead, PRIORITY, False
        for text in fixed[OPENERS:]:
            if self._lacks(text):
                return text, PRIORITY, True
        ahead = self._missing(AHEAD)
        if ahead is not None:
            return ahead, PRIORITY, False
        product = self._show().product
        if product is not None:
            for sentence in self._likely(product):
                for text in parts_of(sentence, self._lang):
                    if self._lacks(text):
                        return text, LIKELY_PRIORITY, False
        return None

    def _trial(self) -> tuple[str, int, bool] | None:
        """Words never heard, asked of a voice that is away when nothing else is wanted: else nobody sees it return."""
        if self._show().voice_ok:
            return None
        self._tried += 1
        return f"试音{self._tried}" if self._lang == "zh" else f"sound check {self._tried}", LIKELY_PRIORITY, False

    def _lacks(self, text: str) -> bool:
        return self._larder.ready(text) is None and not self._larder.hopeless(text)

    def _missing(self, seconds: float) -> str | None:
        """The first clause not made within so many seconds of what follows."""
        total = 0.0
        coming: list[str] = []
        missing: str | None = None
        for text in self._coming():
            coming.append(text)
            clip = self._larder.ready(text)
            if clip is not None:
                total += clip.seconds
            elif not self._larder.hopeless(text):
                missing = text
                break
            if total >= seconds:
                break
        self._repertoire.plan_ahead(coming)
        return missing
