"""A form with a sheet and pictures, read with limits while it streams in."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.catalogue.imports.limits import BODY_BYTES, BODY_SECONDS, FILE_BYTES, PICTURES
from app.catalogue.imports.problems import FileRefused
from app.catalogue.imports.sniff import PICTURES as PICTURE_STARTS
from app.errors import BadInput

MEGABYTE = 1024 * 1024
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".avif")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A sheet and the pictures that came with it."""

    name: str
    raw: bytes
    pictures: Sequence[tuple[str, bytes]]


async def received(request: Request) -> Received:
    """The files of the form, whatever their fields are called. Raises FileRefused as soon as a limit is passed."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > BODY_BYTES:
        raise _too_large(int(declared))
    try:
        async with asyncio.timeout(BODY_SECONDS):
            parser = MultiPartParser(request.headers, _limited(request), max_files=PICTURES + 2, max_fields=8)
            form = await parser.parse()
    except TimeoutError:
        raise FileRefused("slow", "a slower one", seconds=int(BODY_SECONDS)) from None
    except (MultiPartException, MultipartParseError, KeyError, UnicodeDecodeError, ValueError) as problem:
        if isinstance(problem, BadInput):
            raise
        if "Too many files" in str(problem):
            raise FileRefused("too_many_pictures", "more", most=PICTURES) from None
        raise FileRefused("form", str(problem) or "another body") from None
    except ClientDisconnect:
        raise FileRefused("form", "a broken connection") from None
    try:
        return await _sorted([item for _, item in form.multi_items() if isinstance(item, UploadFile)])
    finally:
        await form.close()


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > BODY_BYTES:
            raise _too_large(size)
        yield piece


def _too_large(size: int) -> FileRefused:
    return FileRefused("too_large", f"{size / MEGABYTE:.0f} MB", most=BODY_BYTES // MEGABYTE)


async def _sorted(files: Sequence[UploadFile]) -> Received:
    """Pictures by their first bytes or ending, the one other file is the sheet."""
    sheets: list[tuple[str, bytes]] = []
    images: list[tuple[str, bytes]] = []
    for file in files:
        name = file.filename or ""
        raw = await file.read(FILE_BYTES + 1)
        if not name and not raw:
            continue  # a file field left empty
        picture = raw.startswith(PICTURE_STARTS[:3]) or (raw.startswith(b"RIFF") and raw[8:12] == b"WEBP")
        (images if picture or name.casefold().endswith(PICTURE_ENDINGS) else sheets).append((name, raw))
    if len(sheets) != 1:
        raise FileRefused("two_sheets" if sheets else "no_sheet", f"{len(sheets)} sheets, {len(images)} pictures")
    if len(images) > PICTURES:
        raise FileRefused("too_many_pictures", len(images), most=PICTURES)
    name, raw = sheets[0]
    return Received(name=name, raw=raw, pictures=images)
