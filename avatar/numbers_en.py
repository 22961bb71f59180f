"""English readings of numbers: cardinals, ordinals, years, decimals, digit by digit."""

ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
             "twelve": "twelfth"}  # fmt: skip


def cardinal(value: int) -> str:
    """`1299` → one thousand two hundred ninety-nine."""
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (f"-{ONES[value % 10]}" if value % 10 else "")
    for size, name in _SCALES:
        if value >= size:
            rest = f" {cardinal(value % size)}" if value % size else ""
            return f"{cardinal(value // size)} {name}{rest}"
    raise ValueError(f"expected a number of at least 0, found {value}")


def digit_by_digit(digits: str) -> str:
    """`4060` → four zero six zero."""
    return " ".join(ONES[int(d)] for d in digits)


def number(text: str) -> str:
    """A number as written: `1,299.5` → one thousand two hundred ninety-nine point five."""
    whole, _, part = text.replace(",", "").partition(".")
    if len(whole) > 15:
        return digit_by_digit(whole)
    return cardinal(int(whole or "0")) + (f" point {digit_by_digit(part)}" if part else "")


def ordinal(value: int) -> str:
    """`21` → twenty-first."""
    spoken = cardinal(value)
    head = spoken[: max(spoken.rfind(" "), spoken.rfind("-")) + 1]
    last = spoken[len(head) :]
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return head + last


def year(text: str) -> str:
    """`2026` → twenty twenty-six, `2005` → two thousand five, `1905` → nineteen oh five."""
    high, low = int(text[:2]), int(text[2:])
    if low == 0:
        return cardinal(int(text)) if high % 10 == 0 else f"{cardinal(high)} hundred"
    if high == 20 and low < 10:
        return f"two thousand {cardinal(low)}"
    return f"{cardinal(high)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def plural(count: str, forms: tuple[str, str]) -> str:
    """The unit's form for a written count."""
    return forms[0] if count in ("1", "1.0") else forms[1]
