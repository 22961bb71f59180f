"""A studio in a process of its own: `python -m tests.relay.house_of_its_own DATABASE REDIS FOLDER first|second`."""

import asyncio
import json
import sys
from pathlib import Path

import structlog

from app.database import Database
from app.live.relay.cluster import Cluster
from app.live.relay.tail import Tail
from app.orders.outbox import Outbox
from app.settings import Settings
from tests.live.house import open_house


async def serve(url: str, redis: str, folder: Path, *, stocked: bool) -> None:
    """Say where it listens, then serve until killed.

    Its log goes to stderr, as the product's does: stdout is a pipe whose reader takes one line, and a full one would
    stop the whole studio.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    database = Database(url)
    cluster = Cluster(database, Tail(redis), Outbox(database).post)
    settings = Settings(data_dir=folder, cache_dir=folder, database_url=url, redis_url=redis)
    async with open_house(database, settings, cluster=cluster, stocked=stocked) as house:
        print(json.dumps({"url": house.url, "cookie": house.cookie, "secrets": house.secrets}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], Path(sys.argv[3]), stocked=sys.argv[4] == "second"))
