"""`zhubo update`: a backup, the newest version by git, its environment and its schema; or a word on why not."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from app.commands import dumps
from app.commands.backup import back_up
from app.commands.occupied import occupied
from app.commands.run import say
from app.errors import Conflict, Unavailable
from app.settings import Settings

ROOT = Path(__file__).parents[2]


def update_command(settings: Settings, root: Path = ROOT) -> int:
    """Fetch, back up, fast-forward, set up, migrate. Nothing is changed unless all before it went well.

    Raises Unavailable without git or a network, Conflict while a studio runs, for changed files, or a branch that
    has gone its own way.
    """
    before = _git(root, "rev-parse", "--short", "HEAD", why="this folder is no git clone; get a new one instead")
    if _git(root, "status", "--porcelain", "--untracked-files=no", why="git does not answer"):
        raise Conflict("files: wanted them as they were delivered, found changed ones; see  git status")
    say("[1/4] asking for the newest version")
    _git(root, "fetch", "--quiet", why="the network or the repository does not answer (offline?); nothing was changed")
    if _git(root, "rev-list", "--count", "HEAD..@{upstream}", why="this branch follows no other") == "0":
        say(f"this is the newest version ({before}); nothing was changed")
        return 0
    with occupied(settings.data_dir, alone=True):
        say("[2/4] backing up")
        if not dumps.is_embedded(settings) or dumps.embedded_file(settings).exists():
            stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
            place = settings.data_dir.with_name(f"{settings.data_dir.name}-backups")
            say(f"      {back_up(settings, place / f'before-update-{before}-{stamp}.tar.gz')}")
        say("[3/4] taking it")
        try:
            _git(root, "merge", "--ff-only", "--quiet", "@{upstream}", why="the branch has gone its own way")
        except Unavailable as problem:
            raise Conflict(str(problem)) from problem
        after = _git(root, "rev-parse", "--short", "HEAD", why="git does not answer")
        say("[4/4] setting up and migrating")
        # The launcher of the new version: it installs what that wants, then migrates.
        if subprocess.run([root / "zhubo", "migrate"], cwd=root).returncode != 0:
            raise Unavailable(f"set-up: wanted it to go well, found the lines above; back:  git reset --hard {before}")
    say(f"updated from {before} to {after}. Start it again:  ./zhubo run")
    return 0


def _git(root: Path, *words: str, why: str) -> str:
    try:
        done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, timeout=300)
    except (FileNotFoundError, subprocess.TimeoutExpired) as problem:
        raise Unavailable(f"git {words[0]}: wanted an answer, found none: {why}") from problem
    if done.returncode != 0:
        raise Unavailable(f"git {words[0]}: {why}. {done.stderr.strip()[-200:]}")
    return done.stdout.strip()
