"""Every figure of the dashboard, recomputed by an independent model, equal to the cent; None where nothing is known."""

from collections import Counter, defaultdict
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.service import Access
from app.analytics.store import Analytics, Report
from app.analytics.talk import comments_of, delays, nearest_rank, talk_of
from app.analytics.timeline import PaidOrder, Said, minute_edges, over_time
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import NotFound
from app.events import (
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
)
from app.ledger import Ledger
from app.orders.service import Orders
from scripts_gen.facts import ProductFacts
from tests.orders.test_orders import message

SHOP, OTHER, ROOM = ShopId("mine"), ShopId("other"), RoomId("r1")


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    access, catalogue = Access(database), Catalogue(database)
    for shop in (SHOP, OTHER):
        await access.open_shop(shop, shop, owner="Lin", account=shop)
    for sku in ("tea", "mug"):
        facts = ProductFacts(title=sku.upper(), price=Decimal(59))
        await catalogue.add(SHOP, sku=sku, lang="zh", listing=sku, facts=facts, stock=9, by="Lin")
    return Ledger(database, SHOP, "e1")


def started(*, rehearsal: bool = True) -> ShowStarted:
    return ShowStarted(show=ShowId("s"), host="lan", voice="v", lang="zh", duty="Lin", rehearsal=rehearsal)


def heard(comment: str, text: str = "多少钱", kind: Any = "comment") -> CommentHeard:
    return CommentHeard(
        comment=CommentId(comment),
        source="webhook",
        source_event_id=comment,
        crowd_kind=kind,
        viewer="v",
        name="Ann",
        text=text,
        simulated=True,
        received_at=1_000.0,
    )


def decided(comment: str, decision: Any, intent: str = "price", wait: int = 100, into: str | None = None) -> LiveEvent:
    return CommentDecided(
        comment=CommentId(comment),
        decision=decision,
        reason="because",
        intent=intent,
        wait_ms=wait,
        merged_into=None if into is None else CommentId(into),
    )


def answered(comment: str, sound: int = 400, word: int = 1800, *, answerable: bool = True) -> CommentAnswered:
    return CommentAnswered(
        comment=CommentId(comment),
        line=LineId("l"),
        answer="59元",
        answerable=answerable,
        first_sound_ms=sound,
        first_word_ms=word,
    )


def line(name: str, product: str | None, text: str, seconds: float) -> tuple[LineStarted, LineEnded]:
    begun = LineStarted(
        line=LineId(name),
        line_kind="rundown",
        text=text,
        facts=(),
        product=None if product is None else ProductId(product),
        comment=None,
        block="b",
        model="",
        reviewer="",
        token=1,
    )
    ended = LineEnded(
        line=LineId(name),
        line_kind="rundown",
        text=text,
        facts=(),
        outcome="said",
        heard_seconds=seconds,
        reason="",
    )
    return begun, ended


def test_each_comment_has_one_fate_and_merged_ones_count_as_answered() -> None:
    talk = talk_of(
        comments_of(
            [
                *(heard(name) for name in "abcdefg"),
                heard("gift", kind="gift"),
                heard("a"),
                decided("a", "answer"),
                answered("a"),
                decided("b", "merge", into="a"),
                decided("c", "skip", "abuse"),
                decided("d", "hand_over", "quality_doubt"),
                decided("e", "drop", "size_fit"),
                decided("f", "answer", "shipping"),
                answered("f", answerable=False),
            ]
        )
    )
    assert (talk.seen, talk.answered, talk.merged, talk.skipped, talk.handed_over, talk.dropped, talk.waiting) == (
        7, 2, 1, 1, 1, 1, 1,
    )  # fmt: skip
    assert (talk.questions, talk.questions_answered, talk.answered_share) == (5, 3, 0.6)
    assert [item.comment for item in talk.unanswered] == ["d", "e"]
    assert [item.comment for item in talk.unanswered_purchase] == ["e"]
    assert [item.comment for item in talk.not_in_facts] == ["f"]


def test_a_question_merged_into_one_that_was_dropped_is_unanswered() -> None:
    talk = talk_of(comments_of([heard("a"), heard("b"), decided("a", "drop"), decided("b", "merge", into="a")]))
    assert talk.questions_answered == 0


def test_silence_is_none_and_not_zero() -> None:
    talk = talk_of([])
    assert (talk.seen, talk.answered_share) == (0, None)
    assert (talk.first_word.median_ms, talk.first_word.p95_ms, talk.first_word.n) == (None, None, 0)


def test_percentiles_are_values_that_happened() -> None:
    assert delays([10, None, 30, 20]) == delays([30, 20, 10])
    assert delays([10, 20, 30]).median_ms == 20
    assert nearest_rank(list(range(1, 101)), 0.95) == 95
    assert nearest_rank([7], 0.95) == 7


@given(values=st.lists(st.integers(0, 10_000), min_size=1), share=st.floats(0.01, 1.0))
def test_at_least_the_share_lies_at_or_below_the_percentile(values: list[int], share: float) -> None:
    found = nearest_rank(sorted(values), share)
    assert found in values
    assert sum(value <= found for value in values) / len(values) >= share - 1e-9


def test_a_minute_holds_its_money_comments_and_words_and_nothing_outside_the_show() -> None:
    def said(at: float, text: str) -> Said:
        return Said(at=at, text=text, line_kind="rundown", product=None, seconds=3.0)

    minutes = over_time(
        minute_edges(1000.0, 1130.0),
        [
            PaidOrder(at=1059.9, currency="CNY", minor=5900),
            PaidOrder(at=1060.0, currency="CNY", minor=100),
            PaidOrder(at=9999.0, currency="CNY", minor=1),
        ],
        [PaidOrder(at=1061.0, currency="CNY", minor=100, product=ProductId("tea"))],
        [1000.0, 999.0, 1120.0],
        [said(1001.0, "你好"), said(1061.0, "到手59元")],
    )
    told = [[line.text for line in minute.said] for minute in minutes]
    assert [(m.at, m.paid, m.orders, m.comments, words) for m, words in zip(minutes, told, strict=True)] == [
        (1000.0, {"CNY": Decimal("59.00")}, 1, 1, ["你好"]),
        (1060.0, {"CNY": Decimal("1.00")}, 1, 0, ["到手59元"]),
        (1120.0, {}, 0, 1, []),
    ]
    assert [minute.products.keys() for minute in minutes] == [set(), {"tea"}, set()]


async def test_an_empty_room_reports_none_where_nothing_happened(ledger: Ledger, database: Database) -> None:
    await ledger.append(ROOM, started())
    report = await Analytics(database).report(SHOP, ROOM)
    assert (report.gmv, report.products, report.attribution) == ((), (), {})
    assert report.talk.answered_share is None
    assert report.simulated and report.run.ended is None
    assert len(report.minutes) == 1 and report.minutes[0].paid == {}


async def test_a_rehearsals_report_holds_its_play_money_and_its_words(ledger: Ledger, database: Database) -> None:
    orders = Orders(database)
    await ledger.append(ROOM, started())
    for event in (*line("l1", "tea", "这款茶", 4.5), heard("a"), decided("a", "answer"), answered("a")):
        await ledger.append(ROOM, event)
    await orders.receive(SHOP, "webhook", message("1", simulated=True))
    await orders.receive(SHOP, "webhook", message("2", product="mug", amount="20.10", simulated=True))
    await orders.receive(SHOP, "webhook", message("3"))
    await ledger.append(ROOM, ShowEnded(reason="crew"))
    report = await Analytics(database).report(SHOP, ROOM)
    assert [(gmv.currency, gmv.paid, gmv.orders, gmv.aov) for gmv in report.gmv] == [
        ("CNY", Decimal("79.10"), 2, Decimal("39.55"))
    ]
    assert report.attribution == {"explained": 1, "session": 1}
    tea, mug = report.products
    assert (tea.product, tea.title, tea.gmv.paid, tea.said_seconds) == ("tea", "TEA", Decimal("59.00"), 4.5)
    assert (mug.product, mug.gmv.paid, mug.said_seconds) == ("mug", Decimal("20.10"), None)
    assert [line.text for line in report.minutes[0].said] == ["这款茶"]
    assert report.minutes[0].paid == {"CNY": Decimal("79.10")}
    assert report.talk.answered_share == 1.0 and report.talk.first_word.median_ms == 1800
    assert report.run.ended is not None


class Model:
    """What the figures should be, by another way: dictionaries over everything that was ever sent."""

    def __init__(self) -> None:
        self.sent: dict[str, list[tuple[int, str, Decimal]]] = defaultdict(list)
        self.currency: dict[str, str] = {}

    def hear(self, order: str, version: int, status: str, amount: Decimal, currency: str) -> None:
        self.sent[order].append((version, status, amount))
        self.currency[order] = currency

    def figures(self) -> dict[str, tuple[Decimal, Decimal, Decimal, int]]:
        out: dict[str, list[Any]] = {}
        for order, sent in self.sent.items():
            sums = out.setdefault(self.currency[order], [Decimal(0), Decimal(0), Decimal(0), 0])
            total = [amount for _, status, amount in sorted(sent) if status != "refunded"][-1]
            back = [amount for _, status, amount in sorted(sent) if status == "refunded"]
            ever_paid = any(status in {"paid", "refunded"} for _, status, _ in sent)
            sums[0] += total
            sums[3] += 1
            if ever_paid:
                sums[1] += total
                if sorted(sent)[-1][1] != "cancelled":
                    sums[2] += total - min(total, back[-1] if back else Decimal(0))
        return {currency: (ordered, paid, net, count) for currency, (ordered, paid, net, count) in out.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_sql_equals_an_independent_model_to_the_cent(ledger: Ledger, database: Database, seed: int) -> None:
    random, model, orders = Random(seed), Model(), Orders(database)
    await ledger.append(ROOM, started(rehearsal=False))
    messages: list[bytes] = []
    for number in range(12):
        currency, digits = random.choice([("CNY", 2), ("JPY", 0), ("KWD", 3)])
        total = Decimal(random.randint(1, 10**6)).scaleb(-digits)
        path = random.choice(
            ["created", "created paid", "paid", "paid refunded", "created cancelled", "paid cancelled"]
        )
        for version, status in enumerate(path.split()):
            amount = total / 2 if status == "refunded" else total
            amount = amount.quantize(total)
            model.hear(str(number), version, status, amount, currency)
            messages.append(
                message(
                    str(number),
                    status,
                    amount=f"{amount:f}",
                    currency=currency,
                    updated_at=f"2026-11-24T10:00:{version:02}Z",
                )
            )
    messages += random.sample(messages, 5)
    random.shuffle(messages)
    for raw in messages:
        await orders.receive(SHOP, "webhook", raw)
    sales = await Analytics(database).sales(SHOP)
    assert {gmv.currency: (gmv.ordered, gmv.paid, gmv.net, gmv.orders) for gmv in sales} == model.figures()
    paid = {gmv.currency: gmv.paid for gmv in sales if gmv.paid}
    assert await orders.gmv(SHOP) == paid


async def test_runs_are_listed_newest_first_and_only_to_their_shop(ledger: Ledger, database: Database) -> None:
    analytics = Analytics(database)
    await ledger.append(ROOM, started())
    await ledger.append(ROOM, ShowEnded(reason="crew"))
    await ledger.append(RoomId("r2"), started(rehearsal=False))
    runs = await analytics.runs(SHOP)
    assert [(run.room, run.rehearsal, run.ended is None) for run in runs] == [("r2", False, True), ("r1", True, False)]
    assert await analytics.runs(OTHER) == []
    assert await analytics.sales(OTHER) == ()
    with pytest.raises(NotFound):
        await analytics.report(OTHER, ROOM)


async def test_a_report_is_only_about_its_room(ledger: Ledger, database: Database) -> None:
    orders, analytics = Orders(database), Analytics(database)
    for room in (ROOM, RoomId("r2")):
        await ledger.append(room, started())
        await orders.receive(SHOP, "webhook", message(room, simulated=True))
        await ledger.append(room, ShowEnded(reason="crew"))
    reports: list[Report] = [await analytics.report(SHOP, room) for room in (ROOM, RoomId("r2"))]
    assert Counter(gmv.paid for report in reports for gmv in report.gmv) == {Decimal("59.00"): 2}
