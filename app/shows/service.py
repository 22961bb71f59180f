"""Planning shows: which products, in which order, with which approved words."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.access.store import shop_row
from app.catalogue.store import product_row, to_product
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId, ShowId
from app.shows import store
from app.shows.plan import ShowCard, ShowPlan
from app.shows.store import PolicyRow, ScriptRow, ShowProductRow, ShowRow
from scripts_gen.rundown import Script, Segment

SHOW_MOST = 200  # products


class Shows:
    """The shows of every shop. Raises NotFound for a show or product of another one."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
            )
            for row, count in rows
        ]

    async def plan(self, shop: ShopId, show: ShowId) -> ShowPlan:
        """Everything needed to run the show, as it stands now. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.show_row(db, shop, show)
            if row is None:
                raise NotFound(f"show: wanted one of this shop, found {show!r}")
            products = tuple(to_product(item) for item in await store.products_of_show(db, shop, show))
            scripts = await store.newest_scripts(db, shop, row.lang)
            policies = await store.policies_in(db, shop, row.lang)
        wanted = {product.id for product in products}
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
            scripts={ProductId(item.product): _script(item) for item in scripts if item.product in wanted},
            policies=tuple((policy.key, policy.text) for policy in policies),
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
        if not 1 <= len(products) <= SHOW_MOST or len(set(products)) != len(products):
            raise BadInput("products", f"1 to {SHOW_MOST} different ones", len(products))
        async with self._database.transaction() as db:
            if await store.show_row(db, shop, show) is not None:
                raise Conflict(f"show: wanted a new id, found {show!r} taken")
            for product in products:
                if await product_row(db, shop, product) is None:
                    raise NotFound(f"product: wanted one of this shop, found {product!r}")
            db.add(
                ShowRow(
                    shop=shop,
                    show=show,
                    position=await store.next_show_position(db, shop),
                    title=title,
                    lang=lang,
                    host=host,
                    voice=voice,
                    persona=persona,
                    duty=duty,
                    created_at=datetime.now(UTC),
                )
            )
            await db.flush()
            db.add_all(
                ShowProductRow(shop=shop, show=show, position=position, product=product)
                for position, product in enumerate(products, start=1)
            )

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


def _script(row: ScriptRow) -> Script:
    return Script(
        product=row.product,
        lang=row.lang,
        persona=row.persona,
        segments=tuple(
            Segment(kind=item["kind"], text=item["text"], facts=tuple(item["facts"])) for item in row.segments
        ),
    )
