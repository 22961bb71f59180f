"""Constrained output always parses, follows its schema and copies only what stands in the source."""

import codecs
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.constrain import Shape
from model.engine import Sampling
from model.lexicon import Lexicon
from model.schema import BadShape
from model.tokenizer import Tokenizer
from tests.model.test_engine import finish
from tests.model.tiny import tiny_engine, tiny_tokenizer

TINY = tiny_tokenizer()
LEXICON = Lexicon(TINY)
ENGINE = tiny_engine(TINY)
SOURCE = '【中国】"不锈钢"保温杯\n500ml 🙂 白\\黑 到手价89.5元 原价129 编号007 the end'

NULLABLE = st.booleans()
WORDS = st.lists(st.text(max_size=4, alphabet=st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4)
LEAVES = st.one_of(
    st.builds(lambda n, k: {"type": "string", "maxLength": k, "nullable": n}, NULLABLE, st.integers(0, 9)),
    st.builds(lambda k: {"type": "string", "minLength": 2, "maxLength": k}, st.integers(2, 6)),
    st.builds(
        lambda n, k: {"type": "string", "span": True, "maxLength": k, "nullable": n}, NULLABLE, st.integers(1, 9)
    ),
    st.builds(lambda n, words: {"type": "string", "enum": words, "nullable": n}, NULLABLE, WORDS),
    st.builds(
        lambda n, kind, span: {"type": kind, "span": span, "nullable": n},
        NULLABLE,
        st.sampled_from(["integer", "number"]),
        NULLABLE,
    ),
    st.builds(lambda n: {"type": "boolean", "nullable": n}, NULLABLE),
    st.just({"type": "null"}),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda items, low, more, n: {
                "type": "array", "items": items, "minItems": low, "maxItems": low + more, "nullable": n
            },
            inner, st.integers(0, 2), st.integers(0, 2), NULLABLE,
        ),
        st.builds(
            lambda properties, n: {"type": "object", "properties": properties, "nullable": n},
            st.dictionaries(st.sampled_from(["价格", "name", 'q"x', "the"]), inner, max_size=3), NULLABLE,
        ),
    ),
    max_leaves=5,
)  # fmt: skip


def follows(value: object, schema: dict, source: str) -> bool:  # type: ignore[type-arg]
    """An independent reading of the subset."""
    if value is None:
        return bool(schema.get("nullable")) or schema["type"] == "null"
    match schema["type"]:
        case "object":
            return (
                isinstance(value, dict)
                and list(value) == list(schema["properties"])
                and all(follows(value[name], inner, source) for name, inner in schema["properties"].items())
            )
        case "array":
            return (
                isinstance(value, list)
                and schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 16)
                and all(follows(item, schema["items"], source) for item in value)
            )
        case "string":
            if not isinstance(value, str) or ("enum" in schema and value not in schema["enum"]):
                return False
            if "enum" not in schema and not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 400):
                return False
            return not schema.get("span") or (value != "" and value in source)
        case "integer" | "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            if schema["type"] == "integer" and not isinstance(value, int):
                return False
            stands = {float(found) for found in re.findall(r"[0-9]+(?:\.[0-9]+)?", source)}
            return not schema.get("span") or float(value) in stands
        case "boolean":
            return isinstance(value, bool)
    return False


def write(schema: dict, source: str | None, *, seed: int = 0, max_tokens: int = 300) -> tuple[str, str | None]:  # type: ignore[type-arg]
    walk = Shape(schema, source, LEXICON).walk()
    sampling = Sampling(max_tokens=max_tokens, temperature=3.0, seed=seed)
    generation = ENGINE.generate(TINY.encode("JSON:"), sampling, walk)
    return TINY.decode(finish(generation)), generation.end


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SCHEMAS, st.integers(0, 999))
def test_whatever_the_model_prefers_the_output_follows_the_schema(schema: dict, seed: int) -> None:  # type: ignore[type-arg]
    text, end = write(schema, SOURCE, seed=seed)
    assert follows(json.loads(text), schema, SOURCE), text
    assert end in {"stop", "length"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SCHEMAS, st.integers(0, 999), st.integers(0, 12))
def test_with_little_room_it_still_closes_everything(schema: dict, seed: int, room: int) -> None:  # type: ignore[type-arg]
    text, _ = write(schema, SOURCE, seed=seed, max_tokens=room)
    assert follows(json.loads(text), schema, SOURCE), text


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])), st.integers(0, 999))
def test_a_span_stands_in_any_source(source: str, seed: int) -> None:
    schema = {"type": "string", "span": True, "nullable": True, "maxLength": 8}
    value = json.loads(write(schema, source, seed=seed)[0])
    assert value is None or (value and value in source and len(value) <= 8)
    if not source.strip():
        assert value is None


def test_a_number_keeps_to_twelve_digits() -> None:
    for seed in range(20):
        text, _ = write({"type": "number"}, None, seed=seed)
        json.loads(text)
        assert sum(letter.isdigit() for letter in text) <= 12


def test_a_value_with_one_possibility_is_written_without_asking_the_model() -> None:
    schema = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["杯子"]}, "none": {"type": "null"}}}
    prompt = TINY.encode("JSON:")
    generation = ENGINE.generate(prompt, Sampling(), Shape(schema, None, LEXICON).walk())
    assert TINY.decode(generation.advance()) == '{"kind": "杯子", "none": null}'
    assert generation.end == "stop"


@pytest.mark.parametrize(
    ("schema", "source", "why"),
    [
        ({"type": "thing"}, None, "known type"),
        ({"type": "object"}, None, "properties"),
        ({"type": "array", "items": {"type": "null"}, "minItems": 3, "maxItems": 2}, None, "minItems"),
        ({"type": "string", "enum": []}, None, "enum"),
        ({"type": "string", "span": True}, " \n", "stand in the source"),
        ({"type": "number", "span": True}, "no digits", "stand in the source"),
        ({"type": "array", "items": {"type": "string", "maxLength": -1}}, None, r"\$\[\]: expected maxLength"),
    ],
)
def test_a_schema_that_cannot_be_followed_is_refused(schema: dict, source: str | None, why: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(BadShape, match=why):
        Shape(schema, source, LEXICON)


def test_a_string_has_no_dead_ends() -> None:
    """From every half character that can be written there is a way to finish it."""
    seen: set[bytes] = set()
    todo = [b""]
    while todo:
        pending = todo.pop()
        if pending in seen:
            continue
        seen.add(pending)
        ids, counts = LEXICON.inside_string(pending)
        assert not pending or (counts == 0).any(), pending
        for token in ids:
            decoder = codecs.getincrementaldecoder("utf-8")()
            decoder.decode(pending + LEXICON.table[int(token)])
            left = decoder.getstate()[0]
            # The lead bytes at the borders of what UTF-8 allows, and third bytes no rule is about left out.
            if left[:1] in (b"\xc2", b"\xdf", b"\xe0", b"\xe4", b"\xed", b"\xef", b"\xf0", b"\xf4") and len(left) < 3:
                todo.append(left)
    assert {b"\xed\x9f", b"\xf4\x8f", b"\xe0\xa0"} <= seen
    assert b"\xed\xa0" not in seen


def test_a_list_without_anything_to_copy_is_empty() -> None:
    schema = {"type": "array", "items": {"type": "number", "span": True}}
    assert write(schema, "没有数字")[0] == "[]"


def test_control_tokens_are_never_allowed(tokenizer: Tokenizer) -> None:
    ids, _ = Lexicon(tokenizer).inside_string(b"")
    assert not tokenizer.ends.intersection(int(token) for token in ids)
