"""A merchant's listing as text with its parts: labelled lines, clauses and money, each with its place.

Exact things belong to parsers: nothing here guesses wording, and every value is cut from the listing by its span.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scripts_gen.facts import Span
from scripts_gen.numerals import flat, numbers

PriceKind = Literal["live", "list", "plain", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A clause of the listing at `span`; `label` is the name it stands under (材质, Colors), or empty."""

    span: Span
    text: str
    label: str
    label_span: Span | None
    line: int
    whole: bool  # the value of a labelled line in one piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """An amount of money, what it is (`live` = paid now, `list` = crossed out), and the words that tell so."""

    span: Span
    amount: Decimal
    kind: PriceKind
    reason: str
    currency: str | None


class Listing:
    """A listing read once: `text` as it came, `plain` with full-width forms folded (same length)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = flat(text)
        self.lines = tuple(_lines(text))

    def cut(self, span: Span) -> str:
        """The listing's own characters of a span."""
        return self.text[span[0] : span[1]]

    def parts(self) -> tuple[Part, ...]:
        """Every part from left to right: values of labelled lines whole, other lines cut at clause marks."""
        found: list[Part] = []
        for number, (start, end) in enumerate(self.lines):
            found.extend(self._parts_of_line(number, start, end))
        return tuple(found)

    def prices(self) -> tuple[Price, ...]:
        """Every amount that a price word, a currency sign or a unit of money marks as one."""
        return tuple(_prices(self.plain))

    def _parts_of_line(self, number: int, start: int, end: int) -> Iterator[Part]:
        line = self.plain[start:end]
        fields = list(_LABEL.finditer(line))
        if not fields:
            yield from self._clauses(number, start, end, "", None)
            return
        if fields[0].start() > 0:
            yield from self._clauses(number, start, start + fields[0].start(), "", None)
        for field, after in zip(fields, [*fields[1:], None], strict=True):
            label = field["label"].strip()
            label_span = (start + field.start("label"), start + field.start("label") + len(label))
            to = start + after.start() if after else end
            value = self._trimmed(start + field.end(), to)
            if value[0] < value[1]:
                yield Part(
                    span=value, text=self.cut(value), label=label, label_span=label_span, line=number, whole=True
                )

    def _clauses(self, number: int, start: int, end: int, label: str, label_span: Span | None) -> Iterator[Part]:
        position = start
        for match in [*_CLAUSE.finditer(self.plain, start, end), None]:
            stop = match.start() if match else end
            span = self._trimmed(position, stop)
            if span[0] < span[1]:
                yield Part(span=span, text=self.cut(span), label=label, label_span=label_span, line=number, whole=False)
            position = match.end() if match else end

    def _trimmed(self, start: int, end: int) -> Span:
        """The span without blanks, bullets and closing marks around it."""
        while start < end and (
            self.plain[start].isspace() or self.plain[start] in _EDGE or ord(self.plain[start]) >= 0x1F000
        ):
            start += 1
        while end > start and (
            self.plain[end - 1].isspace() or self.plain[end - 1] in _EDGE_END or ord(self.plain[end - 1]) >= 0x1F000
        ):
            end -= 1
        return start, end


_EDGE = "·•*-–—|★☆✅✔▶►,;、.。!:>=～~#/　✨⭐❗\ufe0f①②③④⑤⑥⑦⑧⑨"
_EDGE_END = "·•*-–—|★☆,;、.。!>=～~#/　✨⭐❗\ufe0f"
_LABEL_WORD = r"[一-鿿A-Za-z][一-鿿A-Za-z0-9/() &.-]{0,17}?"
# A label stands at the start of a line or after a strong mark, and ends at a colon or a tab.
_LABEL = re.compile(
    rf"(?:^\s*[·•*★☆▶►✅✔\-–—|]*\s*(?:\d{{1,2}}[.)、]\s*)?|(?<=[;；。|｜])\s*|(?<=\s\s)\s*|(?<=　)|"
    rf"(?<=[,，])(?=[a-z_]+:))"
    rf"(?P<label>{_LABEL_WORD})\s*(?:(?<!\d):|(?<=\d):(?!\d\d)|\t)\s*"
)
_CLAUSE = re.compile(r"[，。；！？;!?｜|\n\t]|,(?!\d{3})|\.\s+(?=[A-Z0-9])|\s{2,}|\s[-–—•·/]\s|[【】]")


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for match in re.finditer(r"\n", text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


_LIVE = (
    r"offer|今|福利|上架|直播(?:间)?(?:专享|专属|到手|会员|特惠|秒杀)?价?|到手价?|券后价?|活动价|今日价?|今晚价?|现价|"
    r"秒杀价?|拼团价?|团购价?|群友?价|群内|优惠价|会员价|促销价?|"
    r"[一-鿿]{2,4}(?<![日常原牌柜场线门市售方导划零标平])价|首发价?|特价|专享价?|宠粉价?|拍下|实付|福利价|今天|"
    r"live(?: price)?|now|deal(?: price)?|tonight|sale(?: price)?|today"
)
_LIST = (
    r"日常价?|原价|吊牌价?|专柜价?|市场价?|划线价?|标价|门市价?|零售价?|官方价|指导价|挂牌价?|平时|平常|外面(?:标)?|"
    r"建议零售价|日销价?|参考价|旧价|超市|商场|单买市价|门店价|list(?: price)?|was|compare at|msrp|rrp|"
    r"retail(?: price)?|reg(?:ular)?\.?|orig(?:inal)?\.?(?: price)?|usual(?:ly)?|normally|full price"
)
_PLAIN = (
    r"价格?|售价|单价|一口价|price|一[盒瓶包袋件条双套只个箱台支把份罐组]|每[盒瓶包袋件条双套只个箱台支把份罐组]|"
    r"单[瓶件盒只人罐边双条个]|each"
)
_NOT = (
    r"满|减|立减|返|省|抵|运费|邮费|补|加|押金|定金|尾款|价值|送|起步|差价|续费|押|赔|其中|over|above|under|off\b|"
    r"save|shipping|delivery|postage|deposit|worth|value|min(?:imum)?|order|fee|extra|add"
)
PRICE_WORD = re.compile(rf"{_LIVE}|{_LIST}|{_NOT}|第.件|[2-9两三四五六].{{0,2}}[件盒瓶袋包双条]", re.IGNORECASE)
_SIGN = {
    "¥": "CNY",
    "￥": "CNY",
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
    "RM": "MYR",
    "S$": "SGD",
    "HK$": "HKD",
    "A$": "AUD",
    "C$": "CAD",
    "₱": "PHP",
}


def _prices(plain: str) -> Iterator[Price]:
    for number in numbers(plain):
        line_start = plain.rfind("\n", 0, number.start) + 1
        line_end = plain.find("\n", number.end)
        line = plain[line_start : line_end if line_end >= 0 else len(plain)]
        before = plain[max(line_start, number.start - 16) : number.start]
        sign_found = re.search(r"(HK\$|S\$|A\$|C\$|RM|[¥￥$£€₱])\s?$", before, re.IGNORECASE)
        words = re.split(
            r"[,，。；;|｜（(】+]|(?<=\d)[/／]|\.\s", before[: sign_found.start()] if sign_found else before
        )[-1]
        if re.search(r"[（(]$", before[: sign_found.start()] if sign_found else before):
            words = ""
        kind, reason = _kind(words)
        digits = re.match(r"[\d,]+(?:\.\d+)?", plain[number.start : number.end])
        end = number.start + len(digits.group()) if digits else number.end
        after = plain[end : end + 12]
        marked = number.measure == "money" or sign_found is not None
        if not marked and (
            number.measure not in ("bare", "counter")
            or re.match(
                r"[ \t]*(?:[A-Za-z%×*xX℃-]|折|件套|件|个|颗|天|小时|年|月|岁|码|寸|米|克|斤|万|色|款|名|节|课)", after
            )
        ):
            continue
        if kind is None and not marked and not _AROUND.match(after):
            continue
        if kind is None:
            arrow = re.search(r"(?:→|->|➡|=>)\s*[^\d\n]{0,8}$", before)
            kind, reason = (
                ("live", "→") if arrow else ("plain", after[:3].strip()) if _AROUND.match(after) else ("plain", "")
            )
        elif kind == "plain" and re.match(r"\s*元?\s*(?:→|->|➡)\s*[^\d\n]{0,8}\d", after):
            kind = "list"
        if re.match(
            r"(?:元|块)?(?:抵用券|代金券|优惠券|无门槛|券|红包|以上|起订|off\b|coupon|voucher|/斤|"
            r"运费|门槛|定金|订金)",
            after,
            re.IGNORECASE,
        ) or re.search(
            r"抢完|售罄|已结束|过期|expired|ended|sold out",
            after + plain[end + 12 : end + 24].split("\n")[0],
            re.IGNORECASE,
        ):
            kind = "other"
        if (
            re.search(
                r"另(?:有|链|款|外|售|拍)|勿混|别款|单独下单|sold separately|separate|other (?:size|model)|"
                r"expansion|also (?:do|sell)",
                line,
                re.IGNORECASE,
            )
            and kind != "list"
        ):
            kind = "other"
        yield Price(
            span=(number.start, end),
            amount=number.value,
            kind=kind,
            reason=reason,
            currency=_SIGN.get(sign_found.group(1).upper().strip()) if sign_found else None,
        )


_AROUND = re.compile(
    r"\s?/\s?[件瓶盒袋包双条套只个箱台支把份罐组位人张斤提]|\s?[（(]\s?(?:门市|原价|日常|吊牌|标价|划线|平时|was|"
    r"list|rrp|挂牌|市场)",
    re.IGNORECASE,
)


def _kind(words: str) -> tuple[PriceKind | None, str]:
    """What the words before an amount call it, judged by the last price word among them."""
    best: tuple[int, PriceKind, str] | None = None
    kinds: tuple[tuple[PriceKind, str], ...] = (("list", _LIST), ("other", _NOT), ("live", _LIVE), ("plain", _PLAIN))
    for kind, pattern in kinds:
        for match in re.finditer(pattern, words, re.IGNORECASE):
            rest = words[match.end() :]
            if (
                len(rest) > 6
                or re.search(r"买|拍|送|满|第|\d", rest)
                or (match.group().isascii() and match.start() and words[match.start() - 1].isalpha())
            ):
                continue
            if best is None or match.end() > best[0]:
                best = (match.end(), kind, match.group())
    return (best[1], best[2]) if best else (None, "")


def money_of(listing: Listing) -> tuple[Price | None, Price | None]:
    """The price a buyer pays now and the one it is compared with."""
    prices = tuple(price for price in listing.prices() if price.amount > 0)

    def of(kind: PriceKind, reason: str = "") -> list[Price]:
        return [price for price in prices if price.kind == kind and re.search(reason, price.reason, re.IGNORECASE)]

    crossed = of("list")
    near = [
        price
        for price in of("plain")
        if any(_same_line(listing.plain, price, other) and price.amount < other.amount for other in crossed)
    ]
    labelled = [price for price in of("plain") if re.search(r"价\s*[】:：\t]", _line_of(listing.plain, price))]
    worded = [price for price in of("plain") if price.reason]
    signed = [price for price in of("plain") if price.currency]
    strong = of("live", r"到手|券后|直播.*价|拍下|实付|live|deal|now|→")
    pay = (
        next(iter([*strong, *of("live"), *near, *worded, *labelled, *signed]), None)
        or _bare(listing, crossed)
        or next(iter(of("plain")), None)
    )
    if pay is None:
        return None, next(iter(crossed), None)
    pool = signed if pay in signed else []
    if not crossed and len(pool) == 2 and pool[1].amount < pool[0].amount and not pool[0].reason and not pool[1].reason:
        return pool[1], pool[0]  # ￥128 ￥79: of two bare prices in a row the dearer one is crossed out
    return pay, next((price for price in crossed if price.amount > pay.amount), None)


def _line_of(plain: str, price: Price) -> str:
    start = plain.rfind("\n", 0, price.span[0]) + 1
    end = plain.find("\n", price.span[1])
    return plain[start : end if end >= 0 else len(plain)]


def _same_line(plain: str, one: Price, other: Price) -> bool:
    return "\n" not in plain[min(one.span[0], other.span[0]) : max(one.span[1], other.span[1])]


def _bare(listing: Listing, crossed: list[Price]) -> Price | None:
    """A number without any mark on the line of a crossed-out price and below it: 标准版 239 … 标价 459."""
    for other in crossed:
        start = listing.plain.rfind("\n", 0, other.span[0]) + 1
        line = _line_of(listing.plain, other)
        for number in numbers(line):
            digits = re.match(r"\d+(?:\.\d+)?$", line[number.start : number.end])
            if (
                digits
                and number.measure == "bare"
                and 5 <= number.value < other.amount
                and number.value * 8 > other.amount
            ):
                span = (start + number.start, start + number.end)
                return Price(
                    span=span, amount=number.value, kind="plain", reason="beside the list price", currency=None
                )
    return None
