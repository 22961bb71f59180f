"""Words for answers: the reply room of scripts_gen with the show's facts, history and policies, model or no model."""

from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Protocol

import structlog

from app.catalogue.product import Question as Known
from app.live.sentence import Sentence
from app.live.shelf import Shelf
from app.live.show import Waiting
from scripts_gen.facts import ProductFacts
from scripts_gen.language import LanguageModel, Prompt
from scripts_gen.reply import Question, facts_prompt, point, reply

log = structlog.get_logger()

HISTORY = 4  # turns that a question is read with
LIKELY = {
    "zh": ("多少钱", "有什么优惠", "尺码怎么选", "包邮吗，什么时候发货", "支持退换吗", "有什么颜色", "是真人吗"),
    "en": (
        "how much is it",
        "any discount",
        "what size should I get",
        "is shipping free",
        "can I return it",
        "are you real",
    ),
}
"""What viewers ask about every product; their answers are made by code and voiced in idle time."""


class WarmModel(LanguageModel, Protocol):
    """A language model that can read a prompt's beginning ahead of time."""

    async def warm(self, prompt: Prompt) -> None:
        """Read the prompt now. Raises OSError when the model is away."""
        ...


class Wording:
    """Answers for one room. `model` None means code alone; `on_state(ok, detail)` hears how the model fares."""

    def __init__(
        self,
        model: WarmModel | None,
        *,
        lang: str,
        policies: Sequence[tuple[str, str]],
        on_state: Callable[[bool, str], None],
    ) -> None:
        self._model = model
        self.warmed: ProductFacts | None = None  # the facts that the model has read
        self._lang = "en" if lang == "en" else "zh"
        self._policies = tuple(policies)
        self._on_state = on_state
        self._history: deque[tuple[str, str]] = deque(maxlen=HISTORY)
        self._likely: tuple[ProductFacts | None, tuple[str, ...]] = (None, ())

    async def answer(self, waiting: Waiting, shelf: Shelf) -> AsyncGenerator[Sentence, None]:
        """The sentences of the answer to a comment, from today's facts."""
        product = waiting.product
        facts = shelf.facts(product)
        stock = shelf.products[product].stock if product in shelf.products else None
        stream = reply(
            Question(text=waiting.text, lang=self._lang, history=tuple(self._history)),
            facts,
            # A model that has yet to read the facts would take the cores for seconds, from the voice too.
            self._model if facts is self.warmed else None,
            faq=shelf.known(product),
            policies=self._policies,
            in_stock=None if stock is None else stock > 0,
        )
        async with aclosing(stream):
            async for part in stream:
                yield Sentence(
                    template=part.text,
                    kind="answer",
                    product=product,
                    block=part.intent,
                    comment=waiting.comment,
                    model=part.made_by,
                    answerable=part.answerable,
                )

    def remember(self, question: str, said: Sequence[str]) -> None:
        """Keep what was asked and answered, for questions that follow up."""
        self._history.append(("viewer", question))
        self._history.append(("host", "".join(said)))

    def likely(self, facts: ProductFacts, known: Sequence[Known]) -> Sequence[str]:
        """First sentences that will probably be asked for, in the words that `answer` will find for them."""
        if self._likely[0] is facts:
            return self._likely[1]
        sentences: list[str] = []
        for comment in LIKELY[self._lang]:
            pointed = point(comment, facts, lang=self._lang, faq=known, policies=self._policies)
            if pointed.answerable:
                sentences += [text for text, _ in pointed.lines[:1]]
        self._likely = (facts, tuple(dict.fromkeys(sentences)))
        return self._likely[1]

    async def warm(self, facts: ProductFacts) -> None:
        """Let the model read the product's facts, so that an answer costs only the comment's own tokens."""
        if self._model is None:
            return
        try:
            await self._model.warm(facts_prompt(facts, self._lang))
        except OSError as error:
            self._on_state(False, str(error) or type(error).__name__)
        else:
            self.warmed = facts
            self._on_state(True, "")
