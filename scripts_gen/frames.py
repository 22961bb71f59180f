"""Grammar of facts: sentences of a host made by code, each true because it only sets a fact into a frame."""

import re
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


def price_line(facts: ProductFacts, lang: str, seed: str, slot: bool = False) -> str:
    """Today's price in one sentence; empty when no price is known. `slot` writes {price} for the amount."""
    if facts.price is None:
        return ""
    now = "{price}" if slot else money(facts.price, facts.currency, lang)
    lines: tuple[str, ...]
    if lang == "zh":
        lines = (f"现在直播间到手{now}。", f"今天的价格是{now}。", f"这一款现在{now}。", f"价格跟您说清楚，现在{now}。")
    else:
        lines = (f"It's {now} right now.", f"The price today is {now}.", f"You pay {now} here in the live.")
    return pick(lines, seed)


def list_price_line(facts: ProductFacts, lang: str, seed: str, slot: bool = False) -> str:
    """The price it is compared with, in one sentence; empty when there is none above today's."""
    if facts.list_price is None or facts.price is None or facts.list_price <= facts.price:
        return ""
    usual = "{list_price}" if slot else money(facts.list_price, facts.currency, lang)
    if lang == "zh":
        return pick((f"页面标的日常价是{usual}。", f"平时标价{usual}。"), seed)
    return pick((f"The page lists it at {usual}.", f"Its list price is {usual}."), seed)


def fact_line(key: str, text: str, lang: str, seed: str, most: int = 46) -> str:
    """One fact as one sentence. `key` is a fact key such as specs.净含量 or promotions.0."""
    said = brief(text, most)
    kind, _, name = key.partition(".")
    zh: tuple[str, ...]
    en: tuple[str, ...]
    if kind == "specs":
        label = name.strip()
        if label and label in said:
            zh = (f"资料里写的是{said}。", f"{said}，页面上写着。", f"给您念一下，{said}。")
        else:
            zh = (f"{label}写的是{said}。", f"{label}这一项，资料写着{said}。", f"您看{label}，{said}。")
        en = (
            f"{label}: {said}.",
            f"For {label.lower()}, the page says {said}.",
            f"The {label.lower()} is listed as {said}.",
        )
    elif kind == "promotions":
        zh = (f"活动写的是{said}。", f"今天的活动，{said}。", f"优惠这块您记一下，{said}。")
        en = (f"The offer is {said}.", f"Here's the deal: {said}.", f"On offers, the page says {said}.")
    elif kind == "service":
        zh = (f"服务这块写着{said}。", f"售后您放心看，{said}。", f"店家写明了，{said}。")
        en = (f"On service, the page says {said}.", f"The shop states: {said}.", f"Here's the policy: {said}.")
    elif kind == "audience":
        zh = (f"适用的写的是{said}。", f"资料里写给谁用，{said}。")
        en = (f"It's meant for: {said}.", f"The page says it suits: {said}.")
    elif kind == "variants":
        zh = (f"可以选的有{said}。", f"款式这里有{said}。")
        en = (f"You can choose: {said}.", f"The options are {said}.")
    elif kind == "selling_points":
        zh = (f"它的特点是{said}。", f"资料里写着{said}。", f"这里有一点，{said}。")
        en = (f"One thing about it: {said}.", f"The page says {said}.", f"Here's a point worth knowing: {said}.")
    elif kind == "brand":
        zh = (f"牌子是{said}。", f"这是{said}的。")
        en = (f"The brand is {said}.", f"It's from {said}.")
    elif kind == "title":
        zh = (f"这款是{said}。", f"现在讲的是{said}。")
        en = (f"This is the {said}.", f"We're looking at the {said}.")
    else:  # an approved text of the shop stands as it is
        zh, en = ((said + "。",), (said + ".",))
    return pick(zh if lang == "zh" else en, seed)


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
