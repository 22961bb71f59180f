"""Order sheets: columns by name, rows of one order together, every row that cannot be read named."""

from decimal import Decimal

import pytest

from app.errors import BadInput
from app.events import OrderId, ShopId
from app.orders.buyers import Buyers
from app.orders.files import compared
from app.orders.listing import Order
from app.orders.sheet import (
    SheetOrder,
    checked_fields,
    fields_of,
    missing_in,
    order_from_json,
    orders_in,
    sheet_columns,
)

SHOP = ShopId("mine")
HEADER = ("订单编号", "商家编码", "商品数量", "实付金额", "退款金额", "订单状态", "支付完成时间", "买家昵称")


def read(*rows: tuple[str, ...]) -> tuple[list[SheetOrder], list[tuple[int, str]]]:
    orders, problems = orders_in(list(enumerate(rows, 2)), fields_of(HEADER), SHOP, "doudian", "CNY", Buyers(b"k"))
    return orders, [(problem.row, problem.field) for problem in problems]


def row(order: str = "'5001", amount: str = "¥1,059.00", back: str = "", state: str = "已付款") -> tuple[str, ...]:
    return order, "tea", "2", amount, back, state, "2026-11-24 10:00:00", "张三"


def test_an_order_is_read_with_its_money_state_time_and_a_masked_buyer() -> None:
    ((order,), problems) = read(row())
    assert problems == []
    assert (order.order, order.amount_minor, order.status, order.items) == (
        "5001",
        105_900,
        "paid",
        (("tea", 2, 105_900),),
    )
    assert (order.buyer_shown, len(order.buyer or "")) == ("张**", 16)
    assert order.at_ms is not None and order.at_ms % 60_000 == 0
    assert order_from_json(order.to_json()) == order


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("待付款", "created"),
        ("Unpaid", "created"),
        ("已发货", "paid"),
        ("交易成功", "paid"),
        ("退款中", "paid"),
        ("退款成功", "refunded"),
        ("已关闭", "cancelled"),
        ("Canceled", "cancelled"),
        ("", "paid"),
    ],
)
def test_the_states_of_platforms_are_understood(state: str, status: str) -> None:
    ((order,), _) = read(row(state=state))
    assert order.status == status
    assert (order.back_minor > 0) == (status == "refunded")


def test_a_part_paid_back_is_a_refund_of_that_part_and_never_more_than_the_order() -> None:
    (part, whole), _ = read(row(back="59.00"), row("'5002", back="99999"))
    assert (part.status, part.back_minor) == ("refunded", 5_900)
    assert whole.back_minor == whole.amount_minor


def test_rows_of_one_order_are_its_articles() -> None:
    (order,), _ = read(row(amount="59.00"), row(amount="41.00"))
    assert order.amount_minor == 10_000
    assert [minor for _, _, minor in order.items] == [5_900, 4_100]


def test_rows_that_cannot_be_read_are_named_and_the_others_kept() -> None:
    orders, problems = read(row(), row("'5002", amount="一百"), row("", amount="5"), row("'5004", state="???"))
    assert [order.order for order in orders] == ["5001"]
    assert problems == [(3, "amount"), (4, "order"), (5, "status")]


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (("a", "b"), ("order", "amount", "status")),
        (("订单编号", "数量"), ("amount", "status")),
        (("订单编号", "金额"), ("status",)),
        (("订单编号", "金额", "付款时间"), ()),
    ],
)
def test_a_sheet_without_the_needed_columns_is_told_which(header: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert missing_in(fields_of(header)) == missing


def test_a_person_says_what_columns_are_and_each_field_is_one_column() -> None:
    fields = checked_fields(("order", "", "amount", "status"), 4)
    rows = [(2, ("7-1", "whatever", "12.50", "已付款"))]
    ((order,), problems) = orders_in(rows, fields, SHOP, "file", "CNY", Buyers(b"k"))
    assert (order.order, order.amount_minor, problems) == ("7-1", 1_250, [])
    for wrong in (("order", "order"), ("order", "weight"), ("order",)):
        with pytest.raises(BadInput, match="columns"):
            checked_fields(wrong, 2)


def test_the_examples_of_columns_show_nobodys_name_or_number() -> None:
    header = ("收件人电话", "客户", "买家昵称", "单号", "邮箱")
    rows = [(2, ("13812345678", "a@x.com", "张三丰", "7-1", "li@y.cn"))]
    found = sheet_columns(header, rows, ("", "", "buyer", "order", ""))
    assert [one.example for one in found] == ["138****5678", "a***@x.com", "张**", "7-1", "l***@y.cn"]


def test_a_code_that_the_platform_wrote_into_its_file_is_read() -> None:
    header = ("订单号", "金额", "状态", "推广码")
    rows = [(2, ("1", "5", "paid", " ZB23456789 ")), (3, ("2", "5", "paid", "no code"))]
    orders, _ = orders_in(rows, fields_of(header), SHOP, "file", "CNY", Buyers(b"k"))
    assert [order.code for order in orders] == ["zb23456789", ""]


def test_an_english_export_is_read_by_its_own_names() -> None:
    fields = fields_of(("Name", "Email", "Financial Status", "Paid at", "Currency", "Total", "Lineitem sku"))
    assert set(fields) == {"order", "buyer", "status", "paid", "currency", "amount", "sku"}


def test_file_and_books_are_told_apart_four_ways() -> None:
    def known(order: str, amount: str) -> Order:
        return Order(
            source="doudian",
            order=OrderId(order),
            status="paid",
            amount=Decimal(amount),
            refunded=Decimal("0.00"),
            currency="CNY",
            quantity=1,
            paid=True,
            simulated=False,
            test=False,
            placed=1.0,
            updated=1.0,
            attribution="session",
            room=None,
            line=None,
            buyer=None,
            articles=(),
        )

    orders, _ = read(row(), row("'5002"), row("'5003"))
    found = compared(orders, [known("5001", "1059.00"), known("5002", "1.00"), known("6000", "5.00")])
    assert [(one.order, one.fate) for one in found] == [
        ("5002", "differing"),
        ("5003", "new"),
        ("6000", "missing"),
        ("5001", "same"),
    ]
