"""A room as pages see it: the overlay's snapshot and the desk's whole picture (pure)."""

from collections.abc import Callable
from dataclasses import dataclass

from app.catalogue.product import Product
from app.events import CardShown, ProductId, RoomId
from app.live import phrases, wire
from app.live.board import Board
from app.live.larder import parts_of
from app.live.shelf import Shelf, card_of
from app.live.show import SOURCES, Act, Show
from app.shows.plan import ShowPlan
from avatar.clips import Clip

NEXT_SHOWN = 5  # sentences that follow


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


def desk_of(
    view: View,
    *,
    revision: int,
    server_ms: int,
    speech: wire.Speech | None,
    ready: Callable[[str], Clip | None],
    lookahead: float,
    viewers: int,
    forgotten: int,
) -> wire.Desk:
    """The desk's whole picture."""
    show, shelf, lang = view.show, view.shelf, view.billing.plan.lang
    act = show.act
    now = None
    if speech is not None:
        now = wire.DeskLine(
            line=speech.line,
            line_kind=speech.line_kind,
            text=speech.text,
            product=act.product if act else None,
            starts_ms=speech.starts_ms,
            seconds=speech.seconds,
        )
    coming = [
        wire.DeskLine(
            line=item.comment or f"waiting-{index}",
            line_kind=SOURCES[item.source].line_kind,
            text=item.text[:200],
            product=item.product,
            ready=False,
        )
        for index, item in enumerate(sorted(show.waiting, key=lambda item: (SOURCES[item.source].rank, item.at)))
    ]
    for planned, first in show.upcoming()[:NEXT_SHOWN]:
        text = shelf.fill(planned.template, planned.product) or planned.template
        parts = parts_of(text, lang, True)[first:]
        made = all(ready(part) is not None for part in parts)
        coming.append(
            wire.DeskLine(line=planned.place, line_kind="rundown", text=text, product=planned.product, ready=made)
        )
    products = [
        wire.DeskProduct(
            product=product.id,
            number=number,
            sku=product.sku,
            title=product.title,
            picture=f"/static/{product.picture}" if product.picture else None,
            price=None if product.price is None else f"{product.price:f}",
            currency=product.currency,
            stock=product.stock,
            on_air=product.id == show.product,
        )
        for number, product in enumerate(shelf.products.values(), start=1)
    ]
    waiting = sum(1 for item in show.waiting if item.comment is not None)
    return wire.Desk(
        revision=revision,
        room=view.billing.room,
        state=show.phase,
        rehearsal=view.billing.rehearsal,
        server_ms=server_ms,
        now=now,
        next=coming[:NEXT_SHOWN],
        products=products,
        comments=view.board.comments(),
        counts={**show.counts, "waiting": waiting, "forgotten": forgotten, "orders": view.board.order_events},
        gmv=view.board.gmv(),
        health=view.board.health,
        lookahead_seconds=round(lookahead, 1),
        viewers=viewers,
    )
