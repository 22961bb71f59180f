"""The running order follows the show: stock, price, orders and questions move products, each with its reason (pure)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from app.events import CommentHeard, OrderPlaced, PriceChanged, ProductId, Replanned, Why
from app.live.acts import Step
from app.live.questions import cleaned, named_product
from app.live.show import Intent, Plan, Planned, Replan, Show

SELLING, SELLING_WITHIN = 3, 300.0  # paid orders of one product within so many seconds that bring it sooner
ASKED, ASKED_WITHIN = 3, 120.0  # the same for questions
REST = 300.0  # seconds in which a product is not moved again
KEPT = 500  # orders and questions remembered; the oldest are forgotten

Times = tuple[tuple[ProductId, float], ...]


def price_fell(show: Show, cue: PriceChanged, now: float) -> Step:
    """Remember the price; a lower one brings its product sooner."""
    before = show.prices.get(cue.product)
    prices: Mapping[ProductId, Decimal] = {**show.prices, cue.product: cue.price}
    show = replace(show, prices=prices)
    if before is None or cue.price >= before:
        return show, []
    return sooner(show, cue.product, "price_down", 0, now)


def sold(show: Show, cue: OrderPlaced, now: float) -> Step:
    """Count a paid order. Simulated ones move nothing in a real show."""
    if cue.product is None or cue.status != "paid" or (cue.simulated and not show.rehearsal):
        return show, []
    orders, number = _counted(show.sold, cue.product, now, SELLING_WITHIN)
    show = replace(show, sold=orders)
    return sooner(show, cue.product, "selling", number, now) if number >= SELLING else (show, [])


def asked(show: Show, cue: CommentHeard, now: float) -> Step:
    """Count a comment that names a product other than the one on air."""
    if cue.crowd_kind != "comment":
        return show, []
    about = named_product(cleaned(cue.text), show.titles, show.topic)
    if about is None or about == show.topic:
        return show, []
    questions, number = _counted(show.wanted, about, now, ASKED_WITHIN)
    show = replace(show, wanted=questions)
    return sooner(show, about, "asked", number, now) if number >= ASKED else (show, [])


def told(show: Show, product: ProductId, why: Why, number: int, now: float) -> list[Intent]:
    """The line that explains a change on the desk."""
    return [Replan(changed=Replanned(product=product, why=why, number=number, when=now))]


def sooner(show: Show, product: ProductId, why: Why, number: int, now: float) -> Step:
    """Bring the product right behind the one on air; its words are asked for when the round has none left of it.

    Nothing is moved while a product is pinned or the show says goodbye, and no product twice within REST.
    """
    settled = show.phase == "on_air" and show.pinned is None and show.awaited is None and not show.closing
    lately = now - show.moved.get(product, -REST) < REST
    if not settled or lately or product not in show.titles or product == show.product or product in show.sold_out:
        return show, []
    rest = show.plan[show.position :]
    head = next((index for index, line in enumerate(rest) if line.product not in (None, show.product)), len(rest))
    tail = rest[head:]
    first = next((index for index, line in enumerate(tail) if line.product == product), None)
    if first == 0:
        return show, []
    show = replace(show, moved={**show.moved, product: now})
    intents = told(show, product, why, number, now)
    if first is None:
        show = replace(show, pin_round=show.pin_round + 1)
        return show, [*intents, Plan(round=show.pin_round, product=product)]
    last = next((index for index in range(first, len(tail)) if tail[index].product != product), len(tail))
    plan: tuple[Planned, ...] = (*rest[:head], *tail[first:last], *tail[:first], *tail[last:])
    return replace(show, plan=plan, position=0), intents


def _counted(times: Times, product: ProductId, now: float, within: float) -> tuple[Times, int]:
    """The times with one more, and how many of them are this product's."""
    kept = (*((name, at) for name, at in times if now - at < within), (product, now))[-KEPT:]
    return kept, sum(1 for name, _ in kept if name == product)
