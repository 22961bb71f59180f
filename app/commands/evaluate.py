"""`eval`: how good the product's own path is on authored records, with one engine or another."""

import json
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import model
from app.commands.run import prepare
from app.engines import engines
from app.errors import BadInput
from app.evaluation.hostile import read_suite, suite_table
from app.evaluation.measure import PARTS, made, table
from app.evaluation.printed import printed
from app.evaluation.records import digest, read_records
from app.evaluation.rows import Rows
from app.settings import Settings
from model.openai_client import OpenAIModel
from scripts_gen.language import LanguageModel

RULES = "rules"
SUITES = Path(__file__).parents[2] / "tests" / "scripts_gen" / "hostile"
_HELDOUT = Path(model.__file__).parent / "train" / "heldout_categories.json"


async def evaluate_command(
    settings: Settings,
    *,
    records: Path,
    engine: str,
    parts: Sequence[str],
    limit: int | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Measure; keep every row beside `out`, so that a stopped run goes on; print or write the table."""
    if unknown := [part for part in parts if part not in PARTS]:
        raise BadInput("parts", f"some of {', '.join(PARTS)}", ",".join(unknown))
    every = read_records(records)
    asked, about = every[:limit], {"records": digest(every), "engine": engine}
    kept = out.with_suffix(".rows.jsonl") if out else None
    began = time.monotonic()
    with Rows(kept, about) as rows:
        wanted = [(part, record) for part in parts for record in asked]
        todo = [(part, record) for part, record in wanted if rows.of(part, record.id) is None]
        if len(todo) < len(wanted):
            _say(f"{len(wanted) - len(todo)} of {len(wanted)} rows are in {kept} already")
        try:
            async with chosen(settings, engine) if todo else _nothing() as language_model:
                for done, (part, record) in enumerate(todo, 1):
                    rows.add(part, record.id, await made(part, record, language_model))
                    spent = time.monotonic() - began
                    left = spent / done * (len(todo) - done)
                    _say(f"{part} {record.id}: {done}/{len(todo)}, {spent:.0f} s, about {left:.0f} s left")
        except BaseException:
            if kept:
                _say(f"stopped; {len(rows)} rows are in {kept}, and the same command goes on from there")
            raise
        measured = {"engine": engine, **table(asked, rows, parts, _unseen())}
    _write(measured, out, as_json)
    return 0


async def hostile_command(
    settings: Settings, *, folder: Path, engine: str, limit: int | None, out: Path | None, as_json: bool
) -> int:
    """The hostile comments and listings against the real path. Exit code 1 when any was obeyed."""
    suite = read_suite(folder, limit)
    async with chosen(settings, engine) as language_model:
        measured = {"engine": engine, **await suite_table(suite, language_model, _say)}
    _write(measured, out, as_json)
    return 1 if measured["comments"]["obeyed"] or measured["listings"]["obeyed"] else 0


@asynccontextmanager
async def chosen(settings: Settings, engine: str) -> AsyncGenerator[LanguageModel | None, None]:
    """The engine by name: `moe`, `donor`, `rules` (no model at all) or the URL of an OpenAI-compatible endpoint."""
    if engine == RULES:
        yield None
    elif engine.startswith(("http://", "https://")):
        endpoint = OpenAIModel(
            engine, key=settings.model_key, name=settings.model_name, patience=settings.model_patience
        )
        try:
            yield endpoint
        finally:
            await endpoint.close()
    elif engine in ("donor", "moe"):
        prepare(settings)
        async with engines(settings.model_copy(update={"engine": engine})) as embedded:
            yield embedded
    else:
        raise BadInput("engine", "moe, donor, rules or an http(s) URL", engine)


@asynccontextmanager
async def _nothing() -> AsyncGenerator[None, None]:
    yield None


def _unseen() -> frozenset[str]:
    """Categories that no training has seen; none where the list is not there."""
    if not _HELDOUT.is_file():
        return frozenset()
    return frozenset(json.loads(_HELDOUT.read_text("utf-8")))


def _write(measured: Mapping[str, Any], out: Path | None, as_json: bool) -> None:
    whole = json.dumps(measured, ensure_ascii=False, indent=1)
    if out:
        out.write_text(whole + "\n", encoding="utf-8")
    print(whole if as_json else printed(measured))


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
