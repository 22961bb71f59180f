"""JSON and JSON lines → rows: one object a product, perhaps with its variants inside (as shop APIs give)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.catalogue.imports.limits import CELL, RAW_COLUMNS, ROWS
from app.catalogue.imports.problems import FileRefused, shown
from app.catalogue.imports.text import Lines, decoded

GROUP = "#"
"""The column that ties the variants of one object together."""

LISTS = ("products", "items", "goods", "data", "list", "rows", "records", "result")
VARIANTS = ("variants", "skus", "variations")
DEEP = 4


def objects_of(raw: bytes, *, lines: bool) -> tuple[list[str], Lines]:
    """Column names in order of appearance, and rows. Raises FileRefused."""
    text, _ = decoded(raw)
    found = list(_lines(text) if lines else enumerate(_whole(text), 1))
    if not found:
        raise FileRefused("no_rows", "an empty list")
    if len(found) > ROWS:
        raise FileRefused("too_many_rows", f"{len(found)} objects", most=ROWS)
    grouped = any(_variants(body) for _, body in found)
    names: dict[str, int] = {GROUP: 0} if grouped else {}
    flat: list[tuple[int, dict[str, str]]] = []
    for number, body in found:
        for row in _rows(body):
            if grouped:
                row = {GROUP: str(number), **row}
            for name in row:
                names.setdefault(name, len(names))
            if len(names) > RAW_COLUMNS:
                raise FileRefused("too_many_columns", f"more than {RAW_COLUMNS} names", row=number, most=RAW_COLUMNS)
            flat.append((number, row))
            if len(flat) > ROWS:
                raise FileRefused("too_many_rows", f"more than {ROWS} variants", most=ROWS)
    header = list(names)
    return header, [(number, [row.get(name, "") for name in header]) for number, row in flat]


def _whole(text: str) -> list[dict[str, Any]]:
    body = _loaded(text, 1)
    if isinstance(body, dict):
        inner = next((body[name] for name in LISTS if isinstance(body.get(name), list)), None)
        body = [body] if inner is None else inner
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise FileRefused("json", shown(text[:60]))
    return body


def _lines(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        body = _loaded(line, number)
        if not isinstance(body, dict):
            raise FileRefused("json", shown(line[:60]), row=number)
        yield number, body


def _loaded(text: str, line: int) -> Any:
    try:
        # Numbers keep their digits: 12.50 stays "12.50".
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as problem:
        line += getattr(problem, "lineno", 1) - 1
        raise FileRefused("json", f"line {line}: {getattr(problem, 'msg', 'too deep')}", row=line) from None


def _variants(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    for name in VARIANTS:
        inner = body.get(name)
        if isinstance(inner, list) and inner and all(isinstance(item, dict) for item in inner):
            return inner
    return []


def _rows(body: Mapping[str, Any]) -> list[dict[str, str]]:
    inner = _variants(body)
    own = dict(_flat({name: value for name, value in body.items() if not (inner and value is inner)}))
    if not inner:
        return [own]
    # A variant's own names come second where both have one: `title` stays the product's.
    rows = [{(f"variant.{name}" if name in own else name): value for name, value in _flat(item)} for item in inner]
    return [{**own, **rows[0]}, *rows[1:]]


def _flat(body: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        key = f"{prefix}{name}"
        match value:
            case dict() if depth < DEEP:
                yield from _flat(value, f"{key}.", depth + 1)
            case list():
                texts = [_text(item) for item in value]
                yield key, "\n".join(text for text in texts if text)[:CELL]
            case _:
                yield key, _text(value)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case dict():
            named = {"name", "value"} <= value.keys()
            if named:
                return f"{value['name']}：{value['value']}"
            return str(next((value[name] for name in ("src", "url", "name", "title") if value.get(name)), ""))[:CELL]
        case list():
            return "\n".join(_text(item) for item in value)
        case _:
            return str(value)[: CELL * 2]
