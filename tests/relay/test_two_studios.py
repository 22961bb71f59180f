"""Two studios, each a process, over one PostgreSQL and one Redis: both serve, each room has one speaker."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.database import Database
from app.live.relay.leases import LEASE
from tests.live.house import SAMPLE, SHOW
from tests.servers import Postgres, RedisServer, redis_server

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds, on a busy machine


@pytest.fixture
def redis() -> Generator[RedisServer, None, None]:
    with redis_server() as server:
        yield server


@pytest.fixture
async def url(postgres: Postgres) -> AsyncGenerator[str, None]:
    url = await postgres.create()
    yield url
    await postgres.drop(url)


class Away:
    """A studio in another process."""

    def __init__(self, process: subprocess.Popen[str], said: dict[str, Any]) -> None:
        self.process, self.url, self.secrets = process, str(said["url"]), said["secrets"]
        self.client = httpx.AsyncClient(
            base_url=self.url, headers={"Origin": self.url, "Cookie": said["cookie"]}, timeout=PATIENCE
        )

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    async def rehearse(self) -> str:
        """The room of the rehearsal, started or found."""
        answer = await self.client.post(f"/shows/{SHOW}/rehearse", json={})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["room"])

    async def press(self, room: str, **press: str) -> httpx.Response:
        """A button of the desk, pressed again while a part is away, as a person would."""
        async with asyncio.timeout(PATIENCE):
            while True:
                answer = await self.client.post(f"/desk/{room}/press", json=press)
                if answer.status_code != 503:
                    return answer

    async def token(self, room: str) -> str:
        """A fresh overlay token."""
        link = (await self.client.post(f"/desk/{room}/overlay-link", json={})).json()["url"]
        answer = await self.client.post("/overlay/token", json={"code": link.partition("#")[2]})
        return str(answer.json()["token"])

    async def order(self, number: str) -> int:
        """A signed order; the status of the answer, 0 for none."""
        body = {
            "id": number,
            "product": "TEA-1",
            "quantity": 1,
            "amount": "59.00",
            "currency": "CNY",
            "status": "paid",
            "updated_at": datetime.now(UTC).isoformat(),
        }
        raw, stamp = json.dumps(body).encode(), str(int(time.time()))
        digest = hmac.new(self.secrets["orders"].encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        try:
            async with httpx.AsyncClient(timeout=4) as sender:
                signed = {"X-Zhubo-Signature": f"t={stamp},v1={digest}"}
                return (await sender.post(f"{self.url}/hooks/orders/{SAMPLE}", content=raw, headers=signed)).status_code
        except httpx.HTTPError:
            return 0

    def socket(self, path: str) -> connect:
        """A websocket as a signed-in browser opens it."""
        cookie = {"Cookie": self.client.headers["Cookie"]}
        return connect(self.url.replace("http", "ws", 1) + path, origin=self.url, additional_headers=cookie,
                       compression=None, max_size=None, open_timeout=PATIENCE)  # type: ignore[arg-type]  # fmt: skip


@asynccontextmanager
async def studio(url: str, redis: RedisServer, folder: Path, which: str) -> AsyncGenerator[Away, None]:
    with (folder / f"{which}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.relay.house_of_its_own", url, redis.url, str(folder), which],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        said = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), PATIENCE)
        assert said, (folder / f"{which}.log").read_text()[-3000:]
        away = Away(process, json.loads(said))
        yield away
        await away.client.aclose()
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.fixture
async def both(url: str, redis: RedisServer, tmp_path: Path) -> AsyncGenerator[tuple[Away, Away], None]:
    async with studio(url, redis, tmp_path, "first") as a, studio(url, redis, tmp_path, "second") as b:
        yield a, b


class Page:
    """An overlay page that keeps what it got: messages, and the sound that came with them."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.clips: list[bytes] = []
        self.more = asyncio.Event()

    @property
    def numbered(self) -> list[dict[str, Any]]:
        """The messages of a run; `bye`, which a page gets when it must come back, is of none."""
        return [one for one in self.messages if one.get("epoch")]

    async def follow(self, socket: ClientConnection) -> None:
        async for frame in socket:
            if isinstance(frame, bytes):
                self.clips.append(frame)
            else:
                self.messages.append(json.loads(frame))
            self.more.set()

    async def until(self, enough: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not enough(self):
                self.more.clear()
                await self.more.wait()


@asynccontextmanager
async def page(at: Away, room: str, epoch: str = "", seq: int = 0) -> AsyncGenerator[Page, None]:
    """A page that is connected; while the room is between two studios it comes back, as pages do."""
    token, got = await at.token(room), Page()

    async def stay() -> None:
        where, since = epoch, seq
        while True:
            with contextlib.suppress(ConnectionClosed):
                async with at.socket("/overlay/ws") as socket:
                    await socket.send(json.dumps({"type": "hello", "token": token, "epoch": where, "seq": since}))
                    await got.follow(socket)
            if got.numbered:
                where, since = got.numbered[-1]["epoch"], got.numbered[-1]["seq"]
            await asyncio.sleep(0.05)

    task = asyncio.create_task(stay())
    try:
        yield got
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def spoken(messages: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """The clauses that began, each once."""
    return [(one["speech"]["line"], one["speech"]["clause"]) for one in messages if one["type"] == "speech.start"]


async def test_a_page_at_the_other_studio_gets_every_message_once_in_order_and_the_sound(both: tuple[Away, Away]):
    a, b = both
    room = await a.rehearse()
    assert await b.rehearse() == room  # it is on air already: nobody starts a second one
    async with page(b, room) as far:
        await far.until(lambda got: len(got.clips) >= 3)
        numbers = [one["seq"] for one in far.messages if one["type"] not in ("snapshot", "recovered", "clock", "bye")]
        assert far.messages[0]["type"] == "snapshot" and not far.messages[0]["recovered"]
        assert numbers == list(range(far.messages[0]["seq"] + 1, far.messages[0]["seq"] + 1 + len(numbers)))
        assert all(clip.startswith(b"OggS") for clip in far.clips)
        started = next(one for one in far.messages if one["type"] == "speech.start")
        late = await b.client.get(started["speech"]["clip"])
        assert late.status_code == 200 and late.content == far.clips[0]
        # A page of the speaker's goes over to the other one and misses nothing.
        epoch, seq = far.messages[0]["epoch"], far.messages[0]["seq"]
        async with page(b, room, epoch, seq) as moved:
            await moved.until(lambda got: len(got.messages) > len(numbers))
            assert moved.messages[0]["type"] == "recovered"
            assert [one["seq"] for one in moved.messages[1 : 1 + len(numbers)]] == numbers


async def test_a_press_at_the_other_studio_silences_the_host_and_a_wrong_one_is_refused_in_words(
    both: tuple[Away, Away],
):
    a, b = both
    room = await a.rehearse()
    async with page(a, room) as near:
        await near.until(lambda got: got.clips)
        refused = await b.press(room, button="jump", product="nothing")
        assert refused.status_code == 422 and refused.json()["field"] == "product"
        killed = await b.press(room, button="kill")
        assert killed.status_code == 204
        await near.until(lambda got: any(one.get("notice_kind") == "silenced" for one in got.messages))
    async with b.socket(f"/desk/{room}/ws") as desk:
        async with asyncio.timeout(PATIENCE):
            while json.loads(await desk.recv())["state"] != "silenced":
                pass
    ended = await b.client.post(f"/desk/{room}/end", headers={"accept": "application/json"}, json={})
    assert ended.status_code == 204
    gone = await b.press(room, button="resume")
    assert gone.status_code == 404


async def test_a_killed_speakers_room_is_taken_over_and_no_order_is_lost(both: tuple[Away, Away], url: str):
    a, b = both
    room = await a.rehearse()
    acked: set[str] = set()

    async def send(number: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:  # as senders do: until somebody acknowledges it
                for at in (a, b) if number % 2 else (b, a):
                    if 200 <= await at.order(f"o{number}") < 300:
                        acked.add(f"o{number}")
                        return
                await asyncio.sleep(0.05)

    async with page(b, room) as far:
        await far.until(lambda got: got.clips)
        epoch = far.numbered[0]["epoch"]
        sending = [asyncio.create_task(send(number)) for number in range(20)]
        a.kill()
        killed = time.monotonic()
        await far.until(lambda got: any(one["type"] == "snapshot" and one["epoch"] != epoch for one in got.numbered))
        await far.until(lambda got: spoken([one for one in got.numbered if one["epoch"] != epoch]))
        assert time.monotonic() - killed < LEASE.total_seconds() + PATIENCE
        await asyncio.gather(*sending)
    database = Database(url)
    async with database.transaction() as db:
        rows = (await db.execute(text("SELECT event FROM order_inbox"))).scalars().all()
        ours = await db.scalar(text("SELECT count(*) FROM rooms WHERE ended_at IS NULL"))
    await database.close()
    assert len(rows) == len(set(rows)) == 20 == len(acked)
    assert ours == 1


async def test_without_redis_the_speakers_pages_go_on_and_the_others_come_back(
    both: tuple[Away, Away], redis: RedisServer
):
    a, b = both
    room = await a.rehearse()
    async with page(a, room) as near, page(b, room) as far:
        await far.until(lambda got: got.clips)
        redis.stop()
        before = len(near.clips)
        refused = await b.client.post(f"/desk/{room}/press", json={"button": "next"})
        assert refused.status_code == 503
        await near.until(lambda got: len(got.clips) >= before + 2)
        assert (await a.press(room, button="next")).status_code == 204
        async with asyncio.timeout(PATIENCE):
            while not 200 <= await b.order("without-redis") < 300:  # busy books ask for it again, Redis or not
                pass
        redis.start()
        snapshots = sum(one["type"] == "snapshot" for one in far.messages)
        await far.until(lambda got: sum(one["type"] == "snapshot" for one in got.messages) > snapshots)
        sounds = len(far.clips)
        await far.until(lambda got: len(got.clips) > sounds)
        assert len({one["epoch"] for one in near.numbered}) == 1
