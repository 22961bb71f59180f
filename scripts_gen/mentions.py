"""Words that claim something: promotions, service, proofs, effects, materials, places, names; each needs its fact."""

import re
from collections.abc import Sequence

from scripts_gen.numerals import flat
from scripts_gen.terms import DENIAL, EFFECT, MATERIAL, PLACES, PLACES_EN, PROMOTION, PROOF, SALES, SERVICE

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


_GIFT = re.compile(
    r"(?:加?送|附赠|随赠|赠送|赠)(?:你|您|大家|咱们?)?(?:一|两|[0-9]+)?(?P<what>[^，。！？；,!?;\s]{2,8})"
)


_GIFT_STOP = re.compile(
    r"^(?:这|上门|货|到|人|礼|给|不|完|的|朋友|家|爸|妈|长辈|闺蜜|老|女|男|对象|出|走|东西|什么|啥|送)"
)


def _bound(word: str) -> str:
    """The pattern of a term in lowered text: Latin words whole, hanzi anywhere."""
    escaped = re.escape(word.lower())
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if word[0].isascii() and word[0].isalnum() else escaped


# Every sentence of a show passes here: terms are compiled once, and a group is tried by one pattern before its words.
_TERMS = {
    word: re.compile(_bound(word))
    for group in (*PROMOTION, *SALES, *SERVICE, *PROOF, *EFFECT, *MATERIAL)
    for word in group
}
_GROUPS = tuple(
    (group, re.compile("|".join(map(_bound, group))))
    for group in (*PROMOTION, *SALES, *SERVICE, *PROOF, *EFFECT, *MATERIAL)
)
_PLACES_EN = tuple((place, re.compile(rf"\b{place}\b")) for place in PLACES_EN)


_HARMLESS = re.compile(
    r"送给|送朋友|送人|送礼|送爸|送妈|送长辈|送到|返回|麻烦|麻利|麻辣|芝麻|肉麻|满意|满足|满满|圆满|满脸|满屋|"
    r"满分|满身|满口|丰满|满级|不满|放满|治愈系|"
    r"优惠券|券后|折叠|打折扣|折腾|折射|曲折|发券|入场券|竹子|藤椅|铜钱|铝箔|feel free|free to|free at|off the|"
    r"off your|put off|take off|turn off|"
    r"show off|better off|hold off|返工|返程|kick off|right off|hands off|switch off|on and off|sale price|"
    r"for sale|return to|"
    r"returning|down the|down to|down here|"
    r"sit down|slow down|write down|scroll down|up and down|come down|cool down|settle down|written down|"
    r"warm welcome|golden|"
    r"warm up|nice and warm|warm hello|naturally|code word|glasses|relationship|shipshape|treats? yourself|coming back",
    re.IGNORECASE,
)


def check_terms(clause: str, stated: Sequence[tuple[str, str]], used: list[str], missing: list[str]) -> None:
    cleaned = _HARMLESS.sub(lambda match: "　" * len(match.group()), clause)
    lowered = cleaned.lower()
    for words, any_of in _GROUPS:
        if not any_of.search(lowered):
            continue
        found = next(word for word in words if _TERMS[word].search(lowered))
        at = _find(lowered, found)
        if denied(lowered, at) or _LATE_DENIAL.match(lowered[at + len(found) :]):
            # Saying that something is absent is honest only when no fact says it is there without a limit.
            near = lowered[max(0, at - 2) : at + len(found)]
            quoted = any(near in flat(text).lower() for _, text in stated)
            if not quoted and any(_promises(flat(text), found, clause) for _, text in stated):
                missing.append(f"not {found}")
            continue
        affirmed = next((key for key, text in stated if _affirmed(flat(text).lower(), words)), None)
        if affirmed is not None:
            used.append(affirmed)
        else:
            missing.append(found)
    for place in PLACES:
        if place in clause and not any(place in text for _, text in stated):
            missing.append(place)
    for place, named in _PLACES_EN:
        if named.search(clause) and not any(named.search(text) for _, text in stated):
            missing.append(place)


def _affirmed(lowered: str, words: Sequence[str]) -> bool:
    """Whether a fact's text holds one of the words and does not deny it."""
    places = (_find(lowered, word) for word in words)
    return any(at >= 0 and not denied(lowered, at) for at in places)


_LATE_DENIAL = re.compile(
    r"^.{0,8}?(?:没写|没有(?!问题)|没标|没提|没放|没说|没给|没列|没注明|没贴|看不见|看不到|不清楚|不知道|未注明|"
    r"不详|没法)|"
    r"^[\w\s'-]{0,30}?(?:isn't|aren't|not|doesn't|don't|wasn't) (?:listed|stated|mentioned|given|on|say|mention|"
    r"shown|spelt|spelled|known)"
)


_LIMIT = re.compile(r"除外|不|仅|限|except|only|not|excl", re.IGNORECASE)


def _promises(text: str, word: str, clause: str) -> bool:
    """Whether a fact promises the word without a limit that the clause speaks of."""
    if _find(text.lower(), word) < 0:
        return False
    limits = [piece for piece in re.split(r"[，,；;。（）()]", text) if _LIMIT.search(piece)]
    rest = clause.replace(word, "　")
    return not any(
        piece[i : i + 2] in rest for piece in limits for i in range(len(piece) - 1) if piece[i : i + 2].strip()
    )


def _find(lowered: str, word: str) -> int:
    """Where a term of the groups stands in lowered text, -1 for nowhere."""
    match = _TERMS[word].search(lowered)
    return match.start() if match else -1


def denied(lowered: str, at: int) -> bool:
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


def check_gifts(clause: str, stated: Sequence[tuple[str, str]], missing: list[str]) -> None:
    cleaned = _HARMLESS.sub(lambda match: "　" * len(match.group()), clause)
    for match in _GIFT.finditer(cleaned):
        what = match["what"]
        if "　" in match.group() or _GIFT_STOP.match(what) or denied(cleaned, match.start()):
            continue
        known = "".join(flat(text) for _, text in stated)
        pairs = [what[index : index + 2] for index in range(len(what) - 1)]
        if pairs and not any(pair in known for pair in pairs):
            missing.append(match.group())


def check_names(plain: str, stated: Sequence[tuple[str, str]], used: list[str], missing: list[str]) -> None:
    known = " ".join(flat(text).lower() for _, text in stated)
    chinese = bool(re.search(r"[一-鿿]", plain))
    for match in _LATIN.finditer(plain):
        word = match.group().strip("-'/")
        lowered = word.lower().removesuffix("'s")
        if chinese:
            free = lowered in _FREE_LATIN or (match.start() and plain[match.start() - 1].isdigit())
        else:
            free = not _is_name(plain, match.start(), word)
        free = free or bool(re.match(r"(?:rm|usd|eur|gbp|cny|rmb|s|a|c|hk)\d", lowered))
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
