"""`extract`, `script`, `answer` and `lawful`: one object in, one object out, or whole files of them.

With `jsonl` every line is a JSON object and gives one line of the same `id`, in order; a bad line gives `{id, error}`.
"""

import json
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any, TextIO

from scripts_gen.adlaw import judge
from scripts_gen.extract import extract
from scripts_gen.facts import facts_from_json
from scripts_gen.language import LanguageModel
from scripts_gen.reading import language_of
from scripts_gen.reply import Question, ReplySentence, gathered, reply
from scripts_gen.rundown import filled
from scripts_gen.writer import claims_of, write_script

Row = Mapping[str, Any]
Answer = dict[str, Any]


async def extract_command(
    model: LanguageModel | None, *, text: str | None, jsonl: Path | None, out: Path | None, as_json: bool
) -> int:
    """Listing → facts, evidence and confidence. Rows: `{"id", "listing"}`."""

    async def one(row: Row) -> Answer:
        started = time.perf_counter()
        found = await extract(_string(row, "listing"), model)
        return {
            "facts": found.facts.to_json(),
            "evidence": found.evidence,
            "confidence": found.confidence,
            "ms": _since(started),
        }

    return await _answer_all(one, {"listing": text} if text else None, jsonl, out, as_json, _facts_as_text)


async def script_command(model: LanguageModel | None, *, jsonl: Path | None, out: Path | None, as_json: bool) -> int:
    """Facts → eight spoken segments with their claims. Rows: `{"id", "lang", "persona", "facts"}`."""

    async def one(row: Row) -> Answer:
        started = time.perf_counter()
        facts = facts_from_json(_mapping(row, "facts"))
        lang = _lang(row, facts.title)
        script = await write_script(facts, lang, str(row.get("persona") or ""), model, product=str(row.get("id", "")))
        segments = {
            segment.kind: filled(segment.text, facts.price, facts.list_price, facts.currency, lang) or ""
            for segment in script.segments
        }
        claims = [{"text": claim.text, "fact": claim.fact} for claim in claims_of(script, facts)]
        return {"script": segments, "claims": claims, "ms": _since(started)}

    return await _answer_all(one, None, jsonl, out, as_json, _script_as_text)


async def answer_command(model: LanguageModel | None, *, jsonl: Path | None, out: Path | None, as_json: bool) -> int:
    """Comment and facts → what the host says. Rows: `{"id", "lang", "facts", "history", "comment"}`.

    `first_token_ms` is the time until the first words of the answer exist, whoever made them: code or model.
    """

    async def one(row: Row) -> Answer:
        started = time.perf_counter()
        facts = facts_from_json(_mapping(row, "facts"))
        comment = _string(row, "comment")
        question = Question(text=comment, lang=_lang(row, facts.title), history=_history(row.get("history") or []))
        parts: list[ReplySentence] = []
        first = 0.0
        async with aclosing(reply(question, facts, model)) as sentences:
            async for part in sentences:
                first = first or _since(started)
                parts.append(part)
        said = gathered(parts, question)
        return {
            "answer": said.text,
            "intent": said.intent,
            "answerable": said.answerable,
            "facts_used": list(said.facts_used),
            "first_token_ms": first,
            "ms": _since(started),
        }

    return await _answer_all(one, None, jsonl, out, as_json, lambda answer: str(answer["answer"]))


async def lawful_command(*, text: str | None, jsonl: Path | None, out: Path | None, as_json: bool) -> int:
    """Advertising law on a sentence. Rows: `{"id", "text", "category"}`."""

    async def one(row: Row) -> Answer:
        category = row.get("category")
        ruling = judge(_string(row, "text"), category if isinstance(category, str) else None)
        return {"verdict": ruling.verdict, "why": ruling.why, "rewrite": ruling.rewrite}

    def shown(answer: Answer) -> str:
        return " · ".join(part for part in (answer["verdict"], answer["why"], answer["rewrite"]) if part)

    return await _answer_all(one, {"text": text} if text else None, jsonl, out, as_json, shown)


async def _answer_all(
    one: Callable[[Row], Awaitable[Answer]],
    single: Row | None,
    jsonl: Path | None,
    out: Path | None,
    as_json: bool,
    shown: Callable[[Answer], str],
) -> int:
    """Answer one row or a file (standard input when neither is given); exit code 1 when a single row was bad."""
    if single is not None:
        answered = await _guarded(one, single)
        _write(out, json.dumps(answered, ensure_ascii=False) if as_json or "error" in answered else shown(answered))
        return 1 if "error" in answered else 0
    try:
        source = jsonl.open(encoding="utf-8-sig", errors="replace") if jsonl else sys.stdin
    except OSError as problem:
        print(f"zhubo: wanted a readable file, found {problem}", file=sys.stderr)
        return 1
    target = out.open("w", encoding="utf-8") if out else sys.stdout
    count = bad = 0
    try:
        async with aclosing(_answers(one, source)) as answers:
            async for answered in answers:
                text = shown(answered) if not (as_json or out or jsonl or "error" in answered) else ""
                target.write((text or json.dumps(answered, ensure_ascii=False)) + "\n")
                target.flush()
                count += 1
                bad += "error" in answered
    finally:
        if source is not sys.stdin:
            source.close()
        if target is not sys.stdout:
            target.close()
    print(f"{count} rows, {bad} bad", file=sys.stderr)
    return 0


async def _answers(one: Callable[[Row], Awaitable[Answer]], source: TextIO) -> AsyncGenerator[Answer, None]:
    for line in source:
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as problem:
            yield {"id": None, "error": f"wanted one JSON object a line, found {line.strip()[:60]!r} ({problem})"}
            continue
        if not isinstance(row, dict):
            yield {"id": None, "error": f"wanted a JSON object, found {line.strip()[:60]!r}"}
            continue
        yield {"id": row.get("id"), **await _guarded(one, row)}


async def _guarded(one: Callable[[Row], Awaitable[Answer]], row: Row) -> Answer:
    try:
        return await one(row)
    except ValueError as problem:
        return {"error": str(problem)}


def _write(out: Path | None, text: str) -> None:
    if out is None:
        print(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _string(row: Row, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name}: wanted a non-empty string, found {value!r}")
    return value


def _mapping(row: Row, name: str) -> Mapping[str, Any]:
    value = row.get(name)
    if not isinstance(value, Mapping):
        raise ValueError(f"{name}: wanted a JSON object, found {value!r}")
    return value


def _lang(row: Row, text: str) -> str:
    lang = row.get("lang") or language_of(text)
    if lang not in ("zh", "en"):
        raise ValueError(f'lang: wanted "zh" or "en", found {lang!r}')
    return str(lang)


def _history(turns: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(turns, list):
        raise ValueError(f"history: wanted a list of turns, found {turns!r}")
    found: list[tuple[str, str]] = []
    for turn in turns:
        if (
            not isinstance(turn, Mapping)
            or not isinstance(turn.get("text"), str)
            or turn.get("role") not in ("viewer", "host")
        ):
            raise ValueError(f'history: wanted {{"role": viewer|host, "text"}}, found {turn!r}')
        found.append((turn["role"], turn["text"]))
    return tuple(found)


def _facts_as_text(answer: Answer) -> str:
    facts = answer["facts"]
    lines = [f"{name}: {facts[name]}" for name in ("title", "brand", "category", "price", "list_price", "currency")]
    lines += [f"{spec['name']}: {spec['value']}" for spec in facts["specs"]]
    for name in ("selling_points", "audience", "promotions", "service", "variants"):
        if facts[name]:
            lines.append(f"{name}: " + " | ".join(facts[name]))
    return "\n".join(lines)


def _script_as_text(answer: Answer) -> str:
    return "\n".join(f"[{kind}] {text}" for kind, text in answer["script"].items())
