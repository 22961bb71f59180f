"""What is known about a product, and where in its listing it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Span = tuple[int, int]  # code points of the listing, end exclusive

TEXT_FIELDS = ("title", "brand", "category")
MONEY_FIELDS = ("price", "list_price")
LIST_FIELDS = ("selling_points", "audience", "promotions", "service", "variants")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One named property, e.g. 净含量 = 25ml×10片/盒."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """The facts of one product. Keys: `price`, `specs.<name>`, `selling_points.<n>` … name each single fact."""

    title: str
    brand: str | None = None
    category: str | None = None
    price: Decimal | None = None
    list_price: Decimal | None = None
    currency: str = "CNY"
    specs: tuple[Spec, ...] = ()
    selling_points: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    promotions: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    evidence: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)

    def items(self) -> Iterator[tuple[str, str]]:
        """Every single fact as (key, text); money as its plain decimal digits."""
        for name in (*TEXT_FIELDS, *MONEY_FIELDS):
            value = getattr(self, name)
            if value is not None:
                yield name, f"{value:f}" if isinstance(value, Decimal) else value
        for spec in self.specs:
            yield f"specs.{spec.name}", spec.value
        for name in LIST_FIELDS:
            for index, text in enumerate(getattr(self, name)):
                yield f"{name}.{index}", text

    def to_json(self) -> dict[str, Any]:
        """The facts as the `facts` object of docs (money as JSON numbers)."""
        money = {name: _number(getattr(self, name)) for name in MONEY_FIELDS}
        lists = {name: list(getattr(self, name)) for name in LIST_FIELDS}
        return {
            "title": self.title,
            "brand": self.brand,
            "category": self.category,
            **money,
            "currency": self.currency,
            "specs": [{"name": spec.name, "value": spec.value} for spec in self.specs],
            **lists,
        }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def facts_from_json(body: Mapping[str, Any]) -> ProductFacts:
    """Facts from their JSON object (evidence and confidence may stand beside the fields).

    Raises ValueError when a field has another type than the schema wants.
    """
    title = body.get("title")
    if not isinstance(title, str) or not title.strip():
        raise ValueError(f"facts.title: wanted a non-empty string, found {title!r}")
    specs = tuple(_spec(item) for item in body.get("specs") or ())
    lists = {name: _strings(name, body.get(name) or ()) for name in LIST_FIELDS}
    return ProductFacts(
        title=title,
        brand=_text("brand", body.get("brand")),
        category=_text("category", body.get("category")),
        price=_money("price", body.get("price")),
        list_price=_money("list_price", body.get("list_price")),
        currency=_text("currency", body.get("currency")) or "CNY",
        specs=specs,
        selling_points=lists["selling_points"],
        audience=lists["audience"],
        promotions=lists["promotions"],
        service=lists["service"],
        variants=lists["variants"],
        evidence={
            key: tuple((int(start), int(end)) for start, end in spans)
            for key, spans in (body.get("evidence") or {}).items()
        },
        confidence={key: float(value) for key, value in (body.get("confidence") or {}).items()},
    )


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise ValueError(f"facts.{name}: wanted a string or null, found {value!r}")


def _money(name: str, value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"facts.{name}: wanted a number or null, found {value!r}")
    try:
        money = Decimal(str(value))
    except ArithmeticError:
        raise ValueError(f"facts.{name}: wanted a number or null, found {value!r}") from None
    if not money.is_finite() or money < 0:
        raise ValueError(f"facts.{name}: wanted an amount of at least 0, found {value!r}")
    return money


def _spec(item: object) -> Spec:
    if (
        isinstance(item, Mapping)
        and isinstance(item.get("name"), str)
        and isinstance(item.get("value"), str | int | float)
    ):
        return Spec(name=item["name"], value=str(item["value"]))
    raise ValueError(f'facts.specs: wanted {{"name", "value"}}, found {item!r}')


def _strings(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(item for item in value if item)
    raise ValueError(f"facts.{name}: wanted a list of strings, found {value!r}")
