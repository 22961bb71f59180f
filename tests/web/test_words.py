"""The interface's words: complete in both languages, and none hidden in scripts."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from starlette.requests import Request

from app.assets import ASSETS, VERSIONS, asset_path
from app.i18n import language_of, read_catalogue
from app.live.wire import DeskComment, Notice, Snapshot
from app.screens.listing import fact_rows, marked
from app.templates import WEB, Templates, money
from scripts_gen.facts import ProductFacts, Spec

HAN = re.compile(r"[㐀-鿿]")


def _msgids() -> set[str]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = set()
    for path in (WEB / "templates").iterdir():
        for _, function, message in environment.extract_translations(path.read_text("utf-8")):
            parts = message if isinstance(message, tuple) else (message,)
            found.add(parts[1] if function == "ngettext" else parts[0])
    return {str(msgid) for msgid in found}


def test_every_word_of_the_templates_has_its_chinese_and_no_other_is_kept() -> None:
    assert set(read_catalogue()) == _msgids()


def test_chinese_keeps_the_slots_of_the_english() -> None:
    slots = re.compile(r"%\((\w+)\)|\{(\w+)\}")
    for english, chinese in read_catalogue().items():
        assert set(slots.findall(english)) == set(slots.findall(chinese)), english


def test_templates_hold_no_chinese_but_the_label_and_the_marks_of_the_overlay() -> None:
    allowed = {"AI生成 · 数字人主播", "彩排", "点一下，开声音", "中文"}
    for path in (WEB / "templates").iterdir():
        text = path.read_text("utf-8")
        for word in allowed:
            text = text.replace(word, "")
        assert not HAN.search(text), path.name


def test_scripts_hold_no_words_and_ask_only_for_known_ones() -> None:
    templates = Templates()
    known = set()
    for name in (
        "words_overlay.json",
        "words_desk.json",
        "words_dashboard.json",
        "words_golive.json",
        "words_upload.json",
    ):
        assert templates.words("zh", name).keys() == templates.words("en", name).keys()
        known |= templates.words("en", name).keys()
    for path in (WEB / "static/js").glob("*.js"):
        text = path.read_text("utf-8")
        assert not HAN.search(text), path.name
        asked = re.findall(r"\b(?:word|trouble)\(\"([^\"`$]+)\"", text)
        assert set(asked) <= known, path.name


def _choices(model: type, field: str) -> list[str]:
    schema = model.model_json_schema()  # type: ignore[attr-defined]
    return list(schema["properties"][field]["enum"])


def test_every_state_and_notice_of_the_wire_has_a_word() -> None:
    desk = Templates().words("zh", "words_desk.json")
    overlay = Templates().words("zh", "words_overlay.json")
    assert all(f"state_{state}" in desk for state in _choices(Snapshot, "state"))
    assert {"silenced", "ended"} <= overlay.keys() & set(_choices(Notice, "notice_kind"))
    assert "decision" in DeskComment.model_fields


@pytest.mark.parametrize(
    ("header", "cookie", "lang"),
    [
        ("zh-SG,zh;q=0.9", None, "zh"),
        ("zh", None, "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", None, "en"),
        ("fr,en;q=0.3,zh-CN;q=0.7", None, "zh"),
        ("fr", None, "zh"),
        ("", None, "zh"),
        ("en;q=bad", None, "zh"),
        ("zh", "en", "en"),
        ("en", "<script>", "en"),
    ],
)
def test_the_language_is_the_readers(header: str, cookie: str | None, lang: str) -> None:
    headers = [(b"accept-language", header.encode())]
    if cookie:
        headers.append((b"cookie", f"zhubo_lang={cookie}".encode()))
    assert language_of(Request({"type": "http", "headers": headers})) == lang


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        ("59.00", "CNY", "zh_Hans_CN", "¥59"),
        ("59.90", "CNY", "zh_Hans_CN", "¥59.90"),
        ("1200", "JPY", "en_US", "¥1,200"),
        ("12.50", "CNY", "en_US", "¥12.50"),
        ("9.500", "KWD", "en_US", "KWD9.500"),
        (None, "CNY", "zh_Hans_CN", "—"),
    ],
)
def test_money_has_decimals_only_when_there_are_any(
    amount: str | None, currency: str, locale: str, written: str
) -> None:
    assert money(amount, currency, locale) == written


@given(
    st.text(max_size=60),
    st.dictionaries(
        st.text(min_size=1, max_size=4),
        st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=3),
        max_size=5,
    ),
)
def test_the_marked_listing_is_the_listing(listing: str, evidence: dict[str, list[tuple[int, int]]]) -> None:
    pieces = marked(listing, evidence)
    assert "".join(piece.text for piece in pieces) == listing
    place = 0
    for piece in pieces:
        for key in piece.keys:
            assert any(start <= place and place + len(piece.text) <= end for start, end in evidence[key])
        place += len(piece.text)


def test_a_fact_without_its_own_evidence_borrows_its_fields() -> None:
    facts = ProductFacts(
        title="茶",
        specs=(Spec(name="产地", value="云岭"),),
        promotions=("买二送一",),
        evidence={"promotions": ((0, 4),)},
    )
    rows = {row.key: row for row in fact_rows(facts)}
    assert rows["promotions.0"].in_listing
    assert not rows["title"].in_listing
    assert rows["specs.产地"].label == "产地"


def test_the_lock_and_the_table_of_assets_agree() -> None:
    lock = json.loads((WEB.parent / "package-lock.json").read_text("utf-8"))["packages"]
    for name, (package, _) in ASSETS.items():
        assert lock[f"node_modules/{package}"]["version"] == VERSIONS[package]
        assert asset_path(name).stat().st_size > 10_000
    assert not any("resolved" in package for package in lock.values())
