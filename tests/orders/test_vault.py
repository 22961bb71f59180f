"""Secrets lie sealed, with a key that stands beside the database and not in it."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from app.access.service import Access
from app.database import Database
from app.errors import Unavailable
from app.events import ShopId
from app.orders.rows import SecretRow
from app.orders.service import Orders
from app.orders.vault import KEY_FILE, is_sealed, vault_in

SHOP = ShopId("mine")


async def kept(database: Database) -> list[str]:
    async with database.transaction() as db:
        return [row.secret for row in await db.scalars(select(SecretRow))]


async def test_a_secret_is_sealed_in_the_database_and_opens_with_the_folders_key(
    database: Database, tmp_path: Path
) -> None:
    await Access(database).open_shop(SHOP, "mine", owner="Lin", account="lin")
    secret = await Orders(database, vault_in(tmp_path)).ensure_secret(SHOP, "orders")
    (sealed,) = await kept(database)
    assert is_sealed(sealed) and secret not in sealed
    assert await Orders(database, vault_in(tmp_path)).valid_secrets(SHOP, "orders") == (secret,)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "key" in path.name] == [KEY_FILE]


async def test_what_an_older_version_wrote_open_is_sealed_once(database: Database, tmp_path: Path) -> None:
    await Access(database).open_shop(SHOP, "mine", owner="Lin", account="lin")
    secret = await Orders(database).ensure_secret(SHOP, "orders")
    assert await kept(database) == [secret]
    orders = Orders(database, vault_in(tmp_path))
    assert (await orders.seal_all(), await orders.seal_all()) == (1, 0)
    assert await orders.secret(SHOP, "orders") == secret and secret not in (await kept(database))[0]


def test_another_key_or_another_place_does_not_open_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    vault = vault_in(tmp_path / "a")
    sealed = vault.seal("s3cr3t", "mine/orders")
    with pytest.raises(Unavailable, match=KEY_FILE):
        vault_in(tmp_path / "b").open(sealed, "mine/orders")
    with pytest.raises(Unavailable):
        vault.open(sealed, "other/orders")
    (tmp_path / "b" / KEY_FILE).write_bytes(b"short")
    with pytest.raises(Unavailable, match="32 bytes"):
        vault_in(tmp_path / "b")
