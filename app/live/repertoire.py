"""What the host can say without anybody's help: acknowledgements, fillers, idle lines, sentences said before."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.events import LineKind
from app.live import phrases
from app.live.larder import parts_of
from app.live.sentence import Sentence
from avatar.clips import Clip

APART = frozenset({"abuse", "injection", "off_topic", "chitchat"})
MEMORY = 40  # sentences of the rundown that may be repeated when the voice is away; the oldest are forgotten
Ready = Callable[[str], Clip | None]


class Repertoire:
    """Turns through the fixed phrases of one language, and remembers what was said of the rundown."""

    def __init__(self, lang: str) -> None:
        self._lang = "en" if lang == "en" else "zh"
        self._acknowledgements = self._fixed(phrases.ACKNOWLEDGEMENTS[self._lang], "acknowledgement")
        self._noted = self._fixed(phrases.NOTED[self._lang], "acknowledgement")
        self._breaths = self._fixed(phrases.BREATHS[self._lang], "idle")
        self._pauses = self._fixed(phrases.PAUSES[self._lang], "idle")
        self._idle = self._fixed(phrases.IDLE[self._lang], "idle")
        self._said: list[Sentence] = []
        self._ahead: frozenset[str] = frozenset()

    def acknowledgement(self, ready: Ready, intent: str) -> Sentence | None:
        """The next cached first sound of an answer; a plain one for what is no question about the goods."""
        if intent not in APART:
            return self._next(self._acknowledgements, ready) or self._next(self._noted, ready)
        return self._next(self._noted, ready)

    def pause(self, ready: Ready, *, first: bool) -> Sentence | None:
        """The next cached line that fills a wait, a short one at first; anything recorded when none is made yet."""
        short = self._next(self._breaths, ready) if first else None
        return short or self._next(self._pauses, ready) or self.recorded(ready)

    def recorded(self, ready: Ready) -> Sentence | None:
        """The next line that can be said with no voice at work: an idle line, or a sentence said before."""
        pool = self._next(self._said, ready), self._next(self._idle, ready)
        return next((sentence for sentence in pool if sentence is not None), None)

    def heard(self, sentence: Sentence) -> None:
        """Remember a sentence that was said to its end and speaks no price."""
        if sentence.kind != "rundown" or "{" in sentence.template:
            return
        self._said = [*self._said[-MEMORY + 1 :], replace(sentence, kind="idle")]

    def plan_ahead(self, texts: Sequence[str]) -> None:
        """The clauses being prepared for what comes next; a cut does not stop these."""
        self._ahead = frozenset(texts)

    def ahead(self) -> frozenset[str]:
        """The clauses of the look-ahead and of the fixed lines."""
        return self._ahead | self.fixed()

    def fixed(self) -> frozenset[str]:
        """Every clause of the fixed phrases: synthesised once, kept."""
        return frozenset(self.openers())

    def openers(self) -> list[str]:
        """The clauses without a slot, in the order of need: disclosure, acknowledgements, changes, then the rest."""
        order = (
            phrases.DISCLOSURE[self._lang][0],
            phrases.ACKNOWLEDGEMENTS[self._lang][0],
            phrases.NOTED[self._lang][0],
            phrases.BREATHS[self._lang][0],
            phrases.PAUSES[self._lang][0],
            phrases.IDLE[self._lang][0],
            *phrases.CHANGING[self._lang],
            *phrases.ACKNOWLEDGEMENTS[self._lang],
            *phrases.NOTED[self._lang],
            *phrases.BREATHS[self._lang],
            *phrases.PAUSES[self._lang],
            *phrases.IDLE[self._lang],
            *phrases.FIXED[self._lang],
        )
        parts = (part for text in order for part in parts_of(text, self._lang))
        return [part for part in dict.fromkeys(parts) if "{" not in part]

    def _next(self, pool: list[Sentence], ready: Ready) -> Sentence | None:
        for index, sentence in enumerate(pool):
            if all(ready(part) for part in parts_of(sentence.template, self._lang, sentence.ample)):
                # To the back of the line: the same phrase comes again only after all others.
                pool.append(pool.pop(index))
                return sentence
        return None

    def _fixed(self, texts: Sequence[str], kind: LineKind) -> list[Sentence]:
        return [Sentence(template=text, kind=kind, product=None, approved=True, own_words=False) for text in texts]
