"""The first-run wizard: who you are, your shop, your products. Left anywhere, it goes on where it was."""

import secrets
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.founding import CURRENCIES, MARKETS, Founding
from app.access.guard import Owner
from app.access.service import SAMPLE, Member
from app.errors import Forbidden
from app.i18n import language_of
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/welcome")
async def welcome(request: Request, who: Owner) -> Response:
    """Step one, or step two when the owner has a password already."""
    founding = Founding(studio_of(request).access)
    if not who.opening and not await founding.may_found(who):
        raise Forbidden("shop: wanted the owner of the studio, found somebody else")
    if await founding.has_password(who):
        return RedirectResponse("/welcome/shop", status_code=303)
    # The sample shop's account is a name of ours; a merchant's own is theirs to choose.
    named = "" if who.account == SAMPLE else who.account
    return account_page(request, who, name="" if who.account == SAMPLE else who.name, account=named)


def account_page(
    request: Request, who: Member, *, name: str, account: str, problem: str = "", status: int = 200
) -> Response:
    """Step one: the owner's name, account and password."""
    return _page(
        request, who, "welcome_account.html", {"name": name, "account": account, "problem": problem}, 1, status
    )


@router.get("/welcome/shop")
async def shop(request: Request, who: Owner) -> Response:
    """Step two: what the shop is called, and its language, currency and market."""
    founding = Founding(studio_of(request).access)
    if not who.opening and not await founding.may_found(who):
        raise Forbidden("shop: wanted the owner of the studio, found somebody else")
    if not await founding.has_password(who):
        return RedirectResponse("/welcome", status_code=303)
    lang = language_of(request)
    start = {"shop": "", "lang": lang, "market": "CN" if lang == "zh" else "US", "currency": ""}
    return shop_page(request, who, start, key=secrets.token_hex(6))


def shop_page(
    request: Request, who: Member, filled: dict[str, str], *, key: str, problem: str = "", status: int = 200
) -> Response:
    """The form, with what was filled in and what was wrong with it."""
    context = {
        "filled": filled | {"currency": filled["currency"] or MARKETS.get(filled["market"], "CNY")},
        "key": key,
        "problem": problem,
        "markets": MARKETS,
        "currencies": CURRENCIES,
    }
    return _page(request, who, "welcome_shop.html", context, 2, status)


@router.get("/welcome/products")
async def products(request: Request, who: Owner) -> Response:
    """Step three: the ways to bring products in."""
    if who.opening:
        return RedirectResponse("/welcome", status_code=303)
    sample = Founding(studio_of(request).access).sample_beside(who)
    return _page(request, who, "welcome_products.html", {"sample": sample}, 3)


def _page(
    request: Request, who: Member, name: str, context: Mapping[str, object], step: int, status: int = 200
) -> Response:
    templates = studio_of(request).templates
    words = templates.words(language_of(request), "words_people.json")
    return templates.page(request, name, {"member": who, "words": words, "step": step, **context}, status=status)
