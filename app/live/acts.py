"""Small steps that several rules share: ending an act, bringing a disclosure back, turning phrases (pure)."""

from dataclasses import replace

from app.live.show import DISCLOSE_EVERY, DISCLOSE_RETRY, FIRST_RETRY, SOURCES, TRIED, Act, Cut, Intent, Show

Step = tuple[Show, list[Intent]]


def cut(show: Show, reason: str, now: float, *, keep: bool) -> Step:
    """End the act at once. With `keep`, a sentence of the rundown goes on later from the clause that was cut."""
    act = show.act
    if act is None:
        return show, []
    resume = show.resume if keep else None
    if keep and act.planned:
        resume = (act.planned, max(act.clause, act.first))
    show = replace(show, act=None, resume=resume)
    if act.source == "disclosure":
        show = again_soon(show, now)
    return show, [Cut(act=act.serial, reason=reason)]


def answer_again(show: Show, act: Act | None, now: float) -> Show:
    """An answer that was broken off, by other than a person, waits to be begun anew, on the facts of then."""
    if act is None or act.waiting is None or act.source not in ("purchase", "answer") or act.waiting.again >= TRIED:
        return show
    if any(item.words and item.comment == act.waiting.comment for item in show.waiting):
        return show  # a person's own words came in its place
    if sum(1 for item in show.waiting if item.source == act.source) >= SOURCES[act.source].bound:
        return show
    waiting = replace(act.waiting, at=now, again=act.waiting.again + 1, chosen=act.since)
    return replace(show, waiting=(waiting, *show.waiting))


def again_soon(show: Show, now: float) -> Show:
    """A disclosure that was not heard to its end is due again."""
    return replace(show, disclosed_at=now - DISCLOSE_EVERY + (DISCLOSE_RETRY if show.disclosed else FIRST_RETRY))


def next_turn(show: Show, name: str) -> tuple[Show, int]:
    turn = show.turns.get(name, 0)
    return replace(show, turns={**show.turns, name: turn + 1}), turn
