"""A show's words read from the database, each line judged by the facts of this moment."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue.product import Product
from app.catalogue.store import to_product
from app.errors import NotFound
from app.events import ShopId, ShowId
from app.shows import script_store, store
from app.shows.script_lines import Approval, BlockWords, Words, by_words, hashed, lines_on, words_in
from app.shows.verdicts import Ground, ground_of
from scripts_gen.rundown import Segment, in_order_of, slotted


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A show's products, and how many of them have words that somebody stands for."""

    products: int
    approved: int

    @property
    def ready(self) -> bool:
        """Whether every product has."""
        return self.products > 0 and self.approved == self.products


async def block_of(db: AsyncSession, shop: ShopId, show: ShowId, block: str) -> BlockWords:
    """One product of the show with its lines. Raises NotFound."""
    found = await blocks_of(db, shop, show, only=block)
    if not found:
        raise NotFound(f"block: wanted a product of this show, found {block[:80]!r}")
    return found[0]


async def blocks_of(db: AsyncSession, shop: ShopId, show: ShowId, *, only: str | None = None) -> list[BlockWords]:
    """Every product of the show (or `only` one) with its lines, in order. Raises NotFound for no show.

    Every line read is judged, so whoever needs one block asks for one.
    """
    row = await store.show_row(db, shop, show)
    if row is None:
        raise NotFound(f"show: wanted one of this shop, found {show!r}")
    policies = [(policy.key, policy.text) for policy in await store.policies_in(db, shop, row.lang)]
    own = {item.block: item for item in await script_store.newest_versions(db, shop, show)}
    theirs = {item.product: item for item in await store.newest_scripts(db, shop, row.lang)}
    approvals = by_words(await script_store.approvals_in(db, shop, show))
    goals = {place.product: place.goal for place in await store.places_of_show(db, shop, show)}
    found: list[BlockWords] = []
    for product in (to_product(item) for item in await store.products_of_show(db, shop, show)):
        if only not in (None, product.id):
            continue
        ground = ground_of(product, policies, row.lang)
        version = own.get(product.id)
        approved = theirs.get(product.id) if version is None else None
        goal = goals.get(product.id, "")
        if version is not None:
            found.append(
                BlockWords(
                    product=product,
                    goal=goal,
                    version=version.version,
                    why=version.why,  # type: ignore[arg-type]  # only Reason is ever written
                    by=version.by,
                    at=version.at,
                    lines=lines_on([words_in(item) for item in version.lines], ground, approvals, product.id),
                )
            )
        elif approved is not None:
            segments = in_order_of(goal, [Segment(kind=item["kind"], text=item["text"]) for item in approved.segments])
            words = [
                Words(kind=part.kind, text=slotted(part.text, product.facts), worded="person") for part in segments
            ]
            standing = Approval(by=approved.approved_by, at=approved.approved_at)
            found.append(
                BlockWords(
                    product=product,
                    goal=goal,
                    version=0,
                    why="product",
                    by=approved.approved_by,
                    at=approved.approved_at,
                    lines=tuple(replace(line, approval=standing) for line in lines_on(words, ground, {}, product.id)),
                )
            )
        else:
            found.append(BlockWords(product=product, goal=goal, version=0, why="none", by="", at=None, lines=()))
    return found


async def standing_in(db: AsyncSession, shop: ShopId) -> dict[ShowId, Standing]:
    """Of each show of the shop: how many products it has, and for how many somebody stands."""
    found: dict[ShowId, Standing] = {}
    for row, *_ in await store.shows_with_counts(db, shop):
        show = ShowId(row.show)
        own = {item.block: item for item in await script_store.newest_versions(db, shop, show)}
        theirs = {item.product for item in await store.newest_scripts(db, shop, row.lang)}
        approved = by_words(await script_store.approvals_in(db, shop, show))
        places = await store.places_of_show(db, shop, show)
        ready = sum(
            all((place.product, hashed(item["text"])) in approved for item in own[place.product].lines)
            if place.product in own
            else place.product in theirs
            for place in places
        )
        found[show] = Standing(products=len(places), approved=ready)
    return found


async def ground_in(db: AsyncSession, shop: ShopId, show: ShowId, product: Product) -> Ground:
    """What the product's lines may stand on in this show."""
    row = await store.show_row(db, shop, show)
    lang = row.lang if row is not None else product.lang
    return ground_of(product, [(item.key, item.text) for item in await store.policies_in(db, shop, lang)], lang)
