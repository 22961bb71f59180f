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
DRAWN_LIFE = "public, max-age=31536000, immutable"  # a drawing tells nothing of any shop
HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=31536000, immutable",
}


TINTS = (("#dcebe4", "#2d6b58"), ("#f3e3cf", "#8a5a1c"), ("#e4e2f1", "#544a86"), ("#f4dcd8", "#97453a"),
         ("#dbe7f0", "#34607f"), ("#e9e7d3", "#66642b"))  # fmt: skip
"""Ground and letter of a drawn picture; each pair has a contrast of at least 4.5:1."""


@router.get("/blank/{tint}/{letter}.svg")
async def blank(tint: int, letter: str) -> Response:
    """What stands where a product has no picture: a letter on a tint. Raises NotFound for another tint."""
    if not 0 <= tint < len(TINTS) or len(letter) != 1 or not (letter.isalnum() or letter == "·"):
        raise NotFound("picture: wanted a letter on a tint, found another")
    ground, ink = TINTS[tint]
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">'
        f'<rect width="400" height="400" fill="{ground}"/><circle cx="330" cy="330" r="150" fill="#fff" opacity=".22"/>'
        f'<text x="200" y="212" fill="{ink}" font-size="190" font-weight="600" text-anchor="middle" '
        'dominant-baseline="central" font-family="PingFang SC, Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, '
        f'Helvetica Neue, Arial, sans-serif">{letter}</text></svg>'
    )
    return Response(drawn, media_type="image/svg+xml", headers=HEADERS | {"cache-control": DRAWN_LIFE})


@router.get("/static/pictures/{name}")
async def picture(request: Request, name: str) -> Response:
    """One picture by the name that cannot be guessed: the overlay shows it without a session."""
    path = studio_of(request).settings.data_dir / FOLDER / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound(f"picture: wanted one of this studio, found {name!r}")
    return FileResponse(path, media_type="image/webp", headers=HEADERS)
