"""A whole studio in a child process, as `./zhubo run` starts it: real model, real voice, real sockets, SQLite."""

import hashlib
import hmac
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds from start to the printed link


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Where it listens, the one-time code it printed, its process and its data."""

    url: str
    enter: str
    process: subprocess.Popen[str]
    data: Path

    def books(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database as an accountant would: from outside, read-only."""
        with sqlite3.connect(f"file:{self.data / 'zhubo.db'}?mode=ro", uri=True) as connection:
            return connection.execute(query, values).fetchall()

    def post_signed(self, path: str, body: dict[str, Any], secret: str) -> dict[str, Any]:
        """Post a webhook with our generic signature, again while the studio asks for it; the answer's JSON."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        digest = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            self.url + path,
            data=raw,
            headers={"X-Zhubo-Signature": f"t={stamp},v1={digest}", "Content-Type": "application/json"},
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    text = answer.read()
                return json.loads(text) if text else {}
            except urllib.error.HTTPError as refused:
                if refused.code != 503 or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def child(self, module: str) -> int:
        """The process id of the studio's child that runs this module; waits until there is one."""
        deadline = time.monotonic() + PATIENCE
        while (found := self._child(module)) is None:
            if time.monotonic() > deadline:
                raise LookupError(f"no child of {self.process.pid} runs {module}")
            time.sleep(0.05)
        return found

    def _child(self, module: str) -> int | None:
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
                continue
            if module.encode() in words and parent == self.process.pid:
                return int(entry.name)
        return None


def start_studio(data: Path, *options: str) -> Studio:
    """Start a studio on a free port, with more options of `run`, and wait for its link."""
    log = (data.parent / "studio.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "run", "--port", "0", "--data", str(data), "--no-browser", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    deadline = time.monotonic() + PATIENCE
    for line in process.stdout:
        if line.startswith("ZHUBO_READY "):
            said = json.loads(line.removeprefix("ZHUBO_READY "))
            return Studio(url=said["url"], enter=said["enter"], process=process, data=data)
        if time.monotonic() > deadline:
            break
    process.kill()
    raise AssertionError(f"the studio did not start: {(data.parent / 'studio.log').read_text()[-3000:]}")


def stop_studio(studio: Studio) -> int:
    """Ctrl-C, as a person would; the exit code."""
    studio.process.send_signal(signal.SIGINT)
    return studio.process.wait(timeout=20)
