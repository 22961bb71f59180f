"""Faults a rehearsal can be given: `NAME@T+D` begins T seconds after the start and lasts D seconds."""

import asyncio
import os
import re
import signal
import sqlite3
import time
from dataclasses import dataclass

from app.commands.cloud import FAULTS, StandInCloud
from app.commands.stage_hand import Child
from app.errors import BadInput

CLOUD = {f"edge-{fault.replace(' ', '-')}": fault for fault in FAULTS}
"""Faults of the cloud voice; a rehearsal with one of them speaks through a stand-in for the cloud first."""
NAMES = ("model-down", "voice-down", "db-down", "kill-app", *CLOUD)
LATER = ("redis-flush",)  # parts that this version does not have yet
AGAIN = 0.2  # seconds between looks whether a killed process is back
_FORM = re.compile(r"([a-z0-9-]+)@(\d+(?:\.\d+)?)\+(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What fails, from when on and for how long (seconds)."""

    name: str
    at: float
    lasts: float


def parse_fault(text: str) -> Fault:
    """The fault that `NAME@T+D` names. Raises BadInput."""
    match = _FORM.fullmatch(text)
    if match is None or match[1] not in NAMES:
        wanted = f"NAME@T+D with NAME one of {', '.join(NAMES)}"
        if match is not None and match[1] in LATER:
            wanted += f" ({match[1]}: this version has no such part)"
        raise BadInput("fault", wanted, text)
    return Fault(name=match[1], at=float(match[2]), lasts=float(match[3]))


async def inject(fault: Fault, child: Child, cloud: StandInCloud | None) -> None:
    """Make it happen now, for as long as it lasts. Faults of CLOUD need the stand-in."""
    if fault.name in CLOUD and cloud is not None:
        cloud.fault = CLOUD[fault.name]
        await asyncio.sleep(fault.lasts)
        cloud.fault = ""
        return
    match fault.name:
        case "model-down" | "voice-down":
            await _keep_down(child, fault.name.removesuffix("-down"), fault.lasts)
        case "kill-app":
            child.kill()
            await asyncio.sleep(fault.lasts)
            await asyncio.to_thread(child.start)
        case "db-down":
            await asyncio.to_thread(_lock, child, fault.lasts)


async def _keep_down(child: Child, name: str, seconds: float) -> None:
    """kill -9 the process, and again whenever its owner has started it anew."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        pid = await asyncio.to_thread(child.worker, name)
        if pid is not None:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pid = None  # it was gone already
        if loop.time() >= end:
            return
        await asyncio.sleep(AGAIN)


def _lock(child: Child, seconds: float) -> None:
    """Hold the database's write lock: every writer of the studio waits and fails."""
    with sqlite3.connect(child.data / "zhubo.db", timeout=30) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        holder.rollback()
