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
    FactsChanged,
    LineEnded,
    LineStarted,
    OrderPlaced,
    PartFailed,
    PartRecovered,
    PersonalErased,
    PriceChanged,
    ProductId,
    Replanned,
    ShowEnded,
    ShowStarted,
    StockChanged,
)
from app.live import phrases
from app.live.acts import Step, again_soon, answer_again, cut, next_turn
from app.live.changes import pass_over_sold_out, price_changed, stock_changed
from app.live.comments import answered_now, bounded, expire, hear, prefer
from app.live.crew import pressed, silence
from app.live.pins import keep_pinned, still_awaited, with_lines
from app.live.replan import asked, sold
from app.live.show import (
    DISCLOSE_EVERY,
    PLAN_AHEAD,
    SOURCES,
    YIELDING,
    Act,
    Began,
    Border,
    Card,
    Cue,
    Cut,
    Finish,
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
            known = f"{cue.source}:{cue.source_event_id}" in show.seen
            show, intents = hear(show, cue, now)
            if known:
                return show, intents
            show, moved = asked(show, cue, now)
            return show, intents + moved
        case CrewPressed():
            return pressed(show, cue, now)
        case PriceChanged():
            return price_changed(show, cue, now)
        case StockChanged():
            return stock_changed(show, cue, now)
        case Began():
            return _began(show, cue, now), []
        case Border():
            return _at_border(show, cue, now)
        case Over():
            return _over(show, cue, now), []
        case NewRound():
            return with_lines(show, cue), []
        case ShowStarted():
            return replace(show, phase="on_air", rehearsal=cue.rehearsal, started_at=now), []
        case ShowEnded():
            show, intents = silence(show, cue.reason, now)
            return replace(show, phase="ended"), [*intents, Leave(reason=cue.reason)]
        case PartFailed():
            return (replace(show, voice_ok=False) if cue.part == "voice" else show), []
        case PartRecovered():
            return (replace(show, voice_ok=True, fill_next=False) if cue.part == "voice" else show), []
        case OrderPlaced():
            return sold(show, cue, now)
        case (
            Replanned()
            | FactsChanged()
            | CardShown()
            | CommentDecided()
            | CommentAnswered()
            | LineStarted()
            | ClauseStarted()
            | LineEnded()
            | PersonalErased()
        ):
            return show, []
    assert_never(cue)


def _advance(show: Show, now: float) -> Step:
    """Let what matters more cut in, and choose the next act when the air is free."""
    show, intents = _disclose_when_due(_goodbye_when_due(show, now), now)
    if show.act is not None:
        best = prefer(show, now)
        if best is None or SOURCES[best.source].cuts != "now" or not _may_interrupt(best.source, show.act):
            return show, intents
        reason = "purchase question" if best.source == "purchase" else best.source
        broken = show.act
        show, ended = cut(show, reason, now, keep=True)
        show = answer_again(show, broken, now)
        intents += ended
    show, chosen = _choose(show, now)
    return show, intents + chosen


def _may_interrupt(source: SourceName, act: Act) -> bool:
    if SOURCES[source].rank >= act.rank:
        return False
    return act.source in YIELDING or source in ("crew", "correction", "change")


def _choose(show: Show, now: float) -> Step:
    show, intents = expire(show, now)
    if show.closing and show.position >= len(show.plan) and show.resume is None:
        if not show.rehearsal:
            return show, [*intents, Finish(reason="the planned time is over")]
        # A rehearsal goes on until somebody ends it.
        show = replace(show, closing=False, seconds=0.0, asked_for=show.round - 1)
    best = prefer(show, now)
    if not show.disclosed and (best is None or best.source != "disclosure"):
        return show, intents  # the first words of a show say what the host is
    if best is not None:
        show = replace(show, waiting=tuple(other for other in show.waiting if other is not best))
        if best.comment is not None and best.source in ("purchase", "answer"):
            show, decided = answered_now(show, best, now)
            intents += decided
        act = _act(show, best.source, best.text, now, product=best.product, waiting=best)
        return _say(show, replace(act, since=best.chosen or now), intents)
    if show.fill_next:
        return _say(replace(show, fill_next=False), _act(show, "idle", "", now), intents)
    show = pass_over_sold_out(show)
    show, asked = keep_pinned(show)
    intents += asked
    if show.resume is not None:
        planned, first = show.resume
        show = replace(show, resume=None)
        return _say(show, _planned_act(show, planned, first, now), intents)
    if not show.closing and len(show.plan) - show.position <= PLAN_AHEAD and show.asked_for < show.round:
        intents.append(Plan(round=show.round))
        show = replace(show, asked_for=show.round)
    show, ahead = still_awaited(show)
    if not ahead and show.position < len(show.plan):
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


def _goodbye_when_due(show: Show, now: float) -> Show:
    """When the planned time is over the rest of the plan is the goodbye; what is on air is finished first."""
    if show.closing or not show.seconds or show.started_at is None or now - show.started_at < show.seconds:
        return show
    return replace(
        show, plan=show.goodbye, position=0, resume=None, pinned=None, awaited=None, closing=True, fill_next=False
    )


def _disclose_when_due(show: Show, now: float) -> Step:
    due = show.disclosed_at is None or now - show.disclosed_at >= DISCLOSE_EVERY
    if not due or any(item.source == "disclosure" for item in show.waiting):
        return show, []
    if show.act is not None and show.act.source == "disclosure":
        return show, []
    if show.disclosed:
        show, turn = next_turn(show, "disclosure")
        text = phrases.one_of(phrases.DISCLOSED_AGAIN, show.lang, turn)
    else:
        text = phrases.one_of(phrases.DISCLOSURE, show.lang, 0)
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
        return again_soon(show, now)
    if cue.away:
        show = answer_again(show, act, now)
    if act.planned is not None and cue.away:
        # Without a voice the rest of the sentence waits, and something recorded fills the air first.
        return replace(show, resume=(act.planned, max(act.clause + 1, act.first)), fill_next=True)
    return show
