"""`zhubo doctor`: what is missing on this machine, and the line that mends it."""

import json
import os
import platform
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app import assets, supply
from app.commands import dumps
from app.settings import Settings

ROOM_NEEDED = 3_000_000_000  # bytes: donor 0.5 GB, its converted form, voice 0.1 GB, clips and database
MEMORY_NEEDED = 4_000_000_000  # bytes; measured: docs/measured.md


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `mend` is the line to type when it is not well."""

    what: str
    well: bool
    found: str
    mend: str = ""


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at everything the studio needs."""
    yield Finding(what="python", well=True, found=platform.python_version())
    folder = next(p for p in (settings.cache_dir, *settings.cache_dir.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    absent = supply.missing(settings)
    yield Finding(
        what="disk",
        well=not absent or free > ROOM_NEEDED,
        found=f"{free / 1e9:.1f} GB free at {folder}",
        mend="free some space, or set ZHUBO_CACHE_DIR and ZHUBO_DATA_DIR to a larger disk",
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield Finding(
        what="memory",
        well=memory > MEMORY_NEEDED,
        found=f"{memory / 1e9:.1f} GB",
        mend="the model and the voice need about 4 GB; close other programs",
    )
    for room, name in (("models", "language model"), ("voice", "voice")):
        gone = [f.target for f in absent if f.room == room]
        yield Finding(
            what=name,
            well=not gone,
            found=f"missing: {', '.join(gone)}" if gone else f"in {settings.cache_dir / room}",
            mend="./zhubo run   (fetches and verifies it; or ./zhubo run --offline DIR)",
        )
    lost = assets.missing()
    yield Finding(
        what="front-end files",
        well=not lost,
        found=f"missing: {', '.join(lost)}" if lost else "in node_modules",
        mend="npm ci --ignore-scripts",
    )
    yield _data(settings)
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    yield Finding(
        what="chromium (only for the tests)",
        well=browser is not None,
        found=browser or "none",
        mend="sudo apt install chromium fonts-noto-cjk",
    )


def _server(settings: Settings) -> Finding:
    """A PostgreSQL by URL: does it answer, and is its schema one that this version knows? Its password stays hidden."""
    shown = make_url(settings.sqlalchemy_url).render_as_string()
    mend = "start PostgreSQL, or set ZHUBO_DATABASE_URL right (postgresql+asyncpg://USER:PASSWORD@HOST/NAME)"
    try:
        revision = dumps.revision_of(settings)
    except (SQLAlchemyError, OSError) as problem:
        return Finding(what="database", well=False, found=f"{shown}: {type(problem).__name__}", mend=mend)
    known = not revision or revision in dumps.known_revisions()
    return Finding(
        what="database",
        well=known,
        found=f"{shown}: schema {revision or 'not made yet; the first run makes it'}",
        mend="it belongs to a newer version: ./zhubo update",
    )


def _data(settings: Settings) -> Finding:
    if not dumps.is_embedded(settings):
        return _server(settings)
    path = dumps.embedded_file(settings)
    mend = f"restore {path} from a backup, or move it away to start afresh"
    if not path.exists():
        return Finding(what="database", well=True, found="not made yet; the first run makes it")
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as problem:
        verdict = str(problem)
    return Finding(what="database", well=verdict == "ok", found=f"{path}: {verdict}", mend=mend)


def doctor_command(settings: Settings, *, as_json: bool) -> int:
    """Print the findings; exit code 1 when something the studio needs is missing."""
    found = list(findings(settings))
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        for finding in found:
            print(f"{'✓' if finding.well else '✗'} {finding.what}: {finding.found}")
            if not finding.well:
                print(f"    → {finding.mend}")
    return 0 if all(f.well for f in found if "only for the tests" not in f.what) else 1
