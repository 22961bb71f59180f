"""How an English-speaking host reads prices, sizes, codes, dates and symbols."""

import re

from avatar.numbers_en import TENS, cardinal, digit_by_digit, number, ordinal, plural, year
from avatar.reading import Match, Rule, rule
from avatar.units import ENGLISH, alternatives

N = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d)"
UNIT = rf"(?:{alternatives(ENGLISH)})(?![A-Za-z²³])"
TO = r"\s*[-–—~]\s*"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
CURRENCY = {"$": ("dollar", "dollars", "cent", "cents"), "US$": ("dollar", "dollars", "cent", "cents"),
            "€": ("euro", "euros", "cent", "cents"), "£": ("pound", "pounds", "penny", "pence"),
            "¥": ("yuan", "yuan", "fen", "fen"), "￥": ("yuan", "yuan", "fen", "fen")}  # fmt: skip
SIGN = r"(?:US\$|[$€£¥￥])"
LARGE = {"k": "thousand", "K": "thousand", "M": "million", "m": "million", "B": "billion"}
FRACTIONS = {"1/2": "one half", "1/4": "one quarter", "3/4": "three quarters", "1/3": "one third", "2/3": "two thirds"}


def _sum(text: str, sign: str) -> str:
    one, many, cent, cents = CURRENCY[sign]
    whole, _, part = text.replace(",", "").partition(".")
    part = (part + "0")[:2] if part else ""
    spoken = f"{number(whole)} {one if whole == '1' else many}"
    if not part or not int(part):
        return spoken
    small = f"{cardinal(int(part))} {cent if int(part) == 1 else cents}"
    return small if not int(whole) else f"{spoken} and {small}"


def _money(m: Match) -> str:
    if m["large"]:
        return f"{number(m['low'])} {LARGE.get(m['large'], m['large'].strip())} {CURRENCY[m['sign']][1]}"
    if m["high"]:
        return f"{number(m['low'])} to {_sum(m['high'], m['sign'])}"
    return _sum(m["low"], m["sign"])


def _date(m: Match) -> str | None:
    month, day = int(m["m"]), int(m["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{MONTHS[month - 1]} {ordinal(day)}, {year(m['y'])}"


def _time(m: Match) -> str | None:
    hour, minute = int(m["h"]), int(m["m"])
    if hour > 24 or minute > 59:
        return None
    half = f" {m['half'][0].upper()} M" if m["half"] else ""
    if minute == 0:
        return cardinal(hour) + (half or (" o'clock" if 0 < hour <= 12 else " hundred"))
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}{half}"


def _quantity(m: Match) -> str:
    forms = ENGLISH[m["unit"]]
    joined = "-" in m[0][len(m["n"]) :]  # a 6.7-inch screen
    return f"{number(m['n'])} {forms[0] if joined else plural(m['n'], forms)}"


def _range(m: Match) -> str:
    unit = f" {ENGLISH[m['unit']][1]}" if m["unit"] else ""
    return f"{number(m['low'])} to {number(m['high'])}{unit}"


def _product(m: Match) -> str:
    parts = re.findall(rf"({N})\s*({UNIT})?", m[0])
    return " by ".join(number(n) + (f" {plural(n, ENGLISH[unit])}" if unit else "") for n, unit in parts)


def code_digits(digits: str) -> str:
    """Digits of a model code: up to two and round hundreds as a number, the rest one by one."""
    if len(digits) > 1 and digits[0] == "0":
        return digit_by_digit(digits)
    if len(digits) < 3 or digits.endswith("00"):
        return cardinal(int(digits))
    return digit_by_digit(digits)


def _code(m: Match) -> str | None:
    if not re.search(r"\d", m[0]) or not re.search(r"[A-Za-z]", m[0]):
        return None
    words = []
    for part in re.finditer(r"(\d+)\.(\d+)|(\d+)|([A-Za-z]+)", m[0]):
        if part[1]:
            words.append(number(part[0]))
        elif part[3]:
            words.append(
                number(part[3])
                if part.start() == 0 and len(part[3]) < 4 and part[3][0] != "0"
                else code_digits(part[3])
            )
        else:
            words.append(part[4])
    return " ".join(words)


def _telephone(m: Match) -> str:
    return ", ".join(digit_by_digit(group) for group in re.findall(r"\d+", m[0]))


SYMBOLS = {
    "%": "percent", "&": "and", "+": "plus", "=": "equals", "@": "at", "±": "plus or minus", "≥": "at least",
    "≤": "at most", "≈": "about", "×": "times", "÷": "divided by", "°": "degrees", "²": "squared", "³": "cubed",
    "#": "number", "$": "dollars", "€": "euros", "£": "pounds", "¥": "yuan", "￥": "yuan",
}  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(r"(?:\+?1[-\s])?\(?\d{3}\)?[-\s]\d{3}-\d{4}(?!\d)", _telephone),
    rule(r"1-\d{3}-\d{3}-\d{4}", _telephone),
    rule(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", _date),
    rule(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>(?:19|20)\d\d)(?!\d)", _date),
    rule(r"(\d{1,2})(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1]))),
    rule(
        r"(\d{1,2})(?![\d.:%/-])(?=\s*(?:,|\.|!|\?|;|$|\)|at|and|only|from|through|to|is|for|we))",
        lambda m: ordinal(int(m[1])),
        before=rf"\b{MONTH}\s",
    ),
    rule(r"(\d)0s\b", lambda m: TENS[int(m[1])].replace("y", "ies") if int(m[1]) > 1 else None, before=r"(?:^|[^\d])"),
    rule(r"((?:19|20)\d\d)s\b", lambda m: year(m[1]) + "s"),
    rule(
        r"(?:19|20)\d\d(?![\d,.]\d|\s?(?:mAh|W|g|ml|mm|dollars|people|units|orders|pieces|customers))",
        lambda m: year(m[0]),
        before=rf"(?:\b(?:[Ii]n|[Ss]ince|[Bb]y|[Oo]f|[Yy]ear|[Ss]pring|[Ss]ummer|[Ff]all|[Ww]inter|{MONTH}|\d{{1,2}},|new)\s)",
    ),
    rule(r"(?P<h>\d{1,2}):(?P<m>\d\d)(?!\d)\s?(?P<half>[AaPp]\.?[Mm]\.?(?![a-z]))?", _time),
    rule(r"(\d{1,2})\s?([AaPp])\.?[Mm]\b\.?", lambda m: f"{cardinal(int(m[1]))} {m[2].upper()} M"),
    rule(r"24/7", lambda m: "twenty-four seven"),
    rule(
        rf"(?P<sign>{SIGN})\s?(?P<low>{N})(?:{TO}{SIGN}?(?P<high>{N}))?(?P<large>[kKMB](?![A-Za-z])|\s(?:thousand|million|billion))?",
        _money,
    ),
    rule(rf"(?P<low>{N})%?{TO}(?P<high>{N})\s?%", lambda m: f"{number(m['low'])} to {number(m['high'])} percent"),
    rule(rf"-({N})\s?%", lambda m: f"minus {number(m[1])} percent"),
    rule(rf"({N})\s?%", lambda m: f"{number(m[1])} percent"),
    rule(rf"(?:{N})\s*(?:{UNIT})?(?:\s*[×*xX]\s*(?:{N})\s*(?:{UNIT})?)+(?![A-Za-z])", _product),
    rule(
        r"(\d+)\s(\d+/\d+)(?!\d)",
        lambda m: f"{number(m[1])} and {FRACTIONS[m[2]].replace('one ', 'a ')}" if m[2] in FRACTIONS else None,
    ),
    rule(r"(\d+)/(\d+)(?![\d/])", lambda m: FRACTIONS.get(m[0]) or f"{number(m[1])} over {number(m[2])}"),
    rule(rf"-(?P<n>{N})\s?(?P<unit>°C|°F|°)", lambda m: "minus " + _quantity(m), before=r"(?:^|[^\w])"),
    rule(rf"(?P<low>{N}){TO}(?P<high>{N})\s?(?P<unit>{UNIT})?(?![-A-Za-z]|\d)", _range),
    rule(rf"({N}):({N})", lambda m: f"{number(m[1])} to {number(m[2])}"),
    rule(r"\d+(?:\.\d+){2,}", lambda m: " point ".join(cardinal(int(p)) for p in m[0].split("."))),
    rule(r"(?:[Nn]o\.|#)\s?(\d+)", lambda m: "number " + cardinal(int(m[1]))),
    rule(
        rf"({N})([kKM])\+?(?![A-Za-z\d])",
        lambda m: f"{number(m[1])} {LARGE[m[2]]}" if m[0][-2:] not in ("4K", "8K", "2K") else None,
    ),
    rule(rf"(?P<n>{N})[\s-]?(?P<unit>{UNIT})", _quantity, before=r"(?:^|[^A-Za-z\d])"),
    rule(rf"({N})\+(?!\d)", lambda m: f"{number(m[1])} plus"),
    rule(r"(\d+)[- ]in[- ](\d+)", lambda m: f"{number(m[1])} in {number(m[2])}"),
    rule(rf"({N})x(?![A-Za-z\d])", lambda m: f"{number(m[1])} times"),
    rule(r"\d{3,4}(?![\d.,%])(?!\s?[a-z])", lambda m: code_digits(m[0]), before=r"\b[A-Z]{2,}\s"),
    rule(r"[A-Za-z]*\d*[A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*", _code, before=r"(?:^|[^A-Za-z0-9])"),
    rule(r"0\d+(?![\d.])", lambda m: digit_by_digit(m[0])),
    rule(r"\d{9,}(?![\d.])", lambda m: digit_by_digit(m[0])),
    rule(N, lambda m: number(m[0])),
    rule(r"(?<=\w)/(?=\w)", lambda m: " per ", before=r"(?:dollars|cents|[a-z])"),
    rule(r"\s*/\s*", lambda m: ", "),
    rule(r"[%&+=@±≥≤≈×÷°²³#$€£¥￥]\s?", lambda m: f" {SYMBOLS[m[0].strip()]} "),
)
