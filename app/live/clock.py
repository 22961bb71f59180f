"""The room's clock."""

import asyncio
import time
from collections.abc import Callable


def steady_clock() -> Callable[[], float]:
    """Unix seconds that never jump: the wall clock at this moment, then the loop's monotonic time."""
    loop = asyncio.get_running_loop()
    wall, monotonic = time.time(), loop.time()
    return lambda: wall + (loop.time() - monotonic)
