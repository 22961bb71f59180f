"""CSV for spreadsheets: nothing runs, nothing breaks, every row comes back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports import DANGEROUS, csv_response, csv_text, file_name, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "|x",
        "%x",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        " =1",
        "\u3000＝1",
    ],
)
def test_a_cell_that_could_be_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert (safe_cell(-3), safe_cell(None), safe_cell("茶"), safe_cell("")) == (-3, "", "茶", "")


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=30))
def test_what_is_read_back_is_what_was_written(rows: list[list[str]]) -> None:
    text = "".join(csv_text(rows))
    assert text.startswith("\ufeff")
    back = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert back == [[str(safe_cell(cell)) for cell in row] for row in rows]
    assert not any(cell[:1] in DANGEROUS for row in back for cell in row if cell)


def test_many_rows_come_in_pieces_and_all_of_them() -> None:
    pieces = list(csv_text((number, "x") for number in range(1203)))
    assert len(pieces) > 2 and len("".join(pieces).splitlines()) == 1203


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("../../etc/passwd", "_.._etc_passwd.csv"),
        ('a"b\r\nset-cookie: x', "a_bset-cookie_ x.csv"),
        ("\u202egpj.exe", "gpj.exe.csv"),
        ("...", "export.csv"),
        ("岚的茶铺 订单", "岚的茶铺 订单.csv"),
    ],
)
def test_a_file_name_is_only_a_name(name: str, wanted: str) -> None:
    assert file_name(name, "csv") == wanted


def test_the_header_is_ascii_and_carries_the_real_name_beside() -> None:
    header = csv_response([("a",)], '岚"\r\n').headers["content-disposition"]
    assert header == "attachment; filename=\"export.csv\"; filename*=UTF-8''%E5%B2%9A_.csv"
