"""JSON Schema between our subset and the one of OpenAI's structured outputs: `nullable`, `required`, `span`."""

from collections.abc import Mapping
from typing import Any


def to_openai(schema: Mapping[str, object]) -> dict[str, Any]:
    """Our schema as structured outputs want it. Spans become plain strings: whoever asked checks what came."""
    kept = {name: value for name, value in schema.items() if name not in ("span", "nullable", "properties", "items")}
    properties, inner = schema.get("properties"), schema.get("items")
    if isinstance(properties, Mapping):
        kept["properties"] = {name: to_openai(value) for name, value in properties.items()}
        kept["required"] = list(properties)
        kept["additionalProperties"] = False
    if isinstance(inner, Mapping):
        kept["items"] = to_openai(inner)
    if schema.get("nullable"):
        kept["type"] = [schema.get("type"), "null"]
    return kept


def from_openai(schema: object) -> Any:
    """A client's schema in our subset, as far as it goes; `model.schema.check` judges what comes out."""
    if not isinstance(schema, Mapping):
        return schema
    kept = {name: value for name, value in schema.items() if name not in ("required", "additionalProperties", "title")}
    kind = kept.get("type")
    if isinstance(kind, list) and len(kind) == 2 and "null" in kind:
        kept["type"] = next((one for one in kind if one != "null"), "null")
        kept["nullable"] = True
    if isinstance(properties := kept.get("properties"), Mapping):
        kept["properties"] = {name: from_openai(value) for name, value in properties.items()}
    if "items" in kept:
        kept["items"] = from_openai(kept["items"])
    return kept
