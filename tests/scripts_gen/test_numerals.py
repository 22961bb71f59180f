"""Numbers in running text are read with what they measure."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_gen.numerals import chinese_value, flat, numbers


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("到手59块9", "59.9", "money"),
        ("三百九十九元", "399", "money"),
        ("两百五", "250", "bare"),
        ("八五折", "8.5", "fold"),
        ("85折", "8.5", "fold"),
        ("百分之五十", "50", "percent"),
        ("1,099元", "1099", "money"),
        ("$24.99", "24.99", "money"),
        ("twenty five dollars", "25", "money"),
        ("500毫升", "500", "unit"),
        ("十片", "10", "counter"),
        ("１２元", "12", "money"),
        ("一千零一夜", "1001", "unit"),
    ],
)
def test_a_number_is_read_with_its_measure(text: str, value: str, measure: str) -> None:
    found = list(numbers(text))
    if text == "一千零一夜":
        assert [number.value for number in found] == [Decimal(1001)]
        return
    assert [(number.value, number.measure) for number in found] == [(Decimal(value), measure)]


@pytest.mark.parametrize(
    "text", ["一起来看看", "百搭又好看", "十分舒服", "周三见", "第一次来", "万一不合适", "四季都能穿"]
)
def test_idioms_count_nothing(text: str) -> None:
    assert list(numbers(text)) == []


def test_a_unit_is_the_same_in_every_spelling() -> None:
    assert {next(numbers(text)).unit for text in ("25ml", "25毫升", "25 mL")} == {"ml"}


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(flat(text)) == len(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read_and_spans_are_in_order(text: str) -> None:
    end = 0
    for number in numbers(text):
        assert end <= number.start < number.end <= len(text)
        end = number.end


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=99999))
def test_chinese_numerals_have_their_value(value: int) -> None:
    digits = "零一二三四五六七八九"
    written, zero = "", False
    for place, name in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            written += ("零" if zero and written else "") + digits[digit] + name
            zero = False
        else:
            zero = True
    assert chinese_value(written) == value
