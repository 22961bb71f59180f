"""Chinese readings of numbers: cardinals, decimals, digit by digit, and 两 before a counter."""

DIGITS = "零一二三四五六七八九"
_SMALL = ("", "十", "百", "千")
_LARGE = ("", "万", "亿", "万亿")

# After these, 2 stays 二: they number things in order or are written idioms, they do not count.
_ORDERED = frozenset("月号日楼层级代等折线环班维胎两手期星档座区栋幢单元分.点")


def digit_by_digit(digits: str, *, one: str = "一") -> str:
    """Each digit on its own; `one` is 幺 in telephone numbers and codes."""
    return "".join(one if d == "1" else DIGITS[int(d)] for d in digits)


def _four(digits: str) -> str:
    """Up to four digits, without leading zeros of the group."""
    spoken, gap = "", False
    for place, d in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if d == "0":
            gap = bool(spoken)
            continue
        spoken += ("零" if gap else "") + DIGITS[int(d)] + _SMALL[place]
        gap = False
    return spoken


def cardinal(digits: str) -> str:
    """A whole number: `1299` → 一千二百九十九. Beyond 16 digits it is read digit by digit."""
    digits = digits.lstrip("0")
    if not digits:
        return DIGITS[0]
    if len(digits) > 16:
        return digit_by_digit(digits)
    groups: list[str] = []
    while digits:
        groups.insert(0, digits[-4:])
        digits = digits[:-4]
    spoken, gap = "", False
    for place, group in zip(range(len(groups) - 1, -1, -1), groups, strict=True):
        part = _four(group)
        if not part:
            gap = bool(spoken)
            continue
        if spoken and (gap or group.startswith("0")):
            spoken += "零"
        spoken += part + _LARGE[place]
        gap = False
    spoken = spoken.removeprefix("一") if spoken.startswith("一十") else spoken
    for high in ("千", "万", "亿"):  # 两千, 两万: the front of a large number is counted, 二十 and 二百 are not
        if spoken.startswith("二" + high):
            return "两" + spoken[1:]
    return spoken


def number(text: str) -> str:
    """A number as written, commas and decimals allowed: `1,299.50` → 一千二百九十九点五零."""
    whole, _, part = text.replace(",", "").partition(".")
    return cardinal(whole) + ("点" + digit_by_digit(part) if part else "")


def amount(text: str) -> str:
    """A sum of money: decimals of nothing but zeros are not spoken; a last zero of two decimals neither."""
    whole, _, part = text.replace(",", "").partition(".")
    part = part.rstrip("0")
    return number(whole + ("." + part if part else ""))


def counted(text: str, counter: str) -> str:
    """A number before `counter`: `2件` → 两件, `2月` → 二月."""
    if text == "2" and counter and counter[0] not in _ORDERED:
        return "两"
    return number(text)
