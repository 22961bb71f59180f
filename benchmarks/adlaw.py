"""The advertising-law judge against a labelled file: precision, recall, confusion, time a sentence.

`python -m benchmarks.adlaw FILE.jsonl` prints totals alone, so that a held-out file stays unread; `--misses` shows
rows, too.
Rows: `{"id", "text", "category", "verdict", "why"}`.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts_gen.adlaw import judge

VERDICTS = ("ban", "evidence", "fine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence and what a person says of it."""

    id: str
    text: str
    category: str | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of (wanted, found), and of the rewrites of banned rows."""

    pairs: Counter[tuple[str, str]]
    banned: int
    rewritten: int
    rewritten_fine: int
    microseconds: float

    def recall(self, verdict: str) -> float:
        """Of the rows a person gives this verdict, the share that the judge gives it too."""
        wanted = sum(count for (want, _), count in self.pairs.items() if want == verdict)
        return self.pairs[verdict, verdict] / wanted if wanted else 1.0

    def precision(self, verdict: str) -> float:
        """Of the rows the judge gives this verdict, the share where a person agrees."""
        found = sum(count for (_, had), count in self.pairs.items() if had == verdict)
        return self.pairs[verdict, verdict] / found if found else 1.0

    def to_json(self) -> dict[str, Any]:
        """The table for people and files; shares to three places."""
        rows = sum(self.pairs.values())
        return {
            "rows": rows,
            "right": round(sum(self.pairs[verdict, verdict] for verdict in VERDICTS) / max(1, rows), 3),
            "verdicts": {
                verdict: {"precision": round(self.precision(verdict), 3), "recall": round(self.recall(verdict), 3)}
                for verdict in VERDICTS
            },
            "confusion": {f"{want} judged {had}": self.pairs[want, had] for want in VERDICTS for had in VERDICTS},
            "rewrites": {"banned": self.banned, "written": self.rewritten, "judged_fine": self.rewritten_fine},
            "microseconds_a_sentence": round(self.microseconds, 1),
        }


def read_rows(file: Path) -> list[Row]:
    """The labelled rows of a file; raises ValueError with the line that is none."""
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        row = json.loads(line)
        if not isinstance(row, dict) or row.get("verdict") not in VERDICTS or not row.get("text"):
            raise ValueError(f"{file}:{number}: wanted id, text, category and verdict, found {line[:60]!r}")
        rows.append(Row(id=str(row.get("id")), text=row["text"], category=row.get("category"), verdict=row["verdict"]))
    return rows


def score(rows: Sequence[Row]) -> Score:
    """Judge every row, and every rewrite of a banned one."""
    started = time.perf_counter()
    found = [judge(row.text, row.category) for row in rows]
    spent = time.perf_counter() - started
    rewrites = [(row, each.rewrite) for row, each in zip(rows, found, strict=True) if each.verdict == "ban"]
    return Score(
        pairs=Counter((row.verdict, each.verdict) for row, each in zip(rows, found, strict=True)),
        banned=len(rewrites),
        rewritten=sum(bool(rewrite) for _, rewrite in rewrites),
        rewritten_fine=sum(
            bool(rewrite) and judge(rewrite, row.category).verdict == "fine" for row, rewrite in rewrites
        ),
        microseconds=spent / max(1, len(rows)) * 1e6,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; with `--misses` every row that was judged otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adlaw", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args(arguments)
    rows = read_rows(asked.file)
    print(json.dumps(score(rows).to_json(), ensure_ascii=False, indent=1))
    for row in rows if asked.misses else ():
        if (found := judge(row.text, row.category)).verdict != row.verdict:
            print(f"{row.id} [{row.category}] {row.text} — wanted {row.verdict}, found {found.verdict} {found.why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
