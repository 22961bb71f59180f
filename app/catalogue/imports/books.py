"""Workbooks (XLSX, XLS, ODS) → rows of text: the stored values; formulas, macros and links are never followed."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from app.catalogue.imports.limits import RAW_COLUMNS, ROWS
from app.catalogue.imports.problems import FileRefused
from app.catalogue.imports.text import HEAD_ROWS, Lines

SHEETS = 50
Merged = list[tuple[int, int, int]]
"""Cells merged sideways: (row from 1, first column, last column), columns from 0."""


def rows_of(raw: bytes) -> tuple[Lines, Merged, str, list[str]]:
    """Rows, merged header cells, the sheet's name and the names of other sheets that hold something.

    The first sheet with at least two rows is taken, else the first that holds anything. Raises FileRefused.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            names = book.sheet_names
            if len(names) > SHEETS:
                raise FileRefused("archive_entries", f"{len(names)} sheets", most=SHEETS)
            chosen, others = None, []
            for name in names:
                sheet = book.get_sheet_by_name(name)
                if sheet.width > RAW_COLUMNS:
                    raise FileRefused("too_many_columns", f"{sheet.width} columns", most=RAW_COLUMNS)
                if chosen is None or (chosen.height < 2 <= sheet.height):
                    chosen = sheet
                elif sheet.height:
                    others.append(name)
            if chosen is None or not chosen.height:
                raise FileRefused("empty", "no cells")
            if chosen.height > 50 * ROWS:
                raise FileRefused("too_many_rows", f"{chosen.height} rows", most=ROWS)
            rows = _rows(chosen)
            merged = [
                (first[0] + 1, first[1], last[1])
                for first, last in chosen.merged_cell_ranges or ()
                if last[1] > first[1] and first[0] <= HEAD_ROWS
            ]
            return rows, merged, chosen.name, others
    except PasswordError:
        raise FileRefused("archive_locked", "a password") from None
    except (CalamineError, ZipError, ValueError) as problem:
        if isinstance(problem, FileRefused):
            raise
        raise FileRefused("reading_failed", problem) from None


def _rows(sheet: Any) -> Lines:
    rows: Lines = []
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
        cells = [as_text(value) for value in row]
        if any(cells):
            rows.append((number, cells))
            if len(rows) > ROWS + HEAD_ROWS:
                raise FileRefused("too_many_rows", f"more than {ROWS + HEAD_ROWS} rows", most=ROWS)
    return rows


def as_text(value: object) -> str:
    """A cell as its reader sees it: whole numbers without a point, dates in ISO form."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.isoformat(" ").removesuffix(" 00:00:00")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case None:
            return ""
        case _:
            return str(value).replace("\0", "").strip()
