"""Who uses a data folder: studios share it, `restore` and `update` want it for themselves."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Conflict

LOCK = "studio.lock"


@contextmanager
def occupied(folder: Path, *, alone: bool = False) -> Generator[None, None, None]:
    """Hold the folder as one of its studios, or `alone`. Raises Conflict when the others are in the way.

    The lock goes with the process, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise Conflict(
                f"data folder {folder}: wanted it {'for this alone' if alone else 'open'}, found "
                + ("a studio running on it; stop that first (Ctrl-C)" if alone else "a restore or an update under way")
            ) from problem
        yield
