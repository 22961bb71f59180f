"""Rows that belong to one product, put together as each shop system wrote them apart."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.catalogue.imports.fields import MANY
from app.catalogue.imports.mapping import Columns
from app.catalogue.imports.problems import Problem, shown
from app.catalogue.imports.profiles import PROFILES
from app.catalogue.imports.table import Table

LAYOUTS = {profile.name: profile.layout for profile in PROFILES}
NO_OPTION = frozenset({"default title", "default", "默认"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One variant: its row, what its options say, its own values."""

    row: int
    options: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Bundle:
    """One product before its cells are read."""

    row: int
    values: dict[str, str]
    many: dict[str, list[str]]
    specs: list[tuple[str, str]]
    rows: int = 1
    children: list[Child] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def cells(self, name: str) -> Sequence[str]:
        """The non-empty cells of a field that several columns may hold."""
        return self.many.get(name, ())


def gathered(table: Table, mapping: Columns) -> Iterator[Bundle]:
    """The products of the table; a row that names no parent of this file comes as a product with that problem."""
    layout = LAYOUTS.get(mapping.profile or "", "flat")
    bundles = [_bundle(number, row, mapping) for number, row in table.rows]
    match layout:
        case "parents":
            yield from _parents(bundles)
        case "sections":
            yield from _sections(bundles)
        case "magento":
            yield from _magento(bundles)
        case _:
            yield from _grouped(bundles) if mapping.places("group") else map(_alone, bundles)


def _bundle(number: int, row: Sequence[str], mapping: Columns) -> Bundle:
    values: dict[str, str] = {}
    many: dict[str, list[str]] = {}
    specs: list[tuple[str, str]] = []
    for column, cell in zip(mapping.columns, row, strict=True):
        if not cell or not column.field:
            continue
        if column.field == "specs":
            specs.append((column.name, cell))
        elif column.field in MANY:
            many.setdefault(column.field, []).append(cell)
        else:
            values[column.field] = cell
    return Bundle(row=number, values=values, many=many, specs=specs)


def _alone(bundle: Bundle) -> Bundle:
    """A product in one row; its options are properties, unless several stand in one cell."""
    names, options = _options(bundle.values)
    kept = [(name, option) for name, option in zip(names, options, strict=True) if option]
    bundle.attributes = [(name, option) for name, option in kept if name and not re.search(r"[,|，、]", option)]
    bundle.many.setdefault("variants", []).extend(option for _, option in kept if re.search(r"[,|，、]", option))
    return bundle


def _grouped(bundles: Sequence[Bundle]) -> Iterator[Bundle]:
    """Rows with the same handle, or an empty one below a product's, are its variants and pictures (Shopify)."""
    open_: dict[str, Bundle] = {}
    last: str | None = None
    order: list[Bundle] = []
    for bundle in bundles:
        key = bundle.values.get("group") or last
        if key is None:
            order.append(_alone(bundle))
            continue
        parent = open_.get(key)
        if parent is None:
            open_[key] = bundle
            order.append(bundle)
            parent = bundle
        else:
            _fold(bundle, parent)
        last = key
        if any(bundle.values.get(name) for name in ("option1", "option2", "option3", "price", "stock", "sku")):
            parent.children.append(_child(bundle))
    for bundle in order:
        yield _named(_single(bundle), bundle.values.get("group", ""))


def _fold(row: Bundle, into: Bundle) -> None:
    into.rows += 1
    for name, value in row.values.items():
        if name not in ("sku", "price", "stock", "sale_price", "list_price"):
            into.values.setdefault(name, value)
    for name, cells in row.many.items():
        into.many.setdefault(name, []).extend(cells)


def _child(bundle: Bundle) -> Child:
    _, options = _options(bundle.values)
    return Child(
        row=bundle.row,
        options=tuple(option for option in options if option.casefold() not in NO_OPTION),
        values=dict(bundle.values),
    )


def _options(values: Mapping[str, str]) -> tuple[list[str], list[str]]:
    places = ("option1", "option2", "option3")
    return [values.get(f"{place}_name", "") for place in places], [values.get(place, "") for place in places]


def _single(bundle: Bundle) -> Bundle:
    """A product with one variant is that variant; several of them share the product's number."""
    first = bundle.children[0] if bundle.children else None
    if first is not None and "price" not in bundle.values:
        bundle.values.update({n: first.values[n] for n in ("price", "list_price") if n in first.values})
    if len(bundle.children) == 1 and first is not None:
        bundle.values.update({n: first.values[n] for n in ("sku", "stock") if n in first.values})
        if not first.options:
            bundle.children = []
    elif len(bundle.children) > 1:
        bundle.values.pop("sku", None)
    if not bundle.children and bundle.values.get("stock") is None:
        bundle.values.pop("stock", None)
    return bundle


def _named(bundle: Bundle, key: str) -> Bundle:
    if not bundle.values.get("sku") and key and not key.isdigit():
        bundle.values["sku"] = key
    return bundle


def _parents(bundles: Sequence[Bundle]) -> Iterator[Bundle]:
    """Variations name their parent by `id:123` or article number, wherever it stands (WooCommerce)."""
    kinds = {id(bundle): bundle.values.get("kind", "").casefold() for bundle in bundles}
    own = [bundle for bundle in bundles if not kinds[id(bundle)].startswith("variation")]
    found: dict[str, Bundle] = {}
    for bundle in own:
        for key in (f"id:{bundle.values.get('group', '')}", bundle.values.get("sku", "")):
            if key not in ("id:", ""):
                found.setdefault(key, bundle)
    orphans = []
    for bundle in bundles:
        if kinds[id(bundle)].startswith("variation"):
            key = bundle.values.get("parent", "")
            parent = found.get(key)
            if parent is None:
                bundle.problems.append(Problem(row=bundle.row, field="parent", code="orphan", found=shown(key)))
                orphans.append(bundle)
                continue
            child = _child(bundle)
            sale = bundle.values.get("sale_price")
            values = {**child.values, "price": sale} if sale else child.values
            parent.children.append(Child(row=child.row, options=child.options, values=values))
            parent.rows += 1
    for bundle in own:
        key = bundle.values.get("group", "")
        if bundle.children:
            sku = bundle.values.get("sku", "")
            _single(bundle)
            if sku:
                bundle.values["sku"] = sku
        else:
            _alone(bundle)
        yield _named(bundle, f"woo-{key}" if key else "")
    yield from orphans


def _sections(bundles: Sequence[Bundle]) -> Iterator[Bundle]:
    """A SKU row belongs to the product row above it; other kinds of rows are rules, not goods (BigCommerce)."""
    parent: Bundle | None = None
    for bundle in bundles:
        kind = bundle.values.get("kind", "").casefold().strip()
        if kind == "product" or not kind:
            if parent is not None:
                yield _alone(parent)
            parent = bundle
        elif kind == "sku" and parent is not None:
            # The option's name stands where the product's does: [S]Size=Large.
            options = re.findall(r"=([^,\]]+)", bundle.values.get("title", ""))
            child = Child(
                row=bundle.row, options=tuple(options or [bundle.values.get("title", "")]), values=bundle.values
            )
            parent.children.append(child)
            parent.rows += 1
    if parent is not None:
        yield _alone(parent)


def _magento(bundles: Sequence[Bundle]) -> Iterator[Bundle]:
    """A configurable product lists its variants, `sku=X,size=M|sku=Y,size=L`; their rows are no products."""
    by_sku = {bundle.values["sku"]: bundle for bundle in bundles if bundle.values.get("sku")}
    taken: set[str] = set()
    for bundle in bundles:
        for part in bundle.values.get("children", "").split("|"):
            pairs = dict(pair.split("=", 1) for pair in part.split(",") if "=" in pair)
            child = by_sku.get(pairs.pop("sku", ""))
            if child is not None and child is not bundle:
                taken.add(child.values["sku"])
                bundle.children.append(Child(row=child.row, options=tuple(pairs.values()), values=child.values))
                bundle.rows += 1
    for bundle in bundles:
        if bundle.values.get("sku") in taken:
            continue
        sku = bundle.values.get("sku", "")
        if bundle.children:
            _single(bundle)
            bundle.values["sku"] = sku
        yield bundle
