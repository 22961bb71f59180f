"""Who pressed lately: so that the desk's buttons work in the moment the database does not answer."""

import time
from collections import OrderedDict

from app.access.service import Member
from app.access.tokens import hashed

LIFE = 600.0  # seconds since the session was last confirmed by the database
KEPT = 500  # sessions; the one confirmed longest ago is forgotten


class Trusted:
    """Sessions that the database confirmed a short while ago, by the hash of their token."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Member, float]] = OrderedDict()

    def remember(self, token: str, who: Member) -> None:
        """The database has just confirmed this session."""
        key = hashed(token)
        self._known[key] = (who, time.monotonic())
        self._known.move_to_end(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)

    def forget(self, token: str) -> None:
        """The database does not know this session."""
        self._known.pop(hashed(token), None)

    def member(self, token: str) -> Member | None:
        """Whose session it was when the database last answered, not longer than LIFE ago."""
        who, at = self._known.get(hashed(token), (None, 0.0))
        return who if who is not None and time.monotonic() - at < LIFE else None
