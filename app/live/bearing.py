"""How a sentence is said: the mood of the face and a gesture of the head, by what the sentence is for.

The names are the rig's (web/static/hosts/rig.json); both players know them.
"""

from app.live.sentence import Sentence

MOODS = {
    "welcome": "bright", "opening": "bright", "pain_point": "earnest", "offer": "warm", "call_to_action": "bright",
    "transition": "warm", "closing": "warm",
}  # fmt: skip
"""By the stretch of the script; the others are said calmly."""
KIND_MOODS = {
    "answer": "warm", "acknowledgement": "warm", "thanks": "bright", "correction": "earnest", "change": "earnest",
    "idle": "warm",
}  # fmt: skip
GESTURES = {
    "welcome": "greet", "opening": "greet", "selling_points": "show", "proof": "stress", "offer": "reveal",
    "objection": "listen", "call_to_action": "show", "closing": "greet",
}  # fmt: skip
KIND_GESTURES = {"acknowledgement": "listen", "thanks": "greet", "correction": "stress", "change": "reveal"}


def bearing_of(sentence: Sentence, clause: int) -> tuple[str, str | None]:
    """Mood and gesture of one clause; a gesture is made once, with the sentence's first clause.

    A sentence of the rundown with the price slot reveals it, whatever its stretch.
    """
    stretch = sentence.block.rpartition(":")[2].removesuffix("_b")
    mood = KIND_MOODS.get(sentence.kind) or MOODS.get(stretch, "calm")
    gesture = KIND_GESTURES.get(sentence.kind) or GESTURES.get(stretch)
    if sentence.kind == "rundown" and "{" in sentence.template:
        gesture = "reveal"
    return mood, gesture if clause == 0 else None
