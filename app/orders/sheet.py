"""A platform's order sheet → orders (pure): which column is what, rows of one order together, nothing guessed."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.catalogue.money import amount_of, to_minor
from app.errors import BadInput
from app.events import OrderStatus, ShopId
from app.orders.buyers import Buyers, masked
from app.orders.codes import plain_code
from app.orders.parse import QUANTITY_MOST, TEXT_MOST

NAMES: dict[str, tuple[str, ...]] = {
    "order": ("订单编号", "订单号", "主订单编号", "订单id", "order id", "order number", "order", "name", "id"),
    "sku": ("商家编码", "商品编码", "sku编码", "sku", "seller sku", "lineitem sku", "货号", "product", "商品id"),
    "quantity": ("数量", "商品数量", "件数", "quantity", "qty", "lineitem quantity"),
    "amount": (
        *("实付金额", "买家实付金额", "订单应付金额", "订单金额", "总金额", "金额"),
        *("paid amount", "order amount", "total", "amount"),
    ),
    "price": ("单价", "商品单价", "lineitem price", "unit price"),
    "refunded": ("退款金额", "已退款金额", "refunded amount", "refund amount", "refunded"),
    "currency": ("币种", "货币", "currency"),
    "status": ("订单状态", "状态", "order status", "financial status", "status"),
    "paid": ("支付完成时间", "付款时间", "支付时间", "paid at", "paid time", "payment time", "date paid"),
    "placed": ("下单时间", "订单提交时间", "订单创建时间", "创建时间", "created at", "created time", "order date"),
    "code": ("推广码", "渠道码", "追踪码", "zb", "code", "campaign code", "tracking code"),
    "buyer": ("买家昵称", "买家", "收货人", "收件人", "buyer username", "buyer", "customer", "email"),
}  # fmt: skip
NEEDED = ("order", "amount")
FIELDS = tuple(NAMES)
EXAMPLE_MOST = 60  # characters of a column's first cell that the page shows
_NAMES_PEOPLE = re.compile(
    r"姓名|昵称|收货|收件|买家|电话|手机|地址|邮箱|备注|留言|buyer|customer|recipient|name|phone|mail|address|street|zip|note",
    re.IGNORECASE,
)
# Said before the plain words, for "unpaid" holds "paid" and "退款中" holds "退款".
STATUSES: tuple[tuple[str, OrderStatus], ...] = (
    (r"待付款|未付款|未支付|待支付|unpaid|pending|awaiting payment|created", "created"),
    (r"退款中|申请退款|部分退款|partially.refunded|refund.requested", "paid"),
    (r"退款|refund", "refunded"),
    (r"取消|关闭|cancel|void|closed|failed", "cancelled"),
    (r"付款|支付|发货|完成|成功|收货|paid|ship|complete|fulfil|processing|deliver|transit|success|collect", "paid"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A row that was left out, and why."""

    row: int
    field: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOrder:
    """One order of the sheet; minor units, `at_ms` None without any time. `items` are (sku, quantity, minor)."""

    row: int
    order: str
    status: OrderStatus
    amount_minor: int
    back_minor: int
    currency: str
    at_ms: int | None
    items: tuple[tuple[str, int, int], ...]
    buyer: str | None
    buyer_shown: str | None
    code: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the file's row keeps it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def order_from_json(body: Mapping[str, Any]) -> SheetOrder:
    """The order that `to_json` wrote."""
    items = tuple((str(sku), int(quantity), int(minor)) for sku, quantity, minor in body["items"])
    return SheetOrder(**{**body, "items": items})


@dataclass(slots=True)
class _Group:
    row: int
    cells: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """A column as a person maps it: the field it is taken for ("" is left out) and a masked example."""

    place: int
    name: str
    field: str
    example: str


def fields_of(header: Sequence[str]) -> tuple[str, ...]:
    """The field of each column by its name, "" where none is known; the names earlier in our list win."""
    folded = [re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip().casefold() for name in header]
    found: dict[str, int] = {}
    for key, names in NAMES.items():
        place = next((folded.index(name) for name in names if name in folded), None)
        if place is not None and place not in found.values():
            found[key] = place
    named = {place: key for key, place in found.items()}
    return tuple(named.get(place, "") for place in range(len(header)))


def checked_fields(fields: Sequence[str], width: int) -> tuple[str, ...]:
    """A person's choice for each of `width` columns. Raises BadInput for an unknown field or one chosen twice."""
    chosen = [one for one in fields if one]
    for one in chosen:
        if one not in NAMES:
            raise BadInput("columns", f"one of {', '.join(FIELDS)}", one)
        if chosen.count(one) > 1:
            raise BadInput("columns", f"one column for {one}", f"{chosen.count(one)} of them")
    if len(fields) != width:
        raise BadInput("columns", f"a choice for each of {width} columns", len(fields))
    return tuple(fields)


def missing_in(fields: Sequence[str]) -> tuple[str, ...]:
    """What no column is taken for and an order cannot be read without; `status` stands for the time of payment too."""
    missing = [key for key in NEEDED if key not in fields]
    return (*missing, *(() if "status" in fields or "paid" in fields else ("status",)))


def sheet_columns(
    header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], fields: Sequence[str]
) -> tuple[SheetColumn, ...]:
    """The columns with a first cell each; cells that name people are masked."""
    found = []
    for place, (name, chosen) in enumerate(zip(header, fields, strict=True)):
        cell = next((row[place].strip() for _, row in rows[:200] if place < len(row) and row[place].strip()), "")
        private = chosen == "buyer" or (not chosen and _NAMES_PEOPLE.search(name))
        found.append(
            SheetColumn(
                place=place,
                name=name,
                field=chosen,
                example=masked(cell) if private or "@" in cell else cell[:EXAMPLE_MOST],
            )
        )
    return tuple(found)


def orders_in(
    rows: Sequence[tuple[int, Sequence[str]]],
    fields: Sequence[str],
    shop: ShopId,
    source: str,
    currency: str,
    buyers: Buyers,
) -> tuple[list[SheetOrder], list[RowProblem]]:
    """The sheet's orders in its order, and the rows that could not be read. `currency` is for rows that name none.

    Nothing can be read while `missing_in(fields)` names anything.
    """
    columns = {field: place for place, field in enumerate(fields) if field}
    groups: dict[str, _Group] = {}
    problems: list[RowProblem] = []
    last = ""
    for number, row in rows:
        cells = {key: row[place].strip() if place < len(row) else "" for key, place in columns.items()}
        # 抖店 and Taobao lead long numbers with ' or a tab, so that spreadsheets leave their digits alone.
        name = cells["order"].strip("'\t=\" ") or (last if not cells["amount"] else "")
        if not name or len(name) > TEXT_MOST or not name.isprintable():
            problems.append(RowProblem(row=number, field="order", wanted="an order number", found=cells["order"][:80]))
            continue
        last = name
        groups.setdefault(name, _Group(row=number)).cells.append(cells)
    orders = []
    for name, group in groups.items():
        try:
            orders.append(_order(name, group, shop, source, currency, buyers))
        except BadInput as problem:
            problems.append(
                RowProblem(row=group.row, field=problem.field, wanted=problem.wanted, found=str(problem.found)[:80])
            )
    return orders, sorted(problems, key=lambda problem: problem.row)


def _order(name: str, group: _Group, shop: ShopId, source: str, currency: str, buyers: Buyers) -> SheetOrder:
    first = group.cells[0]
    currency = (first.get("currency") or currency).upper()
    told = [_minor(cells["amount"], currency, "amount") if cells["amount"] else None for cells in group.cells]
    known = [minor for minor in told if minor is not None]
    if not known:
        raise BadInput("amount", "an amount such as 59.90", "")
    # Rows that all repeat one total tell the order's; rows with different amounts tell their own article's.
    repeated = len(known) > 1 and len(set(known)) == 1 and bool(first.get("price"))
    amount = known[0] if repeated else sum(known)
    pieces = [_pieces(cells.get("quantity") or "1") for cells in group.cells]
    if all(cells.get("price") for cells in group.cells):
        parts = [_minor(c["price"], currency, "price") * count for c, count in zip(group.cells, pieces, strict=True)]
    elif len(group.cells) == len(known):
        parts = known
    else:
        parts = []
    items = tuple(
        (cells.get("sku", "")[:TEXT_MOST], count, minor)
        for cells, count, minor in zip(group.cells, pieces, parts, strict=bool(parts))
    )
    back = sum(_minor(cells["refunded"], currency, "refunded") for cells in group.cells if cells.get("refunded"))
    paid_at, placed_at = first.get("paid", ""), first.get("placed", "")
    status = _status(first.get("status", ""), paid_at)
    if status == "refunded" and not back:
        back = amount
    elif back and status == "paid":
        status = "refunded"
    when, which = (paid_at, "paid") if paid_at else (placed_at, "placed")
    buyer = first.get("buyer", "")
    return SheetOrder(
        row=group.row,
        order=name,
        status=status,
        amount_minor=amount,
        back_minor=min(back, amount),
        currency=currency,
        at_ms=_milliseconds(when, which) if when else None,
        items=items,
        buyer=buyers.of(shop, source, buyer) if buyer else None,
        buyer_shown=masked(buyer) if buyer else None,
        code=next((plain for cells in group.cells if (plain := plain_code(cells.get("code", "")))), ""),
    )


def _minor(text: str, currency: str, name: str) -> int:
    number = re.sub(r"[¥￥$€£,\s]", "", unicodedata.normalize("NFKC", text))
    return to_minor(amount_of(number, name).normalize() + Decimal(0), currency, name)


def _pieces(text: str) -> int:
    number = text.removesuffix(".0")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= QUANTITY_MOST):
        raise BadInput("quantity", f"a whole number from 1 to {QUANTITY_MOST}", text)
    return int(number)


def _status(text: str, paid_at: str) -> OrderStatus:
    if not text:
        return "paid" if paid_at else "created"
    for words, status in STATUSES:
        if re.search(words, text.casefold()):
            return status
    raise BadInput("status", "a state such as paid, refunded, cancelled or 已付款", text)


def _milliseconds(text: str, field: str) -> int:
    plain = re.sub(r"\s*([+-]\d\d):?(\d\d)$", r"\1:\2", text.strip().replace("/", "-").replace(" UTC", "+00:00"))
    for form in (plain, re.sub(r"\b(\d)(?=[-: ]|$)", r"0\1", plain)):
        try:
            moment = datetime.fromisoformat(form)
        except ValueError:
            continue
        return int(moment.astimezone().timestamp() * 1000)
    raise BadInput(field, "a time such as 2026-11-24 20:15:00", text)
