"""The product's own path over authored records, part by part, and the table of what came out."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any

from app.evaluation.answer_score import AnswerTally, given_from
from app.evaluation.facts_score import Tally
from app.evaluation.overheard import Call, Overheard, overheard
from app.evaluation.records import Asked, Record
from app.evaluation.rows import Rows
from app.evaluation.script_score import ScriptTally
from scripts_gen.extract import extract
from scripts_gen.language import LanguageModel
from scripts_gen.reply import CODE, POINT, SAY, Question, ReplySentence, gathered, reply
from scripts_gen.rundown import filled
from scripts_gen.writer import write_script

PARTS = ("extract", "script", "answers")


async def made(part: str, record: Record, model: LanguageModel | None) -> dict[str, Any]:
    """What the product makes of one record; with the model's own words beside it."""
    heard = overheard(model) if model is not None else None
    match part:
        case "extract":
            started = time.perf_counter()
            found = await extract(record.listing, heard)
            return {"facts": found.facts.to_json(), "ms": _since(started), "calls": _calls(heard)}
        case "script":
            started = time.perf_counter()
            facts = record.facts
            script = await write_script(facts, record.lang, record.persona, heard, product=record.id)
            segments = {
                one.kind: filled(one.text, facts.price, facts.list_price, facts.currency, record.lang) or ""
                for one in script.segments
            }
            return {"script": segments, "ms": _since(started), "calls": _calls(heard)}
        case _:
            return {"answers": [await _answered(asked, record, heard) for asked in record.asked]}


async def _answered(asked: Asked, record: Record, heard: Overheard | None) -> dict[str, Any]:
    question = Question(text=asked.comment, lang=record.lang, history=asked.history)
    started, first = time.perf_counter(), 0.0
    parts: list[ReplySentence] = []
    async with aclosing(reply(question, record.facts, heard)) as stream:
        async for part in stream:
            first = first or _since(started)
            parts.append(part)
    ms = _since(started)
    said = gathered(parts, question)
    return {
        "answer": said.text,
        "answerable": said.answerable,
        "facts_used": list(said.facts_used),
        "by_model": any(part.made_by != CODE for part in parts),
        "first_ms": first,
        "ms": ms,
        "calls": _calls(heard),
    }


def table(records: Sequence[Record], rows: Rows, parts: Sequence[str], unseen: frozenset[str]) -> dict[str, Any]:
    """The figures of every part whose rows are there. `unseen` are categories never trained on."""
    out: dict[str, Any] = {"records": len(records)}
    if "extract" in parts:
        out["extract"] = _extract_table(records, rows, unseen)
    if "script" in parts:
        scripts, spent, calls = ScriptTally(), list[float](), list[Mapping[str, Any]]()
        for record in records:
            if row := rows.of("script", record.id):
                scripts.add(row["script"], [call["text"] for call in row["calls"]], record.facts)
                spent.append(row["ms"])
                calls += row["calls"]
        out["script"] = {**scripts.table(), "ms": quantiles(spent), "model_calls": _ends(calls)}
    if "answers" in parts:
        out["answers"] = _answer_table(records, rows)
    return out


def _extract_table(records: Sequence[Record], rows: Rows, unseen: frozenset[str]) -> dict[str, Any]:
    groups = {"all": Tally(), "seen_categories": Tally(), "unseen_categories": Tally(), "zh": Tally(), "en": Tally()}
    sizes = dict.fromkeys(groups, 0)
    spent: list[float] = []
    calls: list[Mapping[str, Any]] = []
    for record in records:
        row = rows.of("extract", record.id)
        if row is None:
            continue
        new = record.category.split(">")[0] in unseen
        for name in ("all", "unseen_categories" if new else "seen_categories", record.lang):
            groups[name].add(record.gold, row["facts"], record.listing)
            sizes[name] += 1
        spent.append(row["ms"])
        calls += row["calls"]
    whole = [call for call in calls if call["end"] == "whole" and call["shaped"]]
    valid = sum(_is_object(call["text"]) for call in whole)
    return {
        **groups["all"].table(),
        "model_json_valid": round(valid / len(whole), 4) if whole else None,
        "groups": {
            name: {"records": sizes[name], "micro_f1": tally.f1(), "invented": tally.invented}
            for name, tally in groups.items()
            if sizes[name] and name != "all"
        },
        "ms": quantiles(spent),
        "model_calls": _ends(calls),
    }


def _answer_table(records: Sequence[Record], rows: Rows) -> dict[str, Any]:
    tally = AnswerTally()
    firsts, spent = list[float](), list[float]()
    calls: list[Mapping[str, Any]] = []
    for record in records:
        row = rows.of("answers", record.id)
        if row is None:
            continue
        for asked, made_ in zip(record.asked, row["answers"], strict=True):
            raw = [call["text"] for call in made_["calls"] if call["prompt"] == SAY]
            tally.add(asked, given_from(made_), raw, made_["by_model"], record.facts, record.lang)
            firsts.append(made_["first_ms"])
            spent.append(made_["ms"])
            calls += made_["calls"]
    pointed = [call for call in calls if call["prompt"] == POINT and call["end"] == "whole"]
    return {
        **tally.table(),
        "pointing_json_valid": round(sum(_is_object(c["text"]) for c in pointed) / len(pointed), 4)
        if pointed
        else None,
        "first_words_ms": quantiles(firsts),
        "ms": quantiles(spent),
        "model_calls": _ends(calls),
    }


def quantiles(values: Sequence[float]) -> dict[str, float | int | None]:
    """p50 and p95 (nearest rank) with the number of values."""
    ordered = sorted(values)

    def at(share: float) -> float | None:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else None

    return {"p50": at(0.5), "p95": at(0.95), "n": len(ordered)}


def _ends(calls: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How the model's calls ended; `late` ones depend on the speed of the machine."""
    return {end: sum(call["end"] == end for call in calls) for end in ("whole", "enough", "late", "failed")}


def _calls(heard: Overheard | None) -> list[dict[str, Any]]:
    taken: list[Call] = heard.take() if heard is not None else []
    return [{"prompt": c.prompt, "shaped": c.shaped, "text": c.text, "end": c.end} for c in taken]


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
