"""Order files on the real books: columns put right and remembered, bad files told, sheets sealed and dropped."""

from pathlib import Path

import pytest

from app.access.service import Access
from app.catalogue.imports.problems import FileRefused
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ShopId
from app.orders.files import OrderFiles
from app.orders.rows import OrderFileRow
from app.orders.service import Orders
from app.orders.vault import vault_in

SHOP, OTHER = ShopId("mine"), ShopId("other")
HEAD = "流水,钱,情况,买家电话\n"
MAPPED = ("order", "amount", "status", "buyer")


@pytest.fixture
async def files(database: Database, tmp_path: Path) -> OrderFiles:
    for shop in (SHOP, OTHER):
        await Access(database).open_shop(shop, shop, owner="Lin", account=shop)
    return OrderFiles(database, Orders(database, vault_in(tmp_path)))


async def take(files: OrderFiles, text: str, *, encoding: str = "gb18030", shop: ShopId = SHOP) -> str:
    return await files.take(shop, "file", "流水.csv", text.encode(encoding), currency="CNY", by="Lin")


async def test_unknown_columns_are_put_right_once_and_the_next_file_is_read_likewise(
    files: OrderFiles, database: Database
) -> None:
    name = await take(files, HEAD + "A-1,100.00,已付款,13812345678\nA-2,abc,已付款,\n")
    found = await files.file(SHOP, name)
    assert (found.missing, found.orders) == (("order", "amount", "status"), ())
    await files.remap(SHOP, name, MAPPED, currency="CNY")
    found = await files.file(SHOP, name)
    assert [(order.order, order.amount_minor) for order in found.orders] == [("A-1", 10_000)]
    assert [(one["row"], one["field"], one["found"]) for one in found.problems] == [(3, "amount", "abc")]
    assert await files.book(SHOP, name, set_differing=False, by="Lin") == 1
    with pytest.raises(Conflict):
        await files.remap(SHOP, name, MAPPED, currency="CNY")
    again = await files.file(SHOP, await take(files, HEAD + "A-3,7.00,已付款,\n"))
    assert again.missing == () and [order.order for order in again.orders] == ["A-3"]
    theirs = await files.file(OTHER, await take(files, HEAD + "B-1,7.00,已付款,\n", shop=OTHER))
    assert theirs.missing, "another shop remembers nothing of it"
    with pytest.raises(NotFound):
        await files.remap(OTHER, name, MAPPED, currency="CNY")
    async with database.transaction() as db:
        row = await db.get_one(OrderFileRow, (SHOP, name))
        assert row.draft is None, "a booked file keeps no sheet"


async def test_a_sheet_that_waits_lies_sealed(files: OrderFiles, database: Database) -> None:
    name = await take(files, HEAD + "A-1,100.00,已付款,13812345678\n")
    async with database.transaction() as db:
        row = await db.get_one(OrderFileRow, (SHOP, name))
        assert row.draft is not None and row.draft.startswith("sealed:") and "13812345678" not in row.draft
    assert "13812345678" not in str((await files.file(SHOP, name)).mapping)


async def test_files_that_cannot_be_read_say_why_and_leave_nothing(files: OrderFiles) -> None:
    rows = "".join(f"{number},1.00,已付款,\n" for number in range(20_001))
    for text, code in ((HEAD + rows, "too_many_rows"), ("", "empty"), (HEAD, "header_missing")):
        with pytest.raises(FileRefused) as refused:
            await take(files, text)
        assert refused.value.code == code
    with pytest.raises(FileRefused) as refused:
        await files.take(SHOP, "file", "x.csv", HEAD.encode() + b"\xff\xfe\x81,1\n", currency="CNY", by="Lin")
    assert refused.value.code == "encoding"
    with pytest.raises(BadInput, match="currency"):
        await files.take(SHOP, "file", "x.csv", HEAD.encode(), currency="XXX", by="Lin")
