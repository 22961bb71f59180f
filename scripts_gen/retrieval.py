"""Which facts lie near a comment: by topic, by shared words, by a known question."""

import re
from collections.abc import Sequence
from typing import Protocol

from scripts_gen.facts import ProductFacts
from scripts_gen.numerals import flat
from scripts_gen.terms import PLACES, PLACES_EN
from scripts_gen.topics import Topic

STRONG, WEAK = 1.0, 0.5  # weights of shared words above which a fact answers, or is told as what lies near
ALIKE = 0.55  # likeness of a comment and a known question above which the approved answer is given


# Topics that ask about one thing by name: a fact answers only if it speaks of that very thing.
_POINTED = frozenset(
    {
        "people",
        "ingredients",
        "compat",
        "material",
        "water",
        "proof",
        "package",
        "fun_value",
        "install",
        "battery",
        "model",
        "damage",
        "when",
        "wash",
    }
)


# Different words for one thing: asked with one, told with another.
_SAME = (
    r"孩子|小孩|宝宝|娃|儿童|小朋友|亲子|婴|kids?\b|child|toddler|bab(?:y|ies)",
    r"老人|老年|爸妈|长辈|爷爷|奶奶|senior|elderly",
    r"孕|怀孕|哺乳|pregnan|nursing",
    r"男|先生|老公|\bmen\b|husband",
    r"女|太太|老婆|\bwomen\b|wife",
    r"洗|清洁|wash|clean|dishwasher",
    r"猫|喵|\bcats?\b",
    r"狗|汪|\bdogs?\b|pup",
    r"早餐|早饭|breakfast",
    r"停车|车位|parking",
    r"苹果|iphone|ios|mac",
    r"安卓|android",
)
_OPEN = re.compile(r"什么|啥|哪些|哪种|多少|怎么|咋|\bwhat|\bwhich|\bhow\b", re.IGNORECASE)


class Known(Protocol):
    """A frequent question with its approved answer and the fact keys it stands on."""

    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def facts(self) -> tuple[str, ...]: ...


def pairs(text: str) -> frozenset[str]:
    """Character pairs of Chinese and words of other scripts, by which likeness is measured."""
    plain = flat(text).lower()
    words = {word for word in re.findall(r"[a-z]+", plain) if len(word) > 2 and word not in _STOP}
    hanzi = re.sub(r"[的了吗呢啊呀吧么是有这那个我你您它们请问一下可以能不能怎样还就都在到和跟]", " ", plain)
    return frozenset(words | {run[i : i + 2] for run in re.findall(r"[㐀-鿿]{2,}", hanzi) for i in range(len(run) - 1)})


_STOP_TEXT = """
the and for are you can does will this that with have has how what when where who why its was were not but just any
your about much many one use get
"""


_STOP = frozenset(_STOP_TEXT.split())


def known_answer(text: str, topics: Sequence[Topic], faq: Sequence[Known]) -> Known | None:
    """The frequent question that the comment asks in other words, if one is alike enough."""
    asked = pairs(text)
    best: tuple[float, Known | None] = (0.0, None)
    for known in faq:
        other = pairs(known.question)
        if not asked or not other:
            continue
        shared = len(asked & other)
        likeness = shared / min(len(asked), len(other)) * (0.5 + 0.5 * shared / max(len(asked), len(other)))
        if any(topic.asked.search(known.question) for topic in topics[:1]):
            likeness += 0.15
        if likeness > best[0] and shared:
            best = (likeness, known)
    return best[1] if best[0] >= ALIKE else None


def shares(asked: frozenset[str], text: str, fact: str) -> bool:
    """Whether a fact and a comment name the same thing: a word, a size, a code such as 512g."""
    names = set(re.findall(r"[a-z]*\d+[a-z]+|[a-z]+\d+|\b(?:xxl|xl|[sml])\b", flat(fact).lower()))
    return bool(asked & pairs(fact)) or bool(
        names & set(re.findall(r"[a-z]*\d+[a-z]+|[a-z]+\d+|\b(?:xxl|xl|[sml])\b", text.lower()))
    )


def ranked(
    topic: Topic, text: str, facts: ProductFacts, policies: Sequence[tuple[str, str]]
) -> list[tuple[str, str, bool]]:
    """Facts on the topic, best first, each with whether it speaks of the very thing asked."""
    asked = pairs(text)
    words = {match.group().lower() for match in topic.asked.finditer(text)}
    scored: list[tuple[float, int, str, str, bool]] = []
    shop = [(f"policy.{key}", policy) for key, policy in policies]
    for order, (key, fact) in enumerate([*facts.items(), *shop]):
        kind, _, name = key.partition(".")
        low = flat(fact).lower()
        score = 0.0
        if kind == "specs" and topic.named and topic.named.search(name):
            score += 3
        if (
            topic.told
            and topic.told.search(fact)
            and (
                kind in topic.fields
                or kind == "specs"
                or (kind == "policy" and topic.intent in ("shipping", "after_sales"))
            )
        ):
            score += 1.5 if kind != "policy" else 1.0
        if score == 0:
            continue
        shared = len(asked & pairs(f"{name} {fact}")) + sum(1 for word in words if word in low)
        shared += sum(1 for same in _SAME if re.search(same, text.lower()) and re.search(same, low))
        exact = topic.name not in _POINTED or shared > 0 or bool(_OPEN.search(text))
        places = [place for place in (*PLACES, *PLACES_EN) if place in text]
        if topic.intent == "shipping" and places and not any(place in fact for place in places):
            exact = False
        scored.append((score + min(shared, 4), -order, key, fact, exact))
    scored.sort(reverse=True)
    return [(key, fact, exact) for _, _, key, fact, exact in scored]


def nearest(text: str, facts: ProductFacts, policies: Sequence[tuple[str, str]]) -> tuple[str, str, bool] | None:
    """The fact that shares most rare words with a question no topic knows, and whether that is enough to answer.

    A word that only few facts hold weighs more; a spec whose very name stands in the question answers it.
    """
    asked = pairs(text)
    if not asked:
        return None
    kinds = ("specs", "selling_points", "service", "promotions", "audience")
    items = [(key, fact) for key, fact in facts.items() if key.split(".")[0] in kinds]
    items += [(f"policy.{key}", policy) for key, policy in policies]
    bags = [pairs(f"{key.partition('.')[2]} {fact}" if key.startswith("specs.") else fact) for key, fact in items]
    title = pairs(facts.title)
    low = text.lower()
    best: tuple[float, tuple[str, str] | None] = (0.0, None)
    for (key, fact), bag in zip(items, bags, strict=True):
        weight = sum(1 / sum(pair in other for other in bags) for pair in (asked & bag) - title)
        name = key.removeprefix("specs.").lower()
        if key.startswith("specs.") and len(name) >= 2 and name in low:
            weight += 2.0
        if key.startswith("policy."):
            weight /= 2  # the shop's rules speak of everything and answer little
        if weight > best[0]:
            best = (weight, (key, fact))
    if best[1] is None or best[0] < WEAK:
        return None
    return (*best[1], best[0] >= max(STRONG, 0.3 * len(asked)))
