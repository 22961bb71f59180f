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
from typing import TypeAlias

import numpy as np

from model.lexicon import Ids, Lexicon, Source, begins_character
from model.schema import MAX_CHARACTERS, MAX_ITEMS, BadShape, bound, check, fields, items, options

MAX_DIGITS = 12
_NONE: Ids = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Text:
    """Must stand here."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """May stand here: one of `tokens`, or a way out.

    Each exit is recognised by the tokens that would begin what follows it (the likelihood of "the value ends here"
    is that of all tokens beginning with a quote); taking an exit writes nothing by itself. The last exit is the
    shortest way home, taken when the room for an answer is used up. `own` says that the words are the model's own, so
    that repetition control applies; copying must be free to repeat.
    """

    tokens: Ids
    exits: tuple[Ids, ...] = ()
    own: bool = False


Walk: TypeAlias = Generator[Text | Ask, int, int | None]
"""Is sent, after each Ask, the chosen token id, or ~n for exit n; after a Text, anything. Returns which of the
continuations it was told of follows, when the way its value ended already tells."""


class Shape:
    """A schema, checked, with its source: `walk()` gives a fresh walk through one document.

    Written as `{"name": "value", "list": ["a", "b"]}`: with the spaces the model itself prefers, and decided where it
    decides. Its tokens join a value's end with what follows (`",` or `"]`) and an array's bracket with what it holds
    (` ["` or ` []`), so whether a list goes on is asked before the quote is closed, not after.
    """

    def __init__(self, schema: Mapping[str, object], source: str | None, lexicon: Lexicon) -> None:
        """Raises BadShape when the schema cannot be followed."""
        self._schema = schema
        self._lexicon = lexicon
        self._source = Source(source or "", lexicon)
        check(schema)
        if not self._possible(schema):
            raise BadShape("a value is required to stand in the source, but nothing there can be it")

    def walk(self) -> Walk:
        """A walk through one value of the schema."""
        return self._value(self._schema, "", ())

    def _possible(self, schema: Mapping[str, object]) -> bool:
        return bool(schema.get("nullable")) or self._possible_beyond_null(schema)

    def _possible_beyond_null(self, schema: Mapping[str, object]) -> bool:
        """Whether the source offers what a value other than null must copy."""
        match schema["type"]:
            case "object":
                return all(self._possible(inner) for _, inner in fields(schema))
            case "array":
                return not bound(schema, "minItems", 0) or self._possible(items(schema))
            case "string":
                return not schema.get("span") or bool(self._source.starts)
            case "integer" | "number":
                return not schema.get("span") or bool(self._numbers(schema))
            case _:
                return True

    def _value(self, schema: Mapping[str, object], lead: str, follow: tuple[bytes, ...]) -> Walk:
        """One value with `lead` before it, followed by one of `follow`."""
        kind = schema["type"]
        ways: list[tuple[str, Ids]] = []
        if self._possible_beyond_null(schema):
            ways.append(("value", self._beginning(self._openings(schema), lead)))
            if kind == "array" and not bound(schema, "minItems", 0):
                ways.append(("empty", self._beginning(["[]"], lead)))
                if not self._possible(items(schema)) or not bound(schema, "maxItems", MAX_ITEMS):
                    del ways[0]
        if schema.get("nullable") and kind != "null":
            ways.append(("null", self._naming("null", lead)))
        way = 0 if len(ways) == 1 else ~(yield Ask(_NONE, tuple(ids for _, ids in ways)))
        if ways[way][0] != "value":
            yield Text(lead + {"null": "null", "empty": "[]"}[ways[way][0]])
            return None
        match kind:
            case "object":
                return (yield from self._object(schema, lead, follow))
            case "array":
                return (yield from self._array(schema, lead))
            case "string":
                yield Text(lead + '"')
                chosen = yield from self._inside_quotes(schema, self._endings(b'"', follow))
                yield Text('"')
                return _follower(chosen, follow)
            case "integer" | "number":
                yield Text(lead)
                endings = self._endings(b"", follow)
                if schema.get("span"):
                    chosen = yield from self._one_of(self._numbers(schema), endings)
                else:
                    chosen = yield from self._number(whole=kind == "integer", endings=endings)
                return _follower(chosen, follow)
            case "boolean":
                answers = self._naming("true", lead), self._naming("false", lead)
                yield Text(lead + ("true", "false")[~(yield Ask(_NONE, answers))])
            case _:
                yield Text(lead + "null")
        return None

    def _beginning(self, openings: Sequence[str], lead: str) -> Ids:
        """Tokens that begin with one of `openings`, with or without the lead."""
        return self._lexicon.starting(*{(gap + opening).encode() for opening in openings for gap in ("", lead)})

    def _naming(self, word: str, lead: str) -> Ids:
        return np.unique(np.concatenate([self._lexicon.naming((gap + word).encode()) for gap in {"", lead}]))

    def _openings(self, schema: Mapping[str, object]) -> list[str]:
        """How a value of this schema can begin, null and empty lists aside."""
        match schema["type"]:
            case "object":
                return ["{"]
            case "array":
                return [f"[{inner}" for inner in self._openings(items(schema))]
            case "string":
                return ['"']
            case "integer" | "number":
                if schema.get("span"):
                    return sorted({number[0] for number in self._numbers(schema)})
                return ["-", *(str(digit) for digit in range(10))]
            case "boolean":
                return ["t", "f"]
            case _:
                return ["n"]

    def _endings(self, quote: bytes, follow: tuple[bytes, ...]) -> tuple[Ids, ...]:
        """Ways out of a value: one per continuation when there are several, before them "ended, not yet told which"."""
        pool = self._lexicon.starting(*([quote] if quote else [b",", b"}", b"]", b" ", b"\n"]))
        if len(follow) < 2:
            return (pool,)
        told = [self._lexicon.starting(quote + after) for after in follow]
        return np.setdiff1d(pool, np.concatenate(told)), *told

    def _object(self, schema: Mapping[str, object], lead: str, follow: tuple[bytes, ...]) -> Walk:
        properties = fields(schema)
        if not properties:
            yield Text(lead + "{}")
            return None
        chosen: int | None = None
        opening = lead + "{"
        for place, (name, inner) in enumerate(properties, 1):
            yield Text(f"{opening}{json.dumps(name, ensure_ascii=False)}:")
            last = place == len(properties)
            chosen = yield from self._value(inner, " ", tuple(b"}" + after for after in follow) if last else (b",",))
            opening = ", "
        yield Text("}")
        return chosen

    def _array(self, schema: Mapping[str, object], lead: str) -> Walk:
        """A list with at least one item."""
        low, high = bound(schema, "minItems", 0), bound(schema, "maxItems", MAX_ITEMS)
        yield Text(lead + "[")
        for count in range(1, high + 1):
            follow = ((b",",) if count < high else ()) + ((b"]",) if count >= low else ())
            chosen = yield from self._value(items(schema), " " if count > 1 else "", follow)
            if len(follow) == 2 and chosen is None:
                chosen = ~(yield Ask(_NONE, (self._lexicon.starting(b","), self._lexicon.starting(b"]"))))
            if follow[chosen or 0] == b"]":
                break
            yield Text(",")
        yield Text("]")
        return None

    def _inside_quotes(self, schema: Mapping[str, object], endings: tuple[Ids, ...]) -> Walk:
        """Returns the exit taken, None when the value could only end there."""
        high = bound(schema, "maxLength", MAX_CHARACTERS)
        if "enum" in schema:
            return (yield from self._one_of(options(schema), endings))
        if schema.get("span"):
            return (yield from self._span(high, endings))
        return (yield from self._string(bound(schema, "minLength", 0), high, endings))

    def _string(self, low: int, high: int, endings: tuple[Ids, ...]) -> Walk:
        written, pending = 0, b""
        while written < high or pending:
            ids, counts = self._lexicon.inside_string(pending)
            may_end = not pending and written >= low
            choice = yield Ask(ids[counts <= high - written], endings if may_end else (), own=True)
            if choice < 0:
                return ~choice
            word = self._lexicon.table[choice]
            written += sum(map(begins_character, word))
            decoder = codecs.getincrementaldecoder("utf-8")()
            decoder.decode(pending + word)
            pending = decoder.getstate()[0]
        return None

    def _span(self, high: int, endings: tuple[Ids, ...]) -> Walk:
        source = self._source
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
            choice = yield Ask(_ids(after), endings if may_end else ())
            if choice < 0:
                return ~choice
            live, written = after[choice], True

    def _one_of(self, words: Sequence[str], endings: tuple[Ids, ...]) -> Walk:
        """Exactly one of `words` (as JSON writes them)."""
        left = sorted({word.encode() for word in words})
        written = b""
        while len(left) > 1 or left[0] != written:
            if len(left) == 1 and begins_character(left[0][len(written)]):
                yield Text(left[0][len(written) :].decode())
                return None
            after: dict[int, bytes] = {}
            for word in left:
                for stop in range(len(written) + 1, len(word) + 1):
                    if (token := self._lexicon.ids.get(word[len(written) : stop])) is not None:
                        after[token] = word[:stop]
            choice = yield Ask(_ids(after), endings if written in left else ())
            if choice < 0:
                return ~choice
            written = after[choice]
            left = [word for word in left if word.startswith(written)]
        return None

    def _number(self, *, whole: bool, endings: tuple[Ids, ...]) -> Walk:
        form = re.compile(r"-?(0|[1-9][0-9]*)" if whole else r"-?(0|[1-9][0-9]*)(\.[0-9]*)?")
        written = ""
        while True:
            room = MAX_DIGITS - sum(letter.isdigit() for letter in written)
            allowed = {
                token: after
                for token, word in self._lexicon.numeric
                if (form.fullmatch(after := written + word) or after == "-")
                and sum(letter.isdigit() for letter in word) <= room - after.endswith((".", "-"))
            }
            choice = yield Ask(_ids(allowed), endings if written[-1:].isdigit() else ())
            if choice < 0:
                return ~choice
            written = allowed[choice]

    def _numbers(self, schema: Mapping[str, object]) -> list[str]:
        """Numbers of the source as JSON writes them (no leading zeros)."""
        plain = {re.sub(r"^0+(?=[0-9])", "", number) for number in self._source.numbers}
        whole = schema["type"] == "integer"
        return sorted(n for n in plain if len(n.replace(".", "")) <= MAX_DIGITS and not (whole and "." in n))


def _ids(tokens: Iterable[int]) -> Ids:
    return np.array(sorted(tokens), dtype=np.int64)


def _follower(chosen: int | None, follow: tuple[bytes, ...]) -> int | None:
    """Which continuation an exit of `_endings` told of."""
    return chosen - 1 if chosen and len(follow) > 1 else None
