"""The wizard's POSTs, and going from one of one's shops to another."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.founding import Founding, Profile
from app.access.guard import Analyst, Owner, address_of, session_token
from app.access.pages import signed_in
from app.access.people_pages import problem_of
from app.errors import BadInput, Conflict, Forbidden
from app.events import ShopId
from app.screens.welcome import account_page, shop_page
from app.studio import studio_of

router = APIRouter()


@router.post("/welcome/account")
async def account(request: Request, who: Owner) -> Response:
    """Step one: `name`, `account`, `password` twice. Only while there is no password yet."""
    fields = {name: value or "" for name, value in (await read_fields(request)).items()}
    founding = Founding(studio_of(request).access)
    if not who.opening and not await founding.may_found(who):
        raise Forbidden("shop: wanted the owner of the studio, found somebody else")
    if await founding.has_password(who):
        return RedirectResponse("/welcome/shop", status_code=303)
    name, named, password = (fields.get(key, "") for key in ("name", "account", "password"))
    try:
        if fields.get("again", "") != password:
            raise BadInput("again", "the same twice", "two different ones")
        await founding.name_owner(who, name, named, password, address=address_of(request))
    except (BadInput, Conflict) as refused:
        if wants_json(request):
            raise
        return account_page(request, who, name=name, account=named, problem=problem_of(refused), status=refused.status)
    return RedirectResponse("/welcome/shop", status_code=303)


@router.post("/welcome/shop")
async def shop(request: Request, who: Owner) -> Response:
    """Step two: `shop`, `lang`, `currency`, `market`; `key` keeps a doubled press from opening two shops."""
    fields = {name: value or "" for name, value in (await read_fields(request)).items()}
    filled = {name: fields.get(name, "") for name in ("shop", "lang", "currency", "market")}
    wanted = Profile(name=filled["shop"], lang=filled["lang"], currency=filled["currency"], market=filled["market"])
    key = fields.get("key", "")
    founding = Founding(studio_of(request).access)
    if not await founding.has_password(who):
        return RedirectResponse("/welcome", status_code=303)
    try:
        token = await founding.found(who, wanted, key, token=session_token(request) or "", address=address_of(request))
    except BadInput as refused:
        if wants_json(request) or refused.field == "key":
            raise
        return shop_page(request, who, filled, key=key, problem=problem_of(refused), status=refused.status)
    return signed_in(request, token, "/welcome/products")


@router.post("/shops/{shop}/open")
async def go_to(request: Request, shop: str, who: Analyst) -> Response:
    """Go to another of one's shops. The session gets a new token."""
    token = await Founding(studio_of(request).access).go_to(
        who, ShopId(shop), token=session_token(request) or "", address=address_of(request)
    )
    return signed_in(request, token)
