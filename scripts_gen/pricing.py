"""The prices of a listing: every amount with what its words call it, and the two that matter to a buyer."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scripts_gen.facts import Span
from scripts_gen.listing import Listing
from scripts_gen.numerals import Number, numbers

PriceKind = Literal["live", "list", "plain", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """An amount of money, what it is (`live` = paid now, `list` = crossed out), and the words that tell so."""

    span: Span
    amount: Decimal
    kind: PriceKind
    reason: str
    currency: str | None


_LIVE = (
    r"offer|今(?:天|晚|日)?|现在?(?!场|货|做|摘|烤|磨)|福利|上架|直播(?:间)?(?:专享|专属|到手|会员|特惠|秒杀)?价?|"
    r"到手价?|券后价?|活动价|今日价?|今晚价?|现价|"
    r"秒杀价?|拼团价?|团购价?|群友?价|群内|优惠价|会员价|促销价?|"
    r"[一-鿿]{2,4}(?<![日常原牌柜场线门市售方导划零标平建签面架定货发均装批付])价|首发价?|特价|专享价?|宠粉价?|"
    r"拍下|实付|福利价|今天|"
    r"live(?: price)?|now|deal(?: price)?|tonight|sale(?: price)?|today"
)
_LIST = (
    r"日常价?|原价|吊牌价?|专柜价?|市场价?|划线价?|标价|门市价?|零售价?|官方价|指导价|挂牌价?|平时|平常|外面(?:标)?|"
    r"建议零售价|建议价?|标签价?|页面价?|货架价?|定价|价签|UVP|日销价?|参考价|旧价|超市|商超|商场|单买(?:市)?价|门店价|"
    r"券前|(?:旗舰店|官网|官方|坊)(?:售)?价?|标准资费|划线|原(?:来|先)?[卖售]?(?=[\s:：]*$)|"
    r"list(?: price)?|was|compare at|msrp|rrp|rack rate|gate|harga asal|"
    r"retail(?: price)?|reg(?:ular)?\.?|orig(?:inal)?\.?(?: price)?|usual(?:ly)?|normally|full price"
)
_PLAIN = (
    r"价格?|售价|单价|一口价|price|[一1]\s?[盒瓶包袋件条双套只个箱台支把份罐组]|每[盒瓶包袋件条双套只个箱台支把份罐组]|"
    r"单[瓶件盒只人罐边双条个包袋支本卷]|each"
)
_NOT = (
    r"拿货价?|代发价?|批价|均价|均|包装价|其中价|满|减|立减|返(?!场)|省|抵|运费|邮费|补|加|押金|定金|尾款|价值|送|起步|"
    r"差价|续费|押|赔|其中|返现|首重|费|代办|\+|(?:粉丝|优惠|店铺|新人)券|over|above|under|off\b|"
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
    "P": "PHP",
}


_SIGNED = re.compile(r"(HK\$|S\$|A\$|C\$|RM|[¥￥$£€₱]|(?<![A-Za-z])P(?=$))\s?$", re.IGNORECASE)
_ARROW = re.compile(r"(?:→|->|➡|=>|即)\s*[^\d\n]{0,8}$")
_TO_LESS = re.compile(r"\s*元?\s*(?:→|->|➡)\s*[^\d\n]{0,8}\d")
_CALLED_LIST = re.compile(r"\s?(?:MSRP|RRP|list price|retail price)\b", re.IGNORECASE)
_CHOSEN = re.compile(r"[^\n\d]{0,6}(?:←|主推|本券|默认)")
_MEASURE = re.compile(
    r"[A-Za-z%×*℃-]|[ \t]*(?:折|件套|件|个|抽|颗|天|小时|年|月|岁|码|寸|米|克|斤|万|色|款|名|节|课|点|号|楼|人|次|张|"
    r"(?:cm|mm|ml|kg|g|m|l|pcs?|in|inch|oz|fl|ft|hrs?|hours?|min|months?|years?|days?|pieces?|W|V|mAh)\b)"
)
_VOUCHER = re.compile(
    r"(?:元|块)?(?:抵用券|代金券|优惠券|店铺券|新人券|邮费|无门槛|券|红包|以上|起订|起批|off\b|coupon|voucher|/斤|运费|门槛|定金|订金)",
    re.IGNORECASE,
)
_OVER = re.compile(r"抢完|售罄|已结束|过期|失效|expired|ended|sold out", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"另(?:有|链|款|外|售|拍)|勿混|别款|单独下单|sold separately|separate|other (?:size|model)|expansion|"
    r"also (?:do|sell)",
    re.IGNORECASE,
)


def prices(listing: Listing) -> tuple[Price, ...]:
    """Every amount that a price word, a currency sign, a unit of money or an arrow marks as one, in order."""
    return tuple(found for number in numbers(listing.plain) if (found := _price(listing.plain, number)))


def _price(plain: str, number: Number) -> Price | None:
    line_start = plain.rfind("\n", 0, number.start) + 1
    line_end = plain.find("\n", number.end)
    line_end = len(plain) if line_end < 0 else line_end
    before = plain[max(line_start, number.start - 16) : number.start]
    sign = _SIGNED.search(before)
    lead = before[: sign.start()] if sign else before
    digits = re.match(r"[\d,]+(?:\.\d+)?", plain[number.start : number.end])
    end = number.start + len(digits.group()) if digits else number.end
    after = plain[end : min(line_end, end + 24)]
    marked = number.measure == "money" or sign is not None
    if not marked and (number.measure != "bare" or _MEASURE.match(after)):
        return None
    if not marked and number.value < 3:
        return None
    headed = re.search(r"【([^】]*)】\s*$", lead)
    words = (
        headed.group(1)
        if headed
        else ""
        if re.search(r"[（(]$", lead)
        else re.split(r"[,，。；;|｜（(】+]|(?<=\d)[/／]|\.\s", lead)[-1]
    )
    kind, reason = _kind(words)
    around = _AROUND.match(after)
    if _ARROW.search(before) and not re.match(r":\d", after):
        kind, reason = "live", "→"
    elif kind in (None, "plain") and _TO_LESS.match(after):
        kind, reason = "list", "→"
    elif kind in (None, "plain", "live") and _CALLED_LIST.match(after):
        kind, reason = "list", after.strip()[:4]
    elif kind is None and around:
        kind, reason = "plain", after[:3].strip()
    elif kind is None and marked:
        kind, reason = "plain", ""
    elif kind is None:
        return None
    elif kind == "plain" and not marked and plain.isascii():
        return None  # "each or 3 for £18": English prices carry their sign
    if _CHOSEN.match(after) and kind != "list":
        kind, reason = "live", "→"
    clause_start = max(plain.rfind(mark, line_start, number.start) for mark in ("。", "；", ";", ". "))
    clause = plain[max(line_start, clause_start + 1) : end] + re.split(r"[。；;]|\.\s", after)[0]
    near = re.match(r"\s*元?\s*[（(]?[^（(￥¥$£€\d\n]*", after)
    if _VOUCHER.match(after) or (near and _OVER.search(near.group())) or (_ELSEWHERE.search(clause) and kind != "list"):
        kind = "other"
    currency = _SIGN.get(sign.group(1).upper().strip()) if sign else None
    return Price(span=(number.start, end), amount=number.value, kind=kind, reason=reason, currency=currency)


_AROUND = re.compile(
    r"\s?/\s?[件瓶盒袋包双条套只个箱台支把份罐组位人张斤提卷]|[一][件瓶盒袋包双条套只个箱台支把份罐组]|"
    r"\s?[（(]\s?(?:门市|原价?|日常|吊牌|标价|划线|平时|was|list|rrp|挂牌|市场|价签)",
    re.IGNORECASE,
)


def _kind(words: str) -> tuple[PriceKind | None, str]:
    """What the words before an amount call it, judged by the last price word among them."""
    best: tuple[int, PriceKind, str] | None = None
    kinds: tuple[tuple[PriceKind, str], ...] = (("list", _LIST), ("other", _NOT), ("live", _LIVE), ("plain", _PLAIN))
    for kind, pattern in kinds:
        for match in re.finditer(pattern, words, re.IGNORECASE):
            rest = words[match.end() :]
            counted = kind == "plain" and re.fullmatch(r"[:：\s]*\d{1,3}[包支只袋盒瓶片枚条]\s*", rest)
            if (
                len(rest) > 6
                or (re.search(r"买|拍|送|满|第|\d", rest) and not counted)
                or (match.group().isascii() and match.start() and words[match.start() - 1].isalpha())
            ):
                continue
            if best is None or match.end() > best[0]:
                best = (match.end(), kind, match.group())
    return (best[1], best[2]) if best else (None, "")


def money_of(listing: Listing) -> tuple[Price | None, Price | None]:
    """The price a buyer pays now and the one it is compared with."""
    amounts = tuple(price for price in prices(listing) if price.amount > 0)

    def of(kind: PriceKind, reason: str = "") -> list[Price]:
        return [price for price in amounts if price.kind == kind and re.search(reason, price.reason, re.IGNORECASE)]

    crossed = of("list")
    near = [
        price
        for price in of("plain")
        if any(_same_line(listing.plain, price, other) and price.amount < other.amount for other in crossed)
    ]
    labelled = [price for price in of("plain") if re.search(r"价\s*[】:：\t]", _line_of(listing.plain, price))]
    worded = [price for price in of("plain") if price.reason]
    signed = [price for price in of("plain") if price.currency]
    strong = of("live", r"券后|实付|→") + of("live", r"到手|直播.*价|拍下|live|deal|now")
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
    if not crossed and pay.kind == "live":
        # 价格 168元 今晚下单减30，实付138: what it cost before the offer is what the offer is compared with.
        crossed = [
            price
            for price in of("plain")
            if price.span[0] < pay.span[0]
            and pay.amount < price.amount < 3 * pay.amount
            and (price.reason or price.currency)
        ]
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
