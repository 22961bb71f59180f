"""Whether a line may be approved: its claims against today's facts, its words against advertising law (pure)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.catalogue.product import Product
from app.live.shelf import today
from scripts_gen.adlaw import judge, rewritten
from scripts_gen.claims import check, sources
from scripts_gen.facts import ProductFacts
from scripts_gen.rundown import filled, frame_segment, slotted
from scripts_gen.spoken_gate import sentences
from scripts_gen.underline import underlined

Why = Literal["no_fact", "human", "banned", "no_price"]
SLOTS = frozenset({"price", "list_price"})  # filled when spoken, so that their change breaks no line


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a line may stand on: a product's facts of today, and approved texts beside them."""

    facts: ProductFacts
    extra: tuple[str, ...]
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some words of a line, with the (fact key, value) pairs that carry them."""

    text: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Words that may not be said, and why; `law` names the rule for banned ones."""

    why: Why
    words: str
    law: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gates say of a line. `shown` has today's money in it; `proof` names what needs a certificate."""

    shown: str
    stretches: tuple[Stretch, ...]
    problems: tuple[Problem, ...]
    proof: str
    facts: tuple[tuple[str, str], ...]

    @property
    def ok(self) -> bool:
        """Whether the line can be approved."""
        return not self.problems


def ground_of(product: Product, policies: Iterable[tuple[str, str]], lang: str) -> Ground:
    """What a product's lines may stand on: the same facts and approved texts as at the mouth of a running show."""
    extra = (*(item.answer for item in product.faq), *(text for _, text in policies))
    return Ground(facts=today(product), extra=extra, lang=lang)


def judged(text: str, ground: Ground) -> Verdict:
    """The verdict on a line whose money stands in slots."""
    facts = ground.facts
    shown = filled(text, facts.price, facts.list_price, facts.currency, ground.lang)
    if shown is None:
        problem = Problem(why="no_price", words="{list_price}" if "{list_price}" in text else "{price}")
        return Verdict(shown=text, stretches=(Stretch(text=text, facts=()),), problems=(problem,), proof="", facts=())
    values = dict(reversed(sources(facts, ground.extra)))
    problems: list[Problem] = []
    proof = ""
    for sentence in pieces(shown):
        verdict = check(sentence, facts, ground.extra)
        if not verdict.ok:
            why: Why = "no_fact" if verdict.reason.startswith("no fact") else "human"
            problems.extend(Problem(why=why, words=words) for words in verdict.unsupported)
        law = judge(sentence, facts.category)
        rule, _, words = law.why.rpartition(": ")
        if law.verdict == "ban":
            problems.append(Problem(why="banned", words=words, law=rule))
        elif law.verdict == "evidence":
            proof = proof or words
    stretches = tuple(
        Stretch(text=each.text, facts=tuple((key, values[key]) for key in each.facts))
        for each in underlined(shown, facts, ground.extra)
    )
    used = tuple(dict.fromkeys(pair for stretch in stretches for pair in stretch.facts))
    return Verdict(shown=shown, stretches=stretches, problems=tuple(dict.fromkeys(problems)), proof=proof, facts=used)


def changed(stood_on: Iterable[Sequence[str]], ground: Ground) -> tuple[str, ...]:
    """The values that a line was approved on and that are facts no longer; prices are slots and never count."""
    now: dict[str, set[str]] = {}
    for key, value in sources(ground.facts, ground.extra):
        now.setdefault(key.split(".")[0], set()).add(value)
    return tuple(
        value for key, value in stood_on if key not in SLOTS and value not in now.get(key.split(".")[0], frozenset())
    )


def mended(text: str, kind: str, ground: Ground, seed: str) -> str:
    """A version of the line that passes: its good sentences, the lawful rest of banned ones; else words by code."""
    facts = ground.facts
    shown = filled(text, facts.price, facts.list_price, facts.currency, ground.lang) or ""
    kept: list[str] = []
    for sentence in pieces(shown):
        lawful = sentence if judge(sentence, facts.category).verdict != "ban" else rewritten(sentence, facts.category)
        if lawful and judge(lawful, facts.category).verdict != "ban" and check(lawful, facts, ground.extra).ok:
            kept.append(lawful)
    words = ("" if ground.lang == "zh" else " ").join(kept)
    if len(words) >= (6 if ground.lang == "zh" else 16):
        return slotted(words, facts)
    return frame_segment(kind, facts, ground.lang, seed).text


def pieces(text: str) -> list[str]:
    """The text's sentences; a last one without its mark counts too."""
    found = list(sentences(text))
    rest = re.sub(r"\s+", " ", text[text.rindex(found[-1]) + len(found[-1]) :] if found else text).strip()
    return [*found, rest] if rest else found
