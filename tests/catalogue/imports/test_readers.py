# ruff: noqa: E501 - fixture rows are easier to compare on one line
"""Any sheet becomes the right goods: encodings, delimiters, headers, shop systems."""

from decimal import Decimal

import pytest

from app.catalogue.imports.problems import FileRefused
from app.catalogue.imports.values import Unreadable, amount_in, price_in, stock_in, text_in
from app.catalogue.product import sku_for
from tests.catalogue.imports.sheets import (
    BIGCOMMERCE,
    FREE,
    MAGENTO,
    SHOPIFY,
    SHOPIFY_2026,
    TAOBAO,
    WOO,
    as_csv,
    as_xlsx,
    read,
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_goods(encoding: str, delimiter: str) -> None:
    rows = (("商品名稱", "價格", "庫存"), ("竹編收納筐", "45.00", "10"), ("手工陶杯，一對", "59", "7"))
    _, columns, goods = read(as_csv(rows, encoding=encoding, delimiter=delimiter))
    assert [column.field for column in columns.columns] == ["title", "price", "stock"]
    assert [(g.facts.title, g.facts.price, g.stock) for g in goods if g.facts] == [
        ("竹編收納筐", Decimal("45.00"), 10), ("手工陶杯，一對", Decimal(59), 7),
    ]  # fmt: skip


def test_the_last_row_is_read_with_and_without_a_line_end() -> None:
    for tail in (b"", b"\n", b"\r\n", b"\r"):
        _, _, goods = read("名称,价格\n甲,1\n乙,2".encode() + tail)
        assert [good.facts.title for good in goods if good.facts] == ["甲", "乙"]


def test_a_header_below_a_title_line_is_found_and_private_columns_are_left_out() -> None:
    table, columns, goods = read(as_csv(FREE, encoding="gb18030"))
    assert table.encoding == "gb18030"
    assert {column.name: column.field for column in columns.columns} == {
        "品名": "title", "货号": "sku", "直播价": "price", "原价": "list_price", "库存": "stock", "材质": "specs", "成本价": "",
    }  # fmt: skip
    linen, pillow, tapestry = goods
    assert linen.facts is not None and linen.facts.price == Decimal("89.00") and linen.facts.list_price == Decimal(129)
    assert linen.stock == 40
    assert [(p.row, p.field, p.found) for p in pillow.problems] == [(4, "stock", "abc")]
    assert pillow.facts is not None, "a stock that cannot be read does not cost the product"
    assert tapestry.facts is None and tapestry.problems[0].field == "price"
    assert "31" not in linen.listing, "what a thing costs the merchant is nobody's business"


def test_evidence_stands_in_the_listing() -> None:
    _, _, goods = read(as_csv(FREE))
    facts, listing = goods[0].facts, goods[0].listing
    assert facts is not None
    for key, text in facts.items():
        [(start, end)] = facts.evidence[key] if key in facts.evidence else facts.evidence[key.split(".")[0]]
        assert listing[start:end] == text


@pytest.mark.parametrize("rows", [SHOPIFY, SHOPIFY_2026])
def test_shopify_variants_are_one_product(rows: tuple[tuple[str, ...], ...]) -> None:
    _, columns, goods = read(as_csv(rows))
    assert columns.profile == "shopify"
    lamp = goods[0]
    assert lamp.facts is not None
    assert (lamp.sku, lamp.facts.price, lamp.facts.list_price, lamp.stock) == (
        "pine-lamp",
        Decimal("39.00"),
        Decimal("49.00"),
        10,
    )
    assert lamp.facts.variants == ("Small 39.00", "Large 59.00")
    assert "alert" not in lamp.listing and "<" not in lamp.listing


def test_shopify_product_of_one_variant_keeps_its_own_number() -> None:
    _, _, goods = read(as_csv(SHOPIFY))
    tray = goods[1]
    assert (tray.sku, tray.stock) == ("OT-1", 9)
    assert tray.facts is not None and tray.facts.variants == ()


def test_woocommerce_variations_find_their_parent_and_sales_end() -> None:
    _, columns, goods = read(as_csv(WOO))
    assert columns.profile == "woocommerce"
    by = {good.sku: good for good in goods}
    scarf, cap, sock = (by[sku].facts for sku in ("scarf", "cap", "sock"))
    assert scarf is not None and scarf.variants == ("Red", "Blue") and by["scarf"].stock == 8
    assert scarf.category == "Scarves" and scarf.price == 30
    assert cap is not None and cap.price == 15, "its sale is over"
    assert sock is not None and (sock.price, sock.list_price) == (5, 6)
    assert by["lost"].facts is None and by["lost"].problems[0].code == "orphan"


def test_bigcommerce_rows_below_a_product_are_its_kinds() -> None:
    _, columns, goods = read(as_csv(BIGCOMMERCE))
    assert columns.profile == "bigcommerce"
    pot, cup = (good.facts for good in goods)
    assert pot is not None and (pot.price, pot.variants, pot.brand) == (40, ("Green",), "Kilnside")
    assert cup is not None and (cup.price, cup.list_price) == (7, 9)


def test_magento_children_are_no_products() -> None:
    _, columns, goods = read(as_csv(MAGENTO))
    assert columns.profile == "magento"
    [boot] = goods
    assert boot.facts is not None
    assert (boot.sku, boot.facts.price, boot.facts.variants, boot.stock) == ("boot", 80, ("8", "9"), 7)


def test_taobao_assistant_has_three_header_rows() -> None:
    _, columns, goods = read(as_csv(TAOBAO, encoding="utf-16", delimiter="\t"))
    assert columns.profile == "taobao"
    assert [(g.row, g.sku, g.facts.title, g.facts.price) for g in goods if g.facts] == [
        (4, "ZK-1", "竹编收纳筐 大号", Decimal("45.00")), (5, "ZK-2", "竹编果盘", Decimal("28.50")),
    ]  # fmt: skip
    assert goods[0].pictures == ("a1b2",)
    assert goods[0].facts is not None and goods[0].facts.selling_points == ("手工编织", "可折叠")


def test_a_workbook_keeps_whole_numbers_whole() -> None:
    _, _, goods = read(as_xlsx((("名称", "编码", "价格"), ("茶", 6901234567890, 12.5))), "x.xlsx")
    assert goods[0].facts is not None
    assert (goods[0].sku, goods[0].facts.price) == ("6901234567890", Decimal("12.5"))


def test_json_of_a_shop_with_variants_inside() -> None:
    raw = """{"products":[{"title":"Tray","vendor":"Hill","variants":[{"sku":"T-1","price":12.50,"inventory_quantity":3}]},
      {"title":"Lamp","variants":[{"option1":"S","price":"9"},{"option1":"L","price":"9"}]}]}"""
    _, _, goods = read(raw.encode(), "x.json")
    assert [(g.facts.title, g.facts.price) for g in goods if g.facts] == [("Tray", Decimal("12.50")), ("Lamp", 9)]
    assert goods[0].sku == "T-1"


def test_a_sheet_without_a_header_is_guessed_and_said_so() -> None:
    table, columns, goods = read(as_csv((("蜂蜜面膜 10片装", "149.00", "20万+"), ("玫瑰面膜 5片装", "69.00", "1万+"))))
    assert [column.field for column in columns.columns] == ["title", "price", ""]
    assert [problem.code for problem in table.problems] == ["header_missing"]
    assert [good.sku for good in goods] == [sku_for("蜂蜜面膜 10片装"), sku_for("玫瑰面膜 5片装")]


def test_doubled_and_nameless_columns_are_told() -> None:
    table, columns, _ = read(as_csv((("名称", "价格", "价格", ""), ("茶", "1", "2", "x"))))
    assert sorted(problem.code for problem in table.problems) == ["header_empty", "header_twice"]
    assert [column.field for column in columns.columns].count("price") == 1


def test_merged_headers_are_told_by_their_cell() -> None:
    raw = as_xlsx((("名称", "价格", ""), ("茶", 5, 6)), merged="B1:C1")
    table, _, _ = read(raw, "x.xlsx")
    assert [(problem.code, problem.field, problem.found) for problem in table.problems] == [
        ("header_merged", "C", "价格")
    ]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("¥1,299.00", "1299.00"), ("１２．５０", "12.50"), ("59元", "59"), ("1.299,00", "1299.00"), ("12,5", "12.5"),
        ("NT$ 1,200", "1200"), ("119.00000000000001", "119"), ("0.9900000000000001", "0.99"), ("￥39起", "39"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_written(cell: str, amount: str) -> None:
    assert amount_in(cell)[0] == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("-1", "amount"), ("0", "amount"), ("1e309", "amount"), ("NaN", "amount"), ("12.345", "amount_fine"),
        ("9999999999999", "amount_large"), ("abc", "amount"), ("39-59", "amount_range"), ("", "amount"), ("１2.3.4", "amount"),
        ("=1+1", "amount"), ("9" * 400, "amount"),
    ],
)  # fmt: skip
def test_what_is_no_price_is_never_guessed(cell: str, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        price_in(cell, "CNY")
    assert told.value.code == code


@pytest.mark.parametrize(("cell", "stock"), [("12", 12), ("1,200 件", 1200), ("-0", 0), ("7.0", 7), ("１０", 10)])
def test_stock_is_whole(cell: str, stock: int) -> None:
    assert stock_in(cell) == stock


@pytest.mark.parametrize("cell", ["3.7", str(2**63), "-5", "many", "1e5"])
def test_stock_that_is_not_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        stock_in(cell)


def test_text_hides_nothing() -> None:
    assert text_in("<b>Tea</b>&lt;script&gt;x&lt;/script&gt;\u202egpj\u200b") == "Tea x gpj"


def test_a_second_row_of_the_same_number_names_the_first() -> None:
    _, _, goods = read(as_csv((("名称", "货号", "价格"), ("甲", "A", "1"), ("乙", "A", "2"))))
    assert [(p.row, p.code, p.facts["first"]) for p in goods[1].problems] == [(3, "duplicate", 2)]


def test_twenty_thousand_rows_are_taken_and_one_more_is_not() -> None:
    rows = [("名称", "价格"), *((f"商品{n}", "9.90") for n in range(20_000))]
    assert len(read(as_csv(rows))[0].rows) == 20_000
    with pytest.raises(FileRefused) as told:
        read(as_csv([*rows, ("多一件", "1")]))
    assert told.value.code == "too_many_rows"


def test_a_name_has_the_same_article_number_by_hand_and_in_a_sheet() -> None:
    assert sku_for("蜂蜜 面膜１０片装") == sku_for("蜂蜜面膜10片装")
    assert sku_for("蜂蜜面膜10片装") != sku_for("蜂蜜面膜5片装")
