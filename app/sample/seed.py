"""The sample shop put into a database, through the same services that a merchant's clicks go through."""

from app.access.service import SAMPLE, Access
from app.catalogue.service import Catalogue
from app.events import ProductId, ShopId, ShowId
from app.orders.service import Orders
from app.sample.read import SampleProduct, sample_policies, sample_products
from app.shows.service import Shows
from scripts_gen.claims import check
from scripts_gen.rundown import Script, Segment

OWNER = "店主"
SHOW_PRODUCTS = 8
SECRETS = ("orders", "comments")
SHOWS = (
    (ShowId("sample"), "zh", "岚的好物间", "zf_xiaoxiao", "爽朗、讲得细的好物主播，只说资料里有的"),
    (
        ShowId("sample-en"),
        "en",
        "Lan's Good Finds",
        "af_heart",
        "a warm, plain-spoken host who says only what the page says",
    ),
)


async def seed_sample(access: Access, catalogue: Catalogue, shows: Shows, orders: Orders) -> ShopId:
    """Make sure the sample shop is whole: owner, webhook secrets, products, approved scripts, policies, two shows.

    Idempotent and resumable: what is there already is left as the merchant made it.
    """
    await access.open_shop(SAMPLE, "主播样品店", owner=OWNER, account="sample")
    for kind in SECRETS:
        await orders.ensure_secret(SAMPLE, kind)
    shelf = {product.sku: product for product in await catalogue.products(SAMPLE)}
    by_lang: dict[str, list[ProductId]] = {}
    for sample in sample_products():
        there = shelf.get(sample.sku)
        product = await _add(catalogue, sample) if there is None else there.id
        if there is None or not there.confirmed:
            await catalogue.confirm(SAMPLE, product, OWNER)
        if await shows.script(SAMPLE, product, sample.lang) is None:
            await shows.approve_script(SAMPLE, product, _script(product, sample), OWNER)
        by_lang.setdefault(sample.lang, []).append(product)
    planned = {show.id for show in await shows.shows(SAMPLE)}
    if not planned:
        await shows.set_policies(
            SAMPLE,
            [line for item in sample_policies() for line in ((item.key, "zh", item.zh), (item.key, "en", item.en))],
        )
    for show, lang, title, voice, persona in SHOWS:
        if show not in planned:
            await shows.add(
                SAMPLE,
                show,
                title=title,
                lang=lang,
                host="lan",
                voice=voice,
                persona=persona,
                duty=OWNER,
                products=_spread(by_lang[lang]),
            )
    return SAMPLE


def _spread(products: list[ProductId]) -> list[ProductId]:
    # Neighbours on the shelf are of one category: every n-th one gives a varied show.
    step = max(1, len(products) // SHOW_PRODUCTS)
    return products[::step][:SHOW_PRODUCTS]


async def _add(catalogue: Catalogue, sample: SampleProduct) -> ProductId:
    return await catalogue.add(
        SAMPLE,
        sku=sample.sku,
        lang=sample.lang,
        listing=sample.listing,
        facts=sample.facts,
        stock=sample.stock,
        by=OWNER,
        list_price_basis=sample.list_price_basis,
        picture=sample.picture,
        faq=sample.faq,
    )


def _script(product: ProductId, sample: SampleProduct) -> Script:
    approved = tuple(question.answer for question in sample.faq)
    segments = tuple(
        # A person wrote and checked these words; the gate at the mouth still hears every one of them.
        Segment(kind=kind, text=text, facts=_carrying(text, sample, approved))
        for kind, text in sample.script.items()
    )
    return Script(product=product, lang=sample.lang, persona=sample.persona, segments=segments)


def _carrying(text: str, sample: SampleProduct, approved: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in check(text, sample.facts, approved).used if not key.startswith("extra."))
