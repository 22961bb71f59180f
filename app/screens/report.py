"""A show on paper: every figure, every line with its facts and orders, and its tables to take away."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access import audit
from app.access.guard import Analyst
from app.access.service import Member
from app.analytics.store import Report
from app.errors import NotFound
from app.events import RoomId
from app.exports import csv_response
from app.i18n import language_of
from app.orders.listing import EXPORT_MOST, Order, Wanted, orders_newest_first
from app.screens.orders import order_rows
from app.studio import studio_of

TABLES = ("orders", "minutes", "questions", "products", "transcript")

router = APIRouter(include_in_schema=False)


@router.get("/reports/{room}")
async def report(request: Request, room: str, who: Analyst) -> Response:
    """The show's report, made to be printed."""
    studio = studio_of(request)
    found = await studio.analytics.report(who.shop, RoomId(room))
    orders = await _orders(request, found, who)
    beside: dict[str, list[Order]] = {}
    for order in orders:
        if order.line is not None:
            beside.setdefault(order.line, []).append(order)
    titles = {card.id: card.title for card in await studio.shows.shows(who.shop)}
    lang = language_of(request)
    words = studio.templates.words(lang, "words_desk.json") | studio.templates.words(lang, "words_product.json")
    context = {
        "member": who,
        "report": found,
        "title": titles.get(found.run.show, found.run.show) if found.run else "",
        "shop_name": await studio.access.shop_name(who.shop),
        "beside": beside,
        "orders": orders,
        "tables": TABLES,
        "words": words | studio.templates.words(lang, "words_dashboard.json"),
    }
    return studio.templates.page(request, "report.html", context)


@router.get("/reports/{room}/{table}.csv")
async def table(request: Request, room: str, table: str, who: Analyst) -> Response:
    """One table of the show: orders, minutes, questions, products or transcript."""
    if table not in TABLES:
        raise NotFound(f"table: wanted one of {', '.join(TABLES)}, found {table[:40]!r}")
    studio = studio_of(request)
    found = await studio.analytics.report(who.shop, RoomId(room))
    orders = await _orders(request, found, who) if table in ("orders", "transcript") else []
    async with studio.database.transaction() as db:
        audit.note(db, who.shop, who.name, "exported", object=f"{room}/{table}")
    rows = {
        "orders": lambda: order_rows(orders, found.titles),
        "minutes": lambda: _minutes(found),
        "questions": lambda: _questions(found),
        "products": lambda: _products(found),
        "transcript": lambda: _transcript(found, orders),
    }
    return csv_response(rows[table](), f"{table}-{room}")


async def _orders(request: Request, report: Report, who: Member) -> list[Order]:
    room = None if report.run is None else report.run.room
    async with studio_of(request).database.transaction() as db:
        return await orders_newest_first(db, who.shop, Wanted(room=room, simulated=report.simulated), most=EXPORT_MOST)


def _minutes(report: Report) -> Iterator[Sequence[object]]:
    currencies = [gmv.currency for gmv in report.gmv]
    yield ("at", "seconds", *(f"paid_{currency}" for currency in currencies), "paid_orders", "comments", "said")
    for minute in report.minutes:
        yield (
            _time(minute.at),
            round(minute.until - minute.at),
            *(minute.paid.get(currency, 0) for currency in currencies),
            minute.orders,
            minute.comments,
            " ".join(line.text for line in minute.said),
        )


def _questions(report: Report) -> Iterator[Sequence[object]]:
    yield (
        *("at", "name", "text", "intent", "decision", "reason", "product_on_air", "answer", "in_facts"),
        *("wait_ms", "first_sound_ms", "first_word_ms", "simulated"),
    )
    for item in report.asked:
        yield (
            _time(item.at),
            item.name,
            item.text,
            item.intent,
            item.decision,
            item.reason,
            "" if item.product is None else report.titles.get(item.product, item.product),
            item.answer,
            None if item.answerable is None else int(item.answerable),
            item.wait_ms,
            item.first_sound_ms,
            item.first_word_ms,
            int(item.simulated),
        )


def _products(report: Report) -> Iterator[Sequence[object]]:
    yield (
        *("product", "title", "currency", "ordered", "paid", "net", "orders", "paid_orders", "quantity"),
        *("refund_share", "refund_money_share", "clicks", "said_seconds", "paid_per_minute_of_talk"),
    )
    for sold in report.products:
        gmv = sold.gmv
        yield (
            sold.product,
            sold.title,
            gmv.currency,
            gmv.ordered,
            gmv.paid,
            gmv.net,
            gmv.orders,
            gmv.paid_orders,
            gmv.quantity,
            gmv.refund_share,
            gmv.refund_money_share,
            sold.clicks,
            sold.said_seconds,
            sold.efficiency,
        )


def _transcript(report: Report, orders: Sequence[Order]) -> Iterator[Sequence[object]]:
    yield ("at", "line", "kind", "product", "text", "heard_seconds", "facts", "orders")
    for line in report.said:
        yield (
            _time(line.at),
            line.line,
            line.line_kind,
            "" if line.product is None else report.titles.get(line.product, line.product),
            line.text,
            round(line.seconds, 2),
            " ".join(line.facts),
            " ".join(order.order for order in orders if order.line == line.line),
        )


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
