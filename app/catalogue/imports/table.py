"""Rows of cells → a table: where the header stands, what the columns are called, what is wrong with them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.catalogue.imports.fields import NAMES, folded
from app.catalogue.imports.limits import COLUMNS, ROWS
from app.catalogue.imports.problems import FileRefused, Problem, shown
from app.catalogue.imports.profiles import profile_of
from app.catalogue.imports.text import Cells, Lines

HEADER_WITHIN = 5  # rows
NAME_MOST = 80  # characters of a column's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet as columns and rows; each row with its number in the file. `has_header` is false when names are ours."""

    kind: str
    encoding: str
    header: tuple[str, ...]
    has_header: bool
    rows: Lines
    problems: tuple[Problem, ...]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the sandbox hands it over and the database keeps it."""
        return {
            "kind": self.kind,
            "encoding": self.encoding,
            "header": list(self.header),
            "has_header": self.has_header,
            "rows": self.rows,
            "problems": [problem.to_json() for problem in self.problems],
            "note": self.note,
        }


def table_of(
    rows: Lines,
    *,
    kind: str,
    encoding: str = "",
    merged: Sequence[tuple[int, int, int]] = (),
    note: str = "",
    header: Sequence[str] | None = None,
) -> Table:
    """The table in these rows. `header` is given for formats that carry names. Raises FileRefused."""
    if not rows:
        raise FileRefused("empty", "no rows")
    place = _header_row(rows) if header is None else None
    problems: list[Problem] = []
    width = max(len(row) for _, row in rows)
    if header is not None:
        names, body = list(header), rows
    elif place is None:
        names, body = [""] * width, rows
        problems.append(_header_problem(rows[0], "header_missing", shown(" | ".join(rows[0][1]), 60)))
    else:
        names, body = list(rows[place][1]), _body(rows, place)
    width = max([len(names), *(len(row) for _, row in body)])
    names += [""] * (width - len(names))
    names = [shown(re.sub(r"\s+", " ", name).strip(), NAME_MOST) for name in names]
    filled = [any(len(row) > place_ and row[place_].strip() for _, row in body) for place_ in range(width)]
    at = rows[place][0] if place is not None else 0
    if header is None and place is not None:
        problems += _name_problems(names, filled, at, merged)
    unique = _unique(names)
    keep = [column for column in range(width) if filled[column]]
    if not keep or not body:
        raise FileRefused("no_rows", "a header alone", row=at)
    if len(body) > ROWS:
        raise FileRefused("too_many_rows", f"{len(body)} rows", most=ROWS)
    if len(keep) > COLUMNS and (profile := profile_of(names)):
        # A whole export of a known shop system: what it holds beyond its known columns is for that system alone.
        keep = [column for column in keep if folded(names[column]) in profile.columns]
    if len(keep) > COLUMNS:
        raise FileRefused("too_many_columns", f"{len(keep)} columns", row=at, most=COLUMNS)
    return Table(
        kind=kind,
        encoding=encoding,
        header=tuple(unique[column] for column in keep),
        has_header=header is not None or place is not None,
        rows=[(number, [row[column].strip() if column < len(row) else "" for column in keep]) for number, row in body],
        problems=tuple(problems),
        note=note,
    )


def _header_row(rows: Lines) -> int | None:
    """The best of the first rows: most known names, few cells that look like values."""
    best, best_score = None, 0.0
    for place, (_, row) in enumerate(rows[:HEADER_WITHIN]):
        cells = [cell.strip() for cell in row if cell.strip()]
        known = {NAMES[folded(cell)][0] for cell in cells if len(cell) <= NAME_MOST and folded(cell) in NAMES}
        if not cells or any(re.fullmatch(r"[¥￥$€£]?\d[\d,.]*", cell) for cell in cells):
            continue
        score = len(known) + 0.5 * len(known) / len(cells) + (2 if profile_of(cells) else 0)
        # One known name is enough for a narrow sheet only; a lone title line above the header has none or one.
        if known and (len(known) >= 2 or len(cells) <= 3 or len(known) / len(cells) >= 0.34) and score > best_score:
            best, best_score = place, score
    if best is not None:
        return best
    return 0 if _looks_like_names(rows) else None


def _looks_like_names(rows: Lines) -> bool:
    """A first row of short distinct words above rows with numbers: a header in words we do not know."""
    first = [cell.strip() for cell in rows[0][1]]
    if len(rows) < 2 or not all(first) or len(set(first)) < len(first) or any(len(cell) > 24 for cell in first):
        return False
    if any(re.search(r"\d", cell) for cell in first):
        return False
    return any(re.search(r"\d", cell) for _, row in rows[1:6] for cell in row)


def _body(rows: Lines, place: int) -> Lines:
    """The rows below the header; a second row of names (field ids above labels or below) is no product."""
    body = rows[place + 1 :]
    while body and _is_names(body[0][1]):
        body = body[1:]
    return body


def _is_names(row: Cells) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    known = sum(folded(cell) in NAMES for cell in cells)
    return len(cells) >= 3 and known >= 0.6 * len(cells)


def _header_problem(line: tuple[int, Cells], code: str, found: str) -> Problem:
    return Problem(row=line[0], field="header", code=code, found=found)


def _name_problems(
    names: Sequence[str], filled: Sequence[bool], at: int, merged: Sequence[tuple[int, int, int]]
) -> list[Problem]:
    across = {column: first for row, first, last in merged if row == at for column in range(first + 1, last + 1)}
    problems = []
    for column, name in enumerate(names):
        if name or not filled[column]:
            continue
        code = "header_merged" if column in across else "header_empty"
        found = names[across[column]] if column in across else letters(column)
        problems.append(Problem(row=at, field=letters(column), code=code, found=found))
    times = Counter(name for name in names if name)
    problems += [
        Problem(row=at, field=name, code="header_twice", found=f"{name} × {count}")
        for name, count in times.items()
        if count > 1
    ]
    return problems


def _unique(names: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    unique = []
    for column, name in enumerate(names):
        name = name or f"column {letters(column)}"
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def letters(column: int) -> str:
    """A column as spreadsheets call it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
