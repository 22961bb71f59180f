"""The commands answer files row by row: same order, same id, bad rows told apart."""

import json
from pathlib import Path
from typing import Any

from app.commands.words import answer_command, extract_command, lawful_command, script_command
from tests.scripts_gen.goods import MASK


def written(path: Path, *rows: object) -> Path:
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)
    )
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def test_extract_answers_in_order_and_tells_bad_rows(tmp_path: Path) -> None:
    rows = written(
        tmp_path / "in.jsonl",
        {"id": "b", "listing": "毛巾 到手价19.9"},
        "{broken",
        {"id": 7, "listing": ""},
        {"id": "a", "listing": "杯子 29元"},
    )
    code = await extract_command(None, text=None, jsonl=rows, out=tmp_path / "out.jsonl", as_json=False)
    out = read(tmp_path / "out.jsonl")
    assert code == 0
    assert [row["id"] for row in out] == ["b", None, 7, "a"]
    assert [row.get("facts", {}).get("price") for row in out] == [19.9, None, None, 29]
    assert "error" in out[1]
    assert "wanted a non-empty string" in out[2]["error"]
    assert set(out[0]) == {"id", "facts", "evidence", "confidence", "ms"}


async def test_answer_says_what_it_used(tmp_path: Path) -> None:
    rows = written(
        tmp_path / "in.jsonl",
        {"id": 1, "lang": "zh", "facts": MASK.to_json(), "history": [], "comment": "多少钱"},
        {"id": 2, "lang": "fr", "facts": MASK.to_json(), "history": [], "comment": "combien"},
        {"id": 3, "facts": {"title": ""}, "comment": "多少钱"},
    )
    await answer_command(None, jsonl=rows, out=tmp_path / "out.jsonl", as_json=True)
    first, second, third = read(tmp_path / "out.jsonl")
    assert set(first) == {"id", "answer", "intent", "answerable", "facts_used", "first_token_ms", "ms"}
    assert "59元" in first["answer"]
    assert first["facts_used"][0] == "price"
    assert 0 < first["first_token_ms"] <= first["ms"]
    assert "lang" in second["error"]
    assert "title" in third["error"]


async def test_script_has_eight_segments_and_its_claims(tmp_path: Path) -> None:
    rows = written(tmp_path / "in.jsonl", {"id": "s", "lang": "zh", "persona": "温和", "facts": MASK.to_json()})
    await script_command(None, jsonl=rows, out=tmp_path / "out.jsonl", as_json=True)
    (row,) = read(tmp_path / "out.jsonl")
    assert list(row["script"]) == [
        "opening",
        "pain_point",
        "selling_points",
        "proof",
        "offer",
        "objection",
        "call_to_action",
        "transition",
    ]
    assert "{price}" not in row["script"]["offer"]
    assert {"text", "fact"} == set(row["claims"][0])


async def test_lawful_prints_the_verdict(tmp_path: Path, capsys) -> None:
    assert await lawful_command(text="全网最低价，看清规格再拍。", jsonl=None, out=None, as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["verdict"], shown["rewrite"]) == ("ban", "看清规格再拍。")


async def test_a_missing_file_is_one_line_and_a_failure(tmp_path: Path, capsys) -> None:
    assert await lawful_command(text=None, jsonl=tmp_path / "none.jsonl", out=None, as_json=True) == 1
    assert "wanted a readable file" in capsys.readouterr().err
