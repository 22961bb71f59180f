"""`zhubo eval`: the whole way over records, kept row by row."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.commands.evaluate import evaluate_command
from app.errors import BadInput
from app.evaluation.measure import made, quantiles, table
from app.evaluation.overheard import Overheard
from app.evaluation.records import digest, read_records
from app.evaluation.rows import Rows
from app.settings import Settings
from scripts_gen.language import Message, Prompt, Sampling
from tests.scripts_gen.fakes import Away, Says
from tests.scripts_gen.goods import MASK

PROMPT = Prompt(name="write/2", messages=(Message(role="user", content="说"),))


def record(id_: str, **more: object) -> dict[str, Any]:
    return {
        "id": id_,
        "lang": "zh",
        "category": "美妆护肤>面膜",
        "listing": "溪亭白茶补水面膜 25ml×10片/盒 到手价￥59 日常价￥99",
        "facts": MASK.to_json(),
        "qa": [
            {
                "history": [],
                "comment": "多少钱",
                "intent": "price",
                "answerable": True,
                "answer": "59元",
                "facts_used": ["price"],
            },
            {
                "history": [{"role": "viewer", "text": "多少钱"}, {"role": "host", "text": "59元。"}],
                "comment": "含酒精吗",
                "intent": "spec",
                "answerable": False,
                "answer": "没写",
                "facts_used": [],
            },
        ],
        **more,
    }


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


async def evaluated(settings: Settings, records: Path, out: Path, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"engine": "rules", "parts": ["extract", "script", "answers"], "limit": None, **more}
    assert await evaluate_command(settings, records=records, out=out, as_json=True, **given) == 0
    return json.loads(out.read_text("utf-8"))  # type: ignore[no-any-return]


def without_times(table: Any) -> Any:
    if isinstance(table, dict):
        return {name: without_times(value) for name, value in table.items() if not name.endswith("ms")}
    return table


async def test_the_table_holds_every_part(settings: Settings, tmp_path: Path) -> None:
    table = await evaluated(settings, written(tmp_path / "r.jsonl", record("a"), record("b")), tmp_path / "t.json")
    assert table["extract"]["per_field"]["price"] == 1
    assert table["extract"]["ms"]["n"] == 2
    assert table["script"]["whole_and_in_order"] == 1
    assert table["answers"]["answers"] == 4
    assert table["answers"]["marks"]["right"] == 2
    assert table["answers"]["by_group"]["several turns"]["answers"] == 2


async def test_the_same_records_give_the_same_table(settings: Settings, tmp_path: Path) -> None:
    records = written(tmp_path / "r.jsonl", record("a"))
    first = await evaluated(settings, records, tmp_path / "1.json")
    assert without_times(await evaluated(settings, records, tmp_path / "2.json")) == without_times(first)


async def test_a_stopped_run_goes_on_where_it_was(settings: Settings, tmp_path: Path, capsys) -> None:
    records = written(tmp_path / "r.jsonl", record("a"), record("b"))
    whole = await evaluated(settings, records, tmp_path / "t.json")
    kept = tmp_path / "t.rows.jsonl"
    lines = kept.read_bytes().splitlines(keepends=True)
    kept.write_bytes(b"".join(lines[:3]) + lines[3][:20])  # the power went while the third row was written
    again = await evaluated(settings, records, tmp_path / "t.json")
    assert "2 of 6 rows" in capsys.readouterr().err
    assert without_times(again) == without_times(whole)
    assert kept.read_bytes().splitlines(keepends=True)[:3] == lines[:3]
    assert len(kept.read_bytes().splitlines()) == 7


async def test_rows_of_other_records_are_not_mixed_in(settings: Settings, tmp_path: Path) -> None:
    await evaluated(settings, written(tmp_path / "r.jsonl", record("a")), tmp_path / "t.json")
    with pytest.raises(BadInput, match="same records"):
        await evaluated(settings, written(tmp_path / "r.jsonl", record("c")), tmp_path / "t.json")


async def test_a_limit_takes_the_first_and_keeps_their_rows(settings: Settings, tmp_path: Path) -> None:
    records = written(tmp_path / "r.jsonl", record("a"), record("b"))
    table = await evaluated(settings, records, tmp_path / "t.json", limit=1, parts=["extract"])
    assert (table["records"], "script" in table) == (1, False)
    assert (await evaluated(settings, records, tmp_path / "t.json", parts=["extract"]))["extract"]["ms"]["n"] == 2


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"id": "a"}, "line 1, lang"),
        (record("a", lang="fr"), "zh or en"),
        (record("a", facts={"title": ""}), "facts of the schema"),
        (record("a", qa=[{"comment": 3}]), r"qa\[0\]"),
        ([1], "a JSON object"),
    ],
)
def test_a_bad_record_is_named_by_its_line(tmp_path: Path, row: object, wanted: str) -> None:
    with pytest.raises(BadInput, match=wanted):
        read_records(written(tmp_path / "r.jsonl", row))


def test_ids_are_unique_and_files_not_empty(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 2"):
        read_records(written(tmp_path / "r.jsonl", record("a"), record("a")))
    with pytest.raises(BadInput, match="at least one record"):
        read_records(written(tmp_path / "r.jsonl"))
    with pytest.raises(BadInput, match="a file"):
        read_records(tmp_path / "none.jsonl")


async def test_unknown_engines_and_parts_are_refused(settings: Settings, tmp_path: Path) -> None:
    records = written(tmp_path / "r.jsonl", record("a"))
    with pytest.raises(BadInput, match="moe, donor"):
        await evaluated(settings, records, tmp_path / "t.json", engine="gpt")
    with pytest.raises(BadInput, match="parts"):
        await evaluated(settings, records, tmp_path / "u.json", parts=["poem"])


async def test_the_models_own_words_are_counted_before_the_gate(tmp_path: Path) -> None:
    (one,) = read_records(written(tmp_path / "r.jsonl", record("a")))
    with Rows(None, {}) as rows:
        for part in ("script", "answers", "extract"):
            rows.add(part, one.id, await made(part, one, Says("今天只要39元，含玻尿酸。")))
        out = table([one], rows, ("script", "answers", "extract"), frozenset({"美妆护肤"}))
    assert out["script"]["before_the_gate"]["per_hundred"]["claims_unsupported"] == 100
    assert out["script"]["after_the_gate"]["per_hundred"]["foreign_numbers"] == 0
    assert out["answers"]["before_the_gate"]["sentences"] > 0
    assert out["extract"]["model_json_valid"] == 0
    assert out["extract"]["groups"]["unseen_categories"]["records"] == 1
    assert "seen_categories" not in out["extract"]["groups"]


async def test_failed_and_late_calls_are_told_apart_from_whole_ones() -> None:
    heard = Overheard(Says("四个字啊，够了"))
    async for _ in heard.stream(PROMPT, Sampling()):
        break
    assert [piece async for piece in heard.stream(PROMPT, Sampling())]
    away = Overheard(Away())
    with pytest.raises(OSError, match="nobody"):
        await anext(away.stream(PROMPT, Sampling()))
    assert [call.end for call in heard.take()][-1] == "whole"
    assert [call.end for call in away.take()] == ["failed"]
    assert heard.take() == []


def test_quantiles_are_nearest_ranks() -> None:
    assert quantiles([]) == {"p50": None, "p95": None, "n": 0}
    assert quantiles([float(n) for n in range(1, 101)]) == {"p50": 51.0, "p95": 96.0, "n": 100}


def test_a_changed_record_changes_the_fingerprint(tmp_path: Path) -> None:
    one = read_records(written(tmp_path / "1.jsonl", record("a")))
    other = read_records(written(tmp_path / "2.jsonl", record("a", listing="别的 59元")))
    assert digest(one) != digest(other)
    assert digest(one) == digest(read_records(tmp_path / "1.jsonl"))
