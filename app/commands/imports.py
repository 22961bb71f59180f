"""`zhubo import FILE --shop S [--dry-run]`: a sheet onto a shop's shelf."""

import asyncio
import json
from pathlib import Path
from typing import Any

from app.access.service import SAMPLE, Access
from app.access.store import shop_row
from app.catalogue.extraction import parsers_alone
from app.catalogue.imports.goods import Choices, Good, goods_in
from app.catalogue.imports.job import ImportJob
from app.catalogue.imports.limits import FILE_BYTES
from app.catalogue.imports.mapping import Columns, propose
from app.catalogue.imports.problems import Problem, problem_from_json
from app.catalogue.imports.sandbox import read_table
from app.catalogue.imports.service import Imports, choices_of, first_choices
from app.catalogue.imports.sniff import kind_of
from app.catalogue.imports.table import Table
from app.catalogue.imports.text import decoded
from app.catalogue.service import Catalogue
from app.catalogue.store import facts_to_row
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import LiveEvent, ShopId
from app.orders.service import Orders
from app.sample.seed import seed_sample
from app.settings import Settings
from app.shows.service import Shows

PREVIEW = 5  # products
TEXT_ENDINGS = frozenset({".txt", ".md"})
BY = "command line"


async def import_command(
    settings: Settings, *, file: Path, shop: str, dry_run: bool, as_json: bool, currency: str | None
) -> int:
    """Read the file; without `dry_run` put its products on the shop's shelf. Raises FileRefused and NotFound."""
    raw = await asyncio.to_thread(_read, file)
    text = _free_text(raw, file.name)
    if text is not None:
        told = _told_text(text)
        if not dry_run:
            raise Conflict(f"text: wanted --dry-run or the page /catalogue/paste, found {file.name!r} to be saved")
    else:
        table = await read_table(raw, file.name)
        columns = propose(table)
        choices = choices_of(first_choices(table, columns, currency or "CNY"))
        told = await asyncio.to_thread(told_table, table, columns, choices)
        if not dry_run:
            told["counts"], more = await _imported(settings, raw, file.name, ShopId(shop), currency)
            told["problems"] = [_shown(problem) for problem in more]
    print(json.dumps(told, ensure_ascii=False) if as_json else _readable(told))
    return 0


def told_table(table: Table, columns: Columns, choices: Choices) -> dict[str, Any]:
    """What a dry run says of a sheet (pure): its columns, rows, problems and first products."""
    problems, first = list(table.problems), list[dict[str, Any]]()
    if not columns.places("title"):
        problems.append(Problem(row=0, field="columns", code="no_title", found=" | ".join(table.header)[:120]))
        goods: list[Good] = []
    else:
        goods = list(goods_in(table, columns, choices))
    for good in goods:
        problems += good.problems
        if good.facts is not None and len(first) < PREVIEW:
            first.append(_preview(good))
    return {
        "columns": {column.name: column.field or None for column in columns.columns},
        "rows": len(table.rows),
        "products": sum(good.facts is not None for good in goods),
        "profile": columns.profile,
        "problems": [_shown(problem) for problem in problems],
        "preview": first,
    }


def _preview(good: Good) -> dict[str, Any]:
    if good.facts is None:
        raise ValueError(f"row {good.row}: wanted facts, found none")
    facts = good.facts.to_json()
    return {
        "sku": good.sku, "title": facts["title"], "brand": facts["brand"], "category": facts["category"],
        "price": facts["price"], "list_price": facts["list_price"], "currency": facts["currency"], "stock": good.stock,
        **{name: facts[name] for name in ("specs", "selling_points", "audience", "promotions", "service", "variants")},
        "pictures": list(good.pictures),
    }  # fmt: skip


def _shown(problem: Problem) -> dict[str, Any]:
    body = problem.to_json()
    return {name: body[name] for name in ("row", "field", "wanted", "found")}


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(FILE_BYTES + 1)
    except OSError as problem:
        raise BadInput("file", "a file that can be read", problem.strerror or str(file)) from None


def _free_text(raw: bytes, name: str) -> str | None:
    """The words of a text file that is no table; None for a sheet."""
    if Path(name).suffix.casefold() not in TEXT_ENDINGS or kind_of(raw, name) != "csv":
        return None
    text, _ = decoded(raw)
    lines = [line for line in text.splitlines() if line.strip()]
    tabular = sum("\t" in line or line.count(",") >= 2 for line in lines) >= 0.8 * len(lines)
    return None if tabular and len(lines) > 1 else text


def _told_text(text: str) -> dict[str, Any]:
    found = parsers_alone(text)
    if found is None:
        raise BadInput("text", "a product described in words", text[:80])
    facts = facts_to_row(found.facts)
    shown = {name: value for name, value in facts.items() if name not in ("evidence", "confidence")}
    return {
        "columns": {},
        "rows": 1,
        "products": 1,
        "profile": None,
        "problems": [],
        "preview": [{"sku": None, **shown}],
    }


async def _imported(
    settings: Settings, raw: bytes, name: str, shop: ShopId, currency: str | None
) -> tuple[dict[str, int], list[Problem]]:
    """The whole job in this process, with the mapping that the shop has for this header."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.sqlalchemy_url)
    try:
        await database.migrate()
        if shop == SAMPLE:
            await seed_sample(Access(database), Catalogue(database), Shows(database), Orders(database))
        async with database.transaction() as db:
            row = await shop_row(db, shop)
        if row is None:
            raise NotFound(f"shop: wanted one of this studio's, found {shop!r}")
        imports = Imports(database, settings.data_dir)
        id, known = await imports.upload(shop, raw, name, [], BY, currency=currency or row.currency)
        if not known:
            await imports.start(shop, id, BY)
            # A studio that runs on the same data reads price and stock from the shelf; nobody to tell in this process.
            await ImportJob(database, imports, settings.data_dir, _nobody).work(shop, id)
        done = await imports.one(shop, id)
        if done.state != "done":
            raise Conflict(f"import: wanted it done, found {done.state} {done.failure}")
        rows = await imports.outcomes(shop, id, troubled=True)
        problems = [problem_from_json(body) for outcome in rows for body in outcome.problems]
        return {**done.counts, "known_file": int(known)}, [*done.notes, *problems]
    finally:
        await database.close()


def _nobody(_shop: ShopId, _room: None, _event: LiveEvent) -> None:
    """No room runs in this process."""


def _readable(told: dict[str, Any]) -> str:
    lines = [f"{told['rows']} rows, {told['products']} products"]
    lines += [f"  {name} → {field or '(left out)'}" for name, field in told["columns"].items()]
    lines += [
        f"  row {one['row']}: {one['field']}: wanted {one['wanted']}, found {one['found']}" for one in told["problems"]
    ]
    lines += [f"  {one['sku']}: {one['title']} {one['price']} {one['currency']}" for one in told["preview"]]
    if "counts" in told:
        lines.append(", ".join(f"{name} {count}" for name, count in told["counts"].items()))
    return "\n".join(lines)
