"""Servers that tests start for themselves: PostgreSQL from the system's binaries, in a folder of its own."""

import asyncio
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.database import Database

PATIENCE = 60.0  # seconds until a server answers
INSTALL = "Type:  sudo apt install postgresql nginx-light redis-server"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=200")


def free_port() -> int:
    """A port nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """The path of a server's program, also where Debian hides PostgreSQL's."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(kept[-1]) if kept else None)
    assert found, f"the tests start {name}, which is not here. {INSTALL}"
    return found


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"no server on port {port}: {log.read_text()[-2000:]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A private server. `create` gives the URL of a new migrated and empty database; `drop` takes it away."""

    port: int

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+asyncpg://zhubo@127.0.0.1:{self.port}/{name}"

    async def create(self, like: str = "empty") -> str:
        """A database of one test, copied from a template in about 50 ms."""
        name = f"test_{secrets.token_hex(6)}"
        await self._say(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return self.url(name)

    async def drop(self, url: str) -> None:
        """Forget a database of `create`."""
        await self._say(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    async def _say(self, statement: str) -> None:
        # Two tests of one run never meet here; a template must only be free of connections.
        connection = await asyncpg.connect(host="127.0.0.1", port=self.port, user="zhubo", database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def prepare(self) -> None:
        """Make the template: the newest schema and no rows."""

        def make() -> None:
            asyncio.run(self._say('CREATE DATABASE "empty"'))
            Database(self.url("empty")).migrate_now()

        with ThreadPoolExecutor(1) as aside:  # whoever asks may stand in a loop already
            aside.submit(make).result()


@asynccontextmanager
async def written_elsewhere(database: Database) -> AsyncGenerator[None, None]:
    """Somebody else holds the books for writing, so that every order has to wait."""
    sqlite = database.url.startswith("sqlite")
    async with database.engine.connect() as other:
        await other.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "LOCK TABLE order_inbox IN EXCLUSIVE MODE")
        yield
        await other.rollback()


@contextmanager
def postgres_server() -> Generator[Postgres, None, None]:
    """A PostgreSQL of our own on a free port; it ends with the tests. Root lends it the user `postgres`."""
    as_whom = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="zhubo-pg-"))
    try:
        if as_whom:
            who = pwd.getpwnam(as_whom)
            os.chown(folder, who.pw_uid, who.pw_gid)
        place, log, port = folder / "data", folder / "log", free_port()
        make = [program("initdb"), "-D", place, "-U", "zhubo", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(make, check=True, user=as_whom, stdout=subprocess.DEVNULL, cwd=folder)
        options = [word for option in QUICK for word in ("-c", option)]
        serve = [program("postgres"), "-D", place, "-p", str(port), "-h", "127.0.0.1", "-k", folder, *options]
        with log.open("wb") as out:
            process = subprocess.Popen(serve, user=as_whom, stdout=out, stderr=out, cwd=folder)
        try:
            _wait_for(port, process, log)
            ready = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "5"]
            while subprocess.run(ready).returncode == 1:  # it listens, but is starting up
                time.sleep(0.05)
            server = Postgres(port=port)
            server.prepare()
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class RedisServer:
    """A private Redis that keeps nothing; it can be stopped, emptied and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        log = self._folder / "redis.log"
        serve = [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        with log.open("ab") as out:
            self._process = subprocess.Popen([*serve, str(self._folder)], stdout=out, stderr=out)
        _wait_for(self.port, self._process, log)

    def stop(self) -> None:
        """kill -9: whatever was in it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None


@contextmanager
def redis_server() -> Generator[RedisServer, None, None]:
    """A Redis of our own on a free port; it ends with the tests."""
    with tempfile.TemporaryDirectory(prefix="zhubo-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
