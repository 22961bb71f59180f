"""What the merchant changes while the host talks: prices and stock, as rules of the show (pure)."""

from dataclasses import replace

from app.events import PriceChanged, StockChanged
from app.live import phrases
from app.live.acts import Step, next_turn
from app.live.comments import bounded
from app.live.pins import unpin
from app.live.replan import price_fell, told
from app.live.show import PRICE_MEMORY, Show, SourceName, Waiting


def price_changed(show: Show, cue: PriceChanged, now: float) -> Step:
    product = cue.product
    show, moved = price_fell(show, cue, now)
    said_at = show.priced.get(product)
    said = said_at is not None and now - said_at < PRICE_MEMORY
    if not said and product != show.product:
        return show, moved
    source: SourceName = "correction" if said else "change"
    lines = phrases.CORRECTION if said else phrases.CHANGE
    show, turn = next_turn(show, source)
    # Two changes in a row are one line: the slot speaks the newest price.
    rest = tuple(
        item for item in show.waiting if not (item.source in ("correction", "change") and item.product == product)
    )
    forgotten = {key: at for key, at in show.priced.items() if key != product}
    show = replace(show, waiting=rest, priced=forgotten)
    line = Waiting(source=source, text=phrases.one_of(lines, show.lang, turn), at=now, product=product)
    show, intents = bounded(show, line)
    return show, [*moved, *intents]


def stock_changed(show: Show, cue: StockChanged, now: float) -> Step:
    was = cue.product in show.sold_out
    gone = cue.stock <= 0
    if was == gone:
        return show, []
    show = replace(show, sold_out=show.sold_out | {cue.product} if gone else show.sold_out - {cue.product})
    if gone and cue.product == show.pinned:
        show = unpin(show)
    changed = told(show, cue.product, "sold_out" if gone else "back_in_stock", 0, now)
    if cue.product != show.product:
        return show, changed
    show, turn = next_turn(show, "stock")
    lines = phrases.SOLD_OUT if gone else phrases.BACK_IN_STOCK
    waiting = Waiting(source="change", text=phrases.one_of(lines, show.lang, turn), at=now, product=cue.product)
    show, intents = bounded(show, waiting)
    return show, [*changed, *intents]


def pass_over_sold_out(show: Show) -> Show:
    """Pass over sentences of products that are sold out, as long as the plan holds anything else."""
    if not show.sold_out:
        return show
    if show.resume is not None and show.resume[0].product in show.sold_out:
        show = replace(show, resume=None)
    position = show.position
    while position < len(show.plan) and show.plan[position].product in show.sold_out:
        position += 1
    return replace(show, position=position)
