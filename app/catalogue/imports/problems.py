"""What is wrong with a file or a row: a code with its facts; people read it in their language, programs in English."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import BadInput

WANTED: Mapping[str, str] = {
    # a whole file
    "empty": "a file with rows",
    "too_large": "at most {most} MB",
    "unknown_kind": "CSV, XLSX, XLS, ODS, JSON or JSONL",
    "wrong_kind": "what the name says, {name}",
    "archive_entries": "at most {most} files inside",
    "archive_unpacked": "at most {most} MB unpacked",
    "archive_ratio": "packed at most {most} times",
    "archive_broken": "a whole workbook",
    "archive_locked": "a workbook without a password",
    "archive_overlap": "parts that do not overlap",
    "macros": "a workbook without macros",
    "entities": "a workbook without DTD or entities",
    "encoding": "UTF-8, GB18030, Big5 or UTF-16 text",
    "unclosed_quote": "a closing quote",
    "cell_too_long": "cells of at most {most} characters",
    "too_many_rows": "at most {most} rows",
    "too_many_columns": "at most {most} columns",
    "no_rows": "rows below the header",
    "json": "a list of objects",
    "reading_failed": "a workbook that can be read",
    "reading_cost": "a file that is read within {seconds} s and {most} MB",
    "no_sheet": "one sheet beside the pictures",
    "two_sheets": "one sheet at a time",
    "too_many_pictures": "at most {most} pictures at a time",
    "form": "a form with a file",
    "slow": "a file within {seconds} s",
    "no_title": "a column with the products' names",
    # a header
    "header_missing": "a row that names the columns",
    "header_empty": "a name above the column",
    "header_twice": "each name once",
    "header_merged": "one cell above each column",
    # a row
    "title": "a name of 1 to 200 characters",
    "sku": "an article number of 1 to 64 characters",
    "amount": "one amount above 0 such as 59.90",
    "amount_fine": "at most {digits} digits after the point in {currency}",
    "amount_large": "a smaller amount",
    "amount_range": "one amount, not a range",
    "currency": "a known ISO 4217 code",
    "stock": "a whole number of pieces, 0 to 1000000000",
    "list_price": "more than the price {price}",
    "list_price_basis": "the basis of the struck-through price",
    "duplicate": "each product once; first in row {first}",
    "too_long": "at most {most} characters",
    "orphan": "a parent in this file",
    "currency_kept": "the currency of the shelf, {kept}",
    # kept as the studio has it
    "price_kept": "the price set in the studio, {kept}",
    "confirmed": "the confirmed fact, {kept}",
    # pictures
    "picture": "a PNG, JPEG or WebP picture",
    "picture_unused": "a name or article number of a row",
    "picture_away": "a picture at a public address",
}
"""What each code wants, in English; words_upload.json says the same on the pages."""

KEPT = frozenset({"price_kept", "confirmed"})
"""Codes that report a choice in favour of the studio, not a mistake of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something the merchant should know of a row (numbered as in the file; 0 is the file itself)."""

    row: int
    field: str
    code: str
    found: str
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def wanted(self) -> str:
        """What was wanted, in English."""
        return WANTED[self.code].format_map(self.facts)

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it and the database keeps it."""
        return {
            "row": self.row,
            "field": self.field,
            "wanted": self.wanted,
            "found": self.found,
            "code": self.code,
            "facts": dict(self.facts),
        }


def problem_from_json(body: Mapping[str, Any]) -> Problem:
    """The problem that `to_json` wrote."""
    return Problem(
        row=int(body["row"]), field=body["field"], code=body["code"], found=body["found"], facts=body["facts"]
    )


class FileRefused(BadInput):
    """The whole file cannot be taken. Nothing of it is kept."""

    def __init__(self, code: str, found: object, *, row: int = 0, field: str = "file", **facts: Any) -> None:
        self.code, self.facts, self.row = code, facts, row
        super().__init__(field, WANTED[code].format_map(facts), shown(found))

    def problem(self) -> Problem:
        """The same as a value."""
        return Problem(row=self.row, field=self.field, code=self.code, found=str(self.found), facts=self.facts)


def shown(found: object, most: int = 120) -> str:
    """What was found, short and printable."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(found))
    return text if len(text) <= most else f"{text[: most - 1]}…"
