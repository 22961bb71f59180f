"""Grammar of facts: sentences of a host made by code, each true because it only sets a fact into a frame."""

import re
from collections.abc import Collection
from decimal import Decimal

from scripts_gen.facts import ProductFacts
from scripts_gen.phrases import pick

_SIGNS = {
    "CNY": ("", "元"),
    "RMB": ("", "元"),
    "USD": ("$", ""),
    "GBP": ("£", ""),
    "EUR": ("€", ""),
    "HKD": ("HK$", ""),
    "SGD": ("S$", ""),
    "AUD": ("A$", ""),
    "CAD": ("C$", ""),
    "MYR": ("RM", ""),
}
_SIGNS_ZH = {
    "USD": "美元",
    "GBP": "英镑",
    "EUR": "欧元",
    "HKD": "港币",
    "SGD": "新元",
    "AUD": "澳元",
    "CAD": "加元",
    "MYR": "马币",
    "JPY": "日元",
}


def money(amount: Decimal, currency: str, lang: str) -> str:
    """An amount as a host writes it: 59元, 9.9元, $24.99."""
    digits = f"{amount.normalize():f}" if lang == "zh" or amount == amount.to_integral_value() else f"{amount:.2f}"
    if lang == "zh":
        return digits + ("元" if currency in ("CNY", "RMB") else _SIGNS_ZH.get(currency, f" {currency}"))
    if currency in ("CNY", "RMB"):
        return f"{digits} yuan"
    before, after = _SIGNS.get(currency, ("", f" {currency}"))
    return f"{before}{digits}{after}"


def brief(text: str, most: int = 40) -> str:
    """The text as one spoken clause: whole clauses up to about `most` characters, without brackets at its ends."""
    flat = re.sub(r"\s+", " ", text).strip(" 。.；;，,、!！")
    if len(flat) <= most:
        return flat
    cut = ""
    for clause in re.findall(r"[^，,；;。]+[，,；;。]*", flat):
        if cut and len(cut) + len(clause) > most:
            break
        cut += clause
    return cut.strip(" 。.；;，,、") or flat


SENTENCE = {"zh": 46, "en": 130}  # characters of a fact in one sentence: about 10 s of speech


def price_line(
    facts: ProductFacts, lang: str, seed: str, slot: bool = False, avoid: Collection[str] = frozenset()
) -> str:
    """Today's price in one sentence; empty when no price is known. `slot` writes {price} for the amount.

    `avoid` are the sentences (with their slot) that were said already.
    """
    if facts.price is None:
        return ""
    now = "{price}" if slot else money(facts.price, facts.currency, lang)
    return pick([line.format(now=now) for line in _PRICE[lang]], seed, avoid)


_PRICE = {
    "zh": (
        "现在直播间到手{now}。",
        "今天的价格是{now}。",
        "这一款现在{now}。",
        "价格跟您说清楚，现在{now}。",
        "您现在下单，{now}。",
    ),
    "en": (
        "It's {now} right now.",
        "The price today is {now}.",
        "You pay {now} here in the live.",
        "Order now and it's {now}.",
    ),
}


def list_price_line(
    facts: ProductFacts, lang: str, seed: str, slot: bool = False, avoid: Collection[str] = frozenset()
) -> str:
    """The price it is compared with, in one sentence; empty when there is none above today's."""
    if facts.list_price is None or facts.price is None or facts.list_price <= facts.price:
        return ""
    usual = "{list_price}" if slot else money(facts.list_price, facts.currency, lang)
    if lang == "zh":
        return pick((f"页面标的日常价是{usual}。", f"平时标价{usual}。"), seed, avoid)
    return pick((f"The page lists it at {usual}.", f"Its list price is {usual}."), seed, avoid)


def fact_line(key: str, text: str, lang: str, seed: str, most: int | None = None) -> str:
    """One fact as one sentence. `key` is a fact key such as specs.净含量 or promotions.0."""
    return pick(fact_lines(key, text, lang, most), seed)


def fact_lines(key: str, text: str, lang: str, most: int | None = None) -> tuple[str, ...]:
    """One fact in every way in which a host may tell it. `most` characters of it; a usual sentence's without."""
    said = brief(text, most or SENTENCE[lang])
    kind, _, name = key.partition(".")
    if kind == "specs":
        return _spec_lines(name.strip(), said, lang)
    frames = _FACT_FRAMES.get(kind, {"zh": ("{said}",), "en": ("{said}",)})  # a text of the shop stands as it is
    end = "。" if lang == "zh" else "."
    return tuple(frame.format(said=said) + end for frame in frames[lang])


_FACT_FRAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "promotions": {
        "zh": ("活动是{said}", "优惠您记一下，{said}", "活动我念给您听，{said}", "这里有个活动，{said}"),
        "en": ("The offer is {said}", "Here's the deal: {said}", "On offers, the page says {said}"),
    },
    "service": {
        "zh": ("售后上，{said}", "店家写明了，{said}", "下单之后呢，{said}", "服务也跟您讲明白，{said}"),
        "en": ("On service: {said}", "The shop states: {said}", "Here's the policy: {said}"),
    },
    "audience": {
        "zh": ("适用的写的是{said}", "给谁用呢，页面写的是{said}"),
        "en": ("It's meant for: {said}", "The page says it suits: {said}"),
    },
    "variants": {
        "zh": ("可以选的有{said}", "款式有{said}"),
        "en": ("You can choose: {said}", "The options are {said}"),
    },
    "selling_points": {
        "zh": ("它的特点，{said}", "有一点您记一下，{said}", "页面上写着，{said}"),
        "en": ("One thing about it: {said}", "The page says {said}", "Here's a point worth knowing: {said}"),
    },
    "first_point": {
        "zh": ("先说一点，{said}", "它的特点，{said}", "先看这个，{said}", "您先记一条，{said}"),
        "en": ("First of all: {said}", "One thing about it: {said}", "Here's a point worth knowing: {said}"),
    },
    "next_point": {
        "zh": ("还有，{said}", "另外，{said}", "{said}，这个也记一下", "再来，{said}", "接着是这个，{said}"),
        "en": ("And then: {said}", "Also, {said}", "Another one: {said}", "The page says {said}"),
    },
    "brand": {"zh": ("牌子是{said}", "这是{said}的"), "en": ("The brand is {said}", "It's from {said}")},
    "title": {"zh": ("这款是{said}", "现在讲的是{said}"), "en": ("This is the {said}", "We're looking at the {said}")},
}
_NOTE = re.compile(r"提醒|注意|说明|备注|须知|note|caution|warning", re.IGNORECASE)
_SIZE = re.compile(r"(?:[SML]|X{1,4}[SL]|\d?XL|均)", re.IGNORECASE)
_NOUN = re.compile(
    r"(?:产地|材质|材料|面料|成分|配料|型号|规格|颜色|房型|尺寸|重量|容量|净含量|保质期|功率|类型|工艺|口味|质地|位置)$"
)
_NO_NOUN = re.compile(r"(?:in|made|for|with|works|fits|comes|not|how)\b", re.IGNORECASE)


def _spec_lines(label: str, said: str, lang: str) -> tuple[str, ...]:
    if lang == "en":
        small = re.sub(r"\b[A-Z][a-z]+\b", lambda word: word.group().lower(), label)
        if _NOTE.search(label):
            return (f"One note: {said}.", f"Mind this: {said}.")
        if _NO_NOUN.match(label):
            return (f"{label}: {said}.", f"And {small}: {said}.")
        return (
            f"{label}: {said}.",
            f"For {small}, the page says {said}.",
            f"The {small} is listed as {said}.",
            f"As for {small}: {said}.",
        )
    if _NOTE.search(label):
        return (f"提醒一句，{said}。", f"这个要说在前面，{said}。", f"您留意一下，{said}。")
    if label and label in said:
        return (f"给您念一下，{said}。", f"页面写的是{said}。", f"这里写明了，{said}。")
    if _SIZE.fullmatch(label):
        return (f"{label}码是{said}。", f"穿{label}码的看这里，{said}。", f"{label}码的尺寸，{said}。")
    if len(label) == 1:
        return (f"{label}的数据是{said}。",)
    told = (f"说到{label}，{said}。", f"{label}呢，{said}。", f"{label}这一项，{said}。")
    return (f"{label}是{said}。", *told) if _NOUN.search(label) else told


_OFFERED = re.compile(
    r"减|送|赠|折|满|券|返|免|换购|加购|第.件|任选|半价|拍\s*\d|买\s*\d|[2-9两三]\s*[件盒瓶袋包条双套罐支个]|抽|限|前\d|补贴|"
    r"off|free|save|add\b|buy|gift|code|coupon|bundle|pack|for \$?\d|with",
    re.IGNORECASE,
)


def offers_of(facts: ProductFacts) -> list[tuple[str, str]]:
    """Promotions as (key, text) that offer more than a price: today's price is said from the ledger alone."""
    keyed = ((f"promotions.{index}", text) for index, text in enumerate(facts.promotions))
    return [(key, text) for key, text in keyed if _OFFERED.search(text)]


def joined(texts: tuple[str, ...], lang: str, most: int = 5) -> str:
    """Up to `most` short texts as one enumeration."""
    return ("、" if lang == "zh" else ", ").join(brief(text, 14 if lang == "zh" else 30) for text in texts[:most])
