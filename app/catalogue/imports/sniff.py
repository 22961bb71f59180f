"""What a file is, by its first bytes; its name only has to agree."""

import json
from pathlib import PurePosixPath
from typing import Literal

from app.catalogue.imports.limits import FILE_BYTES
from app.catalogue.imports.problems import FileRefused

Kind = Literal["csv", "xlsx", "xls", "ods", "json", "jsonl"]

BOOKS: frozenset[Kind] = frozenset({"xlsx", "xls", "ods"})
TEXTS = frozenset({"csv", "txt", "tsv", "json", "jsonl", "ndjson"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"BM", b"II*\0", b"MM\0*")


def kind_of(raw: bytes, name: str) -> Kind:
    """The kind of the file. Raises FileRefused for an empty, too large, unknown or misnamed one.

    A table that only pretends to be a workbook by its name (CSV called .xls, as many exporters do) is taken for what it
    is; a page or a picture under any name is refused.
    """
    if len(raw) > FILE_BYTES:
        raise FileRefused("too_large", f"{len(raw) / 1024 / 1024:.1f} MB", most=FILE_BYTES // 1024 // 1024)
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileRefused("empty", f"{len(raw)} bytes")
    ending = PurePosixPath(name.casefold()).suffix.lstrip(".")
    if raw.startswith(b"PK\x03\x04"):
        return _packed(raw)
    if raw.startswith(OLE):
        if ending in TEXTS or ending == "xlsx":
            # Also what Excel makes of an .xlsx with a password.
            raise FileRefused("wrong_kind", "an old or locked workbook", name=shown_ending(ending))
        return "xls"
    if raw.startswith(PICTURES) or (raw.startswith(b"RIFF") and raw[8:12] == b"WEBP"):
        raise FileRefused("unknown_kind", "a picture or a PDF")
    head = raw[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<script", b"<svg")):
        raise FileRefused("wrong_kind" if ending else "unknown_kind", "a web page", name=shown_ending(ending))
    if head.startswith((b"{", b"[")) and (found := _objects(raw, head)):
        return found
    return "csv"


def shown_ending(ending: str) -> str:
    """The ending as people write it."""
    return f".{ending[:8]}" if ending else "CSV, XLSX, …"


def _packed(raw: bytes) -> Kind:
    # The names stand in plain text in the archive's directory; archive.py looks at it properly.
    if b"opendocument.spreadsheet" in raw[:4096] or b"content.xml" in raw[-65_536:]:
        return "ods"
    if b"xl/workbook" in raw:
        return "xlsx"
    raise FileRefused("unknown_kind", "an archive that is no workbook")


def _objects(raw: bytes, head: bytes) -> Kind | None:
    first = head.split(b"\n", 1)[0].strip()
    if head.startswith(b"{") and b"\n" in raw.strip():
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            return "json"
        return "jsonl"
    # A CSV may begin with a bracket too: ['a', …],1.00
    return "json" if head.startswith(b"{") or raw.rstrip()[-1:] == b"]" else None
