"""The crew's buttons, as rules: cut, next, pin, say, answer, skip, kill, resume (pure)."""

from dataclasses import replace
from typing import assert_never

from app.events import CrewPressed, ProductId
from app.live.acts import Step, cut
from app.live.comments import bounded, counted, decide, drop_all
from app.live.show import Card, Plan, Show, Waiting


def pressed(show: Show, press: CrewPressed, now: float) -> Step:
    show = counted(show, f"pressed:{press.button}")
    match press.button:
        case "kill":
            show, intents = silence(show, "kill", now)
            return replace(show, phase="silenced"), intents
        case "resume":
            return (replace(show, phase="on_air") if show.phase == "silenced" else show), []
        case "cut":
            return cut(show, "crew cut", now, keep=False)
        case "next":
            show = replace(show, position=_next_product(show))
            return cut(show, "crew next", now, keep=False)
        case "pin":
            return _pin(show, press.product, now)
        case "say":
            waiting = Waiting(source="crew", text=press.text, at=now, product=press.product)
            return bounded(show, waiting)
        case "answer":
            return _answer(show, press, now)
        case "skip":
            return _skip(show, press, now)
    assert_never(press.button)


def _answer(show: Show, press: CrewPressed, now: float) -> Step:
    """The crew wants this comment answered now, whatever was decided before."""
    waiting = next((item for item in show.waiting if item.comment == press.comment), None)
    heard = next((item for item in show.heard if item.comment == press.comment), None)
    if waiting is None and heard is None:
        return counted(show, "answer:unknown comment"), []
    if waiting is not None:
        rest = tuple(item for item in show.waiting if item is not waiting)
        return replace(show, waiting=(replace(waiting, source="purchase", at=now), *rest)), []
    assert heard is not None  # noqa: S101 - one of the two is there
    return bounded(
        show,
        Waiting(
            source="purchase",
            text=heard.text,
            at=now,
            product=show.product,
            comment=heard.comment,
            simulated=heard.simulated,
        ),
    )


def _skip(show: Show, press: CrewPressed, now: float) -> Step:
    waiting = next((item for item in show.waiting if item.comment == press.comment), None)
    if waiting is None:
        return show, []
    show = replace(show, waiting=tuple(item for item in show.waiting if item is not waiting))
    return decide(show, waiting, "skip", "crew", now)


def silence(show: Show, reason: str, now: float) -> Step:
    show, intents = cut(show, reason, now, keep=False)
    show, dropped = drop_all(show, reason, now)
    return show, [*intents, *dropped]


def _next_product(show: Show) -> int:
    for index in range(show.position, len(show.plan)):
        if show.plan[index].product not in (None, show.product):
            return index
    return len(show.plan)


def _pin(show: Show, product: ProductId | None, now: float) -> Step:
    if product is None:
        return show, []
    show, intents = cut(show, "crew pin", now, keep=False)
    ahead = [index for index in range(show.position, len(show.plan)) if show.plan[index].product == product]
    show = replace(show, product=product, sold_out=show.sold_out - {product})
    if not ahead:
        # The act that _advance chooses now fills the air until the room brings the sentences.
        return show, [*intents, Card(product=product), Plan(round=show.round, product=product)]
    return replace(show, position=ahead[0]), [*intents, Card(product=product)]
