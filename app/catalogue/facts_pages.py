"""A product's facts, disputes and questions by form or JSON: written first, then told to the running rooms."""

from collections.abc import Coroutine, Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Operator, SignedIn
from app.access.service import Member
from app.catalogue.product import Product, question_to_json
from app.catalogue.store import facts_to_row
from app.errors import BadInput, Conflict, NotFound
from app.events import FactsChanged, PriceChanged, ProductId
from app.screens.errors import wants_page
from app.screens.facts import facts_page, trouble_of
from app.studio import studio_of

router = APIRouter()


@router.post("/catalogue/{product}/facts")
async def add_fact(request: Request, product: str, who: Operator) -> Response:
    """Add a fact: `field`, `value`, and for a specification its `name`."""
    typed = await read_fields(request)
    name = typed.get("field") or ""
    book = studio_of(request).catalogue.facts
    work = book.add(
        who.shop, ProductId(product), name, typed.get("value") or "", who.name, name=typed.get("name") or ""
    )
    return await answered(request, who, product, work, f"add-{name}", typed, "facts")


@router.post("/catalogue/{product}/facts/take")
async def take_words(request: Request, product: str, who: Operator) -> Response:
    """Take selected words of the listing as a fact: `field`, `text`, `start` and `end` in code points, `name`."""
    typed = await read_fields(request)
    start, end = (_number(typed.get(name)) for name in ("start", "end"))
    work = studio_of(request).catalogue.facts.take(
        who.shop,
        ProductId(product),
        typed.get("field") or "",
        (start, end),
        typed.get("text") or "",
        who.name,
        name=typed.get("name") or "",
    )
    return await answered(request, who, product, work, "take", typed, "facts")


@router.post("/catalogue/{product}/facts/confirm")
async def confirm_certain(request: Request, product: str, who: Operator) -> Response:
    """Stand for every fact that is certain."""
    work = studio_of(request).catalogue.facts.confirm(who.shop, ProductId(product), who.name)
    return await answered(request, who, product, work, "", {}, "facts")


@router.post("/catalogue/{product}/facts/{fact}")
async def edit_fact(request: Request, product: str, fact: str, who: Operator) -> Response:
    """Give a fact another `value` (a specification also another `name`)."""
    typed = await read_fields(request)
    work = studio_of(request).catalogue.facts.edit(
        who.shop, ProductId(product), fact, typed.get("value") or "", who.name, name=typed.get("name")
    )
    return await answered(request, who, product, work, f"fact-{fact}", typed, "facts")


@router.post("/catalogue/{product}/facts/{fact}/confirm")
async def confirm_fact(request: Request, product: str, fact: str, who: Operator) -> Response:
    """Stand for one fact."""
    work = studio_of(request).catalogue.facts.confirm(who.shop, ProductId(product), who.name, fact=fact)
    return await answered(request, who, product, work, f"fact-{fact}", {}, "facts")


@router.post("/catalogue/{product}/facts/{fact}/remove")
async def remove_fact(request: Request, product: str, fact: str, who: Operator) -> Response:
    """Take a fact away for good."""
    work = studio_of(request).catalogue.facts.remove(who.shop, ProductId(product), fact, who.name)
    return await answered(request, who, product, work, f"fact-{fact}", {}, "facts")


@router.post("/catalogue/{product}/facts/{fact}/restore")
async def put_back(request: Request, product: str, fact: str, who: Operator) -> Response:
    """Put a fact back that was taken away."""
    work = studio_of(request).catalogue.facts.put_back(who.shop, ProductId(product), fact, who.name)
    return await answered(request, who, product, work, "removed", {}, "facts")


@router.post("/catalogue/{product}/disputes/{fact}")
async def settle(request: Request, product: str, fact: str, who: Operator) -> Response:
    """End a dispute: `choose` is `mine` or `found`."""
    typed = await read_fields(request)
    choice = typed.get("choose")
    if choice not in ("mine", "found"):
        raise BadInput("choose", "mine or found", choice)
    work = studio_of(request).catalogue.facts.settle(
        who.shop, ProductId(product), fact, who.name, take=choice == "found"
    )
    return await answered(request, who, product, work, "disputes", typed, "facts")


@router.get("/catalogue/{product}/faq", include_in_schema=False)
async def answer_later(product: str, who: SignedIn, question: Annotated[str, Query(max_length=500)] = "") -> Response:
    """The product's page, ready for an answer to this question."""
    return RedirectResponse(_place(product, "faq", question), status_code=303)


@router.post("/catalogue/{product}/faq")
async def add_answer(request: Request, product: str, who: Operator) -> Response:
    """Answer a `question` for the next time: the `answer` is a fact of its own."""
    typed = await read_fields(request)
    work = studio_of(request).catalogue.faq.add(
        who.shop, ProductId(product), typed.get("question") or "", typed.get("answer") or "", who.name
    )
    return await answered(request, who, product, work, "faq", typed, "faq")


@router.post("/catalogue/{product}/faq/{item}")
async def edit_answer(request: Request, product: str, item: str, who: Operator) -> Response:
    """Another `answer` to a `question`."""
    typed = await read_fields(request)
    work = studio_of(request).catalogue.faq.edit(
        who.shop, ProductId(product), item, typed.get("question") or "", typed.get("answer") or "", who.name
    )
    return await answered(request, who, product, work, f"faq-{item}", typed, "faq")


@router.post("/catalogue/{product}/faq/{item}/remove")
async def remove_answer(request: Request, product: str, item: str, who: Operator) -> Response:
    """Take a question away."""
    work = studio_of(request).catalogue.faq.remove(who.shop, ProductId(product), item)
    return await answered(request, who, product, work, f"faq-{item}", {}, "faq")


@router.post("/catalogue/{product}/read")
async def read_again(request: Request, product: str, who: Operator) -> Response:
    """Let the listing be read once more."""
    extraction = studio_of(request).extraction
    await extraction.retry(who.shop, ProductId(product))
    if wants_json(request):
        return Response(status_code=204)
    return RedirectResponse(_place(product, "facts"), status_code=303)


async def answered(
    request: Request,
    who: Member,
    product: str,
    work: Coroutine[None, None, Product],
    form: str,
    typed: Mapping[str, str | None],
    place: str,
) -> Response:
    """Do it, tell the rooms, and lead back; what was filled in wrong comes back on the page with everything typed."""
    studio = studio_of(request)
    try:
        before = await studio.catalogue.product(who.shop, ProductId(product))
    except NotFound:
        work.close()
        raise
    try:
        changed = await work
    except (BadInput, Conflict) as problem:
        if wants_json(request) or not (wants_page(request) or "hx-request" in request.headers):
            raise
        trouble = trouble_of(request, form, problem, typed)
        return await facts_page(request, who, ProductId(product), trouble, status=problem.status)
    if (changed.facts, changed.faq) != (before.facts, before.faq):
        studio.rooms.tell(
            who.shop,
            None,
            FactsChanged(
                product=changed.id,
                facts=facts_to_row(changed.facts),
                faq=tuple(question_to_json(item) for item in changed.faq),
                by=who.name,
            ),
        )
    money = (changed.price, changed.list_price, changed.currency)
    if money != (before.price, before.list_price, before.currency) and changed.price is not None:
        studio.rooms.tell(
            who.shop,
            None,
            PriceChanged(
                product=changed.id,
                price=changed.price,
                list_price=changed.list_price,
                currency=changed.currency,
            ),
        )
    if wants_json(request):
        return Response(status_code=204)
    return RedirectResponse(_place(product, place), status_code=303)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 8 else -1


def _place(product: str, anchor: str, question: str = "") -> str:
    asked = f"?question={quote(question, safe='')}" if question else ""
    return f"/catalogue/{quote(product, safe='')}{asked}#{anchor}"
