"""Bytes of a text file → characters, and characters → cells."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from app.catalogue.imports.limits import CELL, RAW_COLUMNS, ROWS
from app.catalogue.imports.problems import FileRefused

Cells = list[str]
Lines = list[tuple[int, Cells]]
"""Rows with the line of the file each begins on, from 1."""

DELIMITERS = (",", "\t", ";", "|")
FULL_WIDTH = ("，", "；")  # typed by hand; only where nothing else cuts the rows
SAMPLE_ROWS = 40
END = "\x02"  # a cell no file has: if it does not come back as a row of its own, a quote is still open
FIELD_MOST = 200_000  # characters csv may gather for one cell; longer is a quote that swallowed its neighbours
HEAD_ROWS = 10  # room for a title, three header rows and blank lines above the data


def decoded(raw: bytes) -> tuple[str, str]:
    """The text and its encoding. Raises FileRefused for bytes that are no text of a known kind.

    Order: byte-order marks, UTF-16 without one, UTF-8, then GB18030, Big5 and Windows-1252, each only when what comes
    out looks like writing (GB18030 decodes nearly anything).
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _strictly(raw, name), name
    if bare := _bare_utf16(raw):
        return _strictly(raw, bare), bare
    raw = raw.replace(b"\0", b"")
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as problem:
        where = problem.start
    likely: list[tuple[float, str, str]] = []
    for name in ("gb18030", "big5"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        likely.append((_everyday(text, name), text, name))
    if likely and max(likely)[0] >= 0.5:
        return max(likely)[1:]
    high = sum(byte > 0x7F for byte in raw)
    if high * 20 <= len(raw):
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            text = ""
        if text and not re.search(r"[\x80-\x9f]|[À-ÿ][\x80-¿]{1,2}", text):
            return text, "cp1252"
    line = raw.count(b"\n", 0, where) + 1
    raise FileRefused("encoding", f"line {line} holds bytes of another encoding", row=line)


def _strictly(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name).replace("\0", "")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise FileRefused("encoding", f"line {line} holds bytes that are not {name}", row=line) from None


def _bare_utf16(raw: bytes) -> str | None:
    """UTF-16 without a mark: half of the bytes of mostly Latin text are zero."""
    head = raw[:4096]
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 5 and even * 8 < odd:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 5 and odd * 8 < even else None


def _everyday(text: str, name: str) -> float:
    """The share of everyday hanzi among all: wrong decodings are full of rare ones and private use."""
    hanzi = re.findall(r"[\u2e80-\u9fff\uac00-\ud7ff\ue000-\uf8ff]|[\U00010000-\U0010ffff]", text[:200_000])
    if not hanzi:
        return 0.0
    everyday = 0
    for letter in hanzi:
        body = letter.encode("gb2312" if name == "gb18030" else "big5", "ignore")
        # GB 2312 level 1 (rows 16-55) and the common half of Big5 hold the few thousand hanzi in daily use.
        everyday += len(body) == 2 and (0xB0 <= body[0] <= 0xD7 if name == "gb18030" else 0xA4 <= body[0] <= 0xC6)
    return everyday / len(hanzi)


def cells_of(text: str) -> tuple[Lines, str]:
    """The rows and the delimiter. Raises FileRefused: an open quote, an endless cell, too much of either."""
    csv.field_size_limit(FIELD_MOST)
    delimiter = _delimiter(text)
    rows: Lines = []
    reader = csv.reader(io.StringIO(f"{text}\n{END}\n", newline=""), delimiter=delimiter, skipinitialspace=True)
    line, row = 1, [""]
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
            if len(rows) > ROWS + HEAD_ROWS:
                raise FileRefused("too_many_rows", f"more than {ROWS + HEAD_ROWS} lines", most=ROWS)
            if len(row) > RAW_COLUMNS:
                raise FileRefused("too_many_columns", f"{len(row)} columns", row=line, most=RAW_COLUMNS)
    except csv.Error:
        raise FileRefused("cell_too_long", f"a cell that begins near line {line}", row=line, most=CELL) from None
    if row != [END]:
        raise FileRefused("unclosed_quote", f"a quote opened near line {rows[-1][0]}", row=rows[-1][0])
    return rows[:-1], delimiter


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into as many cells as the very first."""
    found = _best_of(DELIMITERS, text[:64_000])
    return (found if found is not None else _best_of(FULL_WIDTH, text[:64_000])) or ","


def _best_of(signs: Sequence[str], head: str) -> str | None:
    best, best_score = None, 0.0
    for sign in signs:
        if sign not in head:
            continue
        widths: Counter[int] = Counter()
        first = 0
        try:
            for row, _ in zip(
                csv.reader(io.StringIO(head, newline=""), delimiter=sign, skipinitialspace=True),
                range(SAMPLE_ROWS),
                strict=False,
            ):
                if any(cell.strip() for cell in row):
                    first = first or len(row)
                    widths[len(row)] += 1
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        score = (times / widths.total()) * min(width - 1, 12) * (1 if width == first else 0.3)
        if score > best_score:
            best, best_score = sign, score
    return best
