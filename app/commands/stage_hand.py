"""The rehearsal's hands: a studio in a child process, its doors used as a merchant's browser and senders would."""

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from app.errors import Unavailable

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0  # seconds from start to the printed link, on a busy machine


def free_port() -> int:
    """A port that is free now; the studio comes back to it after a crash."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Child:
    """A studio in a process of its own, on its own data folder. Not started until `start`."""

    def __init__(self, data: Path, port: int, **environment: str) -> None:
        """`environment` is added to our own."""
        self.data = data
        self._environment = environment
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._cookie = ""

    def start(self) -> str:
        """Start it and wait until it answers; the one-time code of its link. Raises Unavailable."""
        self.data.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **self._environment}
        with (self.data / "studio.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "app",
                    "run",
                    "--port",
                    str(self._port),
                    "--data",
                    str(self.data),
                    "--no-browser",
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
            )
        deadline = time.monotonic() + PATIENCE
        assert self._process.stdout is not None  # noqa: S101 - asked for a pipe above
        for line in self._process.stdout:
            if line.startswith(b"ZHUBO_READY "):
                ready = json.loads(line.removeprefix(b"ZHUBO_READY "))
                self.url = ready["url"]
                code: str = ready["enter"]
                return code
            if time.monotonic() > deadline:
                break
        self.kill()
        tail = (self.data / "studio.log").read_bytes()[-2_000:].decode("utf-8", "replace")
        raise Unavailable(f"the studio did not start: {tail}")

    def enter(self, code: str) -> None:
        """Sign in with the code."""
        request = urllib.request.Request(  # noqa: S310 - our own studio's http address
            self.url + "/enter",
            data=json.dumps({"code": code}).encode(),
            headers={"Content-Type": "application/json", "Origin": self.url},
        )
        opener = urllib.request.build_opener(_Stay)
        try:
            headers = opener.open(request, timeout=20).headers
        except urllib.error.HTTPError as answer:
            if answer.code != 303:
                raise Unavailable(f"signing in: wanted 303, found {answer.code}") from answer
            headers = answer.headers
        cookie = SimpleCookie(headers.get("Set-Cookie", ""))
        self._cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookie.items())

    def get(self, path: str) -> bytes:
        """The body behind a signed-in GET."""
        request = urllib.request.Request(self.url + path, headers={"Cookie": self._cookie})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            body: bytes = answer.read()
            return body

    def post(self, path: str, body: dict[str, Any], *, timeout: float = 10.0) -> dict[str, Any]:
        """A signed-in POST of JSON; the JSON it answers. Raises OSError."""
        headers = {"Content-Type": "application/json", "Origin": self.url, "Cookie": self._cookie}
        request = urllib.request.Request(  # noqa: S310
            self.url + path, data=json.dumps(body).encode(), headers=headers
        )
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            text = answer.read()
        answered: dict[str, Any] = json.loads(text) if text else {}
        return answered

    def hook(self, path: str, body: dict[str, Any], secret: str) -> bool:
        """A signed webhook; whether it was acknowledged with 2xx."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        digest = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Zhubo-Signature": f"t={stamp},v1={digest}"}
        request = urllib.request.Request(self.url + path, data=raw, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=4.0) as answer:  # noqa: S310
                status: int = answer.status
                return 200 <= status < 300
        except OSError:
            return False  # refused, away or slow: the sender's own list says so

    def worker(self, name: str) -> int | None:
        """The process id of the studio's model or voice, while it lives."""
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=2.0) as answer:  # noqa: S310
                pid: int | None = json.loads(answer.read())["workers"][name]["pid"]
                return pid
        except (OSError, KeyError):
            return None

    def resident_mb(self) -> float:
        """Resident memory of the studio's process tree, MB."""
        if self._process is None:
            return 0.0
        wanted, total = {self._process.pid}, 0.0
        grew = True
        parents = _parents()
        while grew:
            more = {pid for pid, parent in parents.items() if parent in wanted} - wanted
            grew = bool(more)
            wanted |= more
        for pid in wanted:
            try:
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            except (OSError, IndexError):
                continue  # it ended while we looked
            total += pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        return total

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """Ctrl-C, as a person would; the exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are read, not followed: the cookie stands in the first answer."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Stay here."""


def _parents() -> dict[int, int]:
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                continue  # it ended while we looked
    return found
