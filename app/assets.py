"""Third-party browser files, straight from node_modules: a short table of names, nothing else is served."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

from app.errors import NotFound, Unavailable

NODE_MODULES = Path(__file__).parents[1] / "node_modules"

ASSETS: Mapping[str, tuple[str, str]] = {
    "tabler.css": ("@tabler/core", "dist/css/tabler.min.css"),
    "htmx.js": ("htmx.org", "dist/htmx.min.js"),
    "echarts.js": ("echarts", "dist/echarts.common.min.js"),
}
VERSIONS: Mapping[str, str] = {"@tabler/core": "1.6.1", "htmx.org": "4.0.1", "echarts": "6.1.0"}

router = APIRouter()


def asset_url(name: str) -> str:
    """Where a page finds the asset; the package's version is in the address, so it can be cached for ever."""
    package, _ = ASSETS[name]
    return f"/assets/{VERSIONS[package]}/{name}"


def asset_path(name: str, node_modules: Path = NODE_MODULES) -> Path:
    """The asset's file. Raises NotFound for a name outside the table, Unavailable before `npm ci` has run."""
    if name not in ASSETS:
        raise NotFound(f"asset: wanted one of {', '.join(ASSETS)}, found {name!r}")
    package, file = ASSETS[name]
    path = node_modules / package / file
    if not path.is_file():
        raise Unavailable(
            f"asset {name}: wanted {package} {VERSIONS[package]} in node_modules; run `npm ci --ignore-scripts`"
        )
    return path


def missing(node_modules: Path = NODE_MODULES) -> list[str]:
    """The assets that are not on this machine."""
    return [name for name, (package, file) in ASSETS.items() if not (node_modules / package / file).is_file()]


@router.get("/assets/{version}/{name}", include_in_schema=False)
async def asset(version: str, name: str) -> FileResponse:
    """One third-party file."""
    path = asset_path(name)
    if version != VERSIONS[ASSETS[name][0]]:
        raise NotFound(f"asset {name}: wanted version {VERSIONS[ASSETS[name][0]]}, found {version!r}")
    return FileResponse(path, headers={"cache-control": "public, max-age=31536000, immutable"})
