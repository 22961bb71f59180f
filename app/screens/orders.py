"""The orders of the shop: listed by what one looks for, and taken away as a table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast, get_args

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access import audit
from app.access.founding import Founding
from app.access.guard import Analyst
from app.access.service import Member
from app.catalogue.imports.problems import Problem
from app.errors import BadInput
from app.events import OrderStatus, ProductId, RoomId
from app.exports import csv_response
from app.i18n import language_of
from app.orders.attribution import Attribution
from app.orders.files import files_of
from app.orders.listing import EXPORT_MOST, PAGE, Order, Wanted, count_of, orders_newest_first
from app.screens.spans import span_in
from app.studio import studio_of

PAGES_MOST = 100_000
ORDER_COLUMNS = (
    "placed_at", "source", "order", "status", "currency", "amount", "refunded", "paid", "quantity", "skus", "products",
    "attribution", "room", "line", "buyer", "simulated", "test",
)  # fmt: skip

router = APIRouter(include_in_schema=False)


@router.get("/orders")
async def orders(request: Request, who: Analyst) -> Response:
    """The orders that are looked for, newest first, and the order files."""
    return await orders_page(request, who)


async def orders_page(request: Request, who: Member, *, refused: Problem | None = None, status: int = 200) -> Response:
    """The page; with what was wrong with the order file that was just sent."""
    studio, query = studio_of(request), request.query_params
    wanted = wanted_in(query)
    page = _page(query.get("page") or "1")
    async with studio.database.transaction() as db:
        found = await orders_newest_first(db, who.shop, wanted, skip=(page - 1) * PAGE)
        count = await count_of(db, who.shop, wanted)
        files = await files_of(db, who.shop)
    names = {card.id: card.title for card in await studio.shows.shows(who.shop)}
    kept = {name: value for name, value in query.items() if name != "page" and value}
    context = {
        "member": who,
        "orders": found,
        "count": count,
        "page": page,
        "pages": max(1, -(-count // PAGE)),
        "query": kept,
        "files": files,
        "today": datetime.now(UTC).astimezone().date().isoformat(),
        "statuses": get_args(OrderStatus),
        "attributions": get_args(Attribution),
        "products": {product.id: product.title for product in await studio.catalogue.products(who.shop)},
        "runs": {run.room: (run, names.get(run.show, run.show)) for run in await studio.analytics.runs(who.shop)},
        "currency": (await Founding(studio.access).profile(who.shop)).currency,
        "words": studio.templates.words(language_of(request), "words_dashboard.json"),
        "refused": "",
    }
    if refused is not None:
        wanted = studio.templates.words(language_of(request), "words_upload.json")[f"wanted_{refused.code}"]
        context["refused"], context["found"] = wanted.format_map(dict(refused.facts)), refused.found
    return studio.templates.page(request, "orders.html", context, status=status)


@router.get("/orders.csv")
async def orders_csv(request: Request, who: Analyst) -> Response:
    """The same orders as a table."""
    studio = studio_of(request)
    async with studio.database.transaction() as db:
        found = await orders_newest_first(db, who.shop, wanted_in(request.query_params), most=EXPORT_MOST)
        audit.note(db, who.shop, who.name, "exported", object="orders", detail={"rows": len(found)})
    titles = {product.id: product.title for product in await studio.catalogue.products(who.shop)}
    return csv_response(order_rows(found, titles), "orders")


def order_rows(orders: Sequence[Order], titles: Mapping[ProductId, str]) -> Iterator[Sequence[object]]:
    """A header and a row an order; money as plain decimals."""
    yield ORDER_COLUMNS
    for order in orders:
        yield (
            datetime.fromtimestamp(order.placed, UTC).isoformat(timespec="seconds"),
            order.source,
            order.order,
            order.status,
            order.currency,
            order.amount,
            order.refunded,
            int(order.paid),
            order.quantity,
            " ".join(article.sku for article in order.articles),
            " / ".join(titles.get(article.product, "") for article in order.articles if article.product),
            order.attribution,
            order.room,
            order.line,
            order.buyer,
            int(order.simulated),
            int(order.test),
        )


def wanted_in(query: Mapping[str, str]) -> Wanted:
    """What the address looks for. Raises BadInput for a state, class or kind that there is not."""
    status, attribution, kind = query.get("status") or None, query.get("attribution") or None, query.get("kind", "")
    if status is not None and status not in get_args(OrderStatus):
        raise BadInput("status", ", ".join(get_args(OrderStatus)), status)
    if attribution is not None and attribution not in get_args(Attribution):
        raise BadInput("attribution", ", ".join(get_args(Attribution)), attribution)
    if kind not in ("", "real", "simulated", "test"):
        raise BadInput("kind", "real, simulated or test", kind)
    span = span_in(query, datetime.now(UTC))
    return Wanted(
        status=cast(OrderStatus | None, status),
        product=ProductId(query["product"]) if query.get("product") else None,
        attribution=attribution,
        room=RoomId(query["room"]) if query.get("room") else None,
        order=(query.get("order") or "").strip() or None,
        start=None if span is None else span.start.timestamp(),
        end=None if span is None else span.end.timestamp(),
        simulated=kind == "simulated",
        test=kind == "test",
    )


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= PAGES_MOST):
        raise BadInput("page", "a whole number from 1", text)
    return int(text)
