"""What a merchant wishes for a show: checked, and put into rows."""

from datetime import UTC, datetime
from typing import get_args

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue.store import product_row
from app.errors import BadInput, NotFound
from app.events import ShopId, ShowId
from app.shows import store
from app.shows.cast import Cast, checked_cast
from app.shows.plan import Wish
from app.shows.store import ShowProductRow, ShowRow
from scripts_gen.rundown import Goal

SHOW_MOST = 200  # products
MINUTES = (5, 720)  # a show's planned length


async def checked_wish(db: AsyncSession, shop: ShopId, wish: Wish) -> None:
    """Refuse what cannot be: raises BadInput with the field, NotFound for products of another shop."""
    checked_cast(Cast(lang=wish.lang, host=wish.host, voice=wish.voice, theme=wish.theme, background=wish.background))
    for field, text, least, most in (
        ("title", wish.title, 1, 120),
        ("persona", wish.persona, 0, 400),
        ("duty", wish.duty, 1, 120),
    ):
        if not least <= len(text) <= most or not text.replace("\n", "").isprintable():
            raise BadInput(field, f"{least} to {most} printable characters", text)
    if not MINUTES[0] <= wish.minutes <= MINUTES[1]:
        raise BadInput("minutes", f"{MINUTES[0]} to {MINUTES[1]}", wish.minutes)
    if unknown := set(wish.goals.values()) - set(get_args(Goal)):
        raise BadInput("goal", "push, clear, new or none", sorted(unknown)[0])
    await checked_products(db, shop, wish)
    for product in wish.products:
        row = await product_row(db, shop, product)
        if row is not None and row.lang != wish.lang:
            raise BadInput("products", f"products whose words are in the show's language ({wish.lang})", row.sku)


async def checked_products(db: AsyncSession, shop: ShopId, wish: Wish) -> None:
    """Refuse no, too many or repeated products, and those of another shop."""
    if not 1 <= len(wish.products) <= SHOW_MOST or len(set(wish.products)) != len(wish.products):
        raise BadInput("products", f"1 to {SHOW_MOST} different ones", len(wish.products))
    for product in wish.products:
        if await product_row(db, shop, product) is None:
            raise NotFound(f"product: wanted one of this shop, found {product!r}")


async def insert_show(db: AsyncSession, shop: ShopId, show: ShowId, wish: Wish) -> None:
    """The show's rows."""
    db.add(
        ShowRow(
            shop=shop,
            show=show,
            position=await store.next_show_position(db, shop),
            title=wish.title,
            lang=wish.lang,
            host=wish.host,
            voice=wish.voice,
            persona=wish.persona,
            duty=wish.duty,
            created_at=datetime.now(UTC),
            minutes=wish.minutes,
            theme=wish.theme,
            background=wish.background,
            before=None,
        )
    )
    await db.flush()
    db.add_all(places_for(shop, show, wish))
    await db.flush()


def told_of(wish: Wish) -> dict[str, str | int]:
    """What the audit log keeps of a wish."""
    return {"title": wish.title, "minutes": wish.minutes, "products": len(wish.products)}


def places_for(shop: ShopId, show: ShowId, wish: Wish) -> list[ShowProductRow]:
    """A row for each product in order."""
    return [
        ShowProductRow(shop=shop, show=show, position=position, product=product, goal=wish.goals.get(product, ""))
        for position, product in enumerate(wish.products, start=1)
    ]
