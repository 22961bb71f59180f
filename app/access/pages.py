"""Signing in and out over HTTP: the POSTs behind /enter, /login, /logout, /sessions and /password."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Analyst, address_of, check_origin, drop_session, keep_session, session_token
from app.access.people import People
from app.errors import BadInput, NotSignedIn
from app.studio import studio_of

router = APIRouter()


@router.post("/enter", dependencies=[Depends(check_origin)])
async def enter(request: Request) -> Response:
    """Trade the one-time code of the link for a session, and go home."""
    code = (await read_fields(request)).get("code") or ""
    token = await studio_of(request).access.enter(
        code, address=address_of(request), agent=request.headers.get("user-agent", ""), old=session_token(request)
    )
    return signed_in(request, token)


@router.post("/login", dependencies=[Depends(check_origin)])
async def login(request: Request) -> Response:
    """Sign in by account and password. A form that is wrong goes back to the page, JSON gets 401."""
    fields = await read_fields(request)
    try:
        token = await studio_of(request).access.login(
            fields.get("account") or "",
            fields.get("password") or "",
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            old=session_token(request),
        )
    except NotSignedIn:
        if wants_json(request):
            raise
        return RedirectResponse("/login?failed=1", status_code=303)
    return signed_in(request, token)


@router.post("/logout", dependencies=[Depends(check_origin)])
async def logout(request: Request) -> Response:
    """End this browser's session."""
    token = session_token(request)
    if token is not None:
        await studio_of(request).access.logout(token, address=address_of(request))
    response = RedirectResponse("/login", status_code=303)
    drop_session(request, response)
    return response


@router.post("/sessions/revoke-others")
async def revoke_others(request: Request, who: Analyst) -> Response:
    """Sign every other browser of the same person out."""
    await People(studio_of(request).access).revoke_others(who, address=address_of(request))
    return RedirectResponse("/sessions", status_code=303)


@router.post("/sessions/{session}/revoke")
async def revoke(request: Request, session: str, who: Analyst) -> Response:
    """Sign a browser out: one's own, or as the owner that of a member of the shop."""
    back = "/people" if (await read_fields(request)).get("from") == "people" else "/sessions"
    await People(studio_of(request).access).revoke(who, session, address=address_of(request))
    return RedirectResponse(back, status_code=303)


@router.post("/password")
async def password(request: Request, who: Analyst) -> Response:
    """Set a password (`new`, twice; `current` when there is one); every other browser is signed out."""
    fields = await read_fields(request)
    new = fields.get("new") or ""
    if fields.get("again", new) != new:
        raise BadInput("password", "the same twice", "two different ones")
    try:
        await studio_of(request).access.set_password(
            who, new, current=fields.get("current"), address=address_of(request)
        )
    except NotSignedIn:
        if wants_json(request):
            raise
        return RedirectResponse("/sessions?failed=1", status_code=303)
    return RedirectResponse("/sessions?changed=1", status_code=303)


def signed_in(request: Request, token: str, to: str = "/") -> Response:
    """Go on as whoever the token belongs to."""
    response = RedirectResponse(to, status_code=303)
    keep_session(request, response, token)
    return response
