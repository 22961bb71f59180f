"""Shows, scripts and the sample shop, by their own services."""

import json

import pytest

from app.access.service import SAMPLE, Access
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId, ShowId
from app.orders.service import Orders
from app.sample.seed import seed_sample
from app.shows.service import Shows
from scripts_gen.rundown import Script, Segment

OTHER = ShopId("other")


async def test_the_sample_shop_is_whole(seeded: Database) -> None:
    products = await Catalogue(seeded).products(SAMPLE)
    assert len(products) >= 24 and all(product.confirmed and product.price is not None for product in products)
    assert len({product.facts.category for product in products}) >= 8
    assert {product.lang for product in products} == {"zh", "en"}
    shows = await Shows(seeded).shows(SAMPLE)
    assert [(show.id, show.lang, show.products >= 5) for show in shows] == [
        ("sample", "zh", True),
        ("sample-en", "en", True),
    ]
    for card in shows:
        plan = await Shows(seeded).plan(SAMPLE, card.id)
        assert {product.id for product in plan.products} == set(plan.scripts)
        assert all(product.lang == plan.lang for product in plan.products)
        assert all(len(script.segments) == 8 for script in plan.scripts.values())
        assert len(plan.policies) >= 3
    code = await Access(seeded).first_link()
    assert len(code) >= 22


async def test_every_fact_of_the_sample_shop_points_at_its_own_words(seeded: Database) -> None:
    catalogue = Catalogue(seeded)
    for product in await catalogue.products(SAMPLE):
        listing = await catalogue.listing(SAMPLE, product.id)
        start, end = product.facts.evidence["title"][0]
        assert listing[start:end] == product.title
        start, end = product.facts.evidence["price"][0]
        assert product.price is not None and listing[start:end].replace(",", "").startswith(f"{product.facts.price:f}")


async def test_seeding_again_leaves_the_merchants_changes_alone(seeded: Database) -> None:
    catalogue, shows, orders = Catalogue(seeded), Shows(seeded), Orders(seeded)
    product = (await catalogue.products(SAMPLE))[0]
    secret = await orders.secret(SAMPLE, "orders")
    await catalogue.set_stock(SAMPLE, product.id, 1)
    before = await shows.plan(SAMPLE, ShowId("sample"))
    await seed_sample(Access(seeded), catalogue, shows, orders)
    assert (await catalogue.product(SAMPLE, product.id)).stock == 1
    assert await orders.secret(SAMPLE, "orders") == secret
    after = await shows.plan(SAMPLE, ShowId("sample"))
    assert [item.id for item in after.products] == [item.id for item in before.products]
    assert after.scripts == before.scripts
    assert len(await catalogue.products(SAMPLE)) == len({item.sku for item in await catalogue.products(SAMPLE)})


async def test_the_newest_approved_script_is_the_one_spoken(seeded: Database) -> None:
    shows = Shows(seeded)
    product = (await shows.plan(SAMPLE, ShowId("sample"))).products[0].id
    script = Script(product=product, lang="zh", persona="p", segments=(Segment(kind="opening", text="新词", facts=()),))
    assert await shows.approve_script(SAMPLE, product, script, "Ann") == 2
    assert (await shows.plan(SAMPLE, ShowId("sample"))).scripts[product] == script
    assert await shows.script(SAMPLE, product, "zh") == script


async def test_another_shop_sees_and_changes_nothing_of_it(seeded: Database) -> None:
    await Access(seeded).open_shop(OTHER, "Other", owner="Wu", account="other")
    shows = Shows(seeded)
    product = (await Catalogue(seeded).products(SAMPLE))[0].id
    assert await shows.shows(OTHER) == []
    assert await shows.script(OTHER, product, "zh") is None
    script = Script(product=product, lang="zh", persona="p", segments=())
    details = {"title": "t", "lang": "zh", "host": "lan", "voice": "v", "persona": "p", "duty": "Wu"}
    for question in (
        shows.plan(OTHER, ShowId("sample")),
        shows.approve_script(OTHER, product, script, "Wu"),
        shows.add(OTHER, ShowId("mine"), products=[product], **details),
        shows.set_policies(ShopId("nobody"), []),
    ):
        with pytest.raises(NotFound):
            await question
    await shows.set_policies(OTHER, [("returns", "zh", "不退")])
    assert "不退" not in json.dumps((await shows.plan(SAMPLE, ShowId("sample"))).policies, ensure_ascii=False)


async def test_a_show_needs_a_new_id_and_some_products(seeded: Database) -> None:
    shows = Shows(seeded)
    details = {"title": "t", "lang": "zh", "host": "lan", "voice": "v", "persona": "p", "duty": "Lin"}
    product = (await Catalogue(seeded).products(SAMPLE))[0].id
    with pytest.raises(Conflict):
        await shows.add(SAMPLE, ShowId("sample"), products=[product], **details)
    with pytest.raises(BadInput):
        await shows.add(SAMPLE, ShowId("empty"), products=[], **details)
    with pytest.raises(BadInput):
        await shows.add(SAMPLE, ShowId("twice"), products=[product, ProductId(product)], **details)
