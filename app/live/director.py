"""The rules of the show, as plain functions: what happened and the time go in, what to do comes out.

No clock, no I/O, no model. One act is on air at a time; whatever wants to be said waits in one list, ordered by the
table in `show.SOURCES`. Nothing is ever said in a show that is silenced or ended.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from app.events import (
    CardShown,
    ClauseStarted,
    CommentAnswered,
    CommentDecided,
    CommentHeard,
    CrewPressed,
    LineEnded,
    LineStarted,
    LiveEvent,
    OrderPlaced,
    PartFailed,
    PartRecovered,
    PriceChanged,
    ProductId,
    ShowEnded,
    ShowStarted,
    StockChanged,
)
from app.live import phrases
from app.live.comments import answered_now, bounded, counted, decide, drop_all, expire, hear, prefer
from app.live.show import (
    DISCLOSE_EVERY,
    DISCLOSE_RETRY,
    FIRST_RETRY,
    PLAN_AHEAD,
    PRICE_MEMORY,
    SOURCES,
    YIELDING,
    Act,
    Began,
    Border,
    Card,
    Cue,
    Cut,
    Decide,
    Intent,
    Leave,
    NewRound,
    Over,
    Plan,
    Planned,
    Say,
    Show,
    SourceName,
    Tick,
    Waiting,
)

Step = tuple[Show, list[Intent]]


def direct(show: Show, cue: Cue, now: float) -> tuple[Show, Sequence[Intent]]:
    """One step of the show. Returns the new state and what the room must do, in this order."""
    if show.phase == "ended":
        return show, ()
    show, intents = _take(show, cue, now)
    if show.phase == "on_air":
        show, more = _advance(show, now)
        intents += more
    return show, tuple(intents)


def _take(show: Show, cue: Cue, now: float) -> Step:
    match cue:
        case Tick():
            return expire(show, now)
        case CommentHeard():
            return hear(show, cue, now)
        case CrewPressed():
            return _pressed(show, cue, now)
        case PriceChanged():
            return _price_changed(show, cue.product, now)
        case StockChanged():
            return _stock_changed(show, cue, now)
        case Began():
            return _began(show, cue, now), []
        case Border():
            return _at_border(show, cue, now)
        case Over():
            return _over(show, cue, now), []
        case NewRound():
            return _new_round(show, cue), []
        case ShowStarted():
            return replace(show, phase="on_air"), []
        case ShowEnded():
            show, intents = _silence(show, cue.reason, now)
            return replace(show, phase="ended"), [*intents, Leave(reason=cue.reason)]
        case PartFailed():
            return (replace(show, voice_ok=False) if cue.part == "voice" else show), []
        case PartRecovered():
            return (replace(show, voice_ok=True, fill_next=False) if cue.part == "voice" else show), []
        case (
            OrderPlaced()
            | CardShown()
            | CommentDecided()
            | CommentAnswered()
            | LineStarted()
            | ClauseStarted()
            | LineEnded()
        ):
            return show, []
    assert_never(cue)


def _advance(show: Show, now: float) -> Step:
    """Let what matters more cut in, and choose the next act when the air is free."""
    show, intents = _disclose_when_due(show, now)
    if show.act is not None:
        best = prefer(show, now)
        if best is None or SOURCES[best.source].cuts != "now" or not _may_interrupt(best.source, show.act):
            return show, intents
        reason = "purchase question" if best.source == "purchase" else best.source
        show, cut = _cut(show, reason, now, keep=True)
        intents += cut
    show, chosen = _choose(show, now)
    return show, intents + chosen


def _may_interrupt(source: SourceName, act: Act) -> bool:
    if SOURCES[source].rank >= act.rank:
        return False
    return act.source in YIELDING or source in ("crew", "correction", "change")


def _cut(show: Show, reason: str, now: float, *, keep: bool) -> Step:
    """End the act at once. With `keep`, a sentence of the rundown goes on later from the clause that was cut."""
    act = show.act
    if act is None:
        return show, []
    resume = show.resume if keep else None
    if keep and act.planned:
        resume = (act.planned, max(act.clause, act.first))
    show = replace(show, act=None, resume=resume)
    if act.source == "disclosure":
        show = _again_soon(show, now)
    return show, [Cut(act=act.serial, reason=reason)]


def _choose(show: Show, now: float) -> Step:
    show, intents = expire(show, now)
    best = prefer(show, now)
    if not show.disclosed and (best is None or best.source != "disclosure"):
        return show, intents  # the first words of a show say what the host is
    if best is not None:
        show = replace(show, waiting=tuple(other for other in show.waiting if other is not best))
        if best.comment is not None and best.source in ("purchase", "answer"):
            show, decided = answered_now(show, best, now)
            intents += decided
        return _say(show, _act(show, best.source, best.text, now, product=best.product, waiting=best), intents)
    if not show.voice_ok and show.fill_next:
        return _say(replace(show, fill_next=False), _act(show, "idle", "", now), intents)
    show = _skip_sold_out(show)
    if show.resume is not None:
        planned, first = show.resume
        show = replace(show, resume=None)
        return _say(show, _planned_act(show, planned, first, now), intents)
    if len(show.plan) - show.position <= PLAN_AHEAD and show.asked_for < show.round:
        intents.append(Plan(round=show.round))
        show = replace(show, asked_for=show.round)
    if show.position < len(show.plan):
        planned = show.plan[show.position]
        show = replace(show, position=show.position + 1)
        return _say(show, _planned_act(show, planned, 0, now), intents)
    return _say(show, _act(show, "idle", "", now), intents)


def _planned_act(show: Show, planned: Planned, first: int, now: float) -> Act:
    return Act(
        serial=show.serial,
        source="rundown",
        text=planned.template,
        since=now,
        product=planned.product,
        planned=planned,
        first=first,
    )


def _act(
    show: Show,
    source: SourceName,
    text: str,
    now: float,
    *,
    product: ProductId | None = None,
    waiting: Waiting | None = None,
) -> Act:
    return Act(serial=show.serial, source=source, text=text, since=now, product=product or show.topic, waiting=waiting)


def _say(show: Show, act: Act, intents: list[Intent]) -> Step:
    if act.planned is not None and act.product is not None and act.product != show.product:
        show = replace(show, product=act.product)
        intents = [*intents, Card(product=act.product)]
    if act.source == "disclosure":
        show = replace(show, disclosed_at=act.since)
    return replace(show, act=act, serial=show.serial + 1), [*intents, Say(act=act)]


def _disclose_when_due(show: Show, now: float) -> Step:
    due = show.disclosed_at is None or now - show.disclosed_at >= DISCLOSE_EVERY
    if not due or any(item.source == "disclosure" for item in show.waiting):
        return show, []
    if show.act is not None and show.act.source == "disclosure":
        return show, []
    # The first one is the one that is made first; later ones vary.
    show, turn = _turn(show, "disclosure") if show.disclosed else (show, -1)
    text = phrases.one_of(phrases.DISCLOSURE, show.lang, turn + 1)
    return bounded(show, Waiting(source="disclosure", text=text, at=now))[0], []


def _began(show: Show, cue: Began, now: float) -> Show:
    act = show.act
    if act is None or act.serial != cue.act:
        return show
    if act.priced and act.product is not None:
        show = replace(show, priced={**show.priced, act.product: now})
    return replace(show, act=replace(act, clause=cue.clause))


def _at_border(show: Show, cue: Border, now: float) -> Step:
    act = show.act
    best = prefer(show, now)
    if act is None or act.serial != cue.act or best is None or show.phase != "on_air":
        return show, []
    if SOURCES[best.source].cuts == "never" or not _may_interrupt(best.source, act):
        return show, []
    resume = (act.planned, act.clause + 1) if act.planned else show.resume
    return replace(show, resume=resume), [Cut(act=act.serial, reason=best.source, at_border=True)]


def _over(show: Show, cue: Over, now: float) -> Show:
    act = show.act
    if act is None or act.serial != cue.act:
        return show
    show = replace(show, act=None, disclosed=show.disclosed or (act.source == "disclosure" and cue.outcome == "said"))
    if cue.outcome != "failed":
        return show
    if act.source == "disclosure":
        return _again_soon(show, now)
    if act.planned is not None and not show.voice_ok:
        # Without a voice the rest of the sentence waits, and something recorded fills the air first.
        return replace(show, resume=(act.planned, max(act.clause + 1, act.first)), fill_next=True)
    return show


def _again_soon(show: Show, now: float) -> Show:
    """A disclosure that was not heard to its end is due again."""
    return replace(show, disclosed_at=now - DISCLOSE_EVERY + (DISCLOSE_RETRY if show.disclosed else FIRST_RETRY))


def _new_round(show: Show, cue: NewRound) -> Show:
    rest = show.plan[show.position :]
    plan = (*cue.lines, *rest) if cue.pin else (*rest, *cue.lines)
    return replace(show, plan=plan, position=0, round=show.round if cue.pin else cue.round + 1)


def _pressed(show: Show, press: CrewPressed, now: float) -> Step:
    show = counted(show, f"pressed:{press.button}")
    match press.button:
        case "kill":
            show, intents = _silence(show, "kill", now)
            return replace(show, phase="silenced"), intents
        case "resume":
            return (replace(show, phase="on_air") if show.phase == "silenced" else show), []
        case "cut":
            return _cut(show, "crew cut", now, keep=False)
        case "next":
            show = replace(show, position=_next_product(show))
            return _cut(show, "crew next", now, keep=False)
        case "pin":
            return _pin(show, press.product, now)
        case "say":
            waiting = Waiting(source="crew", text=press.text, at=now, product=press.product)
            return bounded(show, waiting)
        case "answer":
            return prefer_comment(show, press, now)
        case "skip":
            return _skip(show, press, now)
    assert_never(press.button)


def prefer_comment(show: Show, press: CrewPressed, now: float) -> Step:
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


def _silence(show: Show, reason: str, now: float) -> Step:
    show, intents = _cut(show, reason, now, keep=False)
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
    show, intents = _cut(show, "crew pin", now, keep=False)
    ahead = [index for index in range(show.position, len(show.plan)) if show.plan[index].product == product]
    show = replace(show, product=product, sold_out=show.sold_out - {product})
    if not ahead:
        # The act that _advance chooses now fills the air until the room brings the sentences.
        return show, [*intents, Card(product=product), Plan(round=show.round, product=product)]
    return replace(show, position=ahead[0]), [*intents, Card(product=product)]


def _price_changed(show: Show, product: ProductId, now: float) -> Step:
    said_at = show.priced.get(product)
    said = said_at is not None and now - said_at < PRICE_MEMORY
    if not said and product != show.product:
        return show, []
    source: SourceName = "correction" if said else "change"
    lines = phrases.CORRECTION if said else phrases.CHANGE
    show, turn = _turn(show, source)
    # Two changes in a row are one line: the slot speaks the newest price.
    rest = tuple(
        item for item in show.waiting if not (item.source in ("correction", "change") and item.product == product)
    )
    forgotten = {key: at for key, at in show.priced.items() if key != product}
    show = replace(show, waiting=rest, priced=forgotten)
    return bounded(show, Waiting(source=source, text=phrases.one_of(lines, show.lang, turn), at=now, product=product))


def _stock_changed(show: Show, cue: StockChanged, now: float) -> Step:
    was = cue.product in show.sold_out
    gone = cue.stock <= 0
    if was == gone:
        return show, []
    show = replace(show, sold_out=show.sold_out | {cue.product} if gone else show.sold_out - {cue.product})
    if cue.product != show.product:
        return show, []
    show, turn = _turn(show, "stock")
    lines = phrases.SOLD_OUT if gone else phrases.BACK_IN_STOCK
    waiting = Waiting(source="change", text=phrases.one_of(lines, show.lang, turn), at=now, product=cue.product)
    return bounded(show, waiting)


def _skip_sold_out(show: Show) -> Show:
    """Pass over sentences of products that are sold out, as long as the plan holds anything else."""
    if not show.sold_out:
        return show
    if show.resume is not None and show.resume[0].product in show.sold_out:
        show = replace(show, resume=None)
    position = show.position
    while position < len(show.plan) and show.plan[position].product in show.sold_out:
        position += 1
    return replace(show, position=position)


def _turn(show: Show, name: str) -> tuple[Show, int]:
    turn = show.turns.get(name, 0)
    return replace(show, turns={**show.turns, name: turn + 1}), turn


__all__ = ["Decide", "LiveEvent", "direct"]
