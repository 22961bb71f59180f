"""The way between studios: Redis, as a hot tail that may be lost at any moment without harm.

Nothing in it is the truth. What is on air is numbered by the studio that speaks, orders and prices are in the database,
and whoever finds a number missing asks for a whole snapshot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.errors import BadInput
from app.events import RoomId, ShopId

PATIENCE = 3.0  # seconds without an answer after which Redis counts as lost; longer than any wait below
CONNECT_WITHIN = 1.0
BLOCK_MS = 1_000  # longest wait for news
Lost = (RedisError, OSError)
Entry = tuple[bytes, Mapping[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Keys:
    """The names of a room's streams and values; each begins with its shop."""

    shop: ShopId
    room: RoomId

    @property
    def air(self) -> str:
        """Stream: overlay messages as they were numbered, with the address of their clip."""
        return f"zhubo:{self.shop}:{self.room}:air"

    @property
    def desk(self) -> str:
        """Stream of one entry: the desk as it is now."""
        return f"zhubo:{self.shop}:{self.room}:desk"

    @property
    def state(self) -> str:
        """Value: a whole snapshot and the room's bill."""
        return f"zhubo:{self.shop}:{self.room}:state"

    @property
    def holder(self) -> str:
        """Value: the fencing token of who speaks."""
        return f"zhubo:{self.shop}:{self.room}:holder"

    @property
    def asks(self) -> str:
        """Stream: what other studios ask of the one that speaks."""
        return f"zhubo:{self.shop}:{self.room}:asks"


def clip_key(sha256: str) -> str:
    """Where a clip waits for other studios; its hash cannot be guessed, as in its URL."""
    return f"zhubo:clip:{sha256}"


def answer_key(ask: str) -> str:
    """Where the answer to one ask is waited for."""
    return f"zhubo:answer:{ask}"


class Tail:
    """A connection pool to Redis. Every call raises one of `Lost` when Redis does not answer in time."""

    def __init__(self, url: str) -> None:
        try:
            self._redis: Redis = Redis.from_url(
                url,
                socket_timeout=PATIENCE,
                socket_connect_timeout=CONNECT_WITHIN,
                retry=Retry(NoBackoff(), 0),
                protocol=2,
            )
        except ValueError as wrong:
            raise BadInput("redis_url", "redis://host[:port]/0", url.rpartition("@")[2]) from wrong

    async def say(self, *command: str | bytes | int | float) -> Any:
        """One command and its answer."""
        return await self._redis.execute_command(*command)  # type: ignore[no-untyped-call]  # untyped there

    async def together(self, commands: Sequence[Sequence[str | bytes | int | float]]) -> list[Any]:
        """Several commands as one transaction; their answers."""
        async with self._redis.pipeline(transaction=True) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            answers: list[Any] = await pipe.execute()
            return answers

    async def news(self, after: Mapping[str, bytes]) -> dict[str, list[Entry]]:
        """Entries of the streams that came after those ids, as soon as there are any; nothing after BLOCK_MS."""
        found = await self.say("XREAD", "BLOCK", BLOCK_MS, "STREAMS", *after, *after.values())
        return {stream.decode(): list(entries) for stream, entries in found or []}

    async def clock_ms(self) -> int:
        """Redis' own time, which also stands in the ids of its streams."""
        seconds, micros = await self.say("TIME")
        return int(seconds) * 1000 + int(micros) // 1000

    async def close(self) -> None:
        """Close every connection."""
        await self._redis.aclose()


def age_seconds(entry: bytes, now_ms: int) -> float:
    """How long ago an entry was written."""
    return max(0.0, (now_ms - int(entry.partition(b"-")[0])) / 1000)
