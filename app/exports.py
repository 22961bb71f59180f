"""Tables to take away: CSV that a spreadsheet opens rightly and that runs nothing in it (OWASP: CSV injection)."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from starlette.responses import StreamingResponse

DANGEROUS = frozenset("=+-@|%\t\r\n")  # a cell that begins so may be taken for a formula
BOM = "\ufeff"  # without it spreadsheets read UTF-8 Chinese as something else
FORBIDDEN_IN_NAMES = frozenset('\\/:*?"<>|')
NAME_LONGEST = 80
ROWS_AT_ONCE = 500


def csv_response(rows: Iterable[Sequence[object]], name: str) -> StreamingResponse:
    """The rows (the first is the header) as a download called `name`.csv; None is an empty cell."""
    plain = file_name(name, "csv")
    ascii_name = plain.encode("ascii", "ignore").decode().strip(" ._-")
    ascii_name = ascii_name if ascii_name not in {"", "csv"} else "export.csv"
    return StreamingResponse(
        csv_text(rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(plain)}",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )


def csv_text(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file in pieces: BOM, CRLF, every dangerous cell led by an apostrophe."""
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, 1):
        writer.writerow([safe_cell(value) for value in row])
        if number % ROWS_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def safe_cell(value: object) -> object:
    """The value as a cell. Numbers stay numbers; text that could be a formula (also full-width) gets an apostrophe."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    first = unicodedata.normalize("NFKC", text.lstrip(" \u3000\u00a0")[:1])
    return f"'{text}" if first[:1] in DANGEROUS and first else text


def file_name(name: str, ending: str) -> str:
    """A name that no file system or header misreads: no path, no control or bidi marks, at most 80 characters."""
    kept = "".join(
        "_" if letter in FORBIDDEN_IN_NAMES else letter
        for letter in unicodedata.normalize("NFC", name)
        if unicodedata.category(letter)[0] != "C"
    )
    return f"{kept.strip(' .')[:NAME_LONGEST] or 'export'}.{ending}"
