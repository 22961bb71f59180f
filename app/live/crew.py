"""The crew's buttons, as rules of the show: speaking for the host, deciding on comments, silence and back (pure)."""

from dataclasses import replace
from typing import assert_never

from app.events import CrewPressed
from app.live import phrases
from app.live.acts import Step, cut
from app.live.comments import bounded, counted, decide, drop_all, hand_over_all
from app.live.pins import jump, next_product, pin, skip_line, unpin
from app.live.questions import speakable
from app.live.show import Show, SourceName, Waiting


def pressed(show: Show, press: CrewPressed, now: float) -> Step:
    """What a button does. `cut` drops the sentence on air, `hold` keeps it for the moment the host is handed back."""
    show = counted(show, f"pressed:{press.button}")
    match press.button:
        case "kill":
            show, intents = silence(show, "kill", now)
            return replace(show, phase="silenced"), intents
        case "hold":
            return _hold(show, now)
        case "resume":
            return (replace(show, phase="on_air") if show.phase in ("silenced", "held") else show), []
        case "cut":
            return cut(show, "crew cut", now, keep=False)
        case "next":
            return next_product(show, now)
        case "jump":
            return jump(unpin(show), press.product, now)
        case "pin":
            return pin(show, press.product, now)
        case "unpin":
            return unpin(show), []
        case "skip_line":
            return skip_line(show, press.line, now)
        case "say":
            return _typed(show, "crew", press.text, press, now)
        case "correct":
            return _typed(show, "correction", phrases.corrected(press.text, show.lang), press, now)
        case "answer" | "reply":
            return _answer(show, press, now)
        case "skip":
            return _skip(show, press, now)
    assert_never(press.button)


def _typed(show: Show, source: SourceName, text: str, press: CrewPressed, now: float) -> Step:
    return bounded(show, Waiting(source=source, text=text, at=now, product=press.product or show.topic, by=press.by))


def _answer(show: Show, press: CrewPressed, now: float) -> Step:
    """The crew wants this comment answered now, whatever was decided before; with `reply` in these words."""
    waiting = next((item for item in show.waiting if item.comment == press.comment), None)
    heard = next((item for item in show.heard if item.comment == press.comment), None)
    if waiting is None and heard is None:
        return counted(show, "answer:unknown comment"), []
    if waiting is not None:
        show = replace(show, waiting=tuple(item for item in show.waiting if item is not waiting))
        waiting = replace(waiting, source="purchase", at=now, by=press.by, words=press.text)
        return replace(show, waiting=(waiting, *show.waiting)), []
    assert heard is not None  # noqa: S101 - one of the two is there
    return bounded(
        show,
        Waiting(
            source="purchase",
            text=heard.text,
            at=now,
            product=press.product or show.product,
            comment=heard.comment,
            names=(name,) if (name := speakable(heard.name)) else (),
            simulated=heard.simulated,
            by=press.by,
            words=press.text,
        ),
    )


def _skip(show: Show, press: CrewPressed, now: float) -> Step:
    waiting = next((item for item in show.waiting if item.comment == press.comment), None)
    if waiting is None:
        return show, []
    show = replace(show, waiting=tuple(item for item in show.waiting if item is not waiting))
    return decide(show, waiting, "skip", "crew", now)


def _hold(show: Show, now: float) -> Step:
    """A person takes over: quiet at once, questions are theirs, the sentence goes on at the handing back."""
    if show.phase != "on_air":
        return show, []
    show, intents = cut(show, "taken over", now, keep=True)
    show, handed = hand_over_all(show, "taken over", now)
    return replace(show, phase="held"), [*intents, *handed]


def silence(show: Show, reason: str, now: float) -> Step:
    """Nothing more of what is being said or waits."""
    show, intents = cut(show, reason, now, keep=False)
    show, dropped = drop_all(show, reason, now)
    return show, [*intents, *dropped]
