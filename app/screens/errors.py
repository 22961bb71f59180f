"""Refusals as people should read them: a page for browsers, JSON for programs, the AI label on the overlay."""

from collections.abc import Mapping

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.errors import BadInput, NotSignedIn, Refused, RoleNeeded, ZhuboError
from app.i18n import language_of
from app.templates import Templates

log = structlog.get_logger()
SHOWN_DETAIL = frozenset({400, 409, 413, 422})  # what the person filled in; elsewhere our words say enough


def add_error_pages(app: FastAPI, templates: Templates) -> None:
    """Answer every refusal and every surprise of the app in words."""

    async def ours(request: Request, error: Exception) -> Response:
        status = error.status if isinstance(error, ZhuboError) else 500
        if status >= 500:
            log.error("request_failed", path=request.url.path, error=str(error), exc_info=error)
        if isinstance(error, NotSignedIn) and request.method == "GET" and wants_page(request):
            return RedirectResponse("/login", status_code=303)
        more: Mapping[str, str] = {}
        if isinstance(error, BadInput):
            more = {"field": error.field, "found": str(error.found)[:200]}
        elif isinstance(error, RoleNeeded):
            more = {"may": "_".join(error.roles)}
        return answer(request, templates, status, str(error) if isinstance(error, Refused) else "", more=more)

    async def of_the_framework(request: Request, error: Exception) -> Response:
        status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
        return answer(request, templates, status, str(getattr(error, "detail", "")), headers=headers)

    async def invalid(request: Request, error: Exception) -> Response:
        problems = error.errors() if isinstance(error, RequestValidationError) else ()
        detail = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in list(problems)[:5])
        return answer(request, templates, 422, detail)

    app.add_exception_handler(ZhuboError, ours)
    app.add_exception_handler(HTTPException, of_the_framework)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, ours)


def wants_page(request: Request) -> bool:
    """True for a browser that navigates, false for fetch, webhooks and programs."""
    return "text/html" in request.headers.get("accept", "")


def answer(
    request: Request,
    templates: Templates,
    status: int,
    detail: str,
    *,
    more: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The refusal for this reader; `more` goes to programs. Details of surprises are never shown."""
    if not wants_page(request):
        told = detail if status < 500 and detail else "the studio could not do this; see its log"
        return JSONResponse({"detail": told, **(more or {})}, status_code=status, headers=headers)
    words = templates.words(language_of(request), "words_errors.json")
    said = words.get(str(status)) or words["500" if status >= 500 else "400"]
    name = "overlay_error.html" if request.url.path.startswith("/overlay") else "error.html"
    context = {
        "status": status,
        "heading": said["heading"],
        "advice": words.get(f"may_{(more or {}).get('may')}", said["advice"]),
        "detail": detail if status in SHOWN_DETAIL else "",
        "way_on": "/login" if status == 401 else "/",
        "way_on_words": words["login" if status == 401 else "home"],
    }
    response = templates.page(request, name, context, status=status)
    response.headers.update(headers or {})
    return response
