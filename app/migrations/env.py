"""Alembic's entry: brings the database at `config.attributes["url"]` to a revision.

SQLite by a synchronous engine, so that callers inside a running loop may migrate too; anything else by the same
asynchronous driver that the studio uses, so that no second driver has to be installed.
"""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

# Every module with rows is imported, so that autogenerate sees them all.
from app.access import audit as audit_rows
from app.access import store as access_rows
from app.catalogue import store as catalogue_rows
from app.database import Base
from app.ledger import LiveEventRow
from app.orders import rows as order_rows
from app.privacy import store as privacy_rows
from app.shows import script_store as script_rows
from app.shows import store as show_rows

MIGRATING = 0x6D696772  # the number of the lock of the database: "migr"
ROWS = (
    access_rows.ShopRow,
    audit_rows.NoteRow,
    catalogue_rows.ProductRow,
    show_rows.ShowRow,
    script_rows.ScriptVersionRow,
    LiveEventRow,
    order_rows.OrderRow,
    privacy_rows.RetentionRow,
)


def _wait_for_writers(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=5000")


def _revise(connection: Connection) -> None:
    embedded = connection.dialect.name == "sqlite"
    if not embedded:  # of several studios that start at once, one migrates and the others find it done
        connection.execute(text("SELECT pg_advisory_xact_lock(:place)"), {"place": MIGRATING})
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=embedded)
    with context.begin_transaction():
        context.run_migrations()


async def _revise_over(address: str) -> None:
    engine = create_async_engine(address)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_revise)
    finally:
        await engine.dispose()


def _run(address: str) -> None:
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        asyncio.run(_revise_over(address))
        return
    engine = create_engine(url.set(drivername="sqlite"))
    event.listen(engine, "connect", _wait_for_writers)
    try:
        with engine.connect() as connection:
            _revise(connection)
    finally:
        engine.dispose()


_run(context.config.attributes["url"])
