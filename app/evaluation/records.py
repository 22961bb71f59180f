"""Authored records: a product's listing with the facts, script and answers a person wrote for it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import BadInput
from scripts_gen.facts import ProductFacts, facts_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A viewer's comment with what was said before, and what a person would answer from the facts."""

    comment: str
    history: tuple[tuple[str, str], ...]
    intent: str
    answerable: bool
    answer: str
    facts_used: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One authored record. `gold` is its facts object as written."""

    id: str
    lang: str
    category: str
    persona: str
    listing: str
    gold: Mapping[str, Any]
    facts: ProductFacts
    asked: tuple[Asked, ...]


def read_records(path: Path) -> list[Record]:
    """The records of a file. Raises BadInput naming the line."""
    if not path.is_file():
        raise BadInput("records", "a file with one JSON record a line", str(path))
    records: list[Record] = []
    seen: set[str] = set()
    with path.open(encoding="utf-8") as lines:
        for number, row in _objects(lines):
            record = _record(row, number)
            if record.id in seen:
                raise BadInput(f"records, line {number}", "an id that no earlier line has", record.id)
            seen.add(record.id)
            records.append(record)
    if not records:
        raise BadInput("records", "at least one record", f"{path.name}, which holds none")
    return records


def digest(records: Sequence[Record]) -> str:
    """A fingerprint of the records' content."""
    return hashlib.sha256(repr(records).encode()).hexdigest()


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise BadInput(f"records, line {number}", "a JSON object", line.strip()[:80]) from None
        if not isinstance(row, dict):
            raise BadInput(f"records, line {number}", "a JSON object", row)
        yield number, row


def _record(row: Mapping[str, Any], number: int) -> Record:
    where = f"records, line {number}"
    for name, kind in (("id", str), ("lang", str), ("listing", str), ("facts", dict), ("qa", list)):
        if not isinstance(row.get(name), kind):
            raise BadInput(f"{where}, {name}", f"a {kind.__name__}", row.get(name))
    if row["lang"] not in ("zh", "en"):
        raise BadInput(f"{where}, lang", "zh or en", row["lang"])
    try:
        facts = facts_from_json(row["facts"])
    except ValueError as wrong:
        raise BadInput(where, "facts of the schema", str(wrong)) from None
    return Record(
        id=row["id"],
        lang=row["lang"],
        category=str(row.get("category") or row["facts"].get("category") or ""),
        persona=str(row.get("persona") or ""),
        listing=row["listing"],
        gold=row["facts"],
        facts=facts,
        asked=tuple(_asked(item, f"{where}, qa[{place}]") for place, item in enumerate(row["qa"])),
    )


def _asked(item: object, where: str) -> Asked:
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in ("comment", "intent", "answer")):
        raise BadInput(where, "comment, intent and answer", item)
    history = item.get("history") or []
    if not all(isinstance(turn, dict) and {"role", "text"} <= set(turn) for turn in history):
        raise BadInput(f"{where}, history", "turns with role and text", history)
    return Asked(
        comment=item["comment"],
        history=tuple((str(turn["role"]), str(turn["text"])) for turn in history),
        intent=item["intent"],
        answerable=bool(item.get("answerable")),
        answer=item["answer"],
        facts_used=tuple(str(key) for key in item.get("facts_used") or ()),
    )
