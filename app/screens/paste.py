"""New products without a file: the form by hand, the pasted text, and its review before anything is saved."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.founding import Founding
from app.access.guard import SignedIn
from app.access.service import Member
from app.catalogue.facts import CERTAIN, facts_of
from app.catalogue.intake import Pasted, currencies
from app.catalogue.product import sku_for
from app.i18n import language_of
from app.screens.facts import Trouble
from app.studio import studio_of
from scripts_gen.facts import MONEY_FIELDS

router = APIRouter(include_in_schema=False)


@router.get("/catalogue/new")
async def by_hand(request: Request, who: SignedIn) -> Response:
    """The short form for one product."""
    return await hand_page(request, who, Trouble())


async def hand_page(request: Request, who: Member, trouble: Trouble, *, status: int = 200) -> Response:
    """The form, at first or with what was typed and what was wrong with it."""
    studio = studio_of(request)
    context = {
        "member": who,
        "trouble": trouble,
        "labels": _labels(request),
        "currencies": await _currencies(request, who),
    }
    return studio.templates.page(request, "product_new.html", context, status=status)


@router.get("/catalogue/paste")
async def paste(request: Request, who: SignedIn, again: str = "") -> Response:
    """Where text is pasted; `again` is a pasted text that was cut in the wrong places."""
    text = ""
    if again:
        pieces = await studio_of(request).catalogue.intake.pasted(who.shop, again)
        text = "\n-----\n".join(piece.listing for piece in pieces)
    return paste_page(request, who, Trouble(typed={"text": text}))


def paste_page(request: Request, who: Member, trouble: Trouble, *, status: int = 200) -> Response:
    """The field for the text."""
    return studio_of(request).templates.page(request, "paste.html", {"member": who, "trouble": trouble}, status=status)


@router.get("/catalogue/paste/{paste}")
async def review(request: Request, paste: str, who: SignedIn, now: str = "") -> Response:
    """How far the reading is, and then the products to look over; `now` does not wait for the model."""
    return await review_page(request, who, paste, {}, {}, at_once=bool(now))


async def review_page(
    request: Request,
    who: Member,
    paste: str,
    typed: Mapping[str, str],
    troubles: Mapping[int, str],
    *,
    at_once: bool,
    status: int = 200,
) -> Response:
    """The review, at first or with what was typed and what was wrong with it."""
    studio, labels = studio_of(request), _labels(request)
    pieces = await studio.catalogue.intake.pasted(who.shop, paste)
    progress = await studio.extraction.progress_of_paste(who.shop, paste)
    choice = await _currencies(request, who)
    context = {
        "member": who,
        "paste": paste,
        "progress": progress,
        "reading": not progress.done and not at_once,
        "pieces": [_piece(piece, typed, troubles, labels, choice[0]) for piece in pieces],
        "currencies": choice,
        "labels": labels,
    }
    return studio.templates.page(request, "paste_review.html", context, status=status)


def _piece(
    piece: Pasted, typed: Mapping[str, str], troubles: Mapping[int, str], labels: Mapping[str, Any], currency: str
) -> dict[str, Any]:
    facts, place = piece.facts, piece.place
    price = "" if facts.price is None else f"{facts.price:f}"
    proposed = {
        "title": facts.title,
        "price": price,
        "currency": facts.currency if facts.price is not None else currency,
        "stock": "",
        "sku": sku_for(facts.title),
    }
    return {
        "place": place,
        "listing": piece.listing,
        "state": piece.state,
        "problem": piece.problem,
        "keep": not typed or f"keep-{place}" in typed,
        "values": {name: typed.get(f"{name}-{place}", value) for name, value in proposed.items()},
        "trouble": troubles.get(place, ""),
        "facts": [
            {
                "label": fact.name or labels[fact.field],
                "value": fact.value,
                "certain": fact.confidence is None or fact.confidence >= CERTAIN,
            }
            for fact in facts_of(facts)
            if fact.field != "title" and fact.field not in MONEY_FIELDS
        ],
        "list_price": facts.list_price,
    }


def _labels(request: Request) -> dict[str, Any]:
    templates, lang = studio_of(request).templates, language_of(request)
    return templates.words(lang, "words_product.json") | templates.words(lang, "words_facts.json")


async def _currencies(request: Request, who: Member) -> tuple[str, ...]:
    return currencies(((await Founding(studio_of(request).access).profile(who.shop)).currency,))
