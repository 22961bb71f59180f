"""What is said when nobody asks: approved scripts as sentences, round after round, never dry (pure)."""

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from app.events import ProductId
from app.live.shelf import Shelf
from app.live.show import Planned
from app.shows.plan import ShowPlan
from scripts_gen.phrases import CLOSING, WELCOME, pick
from scripts_gen.rundown import Shelf as Stocked
from scripts_gen.rundown import block_segments, slotted, turns

_SENTENCE = re.compile(r"[^。！？!?]+(?:[。！？!?]+[”」』\"']?|$)")
_ENGLISH = re.compile(r".+?(?:[.!?]+[\"'”]?(?=\s|$)|$)", re.DOTALL)


def sentences(text: str, lang: str) -> list[str]:
    """The text's sentences with their marks, whitespace trimmed. 29.95 is no end of a sentence."""
    pattern = _ENGLISH if lang == "en" else _SENTENCE
    return [piece for match in pattern.findall(text) if (piece := match.strip())]


class Programme:
    """The sentences of a show by rounds, in words that today's facts support."""

    def __init__(self, plan: ShowPlan, shelf: Shelf) -> None:
        self._plan = plan
        self._shelf = shelf

    @property
    def titles(self) -> dict[ProductId, str]:
        """What each product of the show is called."""
        return {product.id: product.title for product in self._shelf.products.values()}

    @property
    def prices(self) -> Mapping[ProductId, Decimal]:
        """What each product costs when the show begins."""
        return {product.id: product.price for product in self._shelf.products.values() if product.price is not None}

    @property
    def seconds(self) -> float:
        """The show's planned length."""
        return self._plan.minutes * 60.0

    def goodbye(self) -> tuple[Planned, ...]:
        """What ends the show."""
        return tuple(self._framing("closing", "bye", CLOSING))

    def _framing(self, block: str, place: str, words: Mapping[str, tuple[str, ...]]) -> list[Planned]:
        lang = "en" if self._plan.lang == "en" else "zh"
        said = sentences(pick(words[lang], self._plan.id), lang)
        return [
            Planned(place=f"{place}.{index}", product=None, template=text, block=block)
            for index, text in enumerate(said)
        ]

    def round(self, number: int) -> tuple[Planned, ...]:
        """All sentences of a round: each product once, in order; those to be pushed come twice, in other words.

        The first one begins with the welcome.
        """
        lines: list[Planned] = [] if number else self._framing("welcome", "0", WELCOME)
        order = turns(list(self._shelf.products), self._plan.goals)
        came: Counter[str] = Counter()
        for product in order:
            time = number * order.count(product) + came[product]
            came[product] += 1
            lines += self._block(product, time, str(number), len(lines))
        return tuple(lines)

    def about(self, product: ProductId, number: int) -> tuple[Planned, ...]:
        """One product's approved words, when the crew asks for it; `number` turns them, so that staying brings news."""
        return tuple(self._block(product, number, f"pin{number}", 0)) if product in self._shelf.products else ()

    def _block(self, product: ProductId, number: int, place: str, start: int) -> list[Planned]:
        facts = self._shelf.facts(product)
        script = self._plan.scripts.get(product)
        if script is not None:
            # The listing's own prices stand in approved words; from here on they are slots.
            listed = self._shelf.products[product].facts
            segments = tuple(replace(part, text=slotted(part.text, listed)) for part in script.segments)
            script = replace(script, segments=segments)
        item = Stocked(product=product, facts=facts, script=script)
        pieces = [(part.kind, part.text) for part in block_segments(item, self._plan.lang, number)]
        if number:
            pieces[-1:-1] = self._asked(product, number)
        lines: list[Planned] = []
        said: set[str] = set()
        for kind, text in pieces:
            for sentence in sentences(text, self._plan.lang):
                if sentence not in said:
                    said.add(sentence)
                    where = f"{place}.{start + len(lines)}"
                    lines.append(Planned(place=where, product=product, template=sentence, block=kind))
        return lines

    def _asked(self, product: ProductId, number: int) -> list[tuple[str, str]]:
        """Two answers to frequent questions, other ones each round, so that a later round brings something new."""
        answers = [item.answer for item in self._shelf.known(product)]
        random.Random(f"{product}:{number}").shuffle(answers)
        return [("faq", answer) for answer in answers[:2]]
