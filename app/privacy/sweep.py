"""The studio's broom: finishes erasures soon after a show, and once a day deletes what is older than a shop keeps."""

import asyncio
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.errors import Conflict
from app.privacy.service import Privacy

EVERY = 300.0  # seconds: how long an erased viewer's words may outlive the end of a show
CLIPS_EVERY = 86400.0  # seconds

_log = structlog.get_logger()


async def sweep_for_ever(privacy: Privacy) -> None:
    """Sweep until cancelled; a database that is away is tried again the next time."""
    clips_at = 0.0
    loop = asyncio.get_running_loop()
    while True:
        try:
            await sweep_once(privacy, datetime.now(UTC))
            if not clips_at or loop.time() - clips_at > CLIPS_EVERY:
                await sweep_clips(privacy, datetime.now(UTC))
                clips_at = loop.time()
        except (SQLAlchemyError, OSError, Conflict) as problem:
            _log.warning("privacy.sweep_waits", problem=type(problem).__name__)
        await asyncio.sleep(EVERY)


async def sweep_once(privacy: Privacy, now: datetime) -> None:
    """Finish what waits, then every shop that was not swept within the day."""
    lines = await privacy.finish_erasures()
    if lines:
        _log.info("privacy.erased", lines=lines)
    for shop in await privacy.shops():
        swept = await privacy.sweep(shop, now)
        if swept is not None:
            _log.info("privacy.swept", shop=shop, comments=swept.comments, buyers=swept.buyers, rooms=swept.rooms)


async def sweep_clips(privacy: Privacy, now: datetime) -> int:
    """Delete clips that nobody has heard for as long as they are kept; how many."""
    days = await privacy.clip_days()
    return await asyncio.to_thread(privacy.sweep_clips, now.timestamp() - days * 86400)
