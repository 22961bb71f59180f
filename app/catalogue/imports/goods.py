"""A table and its mapping → goods: one value a product, its rows put together, problems row by row (pure)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.catalogue.imports.gather import Bundle, gathered
from app.catalogue.imports.listing import told
from app.catalogue.imports.mapping import SURE, Columns
from app.catalogue.imports.problems import Problem, shown
from app.catalogue.imports.table import Table
from app.catalogue.imports.values import (
    Unreadable,
    currency_in,
    items_in,
    last_of,
    picture_names,
    price_in,
    stock_in,
    text_in,
)
from app.catalogue.product import sku_for
from scripts_gen.facts import ProductFacts, Spec

MOST = {"selling_points": 12, "audience": 6, "promotions": 8, "service": 8, "variants": 40}
SPECS_MOST = 30
TITLE_MOST, SKU_MOST = 200, 64
BASES = ("msrp", "platform_price", "lowest_7_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the merchant decides for a sheet: its currency, on what a struck-through price stands ("" drops it)."""

    currency: str = "CNY"
    basis: str = ""
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A product as the file tells it. `facts` is None when it cannot be taken; `problems` say why."""

    row: int
    rows: int
    sku: str
    own_sku: bool
    lang: str
    facts: ProductFacts | None
    listing: str
    stock: int | None
    pictures: tuple[str, ...]
    problems: tuple[Problem, ...]
    unread: bool = False


def goods_in(table: Table, mapping: Columns, choices: Choices) -> Iterator[Good]:
    """Every product of the table in order; a second one with the same article number is told, not taken."""
    first: dict[str, int] = {}
    for bundle in gathered(table, mapping):
        good = _good(bundle, mapping, choices)
        if good.facts is not None:
            if good.sku in first:
                problem = Problem(
                    row=good.row, field="sku" if good.own_sku else "title", code="duplicate",
                    found=good.sku if good.own_sku else good.facts.title, facts={"first": first[good.sku]},
                )  # fmt: skip
                good = replace(good, facts=None, problems=(*good.problems, problem))
            else:
                first[good.sku] = good.row
        yield good


def lang_of(text: str) -> str:
    """zh when the text holds any hanzi, else en."""
    return "zh" if re.search(r"[㐀-鿿]", text) else "en"


def _good(bundle: Bundle, mapping: Columns, choices: Choices) -> Good:
    problems = list(bundle.problems)
    fatal = bool(bundle.problems)
    row, values = bundle.row, bundle.values

    def note(unreadable: Unreadable, field: str, cell: str, at: int = row) -> None:
        problems.append(unreadable.at(at, field, cell))

    title = text_in(values.get("title", ""))
    if not 1 <= len(title) <= TITLE_MOST:
        problems.append(Problem(row=row, field="title", code="title", found=shown(title)))
        fatal = True
    own = text_in(values.get("sku", ""))
    if len(own) > SKU_MOST:
        problems.append(Problem(row=row, field="sku", code="sku", found=shown(own)))
        fatal = True
    currency = choices.currency
    if values.get("currency"):
        try:
            currency = currency_in(values["currency"])
        except Unreadable as unreadable:
            note(unreadable, "currency", values["currency"])
            fatal = True
    price = listed = None
    try:
        price, listed, currency = _prices(values, currency, choices)
    except _Cell as cell:
        note(cell.unreadable, cell.field, cell.text)
        fatal = True
    if listed is not None and (price is None or listed <= price):
        if price is not None and listed < price:
            problems.append(
                Problem(
                    row=row, field="list_price", code="list_price", found=f"{listed:f}", facts={"price": f"{price:f}"}
                )
            )
        listed = None
    variants, stock = _variants(bundle, currency, price, problems)
    if values.get("stock") and not bundle.children:
        try:
            stock = stock_in(values["stock"])
        except Unreadable as unreadable:
            note(unreadable, "stock", values["stock"])
    description = "\n\n".join(filter(None, (text_in(cell, lines=True) for cell in bundle.cells("description"))))
    pictures = tuple(name for cell in bundle.cells("picture") for name in picture_names(cell))
    lang = lang_of(title + description[:200])
    good = Good(
        row=row,
        rows=bundle.rows,
        sku=own or sku_for(title),
        own_sku=bool(own),
        lang=lang,
        facts=None,
        listing="",
        stock=stock,
        pictures=pictures,
        problems=tuple(problems),
        unread=len(description) >= 40,
    )
    if fatal:
        return good
    facts = ProductFacts(
        title=title,
        brand=text_in(values.get("brand", ""))[:60] or None,
        category=last_of(values.get("category", "")) or None,
        price=price,
        list_price=listed if choices.basis in BASES else None,
        currency=currency,
        specs=_specs(bundle),
        variants=variants or _items(bundle, "variants"),
        selling_points=_items(bundle, "selling_points"),
        audience=_items(bundle, "audience"),
        promotions=_items(bundle, "promotions"),
        service=_items(bundle, "service"),
    )
    listing, evidence = told(facts, description, lang)
    sure = _sure(mapping, evidence)
    return replace(good, facts=replace(facts, evidence=evidence, confidence=sure), listing=listing)


class _Cell(Exception):
    """A price cell that cannot be read."""

    def __init__(self, field: str, text: str, unreadable: Unreadable) -> None:
        self.field, self.text, self.unreadable = field, text, unreadable


def _prices(values: Mapping[str, str], currency: str, choices: Choices) -> tuple[Decimal | None, Decimal | None, str]:
    """Today's price, the one it is compared with, and their currency. A sale price counts within its dates."""
    read: dict[str, Decimal] = {}
    for field in ("price", "sale_price", "list_price"):
        cell = values.get(field, "").strip()
        if not cell or cell in ("-", "—", "/", "无", "N/A"):
            continue
        if field != "price" and re.fullmatch(r"0+(?:\.0+)?", cell):
            continue  # exporters write 0 for "none"
        try:
            read[field], currency = price_in(cell, currency)
        except Unreadable as unreadable:
            raise _Cell(field, cell, unreadable) from None
    regular, sale, listed = (read.get(field) for field in ("price", "sale_price", "list_price"))
    if sale is not None and _on_sale(values, choices.today) and (regular is None or sale < regular):
        return sale, listed or regular, currency
    return regular, listed, currency


def _on_sale(values: Mapping[str, str], today: date) -> bool:
    def day(field: str) -> date | None:
        found = re.search(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", values.get(field, ""))
        try:
            return date(*map(int, found.groups())) if found else None
        except ValueError:
            return None

    begins, ends = day("sale_from"), day("sale_until")
    return (begins is None or begins <= today) and (ends is None or today <= ends)


def _variants(
    bundle: Bundle, currency: str, price: Decimal | None, problems: list[Problem]
) -> tuple[tuple[str, ...], int | None]:
    """The kinds a product comes in, with their own prices where those differ, and the pieces of all together."""
    named: list[tuple[str, Decimal | None]] = []
    stocks: list[int] = []
    for child in bundle.children:
        name = " / ".join(text_in(value) for value in child.options if value)
        own = None
        cell = child.values.get("price", "")
        try:
            own = price_in(cell, currency)[0] if cell else None
        except Unreadable as unreadable:
            problems.append(unreadable.at(child.row, "price", cell))
        if cell := child.values.get("stock", ""):
            try:
                stocks.append(stock_in(cell))
            except Unreadable as unreadable:
                problems.append(unreadable.at(child.row, "stock", cell))
        if name:
            named.append((name, own))
    differ = any(own is not None and own != price for _, own in named)
    texts = dict.fromkeys(f"{name} {own:f}" if differ and own is not None else name for name, own in named)
    return tuple(text[:200] for text in texts)[: MOST["variants"]], sum(stocks) if stocks else None


def _items(bundle: Bundle, field: str) -> tuple[str, ...]:
    found = dict.fromkeys(item for cell in bundle.cells(field) for item in items_in(cell, MOST[field]))
    return tuple(found)[: MOST[field]]


def _specs(bundle: Bundle) -> tuple[Spec, ...]:
    specs: dict[str, str] = {}
    for name, cell in (*bundle.specs, *bundle.attributes):
        value = text_in(cell)[:200]
        if value and value != "0":
            specs.setdefault(name[:40], value)
    return tuple(Spec(name=name, value=value) for name, value in list(specs.items())[:SPECS_MOST])


def _sure(mapping: Columns, evidence: Mapping[str, Sequence[object]]) -> dict[str, float]:
    by_field: dict[str, float] = {}
    for column in mapping.columns:
        by_field[column.field] = min(by_field.get(column.field, 1.0), SURE.get(column.why, 0.95))
    return {key: by_field.get(key.split(".")[0], 0.95) for key in evidence}
