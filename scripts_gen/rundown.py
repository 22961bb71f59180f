"""The plan of a show: timed blocks of approved words, product after product, with the disclosures the law wants.

Pure: the same products, seconds and seed give the same rundown. Prices stand as {price} and {list_price} slots and are
filled from today's money when the line is spoken.
"""

import random
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, TypeVar

from scripts_gen.claims import check
from scripts_gen.facts import ProductFacts
from scripts_gen.frames import SENTENCE, brief, fact_lines, list_price_line, money, offers_of, price_line
from scripts_gen.phrases import BARE, CARES, CLOSING, COLOURS, DISCLOSURE, FRAMES, WELCOME, pick
from scripts_gen.spoken_gate import sentences

SegmentKind = Literal[
    "opening",
    "pain_point",
    "selling_points",
    "proof",
    "offer",
    "objection",
    "call_to_action",
    "transition",
    "disclosure",
    "closing",
    "welcome",
]
SEGMENTS: tuple[SegmentKind, ...] = (
    "opening",
    "pain_point",
    "selling_points",
    "proof",
    "offer",
    "objection",
    "call_to_action",
    "transition",
)
OTHER_WORDS = "_b"  # behind a kind: the same stretch in other words, for the next time the product comes
Name = TypeVar("Name", bound=str)
Goal = Literal["", "push", "clear", "new"]
"""What the merchant wants of a product: nothing special, sold more often, cleared out, introduced at length."""

DISCLOSURE_EVERY = 600.0  # seconds between spoken disclosures (design: at the start and every 10 minutes)
PACE = {"zh": 4.6, "en": 14.5}  # characters a second of the embedded voice; an estimate, the stage reports real seconds
BREATH = 0.6  # seconds between two lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One stretch of approved words of a kind, with the fact keys it stands on."""

    kind: str
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The approved words about one product in one language."""

    product: str
    lang: str
    persona: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A product as the rundown needs it: its facts, its approved script, and whether it can be sold."""

    product: str
    facts: ProductFacts
    script: Script | None = None
    sold_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Segments spoken together: `seconds` is their estimated length, `starts` their place in the show."""

    kind: Literal["welcome", "product", "disclosure", "closing"]
    product: str | None
    starts: float
    seconds: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """The whole show in order; `seconds` is the estimated length of all blocks."""

    lang: str
    blocks: tuple[Block, ...]
    goals: Mapping[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Estimated length of the show."""
        return sum(block.seconds for block in self.blocks)


def spoken_seconds(text: str, lang: str, pace: float | None = None) -> float:
    """How long a text takes to say at `pace` characters a second; without one, by what is usual."""
    return len(text) / (pace or PACE[lang]) + BREATH


def turns(products: Sequence[Name], goals: Mapping[Name, str]) -> tuple[Name, ...]:
    """One round of the show: every product in order; the pushed ones come a second time, half a round away.

    With fewer than three products nothing comes twice, for it would follow itself.
    """
    order = list(products)
    if len(products) < 3:
        return tuple(order)
    for index, product in enumerate(products):
        if goals.get(product) == "push":
            after = products[(index + len(products) // 2) % len(products)]
            order.insert(order.index(after) + 1, product)
    return tuple(order)


def kinds_for(goal: str) -> tuple[str, ...]:
    """The segments of a product's script in the order they are said: clearing names the price first, new says more.

    Behind them the same again in other words, so that a product that comes round says approved words, not the same.
    """
    kinds: tuple[str, ...] = SEGMENTS
    if goal == "clear":
        kinds = ("opening", "offer", *(kind for kind in SEGMENTS if kind not in ("opening", "offer")))
    elif goal == "new":
        kinds = ("opening", "pain_point", "selling_points", "more_points", *SEGMENTS[3:])
    return (*kinds, *(kind + OTHER_WORDS for kind in kinds))


def plain_kind(kind: str) -> str:
    """What a segment is for, whichever of its wordings it is."""
    return kind.removesuffix(OTHER_WORDS)


def in_order_of(goal: str, segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments in the order that the goal wants; kinds it does not know keep their place behind their neighbour."""
    if goal != "clear":
        return tuple(segments)

    def place(segment: Segment) -> tuple[bool, int]:
        rank = {"opening": 0, "offer": 1}.get(plain_kind(segment.kind), 2)
        return segment.kind.endswith(OTHER_WORDS), rank

    return tuple(sorted(segments, key=place))


def disclosure(lang: str, turn: int = 0) -> Segment:
    """The spoken statement that the host is an AI; `turn` varies the words."""
    lines = DISCLOSURE[lang]
    return Segment(kind="disclosure", text=lines[turn % len(lines)])


def filled(text: str, price: Decimal | None, list_price: Decimal | None, currency: str, lang: str) -> str | None:
    """The text with today's money in its slots; None when it needs a price that is not known."""
    for slot, amount in (("{price}", price), ("{list_price}", list_price)):
        if slot in text:
            if amount is None:
                return None
            text = text.replace(slot, money(amount, currency, lang))
    return text


def slotted(text: str, facts: ProductFacts) -> str:
    """The text with the product's two prices replaced by slots, so that a price change reaches the words.

    Only an amount that is called money (59元, $24.99, 到手59) is replaced; a 59 that counts something else stays.
    """
    for slot, amount in (("{price}", facts.price), ("{list_price}", facts.list_price)):
        if amount is None:
            continue
        digits = re.escape(f"{amount.normalize():f}")
        spelled = rf"{digits}0?" if "." in digits else rf"{digits}(?:\.0+)?"
        after = r"(?:元|块钱|块(?!头)|美元|英镑|欧元|\s?(?:yuan|dollars?|bucks|pounds|euros))"
        before = r"(?:[￥¥$£€]|RM|S\$|A\$|HK\$)"
        text = re.sub(rf"{before}\s?{spelled}(?![\d.]*\d)", slot, text)
        text = re.sub(rf"(?<![\d.]){spelled}\s?{after}", slot, text)
        text = re.sub(
            rf"(?:(?<=到手)|(?<=券后)|(?<=价格是)|(?<=日常价))(?:价)?\s?{spelled}(?![\d.]*\d|[件个盒片支瓶包袋%折])",
            slot,
            text,
        )
    return text


def script_of(product: str, facts: ProductFacts, lang: str, persona: str, seed: str = "") -> Script:
    """A whole script made by code from the facts alone: plain, varied, never false."""
    segments: list[Segment] = []
    said: list[str] = []
    for kind in SEGMENTS:
        segments.append(frame_segment(kind, facts, lang, f"{product}{kind}{seed}", said=said, persona=persona))
        said += sentences(segments[-1].text)
    return Script(product=product, lang=lang, persona=persona, segments=tuple(segments))


def frame_segment(
    kind: str, facts: ProductFacts, lang: str, seed: str, *, said: Sequence[str] = (), persona: str = ""
) -> Segment:
    """One segment in the grammar of facts; a plain honest line when the facts have nothing for that kind.

    No sentence of `said` is chosen while there is another, and facts not yet told come before those that were.
    """
    avoid = set(said)
    used: list[str] = []
    lines: list[str] = []

    def add(line: str, *keys: str) -> None:
        if line and line not in lines:
            lines.append(line)
            avoid.add(line)
            used.extend(keys)

    def tell(key: str, value: str) -> None:
        # Neighbours turn through the ways of telling, so that two facts in a row never begin alike.
        manner = key if not key.startswith("selling_points") else "next_point" if lines else "first_point"
        options = fact_lines(manner, value, lang)
        turn = zlib.crc32(seed.encode()) + len(lines)
        turned = [options[(turn + step) % len(options)] for step in range(len(options))]
        add(next((line for line in turned if line not in avoid), turned[0]), key)

    match kind:
        case "selling_points":
            points, specs = _untold(facts, said, lang, "selling_points"), _untold(facts, said, lang, "specs")
            for key, value in points[:3]:
                tell(key, value)
            for key, value in specs[: 4 - len(used)]:
                tell(key, value)
        case "more_points":
            told = set(frame_segment("selling_points", facts, lang, seed).facts)
            rest = _untold(facts, said, lang, "selling_points", "specs")
            for key, value in [item for item in rest if item[0] not in told][:3]:
                tell(key, value)
        case "offer":
            for key, line in (
                ("price", price_line(facts, lang, seed, slot=True, avoid=avoid)),
                ("list_price", list_price_line(facts, lang, seed, slot=True, avoid=avoid)),
            ):
                add(line, *([key] if line else []))
            for key, offer in offers_of(facts)[:2]:
                tell(key, offer)
        case "objection":
            for key, value in _untold(facts, said, lang, "service")[:2] or _untold(facts, said, lang, "audience")[:1]:
                tell(key, value)
        case _:
            options = [frame.format(title=facts.title) for frame in _frames(kind, facts, lang, persona)]
            fresh = [option for option in options if avoid.isdisjoint(sentences(option))]
            line = pick(fresh or options, seed)
            add(line, *(["title"] if facts.title in line else []))
    bare = "selling_points" if kind == "more_points" else kind
    text = ("" if lang == "zh" else " ").join(lines) or pick(BARE[bare][lang], seed, avoid)
    return Segment(kind=kind, text=text, facts=tuple(used))


def _untold(facts: ProductFacts, said: Sequence[str], lang: str, *kinds: str) -> list[tuple[str, str]]:
    """The facts of these kinds as (key, text), those whose words were said already behind the others."""
    spoken = " ".join(said)
    items = [(key, text) for key, text in facts.items() if key.split(".")[0] in kinds]
    return sorted(items, key=lambda item: brief(item[1], SENTENCE[lang]) in spoken)


def _frames(kind: str, facts: ProductFacts, lang: str, persona: str) -> tuple[str, ...]:
    """The lines a host may open, close or bridge with: a persona's own, those the facts call for, those for all."""
    general = FRAMES[kind][lang]
    if kind == "pain_point":
        items = [f"{key}={text}" for key, text in facts.items()]
        called = [lines[lang] for cares, lines in CARES if any(re.search(cares, item, re.IGNORECASE) for item in items)]
        return (*(line for lines in called for line in lines), *general[: 2 if called else None])
    coloured = next((lines for words, lines in COLOURS if re.search(words, persona, re.IGNORECASE)), {})
    # A persona shows in every other block or so; a host who is always in character tires.
    return (*(coloured[kind][lang] * 2 if kind in coloured else ()), *general)


def plan(
    products: Sequence[Shelf],
    seconds: float,
    lang: str,
    *,
    goals: Mapping[str, str] | None = None,
    seed: int = 0,
    pace: float | None = None,
) -> Rundown:
    """A show of about `seconds`: welcome, disclosure, product blocks in turn, disclosures every 10 minutes, closing.

    Sold-out products are left out. When the words run short the products come round again, each time beginning at
    another place and in other words where the facts allow, and no sentence is said twice within a block. Pushed
    products come twice a round (`turns`). `pace` is the voice's own rate in characters a second, where measured.
    Raises ValueError when there is nothing to sell.
    """
    shelf = [item for item in products if not item.sold_out]
    if not shelf:
        raise ValueError("products: wanted at least one that is not sold out, found none")
    chance = random.Random(seed)
    welcome = Segment(kind="welcome", text=chance.choice(WELCOME[lang]))
    closing = Segment(kind="closing", text=chance.choice(CLOSING[lang]))
    blocks: list[Block] = []
    clock = 0.0
    disclosed = 0.0

    def add(
        kind: Literal["welcome", "product", "disclosure", "closing"], product: str | None, segments: Sequence[Segment]
    ) -> None:
        nonlocal clock
        length = sum(spoken_seconds(segment.text, lang, pace) for segment in segments)
        blocks.append(Block(kind=kind, product=product, starts=clock, seconds=length, segments=tuple(segments)))
        clock += length

    add("welcome", None, (welcome, disclosure(lang)))
    end = seconds - spoken_seconds(closing.text, lang, pace)
    by_name = {item.product: item for item in shelf}
    order = turns(list(by_name), goals or {})
    came: Counter[str] = Counter()
    turn = 0
    while clock < end:
        item = by_name[order[turn % len(order)]]
        segments = block_segments(item, lang, came[item.product])
        came[item.product] += 1
        length = sum(spoken_seconds(segment.text, lang, pace) for segment in segments)
        if blocks[-1].kind == "product" and clock + length - disclosed > DISCLOSURE_EVERY:
            add("disclosure", None, (disclosure(lang, sum(block.kind == "disclosure" for block in blocks) + 1),))
            disclosed = clock
        add("product", item.product, segments)
        turn += 1
    add("closing", None, (closing,))
    return Rundown(lang=lang, blocks=tuple(blocks), goals=dict(goals or {}))


def block_segments(item: Shelf, lang: str, round_: int) -> tuple[Segment, ...]:
    """The segments of one product block; round 0 is the script as it stands.

    A product with approved words says nothing else: odd rounds take the other wordings where there are some, and every
    later round turns the order of what lies between opening and end. One without is worded by code, other facts each
    round.
    """
    approved = item.script.segments if item.script else ()
    if not approved:
        return _once(script_of(item.product, _turned(item.facts, round_), lang, "", seed=str(round_)).segments)
    plain = [segment for segment in approved if not segment.kind.endswith(OTHER_WORDS)]
    others = [segment for segment in approved if segment.kind.endswith(OTHER_WORDS)]
    if not plain:
        plain, others = others, []
    if round_ % 2 and others:
        there = {plain_kind(segment.kind) for segment in others}
        left = [segment for segment in plain if segment.kind not in there]
        names = [plain_kind(segment.kind) for segment in plain]
        plain = sorted((*others, *left), key=lambda segment: _place(plain_kind(segment.kind), names))
    turned = round_ // 2 if others else round_
    head = [segment for segment in plain if plain_kind(segment.kind) == "opening"]
    ending = [segment for segment in plain if plain_kind(segment.kind) in ("call_to_action", "transition")]
    middle = [segment for segment in plain if segment not in head and segment not in ending]
    shift = turned % max(1, len(middle))
    return _once((*head, *middle[shift:], *middle[:shift], *ending)) if shift else _once(plain)


def _place(kind: str, names: Sequence[str]) -> int:
    return names.index(kind) if kind in names else len(names)


def _turned(facts: ProductFacts, round_: int) -> ProductFacts:
    """The same facts with their specs turned, so that another round speaks of other ones."""
    at = (round_ * 2) % len(facts.specs) if facts.specs else 0
    return replace(facts, specs=facts.specs[at:] + facts.specs[:at])


def _once(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments without any sentence that was already said among them."""
    said: set[str] = set()
    kept: list[Segment] = []
    for segment in segments:
        pieces = [
            piece
            for piece in re.findall(r"[^。！？.!?]+(?:[。！？!?]+|\.(?!\d)|\.\d+[^。！？.!?]*)*", segment.text)
            if piece.strip()
        ]
        fresh = [
            piece for index, piece in enumerate(pieces) if piece.strip() not in said and piece not in pieces[:index]
        ]
        said.update(piece.strip() for piece in pieces)
        if text := "".join(fresh).strip():
            kept.append(replace(segment, text=text))
    return tuple(kept)


def supported(script: Script, facts: ProductFacts, extra: Sequence[str] = ()) -> dict[str, str]:
    """Segments of a script that claim what the facts do not carry: kind → reason; empty when all stand."""
    found: dict[str, str] = {}
    for segment in script.segments:
        text = filled(segment.text, facts.price, facts.list_price, facts.currency, script.lang) or ""
        verdict = check(text, facts, extra)
        if not verdict.ok:
            found[segment.kind] = verdict.reason
    return found
