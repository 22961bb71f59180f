"""Rows kept while an evaluation runs, so that one that was stopped goes on where it was."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from app.errors import BadInput


class Rows:
    """One JSON object a line; the first line says what was measured. Use as a context manager."""

    def __init__(self, path: Path | None, about: Mapping[str, Any]) -> None:
        """Read what `path` holds already, when that was about the same; without a path keep rows in memory only."""
        self._path, self._about = path, dict(about)
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}
        self._file: TextIO | None = None

    def __enter__(self) -> "Rows":
        """Open the file. Raises BadInput when it holds another evaluation's rows."""
        if self._path is None:
            return self
        sound = 0  # bytes of whole lines: a row that was being written when the power went is made anew
        if self._path.is_file():
            with self._path.open("rb") as file:
                for number, line in enumerate(file):
                    row = _row(line)
                    if row is None:
                        break
                    if number == 0 and row != self._about:
                        wanted = f"rows of the same records, engine and parts (or no such file): {self._about}"
                        raise BadInput(self._path.name, wanted, row)
                    if number:
                        self._rows[row["part"], row["id"]] = row
                    sound += len(line)
            with self._path.open("r+b") as file:
                file.truncate(sound)
        self._file = self._path.open("a", encoding="utf-8")
        if not sound:
            self._write(self._about)
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def of(self, part: str, id_: str) -> dict[str, Any] | None:
        """The row of one record, None when it has not been made."""
        return self._rows.get((part, id_))

    def add(self, part: str, id_: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a row, on disk at once."""
        kept = {"part": part, "id": id_, **row}
        self._rows[part, id_] = kept
        self._write(kept)
        return kept

    def _write(self, row: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self._file.flush()


def _row(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
