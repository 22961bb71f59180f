"""No claim passes without a fact."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_gen.claims import check, fact_numbers
from scripts_gen.facts import facts_from_json
from tests.scripts_gen.goods import JACKET, MASK, MUG

SUPPORTED = [
    "现在到手59一盒，平常卖99元。",
    "一盒里头是10片，每片25毫升。",
    "拍2盒送旅行装洁面1支。",
    "洁面后敷十五分钟，每周两到三次。",
    "没拆封的话，七天无理由可以退货。",
    "产地是浙江湖州。",
    "比标价省40元。",
    "咱们一起来看，两位姐妹别着急。",
    "新疆不包邮。",
]
UNSUPPORTED = [
    "现在到手49一盒。",
    "今天打8折。",
    "满200减50。",
    "买2盒送面霜。",
    "买1送1，机会难得。",
    "一盒里头是12片。",
    "保质期5年。",
    "敷二十分钟就行。",
    "百分之九十的人都说好。",
    "已经卖了三千盒。",
    "这是日本进口的。",
    "有检测报告。",
    "可以美白淡斑。",
    "敏感肌也可以用。",
    "蚕丝膜布，很亲肤。",
    "顺丰发货。",
    "库存不多了。",
    "明天就涨价。",
    "我自己用了半年。",
    "我是真人主播。",
    "和SK-II同一个工厂。",
    "五十九块一盒还送小样。",
    "免费试用。",
    "不包邮。",
]


@pytest.mark.parametrize("sentence", SUPPORTED)
def test_what_the_facts_say_may_be_said(sentence: str) -> None:
    assert check(sentence, MASK).ok, check(sentence, MASK).reason


@pytest.mark.parametrize("sentence", UNSUPPORTED)
def test_what_the_facts_do_not_say_is_caught(sentence: str) -> None:
    assert not check(sentence, MASK).ok


@pytest.mark.parametrize(
    "sentence",
    [
        "It's $12 today.",
        "You get 20% off.",
        "Buy one get one free.",
        "It holds 500 ml.",
        "Free shipping worldwide.",
        "Handmade in Italy.",
        "Microwave safe too.",
        "It comes with a lifetime warranty.",
        "Best seller this year.",
        "I use it every morning, my family loves it.",
        "I'm a real person, promise.",
        "It beats any Yeti out there.",
        "Only fifteen dollars.",
    ],
)
def test_english_claims_without_a_fact_are_caught(sentence: str) -> None:
    assert not check(sentence, MUG).ok


@pytest.mark.parametrize(
    "sentence",
    [
        "It's $14.50 right now, listed at $19.",
        "It holds 350 ml and stacks neatly.",
        "Buy 4 and save 10%.",
        "It's made in Portugal.",
        "Returns run 30 days if it's unused.",
        "Sit down and have a warm welcome.",
    ],
)
def test_english_facts_may_be_said(sentence: str) -> None:
    assert check(sentence, MUG).ok, check(sentence, MUG).reason


def test_the_ledger_names_the_facts() -> None:
    verdict = check("现在到手59，一盒10片。", MASK)
    assert verdict.used == ("price", "specs.净含量")


def test_an_approved_text_carries_a_claim() -> None:
    assert not check("付款后24小时内发货。", MASK).ok
    verdict = check("付款后24小时内发货。", MASK, ["付款后24小时内发货"])
    assert verdict.ok
    assert verdict.used == ("extra.0",)


def test_money_needs_money() -> None:
    assert check("一盒10片。", MASK).ok
    assert not check("一盒10元。", MASK).ok
    assert not check("敷15分钟，只要15元。", MASK).ok


def test_a_size_range_is_no_price() -> None:
    assert not check("现在只要155元。", JACKET).ok


@settings(deadline=None)
@given(
    st.integers(min_value=4, max_value=99999),
    st.sampled_from(["到手{}元", "打{}折", "只要{}", "{}天发货", "一共{}片", "省{}块", "{}%的人", "卖了{}件"]),
)
def test_a_number_that_is_no_fact_is_always_caught(value: int, frame: str) -> None:
    sentence = frame.format(value)
    if not any(sentence == frame.format(int(known)) for known in fact_numbers(MASK) if known == int(known)):
        assert not check(sentence, MASK).ok


@settings(deadline=None)
@given(st.decimals(min_value=Decimal("3.01"), max_value=Decimal("9999.99"), places=2))
def test_an_invented_price_is_always_caught_in_english(price: Decimal) -> None:
    if price not in fact_numbers(MUG):
        assert not check(f"It's ${price} today.", MUG).ok
        assert not check(f"You pay {price} dollars.", MUG).ok


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = check(text, MASK)
    assert verdict.ok or verdict.reason


def test_a_count_in_an_answer_is_no_price() -> None:
    facts = facts_from_json({"title": "亲子套餐", "price": 1099})
    assert not check("今天只要1块钱。", facts, ("套餐住2大1小，孩子1.3米以下按儿童算。",)).ok
    assert check("地布加59元换购。", facts, ("地布加59换购",)).ok
