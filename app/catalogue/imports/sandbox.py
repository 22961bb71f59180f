"""A file read in a process of its own (parse.py): a bomb costs the studio nothing but that process."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.catalogue.imports.limits import CPU_SECONDS, FILE_BYTES, MEMORY_BYTES, WALL_SECONDS
from app.catalogue.imports.problems import FileRefused, problem_from_json
from app.catalogue.imports.table import Table

ROOT = Path(__file__).parents[3]
AT_ONCE = asyncio.Semaphore(2)  # readers under way in this process; the next upload waits its turn


async def read_table(raw: bytes, name: str) -> Table:
    """The table of an uploaded file. Raises FileRefused, also when reading it costs more than the limits."""
    if len(raw) > FILE_BYTES:
        raise FileRefused("too_large", f"{len(raw) / 1024 / 1024:.1f} MB", most=FILE_BYTES // 1024 // 1024)
    async with AT_ONCE:
        code, out = await _read(raw, name)
    if code != 0:
        raise FileRefused(
            "reading_cost", "a file that takes more", seconds=CPU_SECONDS, most=MEMORY_BYTES // 1024 // 1024
        )
    answer = await asyncio.to_thread(json.loads, out)
    if "refused" in answer:
        problem = problem_from_json(answer["refused"])
        raise FileRefused(problem.code, problem.found, row=problem.row, field=problem.field, **problem.facts)
    return table_from_json(answer["table"])


async def _read(raw: bytes, name: str) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.catalogue.imports.parse",
        "".join(letter for letter in name if letter.isprintable())[-120:],
        cwd=ROOT,
        env={"PATH": os.defpath, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WALL_SECONDS):
            out, _ = await process.communicate(raw)
        return process.returncode or 0, out
    except TimeoutError:
        return 1, b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def table_from_json(body: Mapping[str, Any]) -> Table:
    """The table that `to_json` wrote."""
    return Table(
        kind=body["kind"],
        encoding=body["encoding"],
        header=tuple(body["header"]),
        has_header=body["has_header"],
        rows=[(number, row) for number, row in body["rows"]],
        problems=tuple(map(problem_from_json, body["problems"])),
        note=body["note"],
    )
