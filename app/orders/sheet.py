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
from app.orders.buyers import masked, pseudonym
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
    "buyer": ("买家昵称", "买家", "收货人", "收件人", "buyer username", "buyer", "customer", "email"),
}  # fmt: skip
NEEDED = ("order", "amount")
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


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Field → column, by name; the names earlier in our list win. Raises BadInput without the needed ones."""
    folded = [re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip().casefold() for name in header]
    found: dict[str, int] = {}
    for key, names in NAMES.items():
        place = next((folded.index(name) for name in names if name in folded), None)
        if place is not None and place not in found.values():
            found[key] = place
    missing = [key for key in NEEDED if key not in found]
    if missing:
        wanted = "; ".join(f"{key}: {', '.join(NAMES[key][:4])} …" for key in missing)
        raise BadInput("columns", f"a column for {wanted}", ", ".join(header)[:200])
    if "status" not in found and "paid" not in found:
        raise BadInput("columns", "a column with the order's status or its time of payment", ", ".join(header)[:200])
    return found


def orders_in(
    rows: Sequence[tuple[int, Sequence[str]]], columns: Mapping[str, int], shop: ShopId, source: str, currency: str
) -> tuple[list[SheetOrder], list[RowProblem]]:
    """The sheet's orders in its order, and the rows that could not be read. `currency` is for rows that name none."""
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
            orders.append(_order(name, group, shop, source, currency))
        except BadInput as problem:
            problems.append(
                RowProblem(row=group.row, field=problem.field, wanted=problem.wanted, found=str(problem.found)[:80])
            )
    return orders, sorted(problems, key=lambda problem: problem.row)


def _order(name: str, group: _Group, shop: ShopId, source: str, currency: str) -> SheetOrder:
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
    when = paid_at or placed_at
    buyer = first.get("buyer", "")
    return SheetOrder(
        row=group.row,
        order=name,
        status=status,
        amount_minor=amount,
        back_minor=min(back, amount),
        currency=currency,
        at_ms=_milliseconds(when) if when else None,
        items=items,
        buyer=pseudonym(shop, source, buyer) if buyer else None,
        buyer_shown=masked(buyer) if buyer else None,
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


def _milliseconds(text: str) -> int:
    plain = re.sub(r"\s*([+-]\d\d):?(\d\d)$", r"\1:\2", text.strip().replace("/", "-").replace(" UTC", "+00:00"))
    for form in (plain, re.sub(r"\b(\d)(?=[-: ]|$)", r"0\1", plain)):
        try:
            moment = datetime.fromisoformat(form)
        except ValueError:
            continue
        return int(moment.astimezone().timestamp() * 1000)
    raise BadInput("paid", "a time such as 2026-11-24 20:15:00", text)
