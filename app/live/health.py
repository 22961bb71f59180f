"""Which parts of the studio answer, as one room knows it."""

from app.events import Part, PartFailed, PartRecovered

PARTS: tuple[Part, ...] = ("model", "voice", "database")


class Health:
    """Folds reports on parts into changes: each going away and each coming back is told once."""

    def __init__(self) -> None:
        self.states: dict[str, str] = dict.fromkeys(PARTS, "ok")
        self._starting: set[str] = set()

    def starting(self, part: str) -> None:
        """A part is being started: that it does not answer yet is no failure."""
        self._starting.add(part)

    def turned(self, part: str, ok: bool, detail: str) -> PartFailed | PartRecovered | None:
        """The event of a change; None when nothing changed, the part is unknown or only starting."""
        if ok:
            self._starting.discard(part)
        known = next((name for name in PARTS if name == part), None)
        if known is None or (self.states[known] == "ok") == ok or part in self._starting:
            return None
        self.states[known] = "ok" if ok else "down"
        return PartRecovered(part=known) if ok else PartFailed(part=known, detail=detail[:200])
