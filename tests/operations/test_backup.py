"""The whole shop in one file and back again, on both databases; a wrong file changes nothing."""

import asyncio
import io
import json
import tarfile
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from app.access.service import Access
from app.catalogue.service import Catalogue
from app.commands import dumps
from app.commands.archive import MANIFEST
from app.commands.backup import back_up, restore
from app.commands.occupied import occupied
from app.database import Database
from app.errors import BadInput, Conflict, NotFound, Unavailable
from app.events import ShopId
from app.settings import Settings

SHOP = ShopId("mine")


@pytest.fixture
async def studio(database_url: str, tmp_path: Path) -> AsyncGenerator[Settings, None]:
    """A data folder with a shop, a key, an upload, and a clip that is not worth keeping."""
    data = tmp_path / "data"
    data.mkdir()
    if database_url.startswith("sqlite"):
        (tmp_path / "test.db").rename(data / "zhubo.db")
        settings = Settings(data_dir=data)
    else:
        settings = Settings(data_dir=data, database_url=database_url)
    for name, words in (("secrets.key", "k" * 32), ("uploads/商品.csv", "sku,price"), ("clips/a.clip", "sound")):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text(words)
    await add_shop(settings, SHOP)
    yield settings


async def add_shop(settings: Settings, shop: ShopId) -> None:
    database = Database(settings.sqlalchemy_url)
    await Access(database).open_shop(shop, f"shop {shop}", owner="Lin", account=shop)
    await database.close()


async def shops(settings: Settings) -> list[str]:
    database = Database(settings.sqlalchemy_url)
    try:
        return [shop for shop in ("mine", "late") if await has(Access(database), ShopId(shop))]
    finally:
        await database.close()


async def has(access: Access, shop: ShopId) -> bool:
    try:
        return await access.shop_name(shop) != ""
    except NotFound:
        return False


def files(settings: Settings) -> dict[str, str]:
    return {
        path.relative_to(settings.data_dir).as_posix(): path.read_text()
        for path in settings.data_dir.rglob("*")
        if path.is_file() and "zhubo.db" not in path.name and path.name != "studio.lock"
    }


async def test_what_was_backed_up_comes_back_whole(studio: Settings, tmp_path: Path) -> None:
    kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
    assert kept.stat().st_mode & 0o077 == 0
    await add_shop(studio, ShopId("late"))
    (studio.data_dir / "uploads/商品.csv").write_text("spoilt")
    (studio.data_dir / "uploads/late.csv").write_text("late")
    assert await shops(studio) == ["mine", "late"]
    aside = await asyncio.to_thread(restore, studio, kept, replace=True)
    assert await shops(studio) == ["mine"]
    assert files(studio) == {"secrets.key": "k" * 32, "uploads/商品.csv": "sku,price"}
    assert aside is not None and (aside / "uploads/late.csv").read_text() == "late"


async def test_a_backup_is_one_moment_also_while_others_write(studio: Settings, tmp_path: Path) -> None:
    database = Database(studio.sqlalchemy_url)
    access, writing = Access(database), True
    written = 0

    async def write() -> None:
        nonlocal written
        while writing:
            await access.open_shop(ShopId(f"s{written}"), "x", owner="Lin", account=f"a{written}")
            written += 1

    task = asyncio.create_task(write())
    kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
    writing = False
    await task
    await database.close()
    await asyncio.to_thread(restore, studio, kept, replace=True)
    after = Database(studio.sqlalchemy_url)
    again = Access(after)
    there = [await has(again, ShopId(f"s{number}")) for number in range(written)]
    assert there == sorted(there, reverse=True)  # a beginning of what was written, without a hole
    assert written > 0 and await has(again, SHOP)
    await after.close()


async def test_a_full_folder_is_only_replaced_when_that_was_said(studio: Settings, tmp_path: Path) -> None:
    kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
    before = files(studio)
    with pytest.raises(Conflict, match="--replace"):
        await asyncio.to_thread(restore, studio, kept, replace=False)
    assert files(studio) == before


async def test_a_running_studio_is_not_replaced_but_may_be_backed_up(studio: Settings, tmp_path: Path) -> None:
    with occupied(studio.data_dir):
        with occupied(studio.data_dir):  # a second replica on the same folder
            kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
        with pytest.raises(Conflict, match="running"):
            await asyncio.to_thread(restore, studio, kept, replace=True)
    assert await shops(studio) == ["mine"]


def rewritten(path: Path, into: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes]) -> Path:
    with tarfile.open(path) as old, tarfile.open(into, "w:gz") as new:
        members = [(member.name, old.extractfile(member).read()) for member in old]  # type: ignore[union-attr]
        for name, content in [*members, *extra.items()]:
            changed = change(name, content)
            if changed is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(changed)
                new.addfile(entry, io.BytesIO(changed))
    return into


def newer(name: str, content: bytes) -> bytes:
    return json.dumps({**json.loads(content), "schema": "9999_future"}).encode() if name == MANIFEST else content


@pytest.mark.parametrize(
    ("change", "extra"),
    [
        (lambda name, content: b"x" * len(content) if "secrets" in name else content, {}),
        (lambda name, content: None if "secrets" in name else content, {}),
        (lambda name, content: None if name == MANIFEST else content, {}),
        (lambda name, content: content, {"files/../../outside": b"x"}),
        (newer, {}),
    ],
    ids=["changed byte", "missing file", "no manifest", "a way out", "newer version"],
)
async def test_a_wrong_backup_is_refused_and_changes_nothing(
    studio: Settings, tmp_path: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes]
) -> None:
    kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
    wrong = rewritten(kept, tmp_path / "wrong.tar.gz", change, extra)
    before = files(studio)
    with pytest.raises(BadInput):
        await asyncio.to_thread(restore, studio, wrong, replace=True)
    assert files(studio) == before and await shops(studio) == ["mine"]
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x1f\x8b\x08broken"])
async def test_a_file_that_is_no_backup_is_refused(studio: Settings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar.gz").write_bytes(content)
    with pytest.raises(BadInput, match="backup"):
        await asyncio.to_thread(restore, studio, tmp_path / "x.tar.gz", replace=True)


async def test_a_cut_off_backup_is_refused(studio: Settings, tmp_path: Path) -> None:
    kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
    (tmp_path / "x.tar.gz").write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    with pytest.raises(BadInput):
        await asyncio.to_thread(restore, studio, tmp_path / "x.tar.gz", replace=True)
    assert await shops(studio) == ["mine"]


def test_a_folder_without_a_studio_has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        back_up(Settings(data_dir=tmp_path / "empty"), tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


async def test_a_backup_of_the_other_kind_of_database_is_refused(studio: Settings, tmp_path: Path) -> None:
    kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
    other = Settings(
        data_dir=tmp_path / "elsewhere",
        database_url=None if studio.database_url else "postgresql+asyncpg://nobody@127.0.0.1:1/none",
    )
    with pytest.raises(BadInput, match="database"):
        await asyncio.to_thread(restore, other, kept, replace=True)


async def test_a_restored_database_has_every_catalogue_row(studio: Settings, tmp_path: Path) -> None:
    kept = await asyncio.to_thread(back_up, studio, tmp_path / "b.tar.gz")
    await asyncio.to_thread(restore, studio, kept, replace=True)
    database = Database(studio.sqlalchemy_url)
    assert await Catalogue(database).products(SHOP) == []
    assert await asyncio.to_thread(dumps.revision_of, studio) in dumps.known_revisions()
    await database.close()
