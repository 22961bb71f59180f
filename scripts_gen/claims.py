"""The honesty of the host: cut a sentence into claims and let none pass that no fact supports.

A claim is a number with its measure, a promotion, a service, a proof, an effect, a material, a place or a foreign
word. `check` says which facts carry the sentence (the claim ledger) or what it claims without one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scripts_gen.facts import ProductFacts
from scripts_gen.numerals import Number, flat
from scripts_gen.numerals import numbers as numbers_in
from scripts_gen.terms import (
    BODILY,
    DENIAL,
    EFFECT,
    HUMAN,
    MATERIAL,
    PLACES,
    PLACES_EN,
    PROMOTION,
    PROOF,
    SALES,
    SERVICE,
)

FREE_COUNT = 3  # 一盒, 两位姐妹: small counts carry no claim of their own
_CLAUSE = re.compile(r"[，。！？；,!?;\n]|\.(?!\d)")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+\-'/]*")
_FREE_LATIN = frozenset(
    [
        "ai",
        "ai-generated",
        "php",
        "jpy",
        "ok",
        "app",
        "hi",
        "hello",
        "hey",
        "bye",
        "vip",
        "wow",
        "nice",
        "get",
        "pick",
        "no",
        "yes",
        "q",
        "tv",
        "pk",
        "a",
        "b",
        "c",
        "pro",
        "link",
        "dm",
        "cm",
        "mm",
        "ml",
        "kg",
        "km",
        "mah",
        "usb",
        "type",
        "l",
        "xl",
        "s",
        "m",
        "xs",
        "xxl",
        "hr",
        "min",
        "h",
        "w",
        "g",
        "v",
    ]
)
_MONEY_CUE = re.compile(
    r"(?:到手价?|券后|拍下|只要|仅需|仅|直播价|活动价|日常价|原价|售价|价格?是?|立减|省下?|便宜|再?减|抵|优惠|卖|"
    r"加|现价|"
    r"price is|now|only|just|for|save|costs?|was|from)\s*$",
    re.IGNORECASE,
)
_GIFT = re.compile(
    r"(?:加?送|附赠|随赠|赠送|赠)(?:你|您|大家|咱们?)?(?:一|两|[0-9]+)?(?P<what>[^，。！？；,!?;\s]{2,8})"
)
_GIFT_STOP = re.compile(
    r"^(?:上门|货|到|人|礼|给|不|完|的|朋友|家|爸|妈|长辈|闺蜜|老|女|男|对象|出|走|东西|什么|啥|送)"
)
_ASSERT = re.compile(r"有|包|送|可以|能|支持|是的|对的|放心|当然|yes|sure|of course", re.IGNORECASE)
_GROUPS = (*PROMOTION, *SALES, *SERVICE, *PROOF, *EFFECT, *MATERIAL)
_HARMLESS = re.compile(
    r"送给|送朋友|送人|送礼|送爸|送妈|送长辈|送到|返回|麻烦|麻利|麻辣|芝麻|肉麻|满意|满足|满满|圆满|满脸|满屋|"
    r"满分|满身|满口|丰满|满级|不满|放满|治愈系|"
    r"优惠券|券后|折叠|打折扣|折腾|折射|曲折|发券|入场券|竹子|藤椅|铜钱|铝箔|feel free|free to|free at|off the|"
    r"off your|put off|take off|turn off|"
    r"show off|better off|kick off|right off|hands off|switch off|on and off|sale price|for sale|return to|"
    r"returning|down the|down to|down here|"
    r"sit down|slow down|write down|scroll down|up and down|come down|cool down|settle down|written down|"
    r"warm welcome|golden|"
    r"warm up|nice and warm|warm hello|naturally|code word|glasses|relationship|shipshape|treats? yourself|coming back",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text; facts are read again and again."""
    return tuple(numbers_in(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a sentence may be said: the fact keys it stands on, or what it claims without any."""

    ok: bool
    used: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    reason: str = ""


def sources(facts: ProductFacts, extra: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """Every (key, text) that may carry a claim; approved texts beside the facts are keyed `extra.<n>`."""
    derived: tuple[tuple[str, str], ...] = ()
    if facts.price is not None and facts.list_price is not None and facts.list_price > facts.price:
        derived = (("list_price", f"{facts.list_price - facts.price:f}元"),)
    money = {"price", "list_price"}
    stated = tuple((key, f"{text}元" if key in money else text) for key, text in facts.items() if key != "category")
    names = tuple((f"specs.{spec.name}", f"{spec.name} {spec.value}") for spec in facts.specs)
    return (*stated, *names, *derived, *((f"extra.{index}", text) for index, text in enumerate(extra)))


def fact_numbers(facts: ProductFacts, extra: Sequence[str] = ()) -> frozenset[Decimal]:
    """Every number value that the facts (and approved texts) hold, including the saving between the two prices."""
    return frozenset(number.value for _, text in sources(facts, extra) for number in numbers(text)) | frozenset(
        Decimal(digits) for _, text in sources(facts, extra) for digits in re.findall(r"\d+(?:\.\d+)?", flat(text))
    )


def free_number(number: Number) -> bool:
    """Whether a number is a small count (0–3 of something) and needs no fact."""
    return number.value <= FREE_COUNT and number.value == int(number.value) and number.measure in ("bare", "counter")


def check(text: str, facts: ProductFacts, extra: Sequence[str] = ()) -> Verdict:
    """Whether every claim of the text is supported by the facts or by an approved text in `extra`."""
    stated = sources(facts, extra)
    plain = flat(text)
    lowered = plain.lower()
    for phrase in HUMAN:
        at = lowered.find(phrase.lower())
        if at >= 0 and not _denied(lowered, at):
            return Verdict(ok=False, unsupported=(phrase,), reason="claims to be human")
    for phrase in BODILY:
        if phrase in lowered:
            return Verdict(ok=False, unsupported=(phrase,), reason="claims a body or a life")
    used: list[str] = []
    missing: list[str] = []
    for start, clause in _clauses(plain):
        _check_numbers(plain, start, clause, stated, used, missing)
        _check_offers(clause, stated, missing)
        _check_terms(clause, stated, used, missing)
        _check_gifts(clause, stated, missing)
    _check_names(plain, stated, used, missing)
    if missing:
        return Verdict(
            ok=False, unsupported=tuple(dict.fromkeys(missing)), reason="no fact for " + ", ".join(missing[:3])
        )
    for key, value in facts.items():
        if key != "category" and len(value) > 1 and value.lower() in lowered:
            used.append(key)
    return Verdict(ok=True, used=tuple(dict.fromkeys(used)))


def _clauses(plain: str) -> Iterable[tuple[int, str]]:
    start = 0
    for match in _CLAUSE.finditer(plain):
        # A comma inside 1,099 parts nothing.
        if (
            match.group() == ","
            and plain[match.end() : match.end() + 3].isdigit()
            and plain[match.start() - 1 : match.start()].isdigit()
        ):
            continue
        yield start, plain[start : match.start()]
        start = match.end()
    yield start, plain[start:]


def _check_numbers(
    plain: str, start: int, clause: str, stated: Sequence[tuple[str, str]], used: list[str], missing: list[str]
) -> None:
    for number in numbers(clause):
        if free_number(number) and not _MONEY_CUE.search(clause[: number.start]) and not _in_offer(clause, number):
            continue
        money = number.measure == "money" or (
            number.measure == "bare" and bool(_MONEY_CUE.search(clause[: number.start]))
        )
        keys = [key for key, text in stated if _holds(text, number, money, key)]
        if keys:
            used.append(keys[0])
        else:
            missing.append(number.text.strip())


def _in_offer(clause: str, number: Number) -> bool:
    """Whether a small count is part of a deal (买2送1, buy two get one), where it is a promise."""
    before, after = clause[: number.start].rstrip(), clause[number.end :]
    return bool(
        re.search(r"(?:买|拍|满|第|送|赠|buy|get)$", before, re.IGNORECASE)
        and re.search(r"送|赠|减|半价|免|free|off|折", clause, re.IGNORECASE)
        and not re.match(r"次|眼|步|时间", after)
    )


def _holds(text: str, number: Number, money: bool, key: str) -> bool:
    for known in numbers(text):
        if known.value != number.value:
            continue
        if money:
            if known.measure == "money" or (known.measure == "bare" and _may_be_money(text, key)):
                return True
        elif number.measure in ("percent", "fold"):
            if known.measure == number.measure:
                return True
        elif number.measure == "unit" and known.measure in ("unit", "counter", "money"):
            if known.unit == number.unit:
                return True
        elif number.measure == "counter" and known.measure == "counter":
            if known.unit == number.unit or "个" in (known.unit, number.unit):
                return True
        elif number.measure == "counter" and known.measure in ("unit", "percent", "fold", "money"):
            continue
        else:
            return True
    if number.measure == "bare" and not money:
        # Parts of codes and times (HK-1713, 14:00) are read as plain digits.
        return number.text.strip() in re.findall(r"\d+(?:\.\d+)?", flat(text))
    return False


def _may_be_money(text: str, key: str) -> bool:
    """Whether a bare number of a fact may be an amount: 第二件 9.9, 单边269, but no size of a size table."""
    kind = key.split(".")[0]
    if kind in ("promotions", "service", "extra"):
        return True
    named_price = bool(re.search(r"价|元|费|[￥¥$£€]|price|fee|cost", key + text, re.IGNORECASE))
    return named_price or (kind == "variants" and bool(re.search(r"\D\d{2,5}(?:\.\d{1,2})?$", text)))


_OFFER_WORD = re.compile(r"送|赠|减|半价|免|折|返|\bfree\b|\boff\b|\bsave\b|\bget\b", re.IGNORECASE)


def _check_offers(clause: str, stated: Sequence[tuple[str, str]], missing: list[str]) -> None:
    """The numbers of a deal belong together: 买2送1 needs one fact that holds 2 and then 1."""
    deal = [number for number in numbers(clause) if _in_offer(clause, number)]
    if len(deal) < 2 or not _OFFER_WORD.search(clause):
        return
    wanted = [number.value for number in deal]
    for _, text in stated:
        rest = iter([known.value for known in numbers(text)])
        if all(value in rest for value in wanted):
            return
    missing.append(clause[deal[0].start : deal[-1].end].strip())


def _check_terms(clause: str, stated: Sequence[tuple[str, str]], used: list[str], missing: list[str]) -> None:
    cleaned = _HARMLESS.sub(lambda match: "　" * len(match.group()), clause)
    lowered = cleaned.lower()
    for group in _GROUPS:
        found = next((word for word in group if _find(lowered, word.lower()) >= 0), None)
        if found is None:
            continue
        at = _find(lowered, found.lower())
        keys = [key for key, text in stated if any(_find(flat(text).lower(), word.lower()) >= 0 for word in group)]
        if _denied(lowered, at) or _LATE_DENIAL.match(lowered[at + len(found) :]):
            # Saying that something is absent is honest only when no fact says it is there without a limit.
            near = lowered[max(0, at - 2) : at + len(found)]
            quoted = any(near in flat(text).lower() for _, text in stated)
            if not quoted and any(_promises(flat(text), found, clause) for _, text in stated):
                missing.append(f"not {found}")
            continue
        affirmed = [
            key
            for key, text in stated
            if key in keys
            and any(_find(flat(text).lower(), word.lower()) >= 0 and not _denied_in(text, word) for word in group)
        ]
        if affirmed:
            used.append(affirmed[0])
        else:
            missing.append(found)
    for place in PLACES:
        if place in clause and not any(place in text for _, text in stated):
            missing.append(place)
    for place in PLACES_EN:
        if re.search(rf"\b{place}\b", clause) and not any(re.search(rf"\b{place}\b", text) for _, text in stated):
            missing.append(place)


_LATE_DENIAL = re.compile(
    r"^.{0,8}?(?:没写|没有(?!问题)|没标|没提|没放|没说|没给|没列|没注明|没贴|看不见|看不到|不清楚|不知道|未注明|"
    r"不详|没法)|"
    r"^[\w\s'-]{0,30}?(?:isn't|aren't|not|doesn't|don't|wasn't) (?:listed|stated|mentioned|given|on|say|mention|"
    r"shown|spelt|spelled|known)"
)
_LIMIT = re.compile(r"除外|不|仅|限|except|only|not|excl", re.IGNORECASE)


def _promises(text: str, word: str, clause: str) -> bool:
    """Whether a fact promises the word without a limit that the clause speaks of."""
    if _find(text.lower(), word.lower()) < 0:
        return False
    limits = [piece for piece in re.split(r"[，,；;。（）()]", text) if _LIMIT.search(piece)]
    rest = clause.replace(word, "　")
    return not any(
        piece[i : i + 2] in rest for piece in limits for i in range(len(piece) - 1) if piece[i : i + 2].strip()
    )


def _find(text: str, word: str) -> int:
    if word[0].isascii() and word[0].isalnum():
        match = re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text)
        return match.start() if match else -1
    return text.find(word)


def _denied_in(text: str, word: str) -> bool:
    lowered = flat(text).lower()
    at = _find(lowered, word.lower())
    return at >= 0 and _denied(lowered, at)


def _denied(lowered: str, at: int) -> bool:
    """Whether the word at `at` is denied by a negation shortly before it in its own clause."""
    clause = re.split(r"[，。！？；,!?;、]", lowered[:at])[-1]
    if clause.isascii():
        return bool(
            re.search(
                r"(?:\bnot\b|n't|\bno\b|\bnever\b|\bwithout\b|\bcannot\b|\bneither\b|\bnor\b)[\w\s'-]{0,24}$", clause
            )
        )
    near = clause[-8:]
    return any(word in near for word in DENIAL if not word.isascii()) and not re.search(
        r"不但|不仅|不光|不只|不要太|没的说|没得说|不得不|能不能|是不是|有没有|要不要", near
    )


def _check_gifts(clause: str, stated: Sequence[tuple[str, str]], missing: list[str]) -> None:
    cleaned = _HARMLESS.sub(lambda match: "　" * len(match.group()), clause)
    for match in _GIFT.finditer(cleaned):
        what = match["what"]
        if "　" in match.group() or _GIFT_STOP.match(what) or _denied(cleaned, match.start()):
            continue
        known = "".join(flat(text) for _, text in stated)
        pairs = [what[index : index + 2] for index in range(len(what) - 1)]
        if pairs and not any(pair in known for pair in pairs):
            missing.append(match.group())


def _check_names(plain: str, stated: Sequence[tuple[str, str]], used: list[str], missing: list[str]) -> None:
    known = " ".join(flat(text).lower() for _, text in stated)
    chinese = bool(re.search(r"[一-鿿]", plain))
    for match in _LATIN.finditer(plain):
        word = match.group().strip("-'/")
        lowered = word.lower().removesuffix("'s")
        if chinese:
            free = lowered in _FREE_LATIN or (match.start() and plain[match.start() - 1].isdigit())
        else:
            free = not _is_name(plain, match.start(), word)
        if not free and lowered not in known:
            missing.append(word)


def _is_name(plain: str, start: int, word: str) -> bool:
    """Whether an English word looks like a name or a code: capital inside a sentence, or letters with digits."""
    if any(char.isdigit() for char in word):
        return True
    if (
        not word[0].isupper()
        or word in ("I", "I'm", "I'll", "I've", "I'd", "AI", "OK", "Okay", "DM", "TV")
        or word.lower() in _FREE_LATIN
    ):
        return False
    before = plain[:start].rstrip()
    return bool(before) and before[-1] not in '.!?:"“”…—-' and word not in _DAYS


_DAYS = frozenset(
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Christmas",
        "English",
        "Mr",
        "Mrs",
        "Ms",
    ]
)
