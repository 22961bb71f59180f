"""The process that reads one file: limits first, then the file from standard input, its table as JSON out.

Run as `python -m app.catalogue.imports.parse NAME`. Whatever a hostile file does to it, it does to nobody else.
"""

import json
import resource
import sys
from typing import Any

from app.catalogue.imports.archive import check_archive
from app.catalogue.imports.books import rows_of
from app.catalogue.imports.limits import CPU_SECONDS, FILE_BYTES, MEMORY_BYTES
from app.catalogue.imports.objects import objects_of
from app.catalogue.imports.problems import FileRefused
from app.catalogue.imports.sniff import BOOKS, kind_of
from app.catalogue.imports.table import Table, table_of
from app.catalogue.imports.text import cells_of, decoded


def main(name: str) -> int:
    """Read, answer, end."""
    limit()
    try:
        answer: dict[str, Any] = {"table": table_in(sys.stdin.buffer.read(FILE_BYTES + 1), name).to_json()}
    except FileRefused as refused:
        answer = {"refused": refused.problem().to_json()}
    except MemoryError:
        return 9
    json.dump(answer, sys.stdout, ensure_ascii=False)
    return 0


def table_in(raw: bytes, name: str) -> Table:
    """The table of a file. Raises FileRefused."""
    kind = kind_of(raw, name)
    if kind in ("json", "jsonl"):
        header, rows = objects_of(raw, lines=kind == "jsonl")
        return table_of(rows, kind=kind, encoding="utf-8", header=header)
    if kind in BOOKS:
        if kind != "xls":
            check_archive(raw)
        rows, merged, sheet, others = rows_of(raw)
        return table_of(rows, kind=kind, merged=merged, note=f"{sheet}" + (f" (+{len(others)})" if others else ""))
    text, encoding = decoded(raw)
    rows, _ = cells_of(text)
    return table_of(rows, kind=kind, encoding=encoding)


def limit() -> None:
    """At most 1 GB and 30 s of CPU for this process, no file written and no process started from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
