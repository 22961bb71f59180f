"""The subset of JSON Schema that constrained writing follows, and its check."""

import json
from collections.abc import Mapping, Sequence

MAX_ITEMS = 16  # where the schema names no bound
MAX_CHARACTERS = 400
MAX_DEPTH = 16
_LARGEST = 4096  # of any bound


class BadShape(ValueError):
    """The schema is outside the subset, or the source offers nothing that a required value could copy."""


def check(schema: object, where: str = "$", depth: int = 0) -> None:
    """Raise BadShape, naming the place, when `schema` is outside the subset."""
    if not isinstance(schema, Mapping):
        raise BadShape(f"{where}: expected a schema object, found {schema!r}")
    if depth > MAX_DEPTH:
        raise BadShape(f"{where}: expected at most {MAX_DEPTH} levels")
    match schema.get("type"):
        case "object":
            properties = schema.get("properties")
            if not isinstance(properties, Mapping):
                raise BadShape(f"{where}: expected properties, found {properties!r}")
            for name, inner in properties.items():
                check(inner, f"{where}.{name}", depth + 1)
        case "array":
            low, high = bound(schema, "minItems", 0, where), bound(schema, "maxItems", MAX_ITEMS, where)
            if low > high:
                raise BadShape(f"{where}: expected minItems ≤ maxItems, found {low} > {high}")
            check(schema.get("items"), f"{where}[]", depth + 1)
        case "string":
            low, high = bound(schema, "minLength", 0, where), bound(schema, "maxLength", MAX_CHARACTERS, where)
            if low > high or (schema.get("span") and high < 1):
                raise BadShape(f"{where}: expected room for a value, found minLength {low}, maxLength {high}")
            enum = schema.get("enum")
            listed = isinstance(enum, Sequence) and not isinstance(enum, str)
            if enum is not None and not (listed and enum and all(isinstance(option, str) for option in enum)):
                raise BadShape(f"{where}: expected enum to be a list of strings, found {enum!r}")
        case "integer" | "number" | "boolean" | "null":
            pass
        case other:
            raise BadShape(f"{where}: expected a known type, found {other!r}")


def bound(schema: Mapping[str, object], name: str, default: int, where: str = "") -> int:
    """A length or count of a schema."""
    value = schema.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise BadShape(f"{where}: expected {name} to be a whole number within 0..{_LARGEST}, found {value!r}")
    return value


def fields(schema: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
    """Properties of a checked object, in order."""
    properties = schema["properties"]
    if not isinstance(properties, Mapping):
        raise BadShape(f"expected properties, found {properties!r}")
    return [(str(name), inner) for name, inner in properties.items()]


def items(schema: Mapping[str, object]) -> Mapping[str, object]:
    """The schema of a checked array's items."""
    inner = schema["items"]
    if not isinstance(inner, Mapping):
        raise BadShape(f"expected items to be a schema, found {inner!r}")
    return inner


def options(schema: Mapping[str, object]) -> list[str]:
    """The strings of a checked enum, as JSON writes them between quotes."""
    listed = schema["enum"]
    if not isinstance(listed, Sequence):
        raise BadShape(f"expected enum to be a list of strings, found {listed!r}")
    return [json.dumps(option, ensure_ascii=False)[1:-1] for option in listed]
