"""Erasing words from a hash-chained log without breaking the chain (pure).

A comment's line keeps its place, `prev` and `hash`, and loses name, words, pseudonym and the platform's event id. A
later line of the same chain, `personal_erased`, names the places; a tombstone that no such line names breaks the
chain, so nobody can hide a line behind one. What is left cannot be turned back into words by guessing: the lost
pseudonym (keyed, 64 bits) was part of what was hashed.
"""

import json
from typing import Any

from app.ledger import canonical

GONE = {"viewer": "", "name": "", "text": "", "source_event_id": ""}


def tombstone(body: str) -> str:
    """The line of a comment without the person, in canonical JSON."""
    line: dict[str, Any] = json.loads(body)
    return canonical({**line, **GONE, "erased": True})


def is_tombstone(body: str) -> bool:
    """Whether a line was erased before."""
    return json.loads(body).get("erased") is True
