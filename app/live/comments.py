"""The director's rules for what the crowd says: what is answered, merged, skipped, handed over or dropped (pure)."""

from dataclasses import replace

from app.events import CommentDecided, CommentHeard, Decision
from app.live import phrases
from app.live.questions import cleaned, named_product, reading_of, same_question, speakable
from app.live.show import (
    MERGE_WINDOW,
    REMEMBERED,
    ROOM_HOUR,
    SOURCES,
    VIEWER_HOUR,
    VIEWER_LIMIT,
    VIEWER_WINDOW,
    Decide,
    Intent,
    Show,
    SourceName,
    Topic,
    Waiting,
)

Step = tuple[Show, list[Intent]]


def hear(show: Show, comment: CommentHeard, now: float) -> Step:
    """Take in one event of the crowd. Each comment gets exactly one decision, now or later."""
    key = f"{comment.source}:{comment.source_event_id}"
    if key in show.seen:
        return counted(show, "duplicate"), []
    show = replace(show, seen=(*show.seen[-REMEMBERED + 1 :], key))
    if comment.crowd_kind == "gift":
        return _thank(show, now), []
    if comment.crowd_kind != "comment":
        return counted(show, comment.crowd_kind), []
    text = cleaned(comment.text)
    show = counted(replace(show, heard=(*show.heard[-REMEMBERED + 1 :], replace(comment, text=text))), "seen")
    waiting = Waiting(
        source="answer",
        text=text,
        at=comment.received_at,
        product=named_product(text, show.titles, show.topic),
        comment=comment.comment,
        names=(name,) if (name := speakable(comment.name)) else (),
        simulated=comment.simulated,
    )
    return _judge(show, waiting, comment.viewer, now)


def _judge(show: Show, waiting: Waiting, viewer: str, now: float) -> Step:
    if show.phase != "on_air":
        if show.phase == "held":
            return decide(show, waiting, "hand_over", "taken over", now)
        return decide(show, waiting, "drop", "silenced" if show.phase == "silenced" else "off air", now)
    if not waiting.text:
        return decide(show, waiting, "drop", "empty", now)
    kind = reading_of(waiting.text)
    waiting = replace(waiting, intent=kind.intent)
    if kind.decision != "answer":
        return decide(show, waiting, kind.decision, kind.reason, now)
    if now - waiting.at > SOURCES["answer"].expiry:
        return decide(show, waiting, "drop", "too old", now)
    asked = tuple(item for item in show.asked if now - item[1] < VIEWER_WINDOW)
    if sum(1 for name, _ in asked if name == viewer) >= VIEWER_LIMIT:
        return decide(replace(show, asked=asked), waiting, "drop", "viewer rate", now)
    show = replace(show, asked=(*asked[-REMEMBERED:], (viewer, now)))
    answered = tuple(item for item in show.answered if now - item[1] < 3600.0)
    show = replace(show, answered=answered)
    if len(answered) >= ROOM_HOUR or sum(1 for name, _ in answered if name == viewer) >= VIEWER_HOUR:
        return decide(show, waiting, "drop", "hourly limit", now)
    merged = _merge(show, waiting, now)
    if merged is not None:
        return merged
    source: SourceName = "purchase" if kind.purchase else "answer"
    return bounded(show, replace(waiting, source=source))


def _merge(show: Show, waiting: Waiting, now: float) -> Step | None:
    """Join a question that waits already, is on air, or was answered within the window."""
    for item in show.waiting:
        same = item.comment is not None and item.product == waiting.product and item.source in ("purchase", "answer")
        if same and same_question(waiting.intent, waiting.text, item.intent, item.text):
            names = (*item.names, *(name for name in waiting.names if name not in item.names))[:2]
            joined = replace(item, names=names, merged=item.merged + 1)
            show = replace(show, waiting=tuple(joined if other is item else other for other in show.waiting))
            return decide(show, waiting, "merge", "asked already", now, into=item)
    for topic in show.topics:
        recent = now - topic.at < MERGE_WINDOW and topic.product == waiting.product
        if recent and same_question(waiting.intent, waiting.text, topic.intent, topic.text):
            into = Waiting(source="answer", text=topic.text, at=topic.at, comment=topic.comment)
            return decide(show, waiting, "merge", "answered just now", now, into=into)
    return None


def _thank(show: Show, now: float) -> Show:
    show = counted(show, "gift")
    if any(item.source == "thanks" for item in show.waiting):
        return show  # one thank-you for all who gave meanwhile
    turn = show.turns.get("thanks", 0)
    show = replace(show, turns={**show.turns, "thanks": turn + 1})
    return bounded(show, Waiting(source="thanks", text=phrases.one_of(phrases.THANKS, show.lang, turn), at=now))[0]


def decide(
    show: Show, waiting: Waiting, decision: Decision, reason: str, now: float, *, into: Waiting | None = None
) -> Step:
    """Count and write down the decision on a comment."""
    if waiting.comment is None or waiting.again:  # decided when it was first begun
        return counted(show, f"{decision}:{reason}"), []
    decided = CommentDecided(
        comment=waiting.comment,
        decision=decision,
        reason=reason,
        intent=waiting.intent,
        wait_ms=max(0, round((now - waiting.at) * 1000)),
        merged_into=into.comment if into else None,
    )
    show = counted(show, decision)
    if decision == "drop":
        show = counted(show, f"drop:{reason}")
    return show, [Decide(decided=decided)]


def answered_now(show: Show, waiting: Waiting, now: float) -> Step:
    """The comment was chosen: remember the topic and the rates, write the decision down."""
    assert waiting.comment is not None  # noqa: S101 - only comments are answered
    topic = Topic(comment=waiting.comment, product=waiting.product, intent=waiting.intent, text=waiting.text, at=now)
    topics = tuple(item for item in show.topics if now - item.at < MERGE_WINDOW)
    viewer = next((item.viewer for item in show.heard if item.comment == waiting.comment), "")
    show = replace(show, topics=(*topics[-REMEMBERED:], topic), answered=(*show.answered, (viewer, now)))
    asked = "purchase question" if waiting.source == "purchase" else "question"
    return decide(show, waiting, "answer", "by hand" if waiting.words else asked, now)


def bounded(show: Show, waiting: Waiting) -> Step:
    """Let it wait its turn; when its kind's queue is full the newcomer loses and is counted."""
    source = SOURCES[waiting.source]
    if sum(1 for item in show.waiting if item.source == waiting.source) >= source.bound:
        show = counted(show, f"full:{waiting.source}")
        return decide(show, waiting, "drop", "queue full", waiting.at) if waiting.comment else (show, [])
    return replace(show, waiting=(*show.waiting, waiting)), []


def expire(show: Show, now: float) -> Step:
    """Drop what waited too long: an old question is not answered late."""
    late = [item for item in show.waiting if now - item.at > SOURCES[item.source].expiry]
    if not late:
        return show, []
    show = replace(show, waiting=tuple(item for item in show.waiting if now - item.at <= SOURCES[item.source].expiry))
    intents: list[Intent] = []
    for item in late:
        show, decided = decide(show, item, "drop", "too old", now)
        intents += decided
    return show, intents


def drop_all(show: Show, reason: str, now: float) -> Step:
    """Empty the queue, each comment with its reason."""
    intents: list[Intent] = []
    waiting = show.waiting
    show = replace(show, waiting=())
    for item in waiting:
        show, decided = decide(show, item, "drop", reason, now)
        intents += decided
    return show, intents


def hand_over_all(show: Show, reason: str, now: float) -> Step:
    """Every comment that waits is a person's now; what the show itself owes (price, disclosure) goes on waiting."""
    handed = [item for item in show.waiting if item.comment is not None]
    show = replace(show, waiting=tuple(item for item in show.waiting if item.comment is None))
    intents: list[Intent] = []
    for item in handed:
        show, decided = decide(show, item, "hand_over", reason, now)
        intents += decided
    return show, intents


def prefer_order(show: Show) -> list[Waiting]:
    """All that waits, in the order in which it will be said when nothing else comes."""
    return sorted(show.waiting, key=lambda item: (SOURCES[item.source].rank, item.at))


def prefer(show: Show, now: float) -> Waiting | None:
    """What should be said next of all that waits: by rank, then by age; answers rest while the voice is away."""
    fresh = [
        item
        for item in show.waiting
        if now - item.at <= SOURCES[item.source].expiry and (show.voice_ok or item.source not in ("purchase", "answer"))
    ]
    if not show.disclosed:
        fresh = [item for item in fresh if item.source == "disclosure"]
    return min(fresh, key=lambda item: (SOURCES[item.source].rank, item.at), default=None)


def counted(show: Show, name: str) -> Show:
    """One more of these."""
    return replace(show, counts={**show.counts, name: show.counts.get(name, 0) + 1})
