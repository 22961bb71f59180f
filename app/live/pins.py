"""Where the rundown stands: jumping to a product, staying with it, skipping a sentence, more lines (pure)."""

from dataclasses import replace
from itertools import takewhile

from app.events import ProductId
from app.live.acts import Step, cut
from app.live.show import PIN_AHEAD, Card, NewRound, Plan, Planned, Show


def jump(show: Show, product: ProductId | None, now: float) -> Step:
    """Go to the product at once; its words are asked for when none of them are ahead."""
    if product is None:
        return show, []
    show, intents = cut(show, "crew jump", now, keep=False)
    ahead = [index for index in range(show.position, len(show.plan)) if show.plan[index].product == product]
    show = replace(show, product=product, sold_out=show.sold_out - {product}, resume=None, awaited=None)
    if ahead:
        return replace(show, position=ahead[0]), [*intents, Card(product=product)]
    return replace(show, awaited=product), [*intents, Card(product=product), Plan(round=show.round, product=product)]


def pin(show: Show, product: ProductId | None, now: float) -> Step:
    """Stay with the product until it is unpinned or sold out; go to it first when another one is on air."""
    if product is None or product == show.pinned:
        return show, []
    show = replace(show, pinned=product)
    return (show, []) if product == show.product else jump(show, product, now)


def unpin(show: Show) -> Show:
    """Let the rundown go on to other products, after what is already planned of this one."""
    return replace(show, pinned=None, awaited=None)


def next_product(show: Show, now: float) -> Step:
    """Leave the product on air, pinned or not, for the one after it."""
    show = unpin(show)
    return cut(replace(show, position=_after_this(show)), "crew next", now, keep=False)


def skip_line(show: Show, place: str, now: float) -> Step:
    """Take one planned sentence out, also the one on air."""
    if show.resume is not None and show.resume[0].place == place:
        return replace(show, resume=None), []
    act = show.act
    if act is not None and act.planned is not None and act.planned.place == place:
        return cut(show, "crew skip", now, keep=False)
    ahead = tuple(line for line in show.plan[show.position :] if line.place != place)
    return replace(show, plan=(*show.plan[: show.position], *ahead)), []


def keep_pinned(show: Show) -> Step:
    """Ask for more sentences of the pinned product in time, so that no other one comes between."""
    if show.pinned is None or show.awaited is not None:
        return show, []
    if len(_head(show.plan[show.position :], show.pinned)) > PIN_AHEAD:
        return show, []
    show = replace(show, awaited=show.pinned, pin_round=show.pin_round + 1)
    return show, [Plan(round=show.pin_round, product=show.pinned)]


def still_awaited(show: Show) -> tuple[Show, bool]:
    """Whether a product's sentences are on their way and none is here: then something recorded fills the air, once."""
    if show.awaited is None or _head(show.plan[show.position :], show.awaited):
        return show, False
    return replace(show, awaited=None), True


def with_lines(show: Show, cue: NewRound) -> Show:
    """The plan with the lines that came: a round behind everything, a product's own behind what is left of it."""
    rest = show.plan[show.position :]
    if not cue.pin and show.closing:
        return show  # asked for before the goodbye
    if not cue.pin:
        return replace(show, plan=(*rest, *cue.lines), position=0, round=cue.round + 1)
    first = cue.lines[0].product if cue.lines else None
    if first is None or (show.pinned or show.awaited or first) != first:
        return show  # asked for before somebody chose another product
    # What nobody at the desk asked for waits until the product on air is through.
    head = _head(rest, first if first in (show.pinned, show.awaited, show.product) else show.product)
    return replace(show, plan=(*head, *cue.lines, *rest[len(head) :]), position=0, awaited=None)


def _head(lines: tuple[Planned, ...], product: ProductId | None) -> tuple[Planned, ...]:
    return tuple(takewhile(lambda line: line.product == product, lines))


def _after_this(show: Show) -> int:
    for index in range(show.position, len(show.plan)):
        if show.plan[index].product not in (None, show.product):
            return index
    return len(show.plan)
