"""How often the door may be tried. The counts live in the memory of one studio."""

import hashlib

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from app.errors import TooOften

ACCOUNT_RATE = parse("5 per minute")
ADDRESS_RATE = parse("20 per minute")


class Rates:
    """Moving windows, one for each kind of try and whoever tries."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def within(self, rate: RateLimitItem, kind: str, who: str) -> None:
        """Count a try. Raises TooOften above the rate."""
        if not await self._limiter.hit(rate, kind, hashlib.sha256(who.encode()).hexdigest()):
            raise TooOften(f"sign-in: wanted at most {rate}, found more; wait a minute")
