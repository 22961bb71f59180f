"""Planning shows: which products, in which order, with which approved words."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.audit import note
from app.access.store import shop_row
from app.catalogue.store import product_row, to_product
from app.database import Database
from app.errors import Conflict, NotFound
from app.events import ProductId, ShopId, ShowId
from app.shows import script_store, store
from app.shows.plan import Before, ShowCard, ShowPlan, Wish
from app.shows.readings import readings_of
from app.shows.script_lines import spoken_lines
from app.shows.scripts import Scripts
from app.shows.store import PolicyRow, ScriptRow, ShowRow
from app.shows.wishes import checked_products, checked_wish, insert_show, places_for, told_of
from scripts_gen.rundown import Script, Segment, in_order_of


class Shows:
    """The shows of every shop. Raises NotFound for a show or product of another one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.scripts = Scripts(database)

    async def shows(self, shop: ShopId) -> list[ShowCard]:
        """The shop's shows in order."""
        async with self._database.transaction() as db:
            rows = await store.shows_with_counts(db, shop)
        return [
            ShowCard(
                id=ShowId(row.show),
                shop=shop,
                title=row.title,
                lang=row.lang,
                host=row.host,
                voice=row.voice,
                duty=row.duty,
                products=count,
                minutes=row.minutes,
                sold_out=gone,
                unconfirmed=unsure,
            )
            for row, count, gone, unsure in rows
        ]

    async def plan(self, shop: ShopId, show: ShowId, *, rehearsal: bool = False) -> ShowPlan:
        """Everything needed to run the show, as it stands now. Raises NotFound.

        A product with words in this show brings the lines that somebody stands for and that nothing has changed under;
        in a rehearsal also those nobody has approved yet. One without brings its newest approved script, if any.
        """
        async with self._database.transaction() as db:
            row = await _found(db, shop, show)
            products = tuple(to_product(item) for item in await store.products_of_show(db, shop, show))
            scripts = await store.newest_scripts(db, shop, row.lang)
            policies = [(policy.key, policy.text) for policy in await store.policies_in(db, shop, row.lang)]
            own = {item.block: item for item in await script_store.newest_versions(db, shop, show)}
            approvals = await script_store.approvals_in(db, shop, show)
            places = await store.places_of_show(db, shop, show)
            readings = await readings_of(db, shop)
        goals = {ProductId(place.product): place.goal for place in places if place.goal}
        words = {ProductId(item.product): _script(item) for item in scripts}
        spoken: dict[ProductId, Script] = {}
        for product in products:
            version, script = own.get(product.id), words.get(product.id)
            if version is not None:
                segments = spoken_lines(version, approvals, product, policies, row.lang, everything=rehearsal)
                script = Script(product=product.id, lang=row.lang, persona=row.persona, segments=segments)
            if script is not None:
                ordered = in_order_of(goals.get(product.id, ""), script.segments)
                spoken[product.id] = Script(
                    product=product.id, lang=script.lang, persona=script.persona, segments=ordered
                )
        return ShowPlan(
            id=ShowId(row.show),
            shop=shop,
            title=row.title,
            lang=row.lang,
            host=row.host,
            voice=row.voice,
            persona=row.persona,
            duty=row.duty,
            products=products,
            scripts=spoken,
            policies=tuple(policies),
            minutes=row.minutes,
            goals=goals,
            theme=row.theme,
            background=row.background,
            before=_before(row),
            readings=readings,
        )

    async def script(self, shop: ShopId, product: ProductId, lang: str) -> Script | None:
        """The product's newest approved script in that language, if it has one."""
        async with self._database.transaction() as db:
            row = await store.newest_script(db, shop, product, lang)
        return None if row is None else _script(row)

    async def add(
        self,
        shop: ShopId,
        show: ShowId,
        *,
        title: str,
        lang: str,
        host: str,
        voice: str,
        persona: str,
        duty: str,
        products: Sequence[ProductId],
    ) -> None:
        """A new show. Raises Conflict for a taken id, NotFound for products of another shop, BadInput for too many."""
        wish = Wish(
            title=title,
            lang=lang,
            host=host,
            voice=voice,
            persona=persona,
            duty=duty,
            products=tuple(products),
        )
        async with self._database.transaction() as db:
            if await store.show_row(db, shop, show) is not None:
                raise Conflict(f"show: wanted a new id, found {show!r} taken")
            await checked_products(db, shop, wish)
            await insert_show(db, shop, show, wish)

    async def create(self, shop: ShopId, wish: Wish, by: str = "studio") -> ShowId:
        """A new show as `by` wishes it; its id. Raises BadInput, and NotFound for products of another shop."""
        show = ShowId(secrets.token_hex(8))
        async with self._database.transaction() as db:
            await checked_wish(db, shop, wish)
            await insert_show(db, shop, show, wish)
            note(db, shop, by, "show_planned", object=show, detail=told_of(wish))
        return show

    async def change(self, shop: ShopId, show: ShowId, wish: Wish, by: str = "studio") -> None:
        """Plan the show anew; what it was before is remembered once. Raises BadInput and NotFound."""
        async with self._database.transaction() as db:
            row = await _found(db, shop, show)
            await checked_wish(db, shop, wish)
            places = await store.places_of_show(db, shop, show)
            goals = {place.product: place.goal for place in places if place.goal}
            if (row.minutes, [place.product for place in places], goals) != (
                wish.minutes,
                list(wish.products),
                dict(wish.goals),
            ):
                row.before = {
                    "minutes": row.minutes,
                    "products": [place.product for place in places],
                    "goals": goals,
                }
            row.title, row.lang, row.host, row.voice = wish.title, wish.lang, wish.host, wish.voice
            row.persona, row.duty, row.minutes = wish.persona, wish.duty, wish.minutes
            row.theme, row.background = wish.theme, wish.background
            await store.forget_places(db, shop, show)
            db.add_all(places_for(shop, show, wish))
            note(db, shop, by, "show_planned", object=show, detail=told_of(wish))

    async def copy(self, shop: ShopId, show: ShowId, title: str, by: str = "studio") -> ShowId:
        """The same show once more under another title, with its words and who stood for them. Raises NotFound."""
        made = ShowId(secrets.token_hex(8))
        async with self._database.transaction() as db:
            row = await _found(db, shop, show)
            places = await store.places_of_show(db, shop, show)
            await insert_show(
                db,
                shop,
                made,
                Wish(
                    title=title[:120],
                    lang=row.lang,
                    host=row.host,
                    voice=row.voice,
                    persona=row.persona,
                    duty=row.duty,
                    products=tuple(ProductId(place.product) for place in places),
                    minutes=row.minutes,
                    goals={ProductId(place.product): place.goal for place in places if place.goal},
                    theme=row.theme,
                    background=row.background,
                ),
            )
            await script_store.copy_words(db, shop, show, made)
            note(db, shop, by, "show_planned", object=made, detail={"copy_of": show})
        return made

    async def remove(self, shop: ShopId, show: ShowId, by: str = "studio") -> None:
        """Delete the show with its words; what it did on air stays in the log. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await _found(db, shop, show)
            await db.delete(row)
            note(db, shop, by, "show_planned", object=show, detail={"deleted": row.title})

    async def approve_script(self, shop: ShopId, product: ProductId, script: Script, by: str) -> int:
        """Keep a script as the product's newest approved version; the version's number. Raises NotFound."""
        async with self._database.transaction() as db:
            if await product_row(db, shop, product) is None:
                raise NotFound(f"product: wanted one of this shop, found {product!r}")
            before = await store.newest_script(db, shop, product, script.lang)
            version = 1 if before is None else before.version + 1
            db.add(
                ScriptRow(
                    shop=shop,
                    product=product,
                    lang=script.lang,
                    version=version,
                    persona=script.persona,
                    segments=[
                        {"kind": segment.kind, "text": segment.text, "facts": list(segment.facts)}
                        for segment in script.segments
                    ],
                    approved_by=by,
                    approved_at=datetime.now(UTC),
                )
            )
        return version

    async def set_policies(self, shop: ShopId, policies: Sequence[tuple[str, str, str]]) -> None:
        """Replace the shop's policies by these (key, language, text). Raises NotFound for an unknown shop."""
        async with self._database.transaction() as db:
            if await shop_row(db, shop) is None:
                raise NotFound(f"shop: wanted one of this studio's, found {shop!r}")
            await store.forget_policies(db, shop)
            db.add_all(
                PolicyRow(shop=shop, key=key, lang=lang, position=position, text=text)
                for position, (key, lang, text) in enumerate(policies, start=1)
            )


async def _found(db: AsyncSession, shop: ShopId, show: ShowId) -> ShowRow:
    row = await store.show_row(db, shop, show)
    if row is None:
        raise NotFound(f"show: wanted one of this shop, found {show!r}")
    return row


def _before(row: ShowRow) -> Before | None:
    if row.before is None:
        return None
    return Before(
        minutes=row.before["minutes"],
        products=tuple(ProductId(name) for name in row.before["products"]),
        goals={ProductId(name): goal for name, goal in row.before["goals"].items()},
    )


def _script(row: ScriptRow) -> Script:
    return Script(
        product=row.product,
        lang=row.lang,
        persona=row.persona,
        segments=tuple(
            Segment(kind=item["kind"], text=item["text"], facts=tuple(item["facts"])) for item in row.segments
        ),
    )
