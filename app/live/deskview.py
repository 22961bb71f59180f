"""The desk's whole picture of a room: now, next, the running order, products, comments, pages, alerts (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.events import ProductId
from app.live import wire
from app.live.alerts import Watched, alerts_of
from app.live.larder import parts_of
from app.live.show import SOURCES, Planned, Show
from app.live.stage import Seat
from app.live.views import View
from avatar.clips import Clip
from scripts_gen.rundown import spoken_seconds

NEXT_SHOWN = 8  # sentences that follow
STOPS_SHOWN = 40  # products of the running order
PAGES_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the picture needs beside the view: what is heard, what is made, who watches. `silent` in seconds."""

    revision: int
    now: float
    speech: wire.Speech | None
    ready: Callable[[str], Clip | None]
    lookahead: float
    seats: Sequence[Seat]
    health: Mapping[str, str]
    forgotten: int
    silent: float


def desk_of(view: View, moment: Moment) -> wire.Desk:
    """Everything that the desk page draws."""
    show, board = view.show, view.board
    waiting = sum(1 for item in show.waiting if item.comment is not None)
    on_air = view.shelf.products.get(show.product) if show.product else None
    silent = moment.silent if show.phase == "on_air" else 0.0
    watched = Watched(
        phase=show.phase,
        rehearsal=view.billing.rehearsal,
        silent=silent,
        health=moment.health,
        sold_out=on_air is not None and on_air.sold_out,
        pages=len(moment.seats),
        offsets=[seat.offset_ms for seat in moment.seats if seat.offset_ms is not None],
    )
    return wire.Desk(
        revision=moment.revision,
        room=view.billing.room,
        state=show.phase,
        rehearsal=view.billing.rehearsal,
        server_ms=round(moment.now * 1000),
        now=_now(view, moment.speech),
        next=_coming(view, moment.ready),
        products=_products(view),
        comments=board.comments(),
        counts={**show.counts, "waiting": waiting, "forgotten": moment.forgotten, "orders": board.order_events},
        gmv=board.gmv(),
        health=dict(moment.health),
        lookahead_seconds=round(moment.lookahead, 1),
        viewers=len(moment.seats),
        duty=view.billing.duty,
        order=_order(view, moment),
        moves=board.moves(),
        pages=[_page(seat) for seat in moment.seats[-PAGES_SHOWN:]],
        delays=board.delays(),
        alerts=list(alerts_of(watched)),
        silent_seconds=round(silent, 1),
    )


def _now(view: View, speech: wire.Speech | None) -> wire.DeskLine | None:
    if speech is None:
        return None
    act = view.show.act
    planned = act.planned if act else None
    return wire.DeskLine(
        line=speech.line,
        line_kind=speech.line_kind,
        text=speech.text,
        product=act.product if act else None,
        starts_ms=speech.starts_ms,
        seconds=speech.seconds,
        block=planned.block if planned else "",
    )


def _coming(view: View, ready: Callable[[str], Clip | None]) -> list[wire.DeskLine]:
    show, shelf, lang = view.show, view.shelf, view.billing.plan.lang
    coming = [
        wire.DeskLine(
            line=item.comment or f"waiting-{index}",
            line_kind=SOURCES[item.source].line_kind,
            text=(item.words or item.text)[:200],
            product=item.product,
            ready=False,
        )
        for index, item in enumerate(sorted(show.waiting, key=lambda item: (SOURCES[item.source].rank, item.at)))
    ]
    for planned, first in show.upcoming()[:NEXT_SHOWN]:
        text = shelf.fill(planned.template, planned.product) or planned.template
        parts = parts_of(text, lang, True)[first:]
        coming.append(
            wire.DeskLine(
                line=planned.place,
                line_kind="rundown",
                text=text,
                product=planned.product,
                ready=all(ready(part) is not None for part in parts),
                block=planned.block,
                planned=True,
            )
        )
    return coming[:NEXT_SHOWN]


def _products(view: View) -> list[wire.DeskProduct]:
    return [
        wire.DeskProduct(
            product=product.id,
            number=number,
            sku=product.sku,
            title=product.title,
            picture=product.shown_picture,
            price=None if product.price is None else f"{product.price:f}",
            currency=product.currency,
            stock=product.stock,
            on_air=product.id == view.show.product,
            pinned=product.id == view.show.pinned,
            stock_before=view.board.stock_before.get(product.id),
        )
        for number, product in enumerate(view.shelf.products.values(), start=1)
    ]


def _order(view: View, moment: Moment) -> list[wire.DeskStop]:
    """The running order: neighbouring sentences about one product are one stop."""
    left = _left(moment)
    stops: list[wire.DeskStop] = []
    group: list[Planned] = []
    numbers = {product: number for number, product in enumerate(view.shelf.products, start=1)}
    lines = [line for line in _lines(view.show) if line.product in numbers and line.product not in view.show.sold_out]
    for index, line in enumerate(lines):
        group.append(line)
        following = lines[index + 1].product if index + 1 < len(lines) else None
        if following == line.product:
            continue
        seconds = sum(spoken_seconds(item.template, view.billing.plan.lang) for item in group)
        stops.append(_stop(view, group, numbers, seconds, left))
        left += seconds
        group = []
        if len(stops) == STOPS_SHOWN:
            break
    return stops


def _lines(show: Show) -> list[Planned]:
    return [planned for planned, _ in show.upcoming()]


def _stop(
    view: View, group: Sequence[Planned], numbers: Mapping[ProductId, int], seconds: float, starts: float
) -> wire.DeskStop:
    first = group[0]
    assert first.product is not None  # noqa: S101 - only lines of known products are grouped
    return wire.DeskStop(
        stop=first.place,
        product=first.product,
        number=numbers[first.product],
        title=view.shelf.products[first.product].title,
        sentences=len(group),
        seconds=round(seconds, 1),
        in_seconds=round(starts, 1),
        blocks=list(dict.fromkeys(line.block for line in group)),
    )


def _left(moment: Moment) -> float:
    """Seconds of the clause on air that are still to come."""
    if moment.speech is None:
        return 0.0
    return max(0.0, moment.speech.starts_ms / 1000 + moment.speech.seconds - moment.now)


def _page(seat: Seat) -> wire.DeskPage:
    return wire.DeskPage(
        page=seat.number,
        kind=seat.kind,
        since_ms=round(seat.since * 1000),
        seen_ms=round(seat.seen * 1000),
        offset_ms=None if seat.offset_ms is None else round(seat.offset_ms, 1),
    )
