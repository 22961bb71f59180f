"""One studio at a time on a PostgreSQL database: the others stand by, warm, and one of them takes over.

The right to be that studio is an advisory lock of the database, held by a connection of its own: it goes when the
process or the connection goes, however that happens. Whoever is overtaken after losing the connection ends, so that
its supervisor starts it again as a stand-by; until then the lease tokens (app/ledger.py) keep it from the log.
An embedded database has one studio anyway, by the lock on its data folder.
"""

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database

PLACE = 0x7A6875626F  # the lock's number: "zhubo"
LOOK_EVERY = 1.0  # seconds between two tries, and between two looks at the connection

_log = structlog.get_logger()


class Alone:
    """The right to be the studio of this database. `take` waits for it, `guard` keeps it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: AsyncConnection | None = None

    @property
    def needed(self) -> bool:
        """Whether another machine could be on this database at all."""
        return not self._database.url.startswith("sqlite")

    async def take(self) -> None:
        """Wait until no other studio runs on the database."""
        if not self.needed:
            return
        told = False
        while not await self._try():
            if not told:
                _log.info("studio.stands_by")
                told = True
            await asyncio.sleep(LOOK_EVERY)
        _log.info("studio.is_it", stood_by=told)

    async def guard(self, overtaken: Callable[[], None]) -> None:
        """Look after the right until cancelled; calls `overtaken` and ends when another studio has it."""
        while self.needed:
            await asyncio.sleep(LOOK_EVERY)
            if await self._holds():
                continue
            try:
                if await self._try():
                    _log.warning("studio.is_it_again")
                    continue
            except (SQLAlchemyError, OSError) as away:
                # The database is away for everybody; the show goes on from memory and nobody can overtake.
                _log.warning("studio.lock_waits", problem=type(away).__name__)
                continue
            _log.error("studio.overtaken")
            overtaken()
            return

    async def release(self) -> None:
        """Let the next one have it."""
        await self._forget()

    async def _try(self) -> bool:
        connection = await self._database.engine.connect()
        try:
            # Outside of any transaction, so that the lock belongs to the connection and nothing is held open.
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            if await connection.scalar(text("SELECT pg_try_advisory_lock(:place)"), {"place": PLACE}):
                await self._forget()
                self._held = connection
                return True
        finally:
            if self._held is not connection:
                await connection.close()
        return False

    async def _holds(self) -> bool:
        if self._held is None:
            return False
        try:
            async with asyncio.timeout(5 * LOOK_EVERY):
                await self._held.scalar(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            await self._forget()
            return False
        return True

    async def _forget(self) -> None:
        if self._held is not None:
            gone, self._held = self._held, None
            try:
                # Not back into the pool: the lock lives as long as the connection.
                await gone.invalidate()
                await gone.close()
            except (SQLAlchemyError, OSError) as problem:
                _log.info("studio.lock_gone", problem=type(problem).__name__)
