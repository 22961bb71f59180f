"""What owners do about people over HTTP, and the one thing the invited do: join."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Owner, address_of, check_origin, session_token
from app.access.pages import signed_in
from app.access.people import People
from app.errors import BadInput, Conflict, Forbidden, NotSignedIn
from app.screens.people import join_page, people_page
from app.studio import studio_of

router = APIRouter()


@router.post("/people/invitations")
async def invite(request: Request, who: Owner) -> Response:
    """Make an invitation (`role`, optional `account`); its link is on the page that answers, and nowhere else."""
    fields = await read_fields(request)
    code = await People(studio_of(request).access).invite(
        who, fields.get("role") or "", fields.get("account") or "", address=address_of(request)
    )
    base = (studio_of(request).settings.public_url or str(request.base_url)).rstrip("/")
    link = f"{base}/join#{code}"
    return JSONResponse({"url": link}) if wants_json(request) else await people_page(request, who, link=link)


@router.post("/people/invitations/{invitation}/revoke")
async def revoke_invitation(request: Request, invitation: str, who: Owner) -> Response:
    """Take a waiting invitation back."""
    await People(studio_of(request).access).revoke_invitation(who, invitation, address=address_of(request))
    return RedirectResponse("/people", status_code=303)


@router.post("/people/{user}/role")
async def change_role(request: Request, user: str, who: Owner) -> Response:
    """Give a member another role, from their next request on."""
    role = (await read_fields(request)).get("role") or ""
    await People(studio_of(request).access).change_role(who, user, role, address=address_of(request))
    return RedirectResponse("/people" if user != who.user or role == "owner" else "/", status_code=303)


@router.post("/people/{user}/remove")
async def remove(request: Request, user: str, who: Owner) -> Response:
    """Shut a member out of the shop, at once."""
    await People(studio_of(request).access).remove(who, user, address=address_of(request))
    return RedirectResponse("/people" if user != who.user else "/login", status_code=303)


@router.post("/join/look", dependencies=[Depends(check_origin)])
async def look(request: Request) -> JSONResponse:
    """What the invitation of a `code` offers: the shop's name, the role, the account it is for, who made it."""
    code = (await read_fields(request)).get("code") or ""
    offer = await People(studio_of(request).access).offer(code, address=address_of(request))
    return JSONResponse(
        {"shop": offer.shop_name, "role": offer.role, "account": offer.account, "made_by": offer.made_by}
    )


@router.post("/join", dependencies=[Depends(check_origin)])
async def join(request: Request) -> Response:
    """Use an invitation: `code`, `name`, `account`, `password` twice. A form that is wrong comes back."""
    fields = {name: value or "" for name, value in (await read_fields(request)).items()}
    code, account, name = fields.get("code", ""), fields.get("account", ""), fields.get("name", "")
    password = fields.get("password", "")
    try:
        if fields.get("again", password) != password:
            raise BadInput("again", "the same twice", "two different ones")
        token = await People(studio_of(request).access).join(
            code,
            account=account,
            name=name,
            password=password,
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            old=session_token(request),
        )
    except (BadInput, Conflict, NotSignedIn, Forbidden) as refused:
        if wants_json(request):
            raise
        problem = problem_of(refused)
        return join_page(request, code=code, name=name, account=account, problem=problem, status=refused.status)
    return signed_in(request, token)


def problem_of(refused: BadInput | Conflict | NotSignedIn | Forbidden) -> str:
    """The key of words_people.json that tells a person what to mend."""
    match refused:
        case BadInput(field="password", found="the account itself"):
            return "problem_password_account"
        case BadInput():
            return f"problem_{refused.field}"
        case Conflict() if "member" in str(refused):
            return "problem_member"
        case Conflict():
            return "problem_account_taken"
        case NotSignedIn():
            return "problem_own_password"
        case _:
            return "problem_invitation"
