"""Render the drawings of the sample shop to the WebP pictures the pages show.

A design-time tool (needs Chromium and playwright): `python -m app.sample.build_pictures [SKU …]`.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Page, sync_playwright

DRAWINGS = Path(__file__).parent / "pictures"
PICTURES = Path(__file__).parents[2] / "web" / "static" / "img" / "sample"
SIDE = 800  # pixels
MAX_BYTES = 80 * 1024
QUALITIES = (90, 84, 78, 70, 60)  # the first one that fits is kept
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def build(skus: Iterable[str], chromium: str) -> dict[str, int]:
    """Render each drawing and write its picture; returns the size of each in bytes.

    Raises FileNotFoundError for a SKU without a drawing, ValueError when no quality fits `MAX_BYTES`.
    """
    sizes: dict[str, int] = {}
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        try:
            page = browser.new_page(viewport={"width": SIDE, "height": SIDE})
            for sku in skus:
                body = _webp(_render(page, DRAWINGS / f"{sku}.svg"))
                (PICTURES / f"{sku}.webp").write_bytes(body)
                sizes[sku] = len(body)
        finally:
            browser.close()
    return sizes


def _render(page: Page, drawing: Path) -> bytes:
    svg = drawing.read_text(encoding="utf-8")
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
    return page.screenshot(type="png", clip={"x": 0, "y": 0, "width": SIDE, "height": SIDE})


def _webp(png: bytes) -> bytes:
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("wanted a PNG screenshot, found something else")
    for quality in QUALITIES:
        written, body = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, quality])
        if written and body.nbytes <= MAX_BYTES:
            return body.tobytes()
    raise ValueError(f"wanted at most {MAX_BYTES} bytes, found {body.nbytes} at quality {QUALITIES[-1]}")


def main() -> None:
    """Render the named drawings, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("skus", nargs="*", metavar="SKU")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    skus = arguments.skus or sorted(path.stem for path in DRAWINGS.glob("*.svg"))
    for sku, size in build(skus, arguments.chromium).items():
        print(f"{sku}: {size:,} bytes")


if __name__ == "__main__":
    main()
