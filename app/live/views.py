"""A room as overlay pages see it: card, comment, snapshot (pure)."""

from dataclasses import dataclass

from app.catalogue.product import Product
from app.events import CardShown, ProductId, RoomId
from app.live import phrases, wire
from app.live.board import Board
from app.live.shelf import Shelf, card_of
from app.live.show import Act, Show
from app.shows.plan import ShowPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """What a run of a room is given: who, which run of it (`epoch`), under which lease (`token`)."""

    room: RoomId
    plan: ShowPlan
    epoch: str
    token: int
    rehearsal: bool
    duty: str
    products: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What there is to show of a room at one moment."""

    billing: Billing
    show: Show
    shelf: Shelf
    board: Board


def card_in(view: View, product: ProductId | None) -> wire.Card | None:
    """The product's card with its number in the show and its QR picture."""
    known = view.shelf.products.get(product) if product else None
    if known is None:
        return None
    number = list(view.shelf.products).index(known.id) + 1
    return card_of(known, number, f"/overlay/qr/{view.billing.plan.id}/{known.id}.svg")


def card_event(product: Product) -> CardShown:
    """What the log keeps of a card."""
    return CardShown(
        product=product.id,
        sku=product.sku,
        title=product.title,
        price=product.price,
        list_price=product.list_price,
        currency=product.currency,
        sold_out=product.sold_out,
    )


def comment_of(act: Act | None) -> wire.ShownComment | None:
    """The comment that the act answers."""
    if act is None or act.waiting is None or act.waiting.comment is None:
        return None
    waiting = act.waiting
    return wire.ShownComment(
        comment=act.waiting.comment,
        name=waiting.names[0] if waiting.names else "",
        text=waiting.text[:200],
        simulated=waiting.simulated,
    )


def snapshot_of(view: View, epoch: str, seq: int, speech: wire.Speech | None) -> wire.Snapshot:
    """Everything an overlay page needs to start from nothing."""
    plan = view.billing.plan
    return wire.Snapshot(
        epoch=epoch,
        seq=seq,
        room=view.billing.room,
        shop=plan.shop,
        state=view.show.phase,
        rehearsal=view.billing.rehearsal,
        host=f"/static/hosts/{plan.host}/",
        lang=plan.lang,
        label=phrases.NOTICE["en" if plan.lang == "en" else "zh"],
        card=card_in(view, view.show.product),
        comment=comment_of(view.show.act),
        speech=speech,
    )
