"""Small request bodies, read with a limit: raw for webhooks, fields for forms and JSON."""

import json
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.errors import BadInput, TooLarge

FIELDS_LIMIT = 64 * 1024  # bytes
FIELDS_MOST = 32


async def read_body(request: Request, limit: int) -> bytes:
    """The raw body. Raises TooLarge as soon as more than `limit` bytes are declared or arrive."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"body: wanted at most {limit} bytes, found {declared}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"body: wanted at most {limit} bytes, found more")
    return bytes(body)


def wants_json(request: Request) -> bool:
    """True when the sender speaks JSON and wants a status, not a redirect."""
    return request.headers.get("content-type", "").split(";")[0].strip().casefold() == "application/json"


async def read_fields(request: Request, most: int = FIELDS_MOST, *, limit: int = FIELDS_LIMIT) -> dict[str, str | None]:
    """A flat JSON object's or a form's fields as text (JSON null stays None). Raises BadInput and TooLarge.

    JSON numbers keep their digits: `12.50` arrives as "12.50", never as a float.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form(max_files=0, max_fields=most, max_part_size=limit)
        return {name: value for name, value in form.items() if isinstance(value, str)}
    raw = await read_body(request, limit)
    if not wants_json(request):
        return _form(raw, most)
    try:
        body = json.loads(raw, parse_float=str, parse_int=str, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise BadInput("body", "a JSON object", raw[:80]) from problem
    if not isinstance(body, dict) or len(body) > most:
        raise BadInput("body", f"a JSON object of at most {most} fields", raw[:80])
    for name, value in body.items():
        if value is not None and not isinstance(value, str):
            raise BadInput(name, "a string, a number or null", value)
    return body


def _form(raw: bytes, most: int) -> dict[str, str | None]:
    try:
        return dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=most, errors="strict"))
    except ValueError as problem:
        raise BadInput("body", f"a form of at most {most} UTF-8 fields", raw[:80]) from problem


def _no_constant(name: str) -> str:
    raise ValueError(f"{name} is not a number")
