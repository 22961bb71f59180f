"""A file met again: the same changes nothing, a new word is taken, a choice of the studio stays."""

from decimal import Decimal
from pathlib import Path

from app.access.service import SAMPLE, Access
from app.catalogue.imports.job import ImportJob
from app.catalogue.imports.service import Imports
from app.catalogue.service import Catalogue
from app.database import Database
from app.events import LiveEvent, PriceChanged, ProductId
from tests.catalogue.imports.sheets import as_csv

HEAD = ("名称", "货号", "价格", "库存", "材质")


async def _import(database: Database, folder: Path, told: list[LiveEvent], *rows: tuple[str, ...]) -> dict[str, int]:
    imports = Imports(database, folder)
    id, known = await imports.upload(SAMPLE, as_csv((HEAD, *rows)), "茶.csv", [], "Lin")
    if not known:
        await imports.start(SAMPLE, id, "Lin")
        await ImportJob(database, imports, folder, lambda _shop, _room, event: told.append(event)).work(SAMPLE, id)
    found = await imports.one(SAMPLE, id)
    assert found.state == "done", found.failure
    return {**found.counts, "known": int(known)}


async def test_a_file_met_again(database: Database, tmp_path: Path) -> None:
    await Access(database).open_shop(SAMPLE, "shop", owner="Lin", account="lin")
    shelf, told, tea = Catalogue(database), list[LiveEvent](), ProductId("T1")
    first = await _import(database, tmp_path, told, ("茶", "T1", "9.90", "5", "陶"), ("碗", "B1", "30", "2", "木"))
    assert (first["added"], first["known"]) == (2, 0)
    again = await _import(database, tmp_path, told, ("茶", "T1", "9.90", "5", "陶"), ("碗", "B1", "30", "2", "木"))
    assert again["known"] == 1
    newer = await _import(database, tmp_path, told, ("茶", "T1", "8.80", "5", "瓷"), ("碗", "B1", "30", "2", "木"))
    assert (newer["changed"], newer["same"]) == (1, 1)
    product = await shelf.product(SAMPLE, tea)
    assert product.price == Decimal("8.80")
    assert [spec.value for spec in product.facts.specs] == ["瓷"]
    assert [type(event) for event in told] == [PriceChanged]
    assert [entry.price for entry in await shelf.ledger(SAMPLE, tea)] == [Decimal("8.80"), Decimal("9.90")]
    await shelf.set_price(SAMPLE, tea, Decimal("7.00"), None, "Lin")
    kept = await _import(database, tmp_path, told, ("茶", "T1", "8.50", "5", "瓷"))
    assert kept["kept"] == 1
    assert (await shelf.product(SAMPLE, tea)).price == Decimal("7.00"), "somebody set it here since"
