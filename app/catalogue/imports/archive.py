"""A workbook's archive, looked at before anything is unpacked (OWASP ASVS 5.0, 5.2.3).

Nothing is ever written to disk, so names inside mean nothing; archives within the archive stay packed.
"""

import io
import zipfile
import zlib

from app.catalogue.imports.limits import ENTRIES, UNPACKED_BYTES, UNPACKED_RATIO
from app.catalogue.imports.problems import FileRefused

LOCKED = 0x1
MEGABYTE = 1024 * 1024
HEADER = 30  # bytes of a local header before its name


def check_archive(raw: bytes) -> None:
    """Raises FileRefused for an archive that is broken, locked, overlapping, too large, or holds code or a DTD."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            _check_sizes(raw, entries)
            for entry in entries:
                name = entry.filename.casefold()
                if name.endswith(("vbaproject.bin", ".bin.exe")) or "/macrosheets/" in name:
                    raise FileRefused("macros", entry.filename)
                if name.endswith((".xml", ".rels")):
                    _check_xml(archive.read(entry), entry.filename)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as problem:
        raise FileRefused("archive_broken", problem) from problem


def _check_sizes(raw: bytes, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES:
        raise FileRefused("archive_entries", len(entries), most=ENTRIES)
    if any(entry.flag_bits & LOCKED for entry in entries):
        raise FileRefused("archive_locked", "a password")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES:
        raise FileRefused("archive_unpacked", f"{unpacked // MEGABYTE} MB", most=UNPACKED_BYTES // MEGABYTE)
    if unpacked > UNPACKED_RATIO * len(raw):
        raise FileRefused("archive_ratio", f"{unpacked // len(raw)} times", most=UNPACKED_RATIO)
    # Each entry has bytes of its own: a bomb that lists one body many times (Fifield) is no workbook.
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise FileRefused("archive_overlap", entry.filename)
        end = entry.header_offset + HEADER + entry.compress_size
    if end > len(raw):
        raise FileRefused("archive_overlap", "parts beyond the file's end")


def _check_xml(text: bytes, name: str) -> None:
    head = text[:4096].replace(b"\0", b"").lower()  # also where it is UTF-16
    if b"<!doctype" in head or b"<!entity" in text.replace(b"\0", b"").lower()[:65_536]:
        raise FileRefused("entities", name)
