"""What needs a person now, from what a room knows of itself (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Alert = Literal["silence", "voice_down", "database_down", "no_page", "sold_out", "model_down", "clock_off"]
"""In the order of urgency; `desk_words` has a sentence for each."""

SILENCE = 3.0  # seconds without a sound on air; the design's bound on dead air
CLOCK_OFF = 3_000.0  # ms between a page's clock and ours from which its machine's time is worth a look


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the alerts are drawn from. `silent` and `offsets` in seconds and milliseconds."""

    phase: str
    rehearsal: bool
    silent: float
    health: Mapping[str, str]
    sold_out: bool
    pages: int
    offsets: Iterable[float]


def alerts_of(watched: Watched) -> tuple[Alert, ...]:
    """Everything that is wrong, the worst first. A host that was silenced or held on purpose is not silent."""
    found: list[Alert] = []
    if watched.phase == "on_air" and watched.silent > SILENCE:
        found.append("silence")
    if watched.health.get("voice") == "down":
        found.append("voice_down")
    if watched.health.get("database") == "down":
        found.append("database_down")
    if not watched.rehearsal and watched.phase != "ended" and watched.pages == 0:
        found.append("no_page")
    if watched.sold_out:
        found.append("sold_out")
    if watched.health.get("model") == "down":
        found.append("model_down")
    if any(abs(offset) > CLOCK_OFF for offset in watched.offsets):
        found.append("clock_off")
    return tuple(found)
