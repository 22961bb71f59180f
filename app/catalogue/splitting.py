"""One pasted text, one or several products: chat messages and detail pages cut where a new product begins (pure)."""

import re
from collections.abc import Sequence
from itertools import pairwise

from scripts_gen.listing import Listing
from scripts_gen.pricing import prices

PIECES_MOST = 30  # products of one pasted text
_RULE = re.compile(r"^\s*(?:[-=*_~—－＝·•#]\s*){3,}$")
# 张三 2026/11/24 20:15:33, 2026-11-24 20:15 张三: who wrote when is no part of a listing.
_SENDER = re.compile(
    r"^\s*(?:\S.{0,30}?\s+)?(?:\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?\s+)?(?:[上下]午\s*)?\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\s+\S.{0,24})?\s*[:：]?\s*$"
)
_NUMBER = re.compile(
    r"^\s*(?:[【\[(（]?\s*(?:款式?|商品|产品|链接|No\.?|#)?\s*(?P<n>\d{1,2}|[一二三四五六七八九十])\s*"
    r"(?:[】\])）、:：]|\.(?!\d)|号(?:链接)?)|"
    r"(?P<c>[①②③④⑤⑥⑦⑧⑨⑩])|(?P<k>[1-9])\ufe0f?\u20e3)",
    re.IGNORECASE,
)
# 家人们今晚主推两款: said to the room, about no product.
_GREETING = re.compile(
    r"^\W*(?:家人们|宝宝们|宝子们|姐妹们|亲们|各位|大家|今晚|今天|明天|老板|主播|hi\b|hello\b|hey\b|everyone\b|tonight\b)",
    re.IGNORECASE,
)
_HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_MONEY_LINE = re.compile(
    r"^\W*(?:原价|日常|直播|到手|券后|活动|吊牌|市场|售价|价格|拍下|现价|划线|优惠|满|买|第[二三]|"
    r"price|was|now|list|live|sale|rrp)",
    re.IGNORECASE,
)


def split(text: str) -> list[str]:
    """The text's products in order, at least one piece; pieces keep their own lines.

    Tried from the surest sign to the weakest: ruled lines, numbers 1 2 3, paragraphs with a price each, and lines
    that each name a thing and its price.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = [line for line in lines if not _SENDER.match(line)]
    for cut in (_by_rules, _by_numbers, _by_paragraphs, _by_lines):
        pieces = [piece.strip("\n ") for piece in cut(lines)]
        pieces = [piece for piece in pieces if re.search(r"\w", piece)]
        if len(pieces) >= 2:
            return [_ungreeted(pieces[0]), *pieces[1:PIECES_MOST]]
    whole = "\n".join(line for line in lines if not _RULE.match(line)).strip("\n ")
    return [_ungreeted(whole)] if re.search(r"\w", whole) else []


def _ungreeted(piece: str) -> str:
    first, _, rest = piece.partition("\n")
    return rest.strip("\n ") if rest.strip() and _GREETING.match(first) and not _has_price(first) else piece


def _by_rules(lines: Sequence[str]) -> list[str]:
    return _cut(lines, [at for at, line in enumerate(lines) if _RULE.match(line)], keep=False)


def _by_numbers(lines: Sequence[str]) -> list[str]:
    """Cut before lines numbered 1, 2, 3 …; a numbered list of selling points has no prices and is not cut."""
    starts: list[int] = []
    for at, line in enumerate(lines):
        if _number(line) == len(starts) + 1:
            starts.append(at)
    pieces = _cut(lines, starts, keep=True)
    lead = pieces[0] if starts and starts[0] > 0 else None
    numbered = pieces[1:] if lead is not None else pieces
    if len(numbered) < 2 or sum(map(_has_price, numbered)) < 2:
        return []
    return [re.sub(_NUMBER, "", piece, count=1) for piece in numbered]


def _number(line: str) -> int:
    match = _NUMBER.match(line)
    if match is None:
        return 0
    if match["c"]:
        return _CIRCLED.index(match["c"]) + 1
    if match["k"]:
        return int(match["k"])
    return _HAN.index(match["n"]) + 1 if match["n"] in _HAN else int(match["n"])


def _by_paragraphs(lines: Sequence[str]) -> list[str]:
    """Paragraphs that have a price each; one without belongs to the one before it, or at the top to the next."""
    found: list[str] = []
    lead = ""
    for piece in re.split(r"\n\s*\n+", "\n".join(lines)):
        if not piece.strip():
            continue
        if _has_price(piece) and not _MONEY_LINE.match(piece):
            found.append(f"{lead}\n{piece}" if lead and not found and len(lead) > 40 else piece)
        elif found:
            found[-1] += f"\n{piece}"
        else:
            lead += f"{piece}\n"
    if len(found) == 1 and lead:
        return []
    return found


def _by_lines(lines: Sequence[str]) -> list[str]:
    """Lines of which each names a thing and its price: 云朵棉拖 39.9包邮. Prices under one another are not cut.

    Under a title such lines are its variants (行车记录仪 / 标准版 239 / 高配版 399), under a greeting products.
    """
    full = [line for line in lines if line.strip()]
    titled = bool(full) and not _has_price(full[0])
    if titled and _GREETING.match(full[0]):
        full, titled = full[1:], False
    if titled or len(full) < 2 or not all(_names_a_thing(line) for line in full):
        return []
    return full


def _names_a_thing(line: str) -> bool:
    if _MONEY_LINE.match(line):
        return False
    amounts = prices(Listing(line))
    return bool(amounts) and len(re.findall(r"[^\W\d_]", line[: amounts[0].span[0]])) >= 3


def _has_price(piece: str) -> bool:
    return any(price.amount > 0 for price in prices(Listing(piece)))


def _cut(lines: Sequence[str], at: Sequence[int], *, keep: bool) -> list[str]:
    borders = [0, *at, len(lines)]
    pieces = []
    for number, (start, end) in enumerate(pairwise(borders)):
        start += 0 if keep or number == 0 else 1
        if start < end:
            pieces.append("\n".join(lines[start:end]))
    return pieces
