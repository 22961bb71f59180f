"""JSON that cannot come out wrong: a schema becomes a walk that knows, at every point, which tokens may follow.

The walk is a generator. It yields `Text` (what must stand there: written without asking the model) or `Ask` (what the
model may choose among) and is sent the choice. Values of strings marked `"span": true` may only copy the source:
the tokens allowed are those whose bytes continue the source at some place that still matches, so a value that does
not stand in the source is impossible. Numbers marked so are numbers that stand in the source.

Subset of JSON Schema: object (properties: all present, in order, none other), array (items, minItems, maxItems),
string (minLength, maxLength, enum, span), integer and number (span; at most 12 digits), boolean, null; any of them
with "nullable": true. Everything is bounded, so every walk ends. Strings the model writes itself hold no quotes,
backslashes or control characters; spans may, escaped as in JSON.
"""

import codecs
import json
import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from model.lexicon import Ids, Lexicon, Source, begins_character

MAX_DIGITS = 12
MAX_ITEMS = 16  # where the schema names no bound
MAX_CHARACTERS = 400
MAX_DEPTH = 16
_NONE: Ids = np.empty(0, dtype=np.int64)


class BadShape(ValueError):
    """The schema is outside the subset, or the source offers nothing that a required value could copy."""


@dataclass(frozen=True, slots=True)
class Text:
    """Must stand here."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """May stand here: one of `tokens`, or a way out.

    Each exit is recognised by the tokens that would begin what follows it (the likelihood of "the value ends here"
    is that of all tokens beginning with a quote); taking an exit writes nothing by itself. The last exit is the
    shortest way home, taken when the room for an answer is used up.
    """

    tokens: Ids
    exits: tuple[Ids, ...] = ()


Walk: TypeAlias = Generator[Text | Ask, int, None]
"""Is sent, after each Ask, the chosen token id, or ~n for exit n; after a Text, anything."""


class Shape:
    """A schema, checked, with its source: `walk()` gives a fresh walk through one document."""

    def __init__(self, schema: Mapping[str, object], source: str | None, lexicon: Lexicon) -> None:
        """Raises BadShape when the schema cannot be followed."""
        self._schema = schema
        self._lexicon = lexicon
        self._source = Source(source or "", lexicon)
        self._check(schema, "$", 0)

    def walk(self) -> Walk:
        """A walk through one value of the schema."""
        return self._value(self._schema)

    def _check(self, schema: object, where: str, depth: int) -> None:
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
                    self._check(inner, f"{where}.{name}", depth + 1)
            case "array":
                low, high = _bound(schema, "minItems", 0, where), _bound(schema, "maxItems", MAX_ITEMS, where)
                if low > high:
                    raise BadShape(f"{where}: expected minItems ≤ maxItems, found {low} > {high}")
                self._check(schema.get("items"), f"{where}[]", depth + 1)
            case "string":
                low, high = _bound(schema, "minLength", 0, where), _bound(schema, "maxLength", MAX_CHARACTERS, where)
                if low > high or (schema.get("span") and high < 1):
                    raise BadShape(f"{where}: expected room for a value, found minLength {low}, maxLength {high}")
                options = schema.get("enum")
                listed = isinstance(options, Sequence) and not isinstance(options, str)
                if options is not None and not (listed and options and all(isinstance(o, str) for o in options)):
                    raise BadShape(f"{where}: expected enum to be a list of strings, found {options!r}")
                if schema.get("span") and not self._source.starts and not schema.get("nullable"):
                    raise BadShape(f"{where}: a required span, but the source is empty")
            case "integer" | "number":
                if schema.get("span") and not self._numbers(schema) and not schema.get("nullable"):
                    raise BadShape(f"{where}: a required number from the source, but no number stands there")
            case "boolean" | "null":
                pass
            case other:
                raise BadShape(f"{where}: expected a known type, found {other!r}")

    def _value(self, schema: Mapping[str, object]) -> Walk:
        if schema.get("nullable") and schema["type"] != "null":
            openings = self._openings(schema)
            if not openings:
                yield Text("null")
                return
            lexicon = self._lexicon
            if ~(yield Ask(_NONE, (lexicon.starting(*openings), lexicon.naming(b"null")))) == 1:
                yield Text("null")
                return
        match schema["type"]:
            case "object":
                yield from self._object(schema)
            case "array":
                yield from self._array(schema)
            case "string":
                yield Text('"')
                if "enum" in schema:
                    options = [json.dumps(option, ensure_ascii=False)[1:-1] for option in _texts(schema["enum"])]
                    yield from self._one_of(options, self._lexicon.starting(b'"'))
                elif schema.get("span"):
                    yield from self._span(_bound(schema, "maxLength", MAX_CHARACTERS, ""))
                else:
                    low, high = _bound(schema, "minLength", 0, ""), _bound(schema, "maxLength", MAX_CHARACTERS, "")
                    yield from self._string(low, high)
                yield Text('"')
            case "integer" | "number":
                if schema.get("span"):
                    yield from self._one_of(self._numbers(schema), self._after_number)
                else:
                    yield from self._number(whole=schema["type"] == "integer")
            case "boolean":
                yes, no = self._lexicon.naming(b"true"), self._lexicon.naming(b"false")
                yield Text(("true", "false")[~(yield Ask(_NONE, (yes, no)))])
            case _:
                yield Text("null")

    def _openings(self, schema: Mapping[str, object]) -> list[bytes]:
        """First bytes a value of this schema can have; none when the source offers no value."""
        span = schema.get("span")
        match schema["type"]:
            case "object":
                return [b"{"]
            case "array":
                return [b"["]
            case "string":
                return [] if span and not self._source.starts else [b'"']
            case "integer" | "number":
                if span:
                    return sorted({number[:1].encode() for number in self._numbers(schema)})
                return [b"-", *(str(digit).encode() for digit in range(10))]
            case _:
                return [b"t", b"f"]

    def _object(self, schema: Mapping[str, object]) -> Walk:
        opening = "{"
        properties = schema["properties"]
        for name, inner in _items(properties):
            yield Text(f"{opening}{json.dumps(name, ensure_ascii=False)}:")
            yield from self._value(inner)
            opening = ","
        yield Text("}" if opening == "," else "{}")

    def _array(self, schema: Mapping[str, object]) -> Walk:
        low, high = _bound(schema, "minItems", 0, ""), _bound(schema, "maxItems", MAX_ITEMS, "")
        items = dict(_items({"items": schema["items"]}))["items"]
        lexicon = self._lexicon
        more: Ids = lexicon.starting(*self._openings(items)) if self._openings(items) else lexicon.naming(b"null")
        yield Text("[")
        for count in range(high):
            if count >= low and ~(yield Ask(_NONE, (more, lexicon.starting(b"]")))) == 1:
                break
            if count:
                yield Text(",")
            yield from self._value(items)
            more = lexicon.starting(b",")
        yield Text("]")

    def _string(self, low: int, high: int) -> Walk:
        lexicon, quote = self._lexicon, self._lexicon.starting(b'"')
        written, pending = 0, b""
        while written < high or pending:
            ids, counts = lexicon.inside_string(pending)
            may_end = not pending and written >= low
            choice = yield Ask(ids[counts <= high - written], (quote,) if may_end else ())
            if choice < 0:
                return
            word = lexicon.table[choice]
            written += sum(map(begins_character, word))
            decoder = codecs.getincrementaldecoder("utf-8")()
            decoder.decode(pending + word)
            pending = decoder.getstate()[0]

    def _span(self, high: int) -> Walk:
        source, quote = self._source, self._lexicon.starting(b'"')
        live = [(place, source.unit[place]) for place in source.starts]  # (where the copy stands, where it began)
        written = False
        while True:
            after: dict[int, list[tuple[int, int]]] = {}
            for place, began in live:
                for token, stop in source.continuing(place):
                    # A half character counts as one: unit[stop] is the character that byte `stop` belongs to.
                    if source.unit[stop] + (stop not in source.border) - began <= high:
                        after.setdefault(token, []).append((stop, began))
            may_end = written and any(place in source.border for place, _ in live)
            tokens = np.array(sorted(after), dtype=np.int64)
            choice = yield Ask(tokens, (quote,) if may_end else ())
            if choice < 0:
                return
            live, written = after[choice], True

    def _one_of(self, options: Sequence[str], ending: Ids) -> Walk:
        """Exactly one of `options`, then whatever `ending` begins."""
        lexicon = self._lexicon
        words = sorted({option.encode() for option in options})
        written = b""
        while len(words) > 1 or words[0] != written:
            if len(words) == 1 and (rest := _characters(words[0][len(written) :])) is not None:
                yield Text(rest)
                return
            after: dict[int, bytes] = {}
            for word in words:
                for stop in range(len(written) + 1, len(word) + 1):
                    if (token := lexicon.ids.get(word[len(written) : stop])) is not None:
                        after[token] = word[:stop]
            exits = (ending,) if written in words else ()
            choice = yield Ask(np.array(sorted(after), dtype=np.int64), exits)
            if choice < 0:
                return
            written = after[choice]
            words = [word for word in words if word.startswith(written)]

    def _number(self, *, whole: bool) -> Walk:
        form = re.compile(r"-?(0|[1-9][0-9]*)" if whole else r"-?(0|[1-9][0-9]*)(\.[0-9]*)?")
        done = re.compile(r"-?(0|[1-9][0-9]*)" if whole else r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
        written = ""
        while True:
            room = MAX_DIGITS - sum(letter.isdigit() for letter in written)
            allowed = {
                token: after
                for token, word in self._lexicon.numeric
                if (form.fullmatch(after := written + word) or after == "-")
                and sum(letter.isdigit() for letter in word) <= room - after.endswith((".", "-"))
            }
            exits = (self._after_number,) if done.fullmatch(written) else ()
            choice = yield Ask(np.array(sorted(allowed), dtype=np.int64), exits)
            if choice < 0:
                return
            written = allowed[choice]

    @cached_property
    def _after_number(self) -> Ids:
        return self._lexicon.starting(b",", b"}", b"]", b"\n", b" ")

    def _numbers(self, schema: Mapping[str, object]) -> list[str]:
        """Numbers of the source as JSON writes them (no leading zeros)."""
        plain = {re.sub(r"^0+(?=[0-9])", "", number) for number in self._source.numbers}
        whole = schema["type"] == "integer"
        return sorted(n for n in plain if len(n.replace(".", "")) <= MAX_DIGITS and not (whole and "." in n))


def _bound(schema: Mapping[str, object], name: str, default: int, where: str) -> int:
    value = schema.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadShape(f"{where}: expected {name} to be a whole number ≥ 0, found {value!r}")
    return value


def _characters(word: bytes) -> str | None:
    """The text of whole characters, None where the bytes begin inside one."""
    return word.decode() if begins_character(word[0]) else None


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, Iterable) else []


def _items(value: object) -> list[tuple[str, Mapping[str, object]]]:
    """Properties in order, each known to be a schema since `_check`."""
    if not isinstance(value, Mapping):
        return []
    return [(str(name), inner) for name, inner in value.items() if isinstance(inner, Mapping)]
