"""The pictures that merchants uploaded, under the address of the fixed ones."""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.catalogue.pictures import FOLDER
from app.errors import NotFound
from app.studio import studio_of

router = APIRouter(include_in_schema=False)
NAME = re.compile(r"[0-9a-f]{32}\.webp")
HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=31536000, immutable",
}


@router.get("/static/pictures/{name}")
async def picture(request: Request, name: str) -> Response:
    """One picture by the name that cannot be guessed: the overlay shows it without a session."""
    path = studio_of(request).settings.data_dir / FOLDER / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound(f"picture: wanted one of this studio, found {name!r}")
    return FileResponse(path, media_type="image/webp", headers=HEADERS)
