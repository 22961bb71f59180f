"""Evenings on air as they stand in the log and the books, at times of the test's own choosing."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from app.analytics.store import Analytics
from app.database import Database
from app.events import (
    CardShown,
    CommentAnswered,
    CommentDecided,
    CommentHeard,
    CommentId,
    LineEnded,
    LineId,
    LineStarted,
    LiveEvent,
    ProductId,
    RoomId,
    ShopId,
    ShowEnded,
    ShowId,
    ShowStarted,
    kind_of,
    to_json,
)
from app.ledger import LiveEventRow, canonical
from app.live.records import ClickRow
from app.orders.service import Orders

QUESTIONS = (
    ("多少钱一盒？", "price"),
    ("有优惠吗", "promotion"),
    ("小个子能穿吗", "size_fit"),
    ("什么时候发货", "shipping"),
    ("能退吗", "after_sales"),
)


async def air(database: Database, shop: ShopId, room: RoomId, told: Sequence[tuple[float, LiveEvent]]) -> None:
    """Put the events into the room's log at those times; the hash chain is no part of what these tests are about."""
    async with database.transaction() as db:
        for seq, (at, event) in enumerate(told, 1):
            body = {**to_json(event), "seq": seq, "epoch": "e", "at": at, "type": kind_of(event), "prev": ""}
            db.add(
                LiveEventRow(
                    shop=shop,
                    room=room,
                    seq=seq,
                    epoch="e",
                    at=at,
                    type=kind_of(event),
                    body=canonical(body),
                    token=None,
                    product=body.get("product"),
                    line=body.get("line"),
                    comment=body.get("comment"),
                    prev="",
                    hash="",
                )
            )


async def evening(
    database: Database,
    shop: ShopId,
    room: str,
    products: Sequence[tuple[ProductId, str]],
    *,
    show: str = "sample",
    started: float,
    minutes: int = 20,
    rehearsal: bool = False,
    running: bool = False,
    seed: int = 1,
) -> None:
    """A show about the products (id, article number), with lines, questions, links opened and orders."""
    random, name = Random(seed), RoomId(room)
    told: list[tuple[float, LiveEvent]] = [
        (
            started,
            ShowStarted(show=ShowId(show), host="lan", voice="v", lang="zh", duty="王姐", rehearsal=rehearsal),
        )
    ]
    for minute in range(minutes):
        product, sku = products[minute * len(products) // minutes]
        at = started + minute * 60
        told.append((at, card(product, sku)))
        for part in range(3):
            told += line(f"{room}-{minute}-{part}", product, at + 2 + part * 19, f"这款看第{part + 1}个卖点，说清楚。")
        for part in range(random.choice((0, 1, 1, 2))):
            text, intent = random.choice(QUESTIONS)
            told += asked(f"{room}-{minute}-{part}", at + 20 + part, text, intent, random.random() < 0.7, rehearsal)
    end = started + minutes * 60
    if not running:
        told.append((end, ShowEnded(reason="crew")))
    told.sort(key=lambda one: one[0])
    await air(database, shop, name, told)
    orders = Orders(database)
    for number in range(minutes):
        product, sku = products[random.randrange(len(products))]
        at = started + random.randrange(minutes * 60)
        status = random.choice(("paid", "paid", "paid", "created"))
        await orders.receive(shop, "webhook", bought(f"{room}-{number}", sku, status, at, random, rehearsal))
        if number % 6 == 0:
            back = bought(f"{room}-{number}", sku, "refunded", at + 1, random, rehearsal, amount="10.00")
            await orders.receive(shop, "webhook", back)
    async with database.transaction() as db:
        for number in range(minutes):
            product, _ = products[number % len(products)]
            moment = datetime.fromtimestamp(started + number * 30, UTC)
            db.add(ClickRow(shop=shop, show=show, product=product, at=moment))
    assert await Analytics(database).report(shop, name)


def card(product: ProductId, sku: str) -> CardShown:
    """The product's card comes up."""
    return CardShown(product=product, sku=sku, title=sku, price=None, list_price=None, currency="CNY", sold_out=False)


def line(name: str, product: ProductId | None, at: float, text: str) -> list[tuple[float, LiveEvent]]:
    """A line of 12.5 seconds, said to its end."""
    begun = LineStarted(
        line=LineId(name),
        line_kind="rundown",
        text=text,
        facts=("price=59",),
        product=product,
        comment=None,
        block="b",
        model="",
        reviewer="王姐",
        token=1,
    )
    ended = LineEnded(
        line=LineId(name),
        line_kind="rundown",
        text=text,
        facts=("price=59",),
        outcome="said",
        heard_seconds=12.5,
        reason="",
    )
    return [(at, begun), (at + 12.5, ended)]


def asked(
    name: str, at: float, text: str, intent: str, answered: bool, simulated: bool
) -> list[tuple[float, LiveEvent]]:
    """A question, and its answer or none."""
    comment = CommentId(name)
    heard = CommentHeard(
        comment=comment,
        source="webhook",
        source_event_id=name,
        crowd_kind="comment",
        viewer=name,
        name="小鱼",
        text=text,
        simulated=simulated,
        received_at=at,
    )
    decided = CommentDecided(
        comment=comment,
        decision="answer" if answered else "drop",
        reason="wants to buy" if answered else "too old",
        intent=intent,
        wait_ms=300,
    )
    told: list[tuple[float, LiveEvent]] = [(at, heard), (at + 0.3, decided)]
    if answered:
        reply = CommentAnswered(
            comment=comment,
            line=LineId("l"),
            answer="59元一盒",
            answerable=True,
            first_sound_ms=420,
            first_word_ms=1730,
        )
        told.append((at + 2, reply))
    return told


def bought(
    order: str, sku: str, status: str, at: float, random: Random, simulated: bool, amount: str | None = None
) -> bytes:
    """An order's message of that time."""
    body: dict[str, Any] = {
        "id": order,
        "product": sku,
        "quantity": 1,
        "amount": amount or f"{random.randint(2000, 20000) / 100:.2f}",
        "currency": "CNY",
        "status": status,
        "updated_at": datetime.fromtimestamp(at, UTC).isoformat(),
        "simulated": simulated,
        "buyer": f"b{random.randrange(9)}",
    }
    return json.dumps(body).encode()


def hours_ago(hours: float) -> float:
    """Unix seconds."""
    return time.time() - hours * 3600
