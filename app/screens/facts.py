"""One product: its facts beside the listing they come from, price and ledger, questions, script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.access.service import Member
from app.catalogue.browsing import price_guessed
from app.catalogue.factbook import Dispute, Known, Removed, Sheet
from app.catalogue.facts import CERTAIN, FIELDS, LIKELY, PRICE_CERTAIN, Unlawful
from app.catalogue.faq import key_of
from app.catalogue.intake import currencies
from app.errors import BadInput, Refused
from app.events import ProductId
from app.i18n import language_of
from app.screens.listing import marked
from app.studio import studio_of
from scripts_gen.facts import LIST_FIELDS, MONEY_FIELDS

router = APIRouter(include_in_schema=False)

_LAW = {
    "absolute term 最": "absolute",
    "absolute term": "absolute",
    "absolute grade": "absolute",
    "ranking 第一": "absolute",
    "superlative": "absolute",
    "absolute safety": "absolute",
    "absolute figure without a test": "figure",
    "price without a basis": "price",
    "promise of gain": "promise",
    "finance promises nothing": "promise",
    "education promises no result": "promise",
    "guarantee of effect": "promise",
    "unfounded boast or pressure": "pressure",
    "runs down others": "others",
    "state organs": "organs",
    "superstition": "superstition",
    "patent not granted": "patent",
    "alcohol: no invitation, no effect": "drink",
}
"""Which words tell a reason of the advertising law; every other one is about effects on body and health."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What was filled in wrong on which form: the words for it, and everything that was typed, so nothing is lost."""

    form: str = ""
    words: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact as the page shows it."""

    id: str
    key: str
    field: str
    label: str
    value: str
    sure: str
    confidence: float | None
    by: str | None
    at: datetime | None
    in_listing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The facts of one field, and whether more of them may be added."""

    field: str
    lines: tuple[Line, ...]
    more: bool


@router.get("/catalogue/{product}/reading")
async def reading(request: Request, product: str, who: SignedIn) -> Response:
    """How far the reading of one listing is; when it is read, the page is drawn anew."""
    studio = studio_of(request)
    progress = await studio.extraction.progress(who.shop, [ProductId(product)])
    context = {"reading": progress, "again": f"/catalogue/{product}/reading"}
    answer = studio.templates.page(request, "reading.html", context)
    if progress.done:
        answer.headers["hx-refresh"] = "true"
    return answer


@router.get("/catalogue/{product}")
async def product(request: Request, product: str, who: SignedIn, question: str = "") -> Response:
    """One product; `question` is what a viewer asked, ready to be answered for the next time."""
    trouble = Trouble(form="faq" if question else "", typed={"question": question[:120]} if question else {})
    return await facts_page(request, who, ProductId(product), trouble)


async def facts_page(
    request: Request, who: Member, product: ProductId, trouble: Trouble | None = None, *, status: int = 200
) -> Response:
    """The page, at first or after something was filled in wrong."""
    studio = studio_of(request)
    shelf, templates, lang = studio.catalogue, studio.templates, language_of(request)
    sheet = await shelf.facts.sheet(who.shop, product)
    found = sheet.product
    labels = templates.words(lang, "words_product.json") | templates.words(lang, "words_facts.json")
    script = await studio.shows.script(who.shop, product, found.lang)
    context = {
        "member": who,
        "product": found,
        "sheet": sheet,
        "groups": groups_of(sheet, labels),
        "disputes": [_dispute(item, labels) for item in sheet.disputes],
        "removed": [_removed(item, labels) for item in sheet.removed],
        "price_guessed": price_guessed(found)
        and not any(known.at for known in sheet.facts if known.fact.field == "price"),
        "unlawful": [_unlawful(item, labels) for item in sheet.unlawful],
        "listing": marked(sheet.listing, {known.key: known.fact.spans for known in sheet.facts}),
        "faq": [{"key": key_of(item, place), "item": item} for place, item in enumerate(found.faq)],
        "ledger": await shelf.ledger(who.shop, product),
        "lowest": await shelf.lowest_7_days(who.shop, product),
        "reading": await studio.extraction.progress(who.shop, [product]),
        "segments": () if script is None else script.segments,
        "labels": labels,
        "currencies": currencies((found.currency,)),
        "fields": [name for name in FIELDS if name not in ("title", "price", "list_price")],
        "trouble": trouble or Trouble(),
    }
    return templates.page(request, "product.html", context, status=status)


def groups_of(sheet: Sheet, labels: Mapping[str, Any]) -> tuple[Group, ...]:
    """The facts by field in the order of the schema; empty fields too, so that something can be added."""
    found: dict[str, list[Line]] = {name: [] for name in FIELDS}
    for known in sheet.facts:
        found[known.fact.field].append(_line(known, labels))
    return tuple(
        Group(field=name, lines=tuple(lines), more=not lines or name == "specs" or name in LIST_FIELDS)
        for name, lines in found.items()
    )


def _line(known: Known, labels: Mapping[str, Any]) -> Line:
    fact = known.fact
    sure = fact.confidence
    return Line(
        id=fact.id,
        key=known.key,
        field=fact.field,
        label=fact.name or labels[fact.field],
        value=fact.value,
        sure=_sure(fact.field, sure),
        confidence=sure,
        by=known.by,
        at=known.at,
        in_listing=bool(fact.spans),
    )


def _sure(field: str, confidence: float | None) -> str:
    if confidence is None:
        return "unmeasured"
    if field in MONEY_FIELDS:
        return "certain" if confidence >= PRICE_CERTAIN else "guess"
    return "certain" if confidence >= CERTAIN else "likely" if confidence >= LIKELY else "guess"


def _dispute(item: Dispute, labels: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": item.found.id,
        "label": item.found.name or labels[item.found.field],
        "mine": None if item.mine is None else item.mine.value,
        "found": item.found.value,
        "source": labels[f"source_{item.source}"],
        "at": item.at,
    }


def _removed(item: Removed, labels: Mapping[str, Any]) -> dict[str, Any]:
    fact = item.fact
    return {
        "id": fact.id,
        "label": fact.name or labels[fact.field],
        "value": fact.value,
        "money": fact.field in MONEY_FIELDS,
        "by": item.by,
        "at": item.at,
    }


def _unlawful(item: Unlawful, labels: Mapping[str, Any]) -> dict[str, Any]:
    reason, _, words = item.why.rpartition(": ")
    return {
        "text": item.text,
        "words": words,
        "why": labels["law_" + _LAW.get(reason, "effect")],
        "rewrite": item.rewrite,
    }


def trouble_of(request: Request, form: str, problem: Refused, typed: Mapping[str, str | None]) -> Trouble:
    """The refusal in the reader's words, beside the form and with everything that was typed."""
    labels = studio_of(request).templates.words(language_of(request), "words_facts.json")
    return Trouble(
        form=form,
        words=words_of(problem, labels),
        typed={name: value for name, value in typed.items() if value is not None},
    )


def words_of(problem: Refused, labels: Mapping[str, Any]) -> str:
    """What was wanted and found, in a shopkeeper's words."""
    if not isinstance(problem, BadInput):
        return str(labels["trouble_meanwhile"])
    if problem.field == "unlawful":
        reason, _, words = problem.wanted.removeprefix("words without ").rpartition(": ")
        return str(labels["trouble_unlawful"]).format(found=words, why=labels["law_" + _LAW.get(reason, "effect")])
    key = f"trouble_{problem.field}"
    if "not in the list yet" in problem.wanted or "not answered yet" in problem.wanted:
        key = "trouble_twice"
    elif problem.wanted.startswith("at most") and problem.wanted.endswith("of them"):
        key = "trouble_many"
    elif problem.field == "list_price" and "lowest of the last 7 days" in problem.wanted:
        return str(labels["trouble_lowest"]).format(lowest=problem.wanted.partition(",")[0])
    elif problem.field == "answer" and "digital host" in problem.wanted:
        key = "trouble_human"
    found = str(problem.found)
    return str(labels.get(key, labels["trouble_other"])).format(found=found if len(found) <= 60 else found[:59] + "…")
