"""A row told as a listing: the text that a product's evidence counts in, each fact with its place in it."""

from collections.abc import Mapping
from decimal import Decimal

from scripts_gen.facts import LIST_FIELDS, ProductFacts, Span

LABELS: Mapping[str, tuple[str, str]] = {
    "brand": ("品牌", "Brand"),
    "category": ("类目", "Category"),
    "price": ("价格", "Price"),
    "list_price": ("划线价", "List price"),
    "selling_points": ("卖点", "Selling point"),
    "audience": ("适用人群", "For"),
    "promotions": ("优惠", "Offer"),
    "service": ("服务", "Service"),
    "variants": ("规格", "Option"),
}
DETAIL_MOST = 15_000  # characters of a description that are kept; a listing holds 20,000


def told(facts: ProductFacts, description: str, lang: str) -> tuple[str, dict[str, tuple[Span, ...]]]:
    """The listing's text and where each fact stands in it (code points)."""
    lines: list[str] = []
    evidence: dict[str, tuple[Span, ...]] = {}
    length = 0
    mark = "：" if lang == "zh" else ": "

    def line(label: str, value: str) -> Span:
        nonlocal length
        head = f"{label}{mark}" if label else ""
        lines.append(head + value)
        span = (length + len(head), length + len(head) + len(value))
        length += len(head) + len(value) + 1
        return span

    def label(name: str) -> str:
        return LABELS[name][lang != "zh"]

    evidence["title"] = (line("", facts.title),)
    for name in ("brand", "category"):
        if value := getattr(facts, name):
            evidence[name] = (line(label(name), value),)
    for name in ("price", "list_price"):
        amount: Decimal | None = getattr(facts, name)
        if amount is not None:
            start, end = line(label(name), f"{amount:f} {facts.currency}")
            evidence[name] = ((start, end - len(facts.currency) - 1),)
    for spec in facts.specs:
        evidence[f"specs.{spec.name}"] = (line(spec.name, spec.value),)
    for name in LIST_FIELDS:
        items = getattr(facts, name)
        if items:
            evidence[name] = tuple(line(label(name), item) for item in items)
    if description:
        line("", "")
        line("", description[:DETAIL_MOST])
    return "\n".join(lines), evidence
