"""An evaluation's table for people: one figure a line, nothing rounded away, a dash where nothing was measured."""

from collections.abc import Iterator, Mapping
from typing import Any

_SHARES = (
    "f1",
    "precision",
    "recall",
    "share",
    "valid",
    "coverage",
    "distinct_2",
    "right",
    "honest",
    "wrong",
    "obeyed",
)


def printed(table: Mapping[str, Any]) -> str:
    """The whole table as text."""
    return "\n".join(_lines(table, 0))


def _lines(table: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in table.items():
        label = "  " * depth + str(name).replace("_", " ")
        if isinstance(value, Mapping):
            flat = all(not isinstance(inner, Mapping | list) for inner in value.values())
            if flat and len(value) <= 8:
                told = "  ".join(f"{inner.replace('_', ' ')} {_figure(inner, value[inner])}" for inner in value)
                yield f"{label:<36} {told}"
            else:
                yield label
                yield from _lines(value, depth + 1)
        elif isinstance(value, list):
            yield f"{label:<36} {len(value)}"
            yield from (f"{'  ' * (depth + 1)}{item}" for item in value)
        else:
            yield f"{label:<36} {_figure(name, value)}"


def _figure(name: str, value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and value <= 1 and name.endswith(_SHARES):
        return f"{value:.1%}"
    return f"{value:g}" if isinstance(value, float) else str(value)
