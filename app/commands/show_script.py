"""`zhubo script --shop S --minutes N`: a whole show from the shop's catalogue, block by block."""

import asyncio
import json
from pathlib import Path
from typing import Any

from app.access.service import SAMPLE, Access
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import NotFound
from app.events import ShopId
from app.live.shelf import today
from app.orders.service import Orders
from app.sample.seed import seed_sample
from app.settings import Settings
from app.shows.plan import ShowPlan
from app.shows.service import Shows
from scripts_gen.rundown import Block, Shelf, filled, plan


async def show_script_command(settings: Settings, *, shop: str, minutes: int, out: Path | None, as_json: bool) -> int:
    """Write the shop's first show as a timed rundown. Raises NotFound for a shop without a show."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.sqlalchemy_url)
    try:
        await database.migrate()
        shows = Shows(database)
        if shop == SAMPLE:
            await seed_sample(Access(database), Catalogue(database), shows, Orders(database))
        cards = await shows.shows(ShopId(shop))
        if not cards:
            raise NotFound(f"shop: wanted one with a show, found none for {shop!r}")
        show = await shows.plan(ShopId(shop), cards[0].id)
    finally:
        await database.close()
    rundown = plan(
        [
            Shelf(
                product=product.id, facts=today(product), script=show.scripts.get(product.id), sold_out=product.sold_out
            )
            for product in show.products
        ],
        minutes * 60,
        show.lang,
    )
    blocks = [_told(block, show) for block in rundown.blocks]
    text = (
        json.dumps(
            {"show": show.title, "lang": show.lang, "seconds": rundown.seconds, "blocks": blocks}, ensure_ascii=False
        )
        if as_json
        else "\n\n".join(_readable(block) for block in blocks)
    )
    if out is None:
        print(text)
    else:
        await asyncio.to_thread(out.write_text, text + "\n", "utf-8")
    return 0


def _told(block: Block, show: ShowPlan) -> dict[str, Any]:
    product = next((item for item in show.products if item.id == block.product), None)
    segments = []
    for segment in block.segments:
        text: str | None = segment.text
        if product is not None:
            text = filled(segment.text, product.price, product.list_price, product.currency, show.lang)
        if text is not None:
            segments.append({"kind": segment.kind, "text": text, "facts": list(segment.facts)})
    return {
        "kind": block.kind,
        "product": product.sku if product else None,
        "title": product.title if product else None,
        "starts": round(block.starts, 1),
        "seconds": round(block.seconds, 1),
        "segments": segments,
    }


def _readable(block: dict[str, Any]) -> str:
    minute, second = divmod(int(block["starts"]), 60)
    head = f"[{minute:02d}:{second:02d}] {block['title'] or block['kind']} ({block['seconds']:.0f} s)"
    return "\n".join([head, *(f"  {segment['text']}" for segment in block["segments"])])
