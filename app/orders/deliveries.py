"""What senders tried lately: booked messages from the inbox, refused ones from memory.

Nothing that could not sign itself ever writes to the database, so refusals are kept here: the last 20 of a connection,
of at most 500 connections (the longest silent one goes first), until the studio ends.
"""

import time
from collections import OrderedDict, deque
from dataclasses import dataclass

from app.events import ShopId

REFUSALS_MOST, CONNECTIONS_MOST = 20, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try. `outcome` is stored, test, kept (without meaning here), refused or malformed; `at` unix seconds."""

    at: float
    outcome: str
    event: str
    detail: str


class Deliveries:
    """The refused tries of every connection."""

    def __init__(self) -> None:
        self._tries: OrderedDict[tuple[ShopId, str], deque[Delivery]] = OrderedDict()

    def refused(self, shop: ShopId, source: str, why: Exception) -> None:
        """Remember a signature that was not genuine."""
        self._keep(shop, source, "refused", str(why))

    def malformed(self, shop: ShopId, source: str, why: Exception) -> None:
        """Remember a genuine message that could not be read."""
        self._keep(shop, source, "malformed", str(why))

    def of(self, shop: ShopId, source: str) -> list[Delivery]:
        """The connection's refused tries, newest first."""
        return list(self._tries.get((shop, source), ()))

    def _keep(self, shop: ShopId, source: str, outcome: str, detail: str) -> None:
        tries = self._tries.setdefault((shop, source), deque(maxlen=REFUSALS_MOST))
        self._tries.move_to_end((shop, source))
        tries.appendleft(Delivery(at=time.time(), outcome=outcome, event="", detail=detail[:300]))
        while len(self._tries) > CONNECTIONS_MOST:
            self._tries.popitem(last=False)
