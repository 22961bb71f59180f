"""`zhubo backup`, `zhubo restore`, `zhubo migrate`: the whole shop in one file, and back again."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.commands import dumps
from app.commands.archive import read_archive, write_archive
from app.commands.occupied import LOCK, occupied
from app.commands.run import say
from app.database import Database
from app.errors import BadInput, Conflict
from app.settings import Settings

MADE_AGAIN = frozenset({"clips", "phrases"})
"""Folders that are left out: the voice makes clips again when they are wanted."""
NOT_KEPT = frozenset({LOCK})
UNFINISHED = (".part", ".new", "-wal", "-shm", "-journal")
FILES = "files/"  # the data folder's own files, inside the archive


def backup_command(settings: Settings, into: Path | None) -> int:
    """Write everything that a shop cannot lose into one file; the studio may be running."""
    made = back_up(settings, into or Path(f"zhubo-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"))
    say(
        f"backed up to {made} ({made.stat().st_size / 1e6:.1f} MB)."
        " It holds the shop's keys: keep it where only you can read it."
    )
    return 0


def back_up(settings: Settings, into: Path) -> Path:
    """The backup file: database, uploads, pictures, keys; not the clips, which are made again."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhubo-backup-") as aside:
        # The database first: what it names is on disk already, and files are only ever added.
        copy = dumps.dump(settings, Path(aside))
        facts = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "schema": dumps.revision_of(settings),
            "database": "sqlite" if dumps.is_embedded(settings) else "postgresql",
        }
        write_archive(into, facts, [(copy.name, copy), *_files(settings)])
    return into


def restore_command(settings: Settings, backup: Path, *, replace: bool) -> int:
    """Put a backup in the place of the data folder (and database), after checking all of it."""
    kept = restore(settings, backup, replace=replace)
    say(f"restored {backup} into {settings.data_dir}")
    if kept is not None:
        say(f"what was there before is kept in {kept}")
    return 0


def restore(settings: Settings, backup: Path, *, replace: bool) -> Path | None:
    """Check the whole file, then change over; where the old data folder went, if there was one.

    Raises BadInput for a damaged or newer backup, Conflict where something is there and `replace` was not said or a
    studio is running; in each case nothing was changed.
    """
    target = settings.data_dir
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-restoring-") as name:
        fresh = Path(name)
        manifest = read_archive(backup, fresh)
        _fits(settings, manifest["schema"], manifest["database"])
        with occupied(target, alone=True):
            used = any(path.name != LOCK for path in target.iterdir())
            if used and not replace:
                raise Conflict(
                    f"data folder: wanted {target} empty, found files in it; give --replace to keep them aside"
                )
            if not dumps.is_embedded(settings):
                dumps.check_target(settings, replace=replace)
                dumps.load(settings, fresh / dumps.POSTGRES_NAME)
            files = fresh / FILES
            files.mkdir(exist_ok=True)
            if dumps.is_embedded(settings):
                (fresh / dumps.SQLITE_NAME).replace(files / dumps.embedded_file(settings).name)
            kept = target.with_name(f"{target.name}-before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
            target.rename(kept)
            files.rename(target)
    if not used:
        shutil.rmtree(kept)
    return kept if used else None


def migrate_command(settings: Settings) -> int:
    """Bring the database to this program's schema; `run` does the same when it starts."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.sqlalchemy_url)
    database.migrate_now()
    asyncio.run(database.close())
    say("the database has the newest schema")
    return 0


def _fits(settings: Settings, schema: str, kind: str) -> None:
    here = "sqlite" if dumps.is_embedded(settings) else "postgresql"
    if kind != here:
        raise BadInput("backup", f"one of a {here} database (ZHUBO_DATABASE_URL says which is used here)", kind)
    if schema not in dumps.known_revisions():
        raise BadInput("backup", "a schema that this version knows; update first (./zhubo update)", schema)


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    if not settings.data_dir.exists():
        return
    database = dumps.embedded_file(settings) if dumps.is_embedded(settings) else None
    for path in sorted(settings.data_dir.rglob("*")):
        place = path.relative_to(settings.data_dir)
        left_out = place.parts[0] in MADE_AGAIN or place.name in NOT_KEPT or place.name.endswith(UNFINISHED)
        if path.is_file() and not path.is_symlink() and not left_out and path != database:
            yield FILES + place.as_posix(), path
