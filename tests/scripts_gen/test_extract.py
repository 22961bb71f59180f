"""Listings of our own writing are read into facts whose every value stands in the listing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_gen.extract import Extraction, extract, parsed
from tests.scripts_gen.fakes import Away, Says

TABLE = """品名：折叠晾衣架
品牌：晴檐
材质：铝合金
展开尺寸：150×60×95cm
承重：15kg
颜色：白/灰
直播价：￥89
划线价：￥139
赠品：防风夹10个
售后：1年质保，7天无理由
宣传语：全网第一晾衣神器"""
CHAT = """【栗子铺】糖炒栗子仁 即食 100g×5袋
日常价￥45，直播间到手￥29.9，拍2份送尝鲜装1袋
保质期9个月 产地 河北迁西
适合老人孩子
包邮，坏袋包赔
治便秘特别灵，最好吃的栗子"""
ENGLISH = """FERNWAY Canvas Tote Bag
Material: 12 oz cotton canvas
Size: 38 x 42 cm
Colors: olive, sand, black
Was $32, live price $24
Buy 2 and get a free pouch
Free shipping over $40, 30-day returns
BEST BAG IN THE WORLD"""


def spans_of(evidence: Any) -> list[tuple[int, int]]:
    if isinstance(evidence, dict):
        return [span for value in evidence.values() for span in spans_of(value)]
    if len(evidence) == 2 and all(isinstance(item, int) for item in evidence):
        return [(evidence[0], evidence[1])]
    return [span for value in evidence for span in spans_of(value)]


def test_a_table_is_read_line_by_line() -> None:
    facts = parsed(TABLE).facts
    assert (facts.title, facts.brand) == ("折叠晾衣架", "晴檐")
    assert (facts.price, facts.list_price, facts.currency) == (Decimal(89), Decimal(139), "CNY")
    assert {spec.name: spec.value for spec in facts.specs} == {
        "材质": "铝合金",
        "展开尺寸": "150×60×95cm",
        "承重": "15kg",
    }
    assert facts.variants == ("白", "灰")
    assert facts.promotions == ("防风夹10个",)
    assert "1年质保" in " ".join(facts.service)


def test_running_text_is_read_too() -> None:
    facts = parsed(CHAT).facts
    assert facts.brand == "栗子铺"
    assert "栗子仁" in facts.title
    assert (facts.price, facts.list_price) == (Decimal("29.9"), Decimal(45))
    assert "拍2份送尝鲜装1袋" in facts.promotions
    assert any("包邮" in text for text in facts.service)


def test_unlawful_claims_are_left_out_and_named() -> None:
    for listing in (TABLE, CHAT, ENGLISH):
        found = parsed(listing)
        told = " ".join(text for _, text in found.facts.items())
        assert not any(word in told for word in ("第一", "最好吃", "便秘", "BEST BAG"))
    assert any("最好吃" in text for text in parsed(CHAT).unlawful)


def test_an_english_listing_keeps_its_currency() -> None:
    facts = parsed(ENGLISH).facts
    assert (facts.price, facts.list_price, facts.currency) == (Decimal(24), Decimal(32), "USD")
    assert facts.variants == ("olive", "sand", "black")
    assert facts.brand == "FERNWAY"


@pytest.mark.parametrize(
    ("listing", "price"),
    [
        ("毛巾三条装 到手价 19.9", "19.9"),
        ("毛巾 券后39元 原价59", "39"),
        ("毛巾 三十九块九一条", "39.9"),
        ("毛巾 ￥128 → ￥79", "79"),
        ("毛巾 1,099元/套", "1099"),
        ("Towel set, now £18.50 (was £25)", "18.5"),
        ("Towel $12 each", "12"),
        ("满200减30 毛巾 直播价49 运费8元", "49"),
    ],
)
def test_the_price_paid_now_is_found(listing: str, price: str) -> None:
    assert parsed(listing).facts.price == Decimal(price)


def test_a_listing_without_a_price_has_none() -> None:
    assert parsed("纯棉毛巾 34×76cm 一条装 白色").facts.price is None


def test_every_span_holds_its_value() -> None:
    for listing in (TABLE, CHAT, ENGLISH):
        found = parsed(listing)
        assert listing[slice(*found.evidence["title"][0])] == found.facts.title
        for spec, spans in zip(found.facts.specs, found.evidence.get("specs", []), strict=True):
            assert listing[slice(*spans[0])] == spec.value
        for name in ("promotions", "service", "variants", "selling_points"):
            for value, spans in zip(getattr(found.facts, name), found.evidence.get(name, []), strict=True):
                assert listing[slice(*spans[0])] == value
        assert all(0 <= sure <= 1 for sure in found.confidence.values())


async def test_the_model_adds_what_stands_in_the_listing_and_nothing_else() -> None:
    written = '{"title": "糖炒栗子仁 即食", "brand": "大牌", "selling_points": ["即食", "补肾壮阳", "适合老人孩子"]}'
    facts = (await extract(CHAT, Says(written))).facts
    assert facts.title == "糖炒栗子仁 即食"
    assert facts.brand == "栗子铺"
    assert not any("壮阳" in text for text in facts.selling_points)


@pytest.mark.parametrize(
    "written", ["", "no json", "[1, 2]", '{"title": 5, "brand": [], "selling_points": "x"}', '{"price": 1}']
)
async def test_a_model_that_writes_nonsense_changes_nothing(written: str) -> None:
    assert (await extract(TABLE, Says(written))).facts == parsed(TABLE).facts


async def test_without_the_model_the_parsers_stand() -> None:
    assert (await extract(TABLE, Away())).facts == parsed(TABLE).facts


async def test_an_empty_listing_is_refused() -> None:
    with pytest.raises(ValueError, match="wanted some text"):
        await extract("  \n", None)


def check_spans(found: Extraction, listing: str) -> None:
    for start, end in spans_of(found.evidence):
        assert 0 <= start < end <= len(listing)
    for key, text in found.facts.items():
        if key.split(".")[0] not in ("price", "list_price", "category") and not key.startswith("specs."):
            assert text in listing


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=200).filter(lambda text: any(char.isalnum() for char in text)))
def test_any_text_gives_values_that_stand_in_it(listing: str) -> None:
    check_spans(parsed(listing), listing)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from([*TABLE.splitlines(), *CHAT.splitlines(), *ENGLISH.splitlines(), "\t", "：", "￥", "🏕️"]),
        min_size=1,
        max_size=9,
    )
)
def test_any_mixture_of_lines_gives_values_that_stand_in_it(lines: list[str]) -> None:
    listing = "\n".join(lines)
    if any(char.isalnum() for char in listing):
        check_spans(parsed(listing), listing)


def test_a_clause_behind_a_value_stands_by_itself_and_a_second_number_does_not() -> None:
    facts = parsed("手冲壶\n容量：600毫升；细口壶嘴\n尺寸：高20cm；宽12cm\n材质：不锈钢").facts
    assert {spec.name: spec.value for spec in facts.specs} == {
        "容量": "600毫升",
        "尺寸": "高20cm；宽12cm",
        "材质": "不锈钢",
    }
    assert facts.selling_points == ("细口壶嘴",)
