"""What a request must show before it is served: where it comes from, and whose session it carries.

Cross-site requests are refused by Sec-Fetch-Site and Origin (no form tokens; OWASP ASVS 5.0, 3.5.1), websocket
handshakes by Origin alone (4.4.2), because browsers send cookies with both.
"""

import asyncio
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.access.service import Member, Role
from app.access.tokens import SESSION_LIFE
from app.errors import Forbidden, NotSignedIn, RoleNeeded
from app.studio import studio_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN_SITES = frozenset({"same-origin", "none"})
ASKED_EVERY = 2.0  # seconds between two looks at a websocket's session
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def is_https(connection: HTTPConnection) -> bool:
    """True when people reach the studio over TLS, here or at the proxy of `public_url`."""
    public = studio_of(connection).settings.public_url
    return connection.url.scheme in {"https", "wss"} or (public is not None and public.startswith("https:"))


def cookie_name(connection: HTTPConnection) -> str:
    """The session cookie: with the `__Host-` prefix wherever TLS allows it."""
    return "__Host-zhubo" if is_https(connection) else "zhubo"


def session_token(connection: HTTPConnection) -> str | None:
    """The token of the request's session cookie."""
    return connection.cookies.get(cookie_name(connection))


def keep_session(connection: HTTPConnection, response: Response, token: str) -> None:
    """Put the session cookie on a response."""
    response.set_cookie(
        cookie_name(connection),
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=is_https(connection),
        httponly=True,
        samesite="lax",
    )


def drop_session(connection: HTTPConnection, response: Response) -> None:
    """Take the session cookie back."""
    response.delete_cookie(
        cookie_name(connection), path="/", secure=is_https(connection), httponly=True, samesite="lax"
    )


def check_origin(connection: HTTPConnection) -> None:
    """Refuse what another site sent: raises Forbidden.

    A websocket must bring its own host as Origin. An unsafe method must come from this site by Sec-Fetch-Site, or
    by Origin where a browser sends none; one with neither passes only without a session (webhooks are signed).
    """
    origin = connection.headers.get("origin")
    if connection.scope["type"] == "websocket":
        if origin is None or not _own(connection, origin):
            raise Forbidden(f"origin: wanted this studio's own, found {origin!r}")
        return
    if connection.scope["method"] in SAFE_METHODS:
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site not in OWN_SITES:
            raise Forbidden(f"sec-fetch-site: wanted same-origin, found {site!r}")
    elif origin is not None:
        if not _own(connection, origin):
            raise Forbidden(f"origin: wanted this studio's own, found {origin!r}")
    elif session_token(connection) is not None:
        raise Forbidden("origin: wanted this studio's own beside a session, found none")


async def member(connection: HTTPConnection) -> Member:
    """FastAPI dependency: whoever is signed in. Raises NotSignedIn, and Forbidden for another site's request."""
    check_origin(connection)
    token = session_token(connection)
    found = None if token is None else await studio_of(connection).access.member_of(token)
    if found is None:
        raise NotSignedIn("session: wanted a valid one, found none; please sign in")
    return found


def may(somebody: Member, *roles: Role) -> Member:
    """The member when their role is one of these. Raises RoleNeeded."""
    if somebody.role not in roles:
        raise RoleNeeded(roles, somebody.role)
    return somebody


async def owner(somebody: Annotated[Member, Depends(member)]) -> Member:
    """FastAPI dependency: the shop's owner (people, settings, money). Raises RoleNeeded for others."""
    return may(somebody, "owner")


async def operator(somebody: Annotated[Member, Depends(member)]) -> Member:
    """FastAPI dependency: a member who may see and change catalogue, shows and live rooms. Raises RoleNeeded."""
    return may(somebody, "owner", "operator")


Analyst = Annotated[Member, Depends(member)]
"""Any member: figures, reports, exports, and a person's own account."""
SignedIn = Annotated[Member, Depends(operator)]
"""Whoever works in the shop, for pages that only show: products, shows, the desk."""
Operator = Annotated[Member, Depends(operator)]
"""Whoever works in the shop, for what changes something."""
Owner = Annotated[Member, Depends(owner)]
"""The shop's owner: people, settings, money, the audit log."""


async def until_shut_out(connection: HTTPConnection, somebody: Member, *roles: Role) -> None:
    """Return once the connection's session has ended, moved to another shop, or lost these roles; at most 3 s late.

    For websockets, which are let in once and would otherwise outlive their session. While the database is away nobody
    is shut out.
    """
    token = session_token(connection)
    while True:
        await asyncio.sleep(ASKED_EVERY)
        try:
            found = None if token is None else await studio_of(connection).access.member_of(token)
        except (OSError, SQLAlchemyError):
            continue
        if found is None or found.shop != somebody.shop or found.role not in roles:
            return


def address_of(connection: HTTPConnection) -> str:
    """The peer's address for rate limits; a proxy's headers are believed only if the server was told to."""
    return connection.client.host if connection.client else "unknown"


def _own(connection: HTTPConnection, origin: str) -> bool:
    own = [str(connection.url)]
    public = studio_of(connection).settings.public_url
    if public is not None:
        own.append(public)
    asked = _site(origin)
    return asked is not None and any(asked == _site(url) for url in own)


def _site(url: str) -> tuple[bool, str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    return parts.scheme in {"https", "wss"}, parts.hostname.casefold(), port or PORTS[parts.scheme]
