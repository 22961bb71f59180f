"""The sample shop in a database: whole after one seeding, unchanged by another, and its prices follow the ledger."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import pytest

from app.access.service import SAMPLE, Access
from app.catalogue.service import Catalogue
from app.database import Database
from app.orders.service import Orders
from app.sample.read import SampleProduct, sample_products
from app.sample.seed import seed_sample
from app.shows.service import Shows
from scripts_gen.rundown import filled, slotted

PRODUCTS = tuple(sample_products())


async def _seed(database: Database) -> None:
    await seed_sample(Access(database), Catalogue(database), Shows(database), Orders(database))


async def _seeded_file(path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    await _seed(database)
    await database.close()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database file; seeding judges every sentence, so it is done once and copied."""
    path = tmp_path_factory.mktemp("sample") / "seeded.db"
    asyncio.run(_seeded_file(path))
    return path


@pytest.fixture
async def shop(seeded: Path, tmp_path: Path) -> AsyncGenerator[Database, None]:
    """A seeded database of one's own."""
    path = tmp_path / "shop.db"
    shutil.copy(seeded, path)
    database = Database(f"sqlite+aiosqlite:///{path}")
    yield database
    await database.close()


async def test_every_product_is_on_the_shelf_confirmed_with_its_evidence_and_approved_words(shop: Database) -> None:
    catalogue, shows = Catalogue(shop), Shows(shop)
    shelf = {product.sku: product for product in await catalogue.products(SAMPLE)}
    assert list(shelf) == [sample.sku for sample in PRODUCTS]
    for sample in PRODUCTS:
        product = shelf[sample.sku]
        script = await shows.script(SAMPLE, product.id, sample.lang)
        assert product.confirmed
        assert product.facts == sample.facts
        assert (product.price, product.stock, product.faq) == (sample.facts.price, sample.stock, sample.faq)
        assert await catalogue.listing(SAMPLE, product.id) == sample.listing
        assert script is not None
        assert {segment.kind: segment.text for segment in script.segments} == dict(sample.script)


async def test_seeding_again_leaves_a_changed_price_and_adds_nothing(shop: Database) -> None:
    catalogue, shows = Catalogue(shop), Shows(shop)
    first = (await catalogue.products(SAMPLE))[0]
    await catalogue.set_price(SAMPLE, first.id, Decimal(999), first.list_price, "test")
    planned = await shows.shows(SAMPLE)
    await _seed(shop)
    again = await catalogue.products(SAMPLE)
    assert again[0].price == Decimal(999)
    assert len(again) == len(PRODUCTS)
    assert await shows.shows(SAMPLE) == planned


async def test_there_is_a_show_in_each_language_with_words_for_every_product_of_it(shop: Database) -> None:
    shows = Shows(shop)
    plans = [await shows.plan(SAMPLE, card.id) for card in await shows.shows(SAMPLE)]
    assert {plan.lang for plan in plans} == {"zh", "en"}
    for plan in plans:
        assert {product.lang for product in plan.products} == {plan.lang}
        assert set(plan.scripts) == {product.id for product in plan.products}
        assert plan.policies


@pytest.mark.parametrize("sample", PRODUCTS, ids=lambda sample: sample.sku)
def test_a_new_price_reaches_the_words_of_the_offer(sample: SampleProduct) -> None:
    facts = sample.facts
    assert facts.price is not None
    words = slotted(sample.script["offer"], facts)
    now = filled(words, facts.price + 7, facts.list_price, facts.currency, sample.lang)
    assert now is not None
    assert f"{facts.price + 7:f}" in now
    assert f"{facts.price:f}元" not in now and f"{facts.price:f} dollars" not in now
