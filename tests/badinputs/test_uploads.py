# ruff: noqa: E501 - fixture rows are easier to compare on one line
"""Bad inputs 1-20 and 28-31: every hostile or broken file gets a clear answer, and nothing of it is left."""

import io
import shutil
import struct
import zipfile
from pathlib import Path

import pytest

from app.access.service import SAMPLE
from app.catalogue.imports.problems import FileRefused
from app.catalogue.imports.sandbox import read_table
from app.catalogue.imports.service import display_name
from tests.catalogue.imports.sheets import as_archive, as_csv, as_xlsx, read
from tests.web.shop import opened

ROWS = (("名称", "货号", "价格"), ("茶", "T1", "9.90"))
BOOK = as_xlsx(ROWS)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in entries.items():
            archive.writestr(name, raw)
    return out.getvalue()


def _locked(raw: bytes) -> bytes:
    """The archive with the password bit set at every entry."""
    body = bytearray(raw)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(mark)
        while at >= 0:
            body[at + place] |= 1
            at = body.find(mark, at + 4)
    return bytes(body)


def _overlapping(raw: bytes) -> bytes:
    """The archive whose directory points every entry at the first body."""
    body = bytearray(raw)
    at = body.find(b"PK\x01\x02")
    while at >= 0:
        body[at + 42 : at + 46] = struct.pack("<I", 0)
        at = body.find(b"PK\x01\x02", at + 4)
    return bytes(body)


BILLION = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
REFUSED = {
    "1 bomb": (as_xlsx(ROWS, extra={"xl/media/x.bin": b"\0" * 40_000_000}), "x.xlsx", {"archive_ratio", "archive_unpacked"}),
    "2 sheets": (as_xlsx(ROWS, extra={f"xl/worksheets/s{n}.xml": b"<a/>" for n in range(300)}), "x.xlsx", {"archive_entries"}),
    "4 nested": (_zip({"a.zip": _zip({"b.zip": b"x"})}), "x.xlsx", {"unknown_kind"}),
    "5 overlap": (_overlapping(BOOK), "x.xlsx", {"archive_overlap", "archive_broken"}),
    "7 locked": (_locked(BOOK), "x.xlsx", {"archive_locked"}),
    "8 truncated": (BOOK[: len(BOOK) // 2], "x.xlsx", {"archive_broken", "unknown_kind"}),
    "9 entities": (as_xlsx(ROWS, extra={"xl/sharedStrings.xml": BILLION}), "x.xlsx", {"entities"}),
    "10 macros": (as_xlsx(ROWS, extra={"xl/vbaProject.bin": b"code"}), "x.xlsx", {"macros"}),
    "11 old as new": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "x.xlsx", {"wrong_kind"}),
    "11 page as xls": (b"<html><table><tr><td>x", "x.xls", {"wrong_kind"}),
    "11 broken xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "x.xls", {"reading_failed", "reading_cost"}),
    "12 mixed": ("名称,价格\n茶,1\n".encode() + "红茶礼盒装,2\n".encode("gb18030") + b"\xff\xfe\xff\n", "x.csv", {"encoding"}),
    "13 columns": (",".join(["a"] * 100_000).encode() + b"\n1", "x.csv", {"too_many_columns"}),
    "13 one line": (b"name,price\n\"" + b"x" * 9_000_000, "x.csv", {"cell_too_long"}),
    "14 quote": ("名称,价格\n茶,1\n\"碗,2\n杯,3\n".encode(), "x.csv", {"unclosed_quote"}),
    "29 picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "x.csv", {"unknown_kind"}),
    "29 pdf": (b"%PDF-1.7 \n", "goods.xlsx", {"unknown_kind"}),
    "30 nothing": (b"", "x.csv", {"empty"}),
    "30 a byte": (b"\n", "x.csv", {"empty"}),
    "30 too large": (b"a,b\n" * 3_000_000, "x.csv", {"too_large"}),
    "json deep": (b"[" * 100_000 + b"]" * 100_000, "x.json", {"json"}),
    "header alone": ("名称,价格\n".encode(), "x.csv", {"no_rows"}),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
async def test_a_hostile_file_is_refused_with_its_reason(case: str) -> None:
    raw, name, codes = REFUSED[case]
    with pytest.raises(FileRefused) as told:
        await read_table(raw, name)
    assert told.value.code in codes
    assert told.value.wanted and told.value.found


async def test_a_huge_dimension_costs_its_process_at_most() -> None:
    corners = '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(FileRefused):
        await read_table(as_archive(corners), "x.xlsx")
    table = await read_table(as_archive(f'<dimension ref="A1:XFD1048576"/>{BOOK_BODY}'), "x.xlsx")
    assert len(table.rows) == 1


BOOK_BODY = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>茶</t></is></c></row></sheetData>'


def test_names_inside_an_archive_mean_nothing(tmp_path: Path) -> None:
    raw = as_xlsx(ROWS, extra={"../../etc/x": b"1", "C:\\x": b"1", "/absolute": b"1"})
    assert len(read(raw, "x.xlsx")[0].rows) == 1
    assert not list(tmp_path.iterdir())


def test_an_open_quote_names_its_line() -> None:
    with pytest.raises(FileRefused) as told:
        read('名称,价格\n茶,1\n"碗,2\n杯,3\n'.encode())
    assert told.value.row == 3


def test_external_links_are_never_followed() -> None:
    raw = as_xlsx(ROWS, extra={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert read(raw, "x.xlsx")[2][0].sku == "T1"


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "％1", "＝1"])
async def test_formulas_stay_words_and_leave_harmless(file: Path, tmp_path: Path, cell: str) -> None:
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (_, client):
        sent = await client.post(
            "/catalogue/imports", files={"files": ("x.csv", as_csv((("名称", "货号", "价格"), (cell, "F1", "abc"))))}
        )
        page = await client.get(sent.headers["location"])
        assert page.status_code == 200
    _, _, goods = read(as_csv((("名称", "价格"), (cell, "5"))))
    assert goods[0].facts is not None and goods[0].facts.title == cell


async def test_a_refused_file_is_answered_in_the_readers_words_and_leaves_nothing(file: Path, tmp_path: Path) -> None:
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (studio, client):
        before = sorted(path.name for path in tmp_path.rglob("*"))
        picture = ("a.png", b"\x89PNG\r\n\x1a\nbroken")
        answer = await client.post("/catalogue/imports", files=[("files", ("x.csv", b"")), ("files", picture)])
        assert answer.status_code == 422
        assert "这个文件收不了" in answer.text and "有内容的文件" in answer.text
        assert await studio.imports.recent(SAMPLE) == []
        assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.jpg\0.php", "a.jpg.php"), ("../../etc/passwd", "passwd"), ("C:\\x\\y.csv", "y.csv"), ("CON", "CON"),
        ("\u202egpj.exe", "gpj.exe"), ("茶🍵.csv", "茶🍵.csv"), ("", "file"), ("...", "file"),
    ],
)  # fmt: skip
def test_a_file_name_is_only_ever_shown(name: str, shown: str) -> None:
    assert display_name(name) == shown
    assert len(display_name("x" * 300)) <= 120


async def test_the_declared_type_of_a_file_is_not_believed(file: Path, tmp_path: Path) -> None:
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (_, client):
        sent = await client.post("/catalogue/imports", files={"files": ("goods.csv", BOOK, "image/png")})
        assert sent.status_code == 303


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"garbage"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"".join(b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n' for _ in range(10_000)) + b"--x--\r\n"),
        ("text/plain", b"hello"),
    ],
)  # fmt: skip
async def test_a_broken_form_is_refused(file: Path, tmp_path: Path, kind: str, body: bytes) -> None:
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (studio, client):
        answer = await client.post("/catalogue/imports", content=body, headers={"content-type": kind})
        assert answer.status_code == 422
        assert await studio.imports.recent(SAMPLE) == []


async def test_a_body_declared_too_large_is_refused_before_it_comes(file: Path, tmp_path: Path) -> None:
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (_, client):
        headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(5 * 1024**3)}
        answer = await client.post("/catalogue/imports", content=b"1024", headers=headers)
        assert answer.status_code == 413
