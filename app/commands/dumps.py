"""Whole databases as one file each: SQLite by its backup API, PostgreSQL by its own programs. All of it blocks."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url

from app.database import MIGRATIONS, Database
from app.errors import Conflict, Unavailable
from app.settings import Settings

SQLITE_NAME, POSTGRES_NAME = "database.sqlite", "database.pgdump"
CLEAR = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
DEBIAN_KEEPS = Path("/usr/lib/postgresql")


def is_embedded(settings: Settings) -> bool:
    """Whether the database is the SQLite file of the data folder."""
    return settings.sqlalchemy_url.startswith("sqlite")


def embedded_file(settings: Settings) -> Path:
    """The file of the embedded database."""
    return Path(make_url(settings.sqlalchemy_url).database or "")


def dump(settings: Settings, folder: Path) -> Path:
    """One consistent copy, taken while others read and write. Raises Unavailable when there is none to copy."""
    if not is_embedded(settings):
        made = folder / POSTGRES_NAME
        _postgres(
            settings, "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--file={made}", _address(settings),
        )  # fmt: skip
        return made
    source, made = embedded_file(settings), folder / SQLITE_NAME
    if not source.exists():
        raise Unavailable(f"database: wanted {source}, found none; is this the studio's data folder?")
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as read,
        closing(sqlite3.connect(made)) as written,
    ):
        read.backup(written)
    return made


def revision_of(settings: Settings) -> str:
    """The schema version of the database in use; empty when it has none."""

    def look(connection: Connection) -> str:
        if "alembic_version" not in inspect(connection).get_table_names():
            return ""
        return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""

    async def ask() -> str:
        database = Database(settings.sqlalchemy_url)
        try:
            async with database.engine.connect() as connection:
                return await connection.run_sync(look)
        finally:
            await database.close()

    return asyncio.run(ask())


def known_revisions() -> set[str]:
    """Every schema version that this program can read."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def check_target(settings: Settings, *, replace: bool) -> None:
    """Raises Conflict when PostgreSQL holds something and may not be replaced."""
    if not replace and revision_of(settings):
        raise Conflict("database: wanted an empty one, found a studio's; give --replace to put the backup in its place")


def load(settings: Settings, made: Path) -> None:
    """Put a PostgreSQL dump in the place of whatever is there, in one transaction."""
    script = made.with_suffix(".sql")
    _postgres(settings, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(made))
    _postgres(
        settings, "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1",
        f"--command={CLEAR}", f"--file={script}", f"--dbname={_address(settings)}",
    )  # fmt: skip


def _address(settings: Settings) -> str:
    url = make_url(settings.sqlalchemy_url).set(drivername="postgresql")
    return url.set(password=None).render_as_string(hide_password=False)


def _postgres(settings: Settings, program: str, *arguments: str) -> None:
    kept = sorted(DEBIAN_KEEPS.glob(f"*/bin/{program}"))
    path = shutil.which(program) or (str(kept[-1]) if kept else None)
    if path is None:
        raise Unavailable(
            f"{program}: wanted PostgreSQL's own program, found none. Type:  apt install postgresql-client"
        )
    password = make_url(settings.sqlalchemy_url).password
    secret = {"PGPASSWORD": str(password)} if password else {}  # never on a command line, which others can read
    done = subprocess.run([path, *arguments], env={**os.environ, **secret}, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(f"{program}: wanted it to succeed, found: {done.stderr.strip()[-300:]}")
