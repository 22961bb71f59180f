"""`zhubo rehearse`: a whole show at real speed, real model and voice, simulated crowd and orders, everything measured.

The studio runs as a child on its own data folder; a listener in a second child hears what a viewer would; this process
is the crowd, the senders of orders and the finger on the cut button, and keeps a list of everything it did.
"""

import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.catalogue.product import Product
from app.catalogue.service import Catalogue
from app.commands.cloud import StandInCloud, stand_in_cloud
from app.commands.faults import CLOUD, Fault, inject, parse_fault
from app.commands.measures import report
from app.commands.stage_hand import Child, free_port
from app.crowd.simulated import crowd
from app.database import Database
from app.errors import BadInput, Unavailable
from app.events import RoomId, ShopId, ShowId
from app.live.shelf import today
from app.orders.service import Orders
from app.orders.vault import vault_in
from app.shows.service import Shows

SHOP, SHOW = ShopId("sample"), ShowId("sample")
CUT_EVERY = 20.0  # seconds
MEMORY_EVERY = 2.0  # seconds
RETRY = 1.0  # seconds until a sender tries an order again
LAST_TRIES = 20.0  # seconds after the show in which unacknowledged orders are sent again


async def rehearse_command(
    *,
    seconds: int,
    seed: int,
    products: int,
    comments_per_minute: float,
    orders_per_minute: float,
    faults: Sequence[str],
    keep: Path | None,
    as_json: bool,
) -> int:
    """Run it and print the numbers. Returns 0 when the show ran to its end, whatever the numbers are."""
    if not 20 <= seconds <= 24 * 3600 or not 1 <= products <= 200:
        raise BadInput("rehearsal", "20 to 86400 seconds and 1 to 200 products", (seconds, products))
    wanted = [parse_fault(text) for text in faults]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="zhubo-rehearsal-"))
        out = keep or Path(folder) / "evidence"
        out.mkdir(parents=True, exist_ok=True)
        child, cloud = Child(Path(folder) / "data", free_port()), None
        if any(fault.name in CLOUD for fault in wanted):
            cloud, address = await stack.enter_async_context(stand_in_cloud())
            child = Child(child.data, free_port(), ZHUBO_VOICE_ORDER="edge,embedded", ZHUBO_EDGE_URL=address)
        show = _Rehearsal(child, out, seconds=seconds, seed=seed, cloud=cloud)
        numbers = await show.run(products, comments_per_minute, orders_per_minute, wanted)
        if cloud is not None:
            numbers["cloud"] = dict(cloud.counts)
        (out / "report.json").write_text(json.dumps(numbers, ensure_ascii=False, indent=1), encoding="utf-8")
    print(json.dumps(numbers, ensure_ascii=False, indent=None if as_json else 2))
    return 0


class _Rehearsal:
    """One rehearsal: its child, its lists, its clock (seconds since the show's start)."""

    def __init__(self, child: Child, out: Path, *, seconds: int, seed: int, cloud: StandInCloud | None) -> None:
        self._child, self._cloud = child, cloud
        self._out = out
        self._seconds, self._seed = seconds, seed
        self._began = 0.0
        self._lists: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("sent_orders", "sent_comments", "presses", "memory")
        }

    async def run(self, products: int, comments: float, orders: float, faults: Sequence[Fault]) -> dict[str, Any]:
        """The whole evening; the numbers."""
        _say("starting a studio of its own …")
        child = self._child
        database = Database(f"sqlite+aiosqlite:///{child.data / 'zhubo.db'}")
        try:
            code = await asyncio.to_thread(child.start)
            await asyncio.to_thread(child.enter, code)
            books = Orders(database, vault_in(child.data))
            secrets = {kind: await books.secret(SHOP, kind) for kind in ("orders", "comments")}
            shelf = (await Shows(database).plan(SHOP, SHOW)).products[:products]
            self._note_memory()
            room = RoomId(
                (await asyncio.to_thread(child.post, f"/shows/{SHOW}/rehearse", {"products": products}))["room"]
            )
            self._began = time.time()
            listener = await self._listener(room)
            _say(f"on air for {self._seconds} s …")
            await self._perform(room, secrets, shelf, comments, orders, faults)
            await asyncio.to_thread(child.post, f"/desk/{room}/end", {}, timeout=30.0)
            await _finish(listener)
            self._note_memory()
            events = await asyncio.to_thread(child.get, f"/desk/{room}/events.jsonl")
            (self._out / "events.jsonl").write_bytes(events)
            for name, lines in self._lists.items():
                text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
                (self._out / f"{name}.jsonl").write_text(text, encoding="utf-8")
            return await self._numbers(database, room, products)
        finally:
            await database.close()
            await asyncio.to_thread(child.stop)

    async def _numbers(self, database: Database, room: RoomId, products: int) -> dict[str, Any]:
        _copy(self._child.data / "zhubo.db", self._out / "show.db")
        totals = await Orders(database).gmv(SHOP, room)
        catalogue, shows = Catalogue(database), Shows(database)
        plan = await shows.plan(SHOP, SHOW)
        shelf = [await catalogue.product(SHOP, product.id) for product in plan.products[:products]]
        policies = [text for _, text in plan.policies]
        return report(
            self._out,
            sql={currency: f"{total:f}" for currency, total in sorted(totals.items())},
            stored=_stored(self._out / "show.db"),
            facts={product.id: today(product).to_json() for product in shelf},
            approved={product.id: [*(item.answer for item in product.faq), *policies] for product in shelf},
        )

    async def _listener(self, room: RoomId) -> asyncio.subprocess.Process:
        link = (await asyncio.to_thread(self._child.post, f"/desk/{room}/overlay-link", {}))["url"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.commands.listen", "--url", self._child.url, "--out", str(self._out),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - asked for pipes above
        process.stdin.write(link.partition("#")[2].encode() + b"\n")
        await process.stdin.drain()
        if (await process.stdout.readline()).strip() != b"listening":
            raise Unavailable("the listener did not start")
        return process

    async def _perform(
        self,
        room: RoomId,
        secrets: dict[str, str],
        shelf: Sequence[Product],
        comments: float,
        orders: float,
        faults: Sequence[Fault],
    ) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._comment(room, secrets["comments"], shelf, comments), name="rehearse:crowd")
            group.create_task(self._order(secrets["orders"], shelf, orders), name="rehearse:orders")
            group.create_task(self._press_cuts(room), name="rehearse:cuts")
            group.create_task(self._watch_memory(), name="rehearse:memory")
            for fault in faults:
                group.create_task(self._fail(fault), name=f"rehearse:{fault.name}")
            await self._at(self._seconds)

    async def _comment(self, room: RoomId, secret: str, shelf: Sequence[Product], per_minute: float) -> None:
        titles = [product.title for product in shelf]
        for remark in crowd(self._seed, self._seconds - 1, per_minute, titles, "zh"):
            await self._at(remark.at)
            body = {
                "id": remark.id, "viewer": remark.viewer, "name": remark.name, "text": remark.text, "simulated": True
            }  # fmt: skip
            sent = time.time()
            acked = await asyncio.to_thread(self._child.hook, f"/hooks/comments/{room}", body, secret)
            self._lists["sent_comments"].append({"t": sent, **body, "acked": acked})

    async def _order(self, secret: str, shelf: Sequence[Product], per_minute: float) -> None:
        async with asyncio.TaskGroup() as group:
            for at, body in sales(self._seed, self._seconds - 2, per_minute, shelf, self._began):
                await self._at(at)
                # Each sender is on its own: one that has to try again holds up no other.
                group.create_task(self._send_until_kept(body, secret), name=f"rehearse:order:{body['id']}")

    async def _send_until_kept(self, body: dict[str, Any], secret: str) -> None:
        """A shop's sender: repeats the message until it is acknowledged, also after the show."""
        while True:
            sent = time.time()
            acked = await asyncio.to_thread(self._child.hook, f"/hooks/orders/{SHOP}", body, secret)
            kept = {key: body[key] for key in ("id", "product", "quantity", "amount", "currency", "status")}
            self._lists["sent_orders"].append({"t": sent, **kept, "acked": acked})
            if acked or sent > self._began + self._seconds + LAST_TRIES:
                return
            await asyncio.sleep(RETRY)

    async def _press_cuts(self, room: RoomId) -> None:
        at = CUT_EVERY
        while at < self._seconds - 1:
            await self._at(at)
            pressed = time.time()
            try:
                await asyncio.to_thread(self._child.post, f"/desk/{room}/press", {"button": "cut"})
                answered = True
            except OSError:
                answered = False  # the studio is down by one of our own faults; the list says so
            self._lists["presses"].append({"t": pressed, "button": "cut", "answered": answered})
            at += CUT_EVERY

    async def _watch_memory(self) -> None:
        at = MEMORY_EVERY
        while at < self._seconds:
            await self._at(at)
            await asyncio.to_thread(self._note_memory)
            at += MEMORY_EVERY

    async def _fail(self, fault: Fault) -> None:
        await self._at(fault.at)
        _say(f"{fault.name} for {fault.lasts:g} s")
        await inject(fault, self._child, self._cloud)

    def _note_memory(self) -> None:
        if self._child.alive:
            self._lists["memory"].append({"t": time.time(), "mb": self._child.resident_mb()})

    async def _at(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, self._began + seconds - time.time()))


def sales(
    seed: int, seconds: float, per_minute: float, shelf: Sequence[Product], begins: float
) -> list[tuple[float, dict[str, Any]]]:
    """The evening's order messages with their times: created, paid a little later, some refunded, some repeated.

    `begins` (unix seconds) dates them, as a shop's own clock would.
    """
    chance = random.Random(f"orders:{seed}")
    priced = [product for product in shelf if product.price is not None]
    messages: list[tuple[float, dict[str, Any]]] = []
    at = 0.0
    while per_minute > 0 and priced:
        at += chance.expovariate(per_minute / 60)
        if at >= seconds:
            break
        product = chance.choice(priced)
        quantity = chance.choice((1, 1, 1, 2, 3))
        number = f"r{seed}-{len(messages)}"
        total = f"{(product.price or Decimal(0)) * quantity:f}"
        steps = ["created"] + (["paid"] if chance.random() < 0.85 else []) if chance.random() < 0.6 else ["paid"]
        if steps[-1] == "paid" and chance.random() < 0.1:
            steps.append("refunded")
        for step, status in enumerate(steps):
            when = at + step * chance.uniform(0.3, 2.0)
            moment = datetime.fromtimestamp(begins + when, UTC).isoformat()
            body = {
                "id": number,
                "product": product.sku,
                "quantity": quantity,
                "amount": total,
                "currency": product.currency,
                "status": status,
                "updated_at": moment,
                "show": SHOW,
                "simulated": True,
            }
            messages += [(when, body)] * (2 if chance.random() < 0.25 else 1)
    return sorted(messages, key=lambda item: item[0])


async def _finish(listener: asyncio.subprocess.Process) -> None:
    if listener.stdin is not None:
        listener.stdin.close()
    try:
        await asyncio.wait_for(listener.wait(), 60)
    except TimeoutError:
        listener.kill()
        raise Unavailable("the listener did not finish") from None


def _copy(live: Path, copy: Path) -> None:
    """A consistent copy of a database that is in use."""
    copy.unlink(missing_ok=True)
    with sqlite3.connect(live) as source, sqlite3.connect(copy) as target:
        source.backup(target)


def _stored(database: Path) -> int:
    """Orders in the books of the rehearsal."""
    with sqlite3.connect(database) as connection:
        count: int = connection.execute("SELECT count(*) FROM orders WHERE shop = ?", (SHOP,)).fetchone()[0]
        return count


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
