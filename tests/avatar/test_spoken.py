"""How written lines are read aloud."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands.voice import spoken_command
from avatar.spoken import language, spoken


def _written(name: str) -> list[dict[str, Any]]:
    return [json.loads(row) for row in (Path(__file__).parent / name).read_text("utf-8").splitlines() if row]


CASES = [*_written("spoken_cases.jsonl"), *_written("spoken_written.jsonl")]
FROZEN = [*_written("spoken_heldout.jsonl"), *_written("spoken_second.jsonl")]


def _bare(text: str) -> str:
    """What the ear compares: no punctuation, 两 as 二, 幺 as 一, 块 as 元, 摄氏度 as 度."""
    text = re.sub(r"[^\w]|_", "", text).lower()
    for written, heard in (
        ("两", "二"),
        ("幺", "一"),
        ("〇", "零"),
        ("块钱", "元"),
        ("块", "元"),
        ("摄氏度", "度"),
    ):
        text = text.replace(written, heard)
    return text


def _is_read(case: dict[str, Any]) -> bool:
    accepted = {_bare(form) for form in (case["spoken"], *case["also"])}
    return _bare(spoken(case["text"], case.get("lang", "zh")).spoken) in accepted


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_host_reads_it_like_this(case: dict[str, Any]) -> None:
    assert _is_read(case), spoken(case["text"], case.get("lang", "zh")).spoken


def test_of_the_cases_written_before_the_code_saw_them_99_in_100_are_read_right() -> None:
    """First runs, before any rule was mended: 330 of 362 and 132 of 140 (docs/measured.md)."""
    missed = [case["text"] for case in FROZEN if not _is_read(case)]
    assert len(missed) <= len(FROZEN) // 100, missed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Only $1,299.00 today", "Only one thousand two hundred ninety-nine dollars today"),
        ("save 20% on 200ml", "save twenty percent on two hundred milliliters"),
        ("a 6.7-inch screen", "a six point seven inch screen"),
        ("ships in 3-5 days", "ships in three to five days"),
        ("code XR-500", "code XR five hundred"),
        ("live at 7:30 pm", "live at seven thirty P M"),
        ("the 21st of May 2025", "the twenty-first of May twenty twenty-five"),
        ("1/2 price, 24/7", "one half price, twenty-four seven"),
    ],
)
def test_english_lines_are_read_in_english(text: str, said: str) -> None:
    assert spoken(text, "en").spoken.replace("  ", " ") == said


def test_two_pieces_are_liang_but_the_second_is_er() -> None:
    assert spoken("2件").spoken == "两件"
    assert spoken("第2件").spoken == "第二件"
    assert spoken("2月2号").spoken == "二月二号"


def test_telephone_numbers_use_yao() -> None:
    assert spoken("13812341234").spoken == "幺三八幺二三四幺二三四"


def test_the_shops_own_readings_come_first() -> None:
    line = spoken("LAMY狩猎者 XR-500", "zh", {"LAMY": "凌美", "XR-500": "叉儿五百"})
    assert line.spoken == "凌美狩猎者 叉儿五百"


def test_the_map_leads_back_to_the_written_price() -> None:
    line = spoken("只要￥1,299，包邮", "zh")
    place = line.spoken.index("一千")
    (link,) = [link for link in line.links if link.spoken_start == place]
    assert line.written[link.written_start : link.written_end] == "￥1,299"


def test_full_width_and_circled_signs_are_read_and_mapped() -> None:
    line = spoken("①纯棉 ２００ｇ ㎡", "zh")
    assert line.spoken.startswith("一纯棉 二百克")
    assert line.links[-1].written_end == len(line.written)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("￥1,299", "zh"), ("XR-500", "zh"), ("iPhone 15 Pro Max", "zh"), ("大家好", "zh"), ("", "zh"),
        ("100 pcs", "zh"),
        ("Hello everyone", "en"), ("only $99 today", "en"), ("the 2026 model", "en"),
    ],
)  # fmt: skip
def test_the_language_of_a_text_is_seen(text: str, lang: str) -> None:
    assert language(text) == lang


@given(st.text(alphabet="0123456789,.:/-~+*%￥$×xAkgmLcVW折元件年月日满减第号 ，。码", max_size=24))
def test_no_digit_or_sign_of_a_product_sheet_survives(text: str) -> None:
    line = spoken(text, "zh")
    assert not re.search(r"[0-9%￥$×+*/~]", line.spoken)


@given(st.text(max_size=60))
def test_links_cover_the_spoken_text_in_order_for_any_text(text: str) -> None:
    for lang in ("zh", "en"):
        line = spoken(text, lang)
        assert "".join(line.spoken[k.spoken_start : k.spoken_end] for k in line.links) == line.spoken
        places = [k.written_start for k in line.links]
        assert places == sorted(places)
        assert all(0 <= k.written_start <= k.written_end <= len(text) for k in line.links)


def test_bad_rows_of_a_file_do_not_stop_it(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": "a", "text": "5kg装"}\nnot json\n{"id": 2}\n{"id": "z", "text": "2件", "lang": "xx"}\n', "utf-8"
    )
    assert spoken_command(None, source, target, as_json=True) == 0
    rows = [json.loads(row) for row in target.read_text("utf-8").splitlines()]
    assert rows[0] == {"id": "a", "text": "5kg装", "spoken": "五千克装"}
    assert [row["id"] for row in rows] == ["a", None, 2, "z"]
    assert all("error" in row for row in rows[1:])


def test_a_missing_file_is_said_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert spoken_command(None, tmp_path / "none.jsonl", None, as_json=True) == 1
    assert "none.jsonl" in capsys.readouterr().err
