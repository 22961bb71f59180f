"""Uploading a catalogue file: the drop zone, the columns with a preview, the work and its result."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Operator, SignedIn
from app.access.service import Member
from app.catalogue.imports.fields import OFFERED
from app.catalogue.imports.goods import BASES, Good
from app.catalogue.imports.limits import FILE_BYTES, PICTURES, ROWS
from app.catalogue.imports.problems import KEPT, Problem, problem_from_json
from app.catalogue.imports.service import OPEN, PLANNED_MOST, Upload
from app.catalogue.imports.store import OutcomeRow
from app.catalogue.money import EXPONENTS
from app.exports import csv_response
from app.i18n import Lang, language_of
from app.studio import studio_of

router = APIRouter(include_in_schema=False)

TROUBLES_SHOWN = 50
COUNTED = ("added", "changed", "same", "refused", "unread", "pictures")
SAMPLES: Mapping[Lang, Sequence[Sequence[str]]] = {
    "zh": (
        (
            "商品名称", "货号", "直播价", "原价", "库存", "品牌", "类目", "卖点", "材质",
            "优惠", "售后", "商品详情", "主图",
        ),
        (
            "手作陶瓷马克杯 350ml", "MUG-350", "59.00", "79.00", "120", "山野陶社",
            "厨具",
            "手工拉坯；可进微波炉", "高温白瓷", "买二送一只杯垫", "7天无理由退货",
            "杯口圆润，一只约 320 克，四种釉色。", "MUG-350.jpg",
        ),
        (
            "有机燕麦片 1kg", "OAT-1", "36.90", "", "300", "谷禾", "食品", "无添加糖；冷水可泡", "", "两袋减 8 元",
            "破损包赔", "澳洲燕麦，保质期 12 个月。", "OAT-1.jpg",
        ),
    ),
    "en": (
        (
            "Product name", "SKU", "Live price", "List price", "Stock", "Brand", "Category", "Selling points",
            "Material", "Promotion", "Service", "Description", "Picture",
        ),
        (
            "Stoneware mug 12 oz", "MUG-12", "18.00", "24.00", "120", "Hill & Kiln", "Kitchen",
            "Thrown by hand; microwave safe", "Stoneware", "Buy two, get a coaster", "30-day returns",
            "A rounded lip, about 320 g, four glazes.", "MUG-12.jpg",
        ),
        (
            "Rolled oats 1 kg", "OAT-1", "6.90", "", "300", "Grainway", "Food", "No added sugar; soaks cold", "",
            "2 dollars off two bags", "Replaced if damaged", "Best within 12 months.", "OAT-1.jpg",
        ),
    ),
}  # fmt: skip
"""A sheet to start from, in each language; its columns are all known ones."""


@router.get("/catalogue/upload")
async def upload(request: Request, who: Operator) -> Response:
    """Drop a sheet and its pictures; the last imports."""
    return await upload_page(request, who)


async def upload_page(request: Request, who: Member, refused: Problem | None = None, status: int = 200) -> Response:
    """The drop zone; with what was wrong with the file that was just sent."""
    studio = studio_of(request)
    words = studio.templates.words(language_of(request), "words_upload.json")
    context = {
        "member": who,
        "words": words,
        "refused": None if refused is None else _told([refused], words)[0],
        "recent": await studio.imports.recent(who.shop, 8),
        "megabytes": FILE_BYTES // 1024 // 1024,
        "rows": ROWS,
        "pictures": PICTURES,
    }
    return studio.templates.page(request, "upload.html", context, status=status)


@router.get("/catalogue/sample.csv")
async def sample(request: Request, who: SignedIn) -> Response:
    """A sheet to start from."""
    lang = language_of(request)
    return csv_response(SAMPLES[lang], "商品表样例" if lang == "zh" else "sample products")


@router.get("/catalogue/imports/{id}")
async def one(request: Request, id: str, who: SignedIn, same: str = "") -> Response:
    """An import: its columns while it is open, its progress while it runs, its result afterwards."""
    studio = studio_of(request)
    words = studio.templates.words(language_of(request), "words_upload.json")
    found = await studio.imports.one(who.shop, id)
    if found.state in OPEN:
        return studio.templates.page(request, "upload_columns.html", await _columns(request, who, found, words))
    context: dict[str, Any] = {
        "member": who,
        "words": words,
        "upload": found,
        "counts": {name: found.counts.get(name, 0) for name in COUNTED},
        "same": bool(same),
        "notes": _told(found.notes, words),
        "troubles": (),
        "plan": "/shows/new",
        "unconfirmed": 0,
        "percent": round(100 * found.goods_done / found.goods) if found.goods else 0,
    }
    if found.state != "running":
        rows = await studio.imports.outcomes(who.shop, id, troubled=True, most=TROUBLES_SHOWN)
        context["troubles"] = [_trouble(row, words) for row in rows]
        products = await studio.imports.products(who.shop, id, PLANNED_MOST)
        _, context["unconfirmed"] = await studio.imports.unconfirmed(who.shop, id)
        if products:
            context["plan"] = "/shows/new?products=" + ",".join(quote(product, safe="") for product in products)
    return studio.templates.page(request, "upload_job.html", context)


@router.get("/catalogue/imports/{id}/report.csv")
async def report(request: Request, id: str, who: SignedIn) -> Response:
    """What became of every row, as a sheet."""
    studio = studio_of(request)
    words = studio.templates.words(language_of(request), "words_upload.json")
    found = await studio.imports.one(who.shop, id)
    rows = await studio.imports.outcomes(who.shop, id)
    return csv_response(_report(rows, words), f"{words['report']} {found.file_name}")


async def _columns(request: Request, who: Member, found: Upload, words: Mapping[str, str]) -> dict[str, Any]:
    trial = await studio_of(request).imports.trial(who.shop, found.id)
    by_row: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for problem in trial.problems[:TROUBLES_SHOWN]:
        by_row[problem.row].extend(_told([problem], words))
    columns = trial.columns
    return {
        "member": who,
        "words": words,
        "upload": found,
        "trial": trial,
        "profile": words.get(f"profile_{columns.profile}", columns.profile or ""),
        "columns": [
            {
                "place": place,
                "name": column.name,
                "field": column.field,
                "example": column.example,
                "reason": words[f"why_{column.why}"],
                "unsure": column.why in ("unknown", "values", "like_name", "private", "second"),
            }
            for place, column in enumerate(columns.columns)
        ],
        "fields": [(field, words[f"field_{field}"]) for field in OFFERED],
        "first": [_good(good, words) for good in trial.first],
        "notes": _told(found.notes, words),
        "troubles": [{"row": row, "problems": told} for row, told in by_row.items()],
        "more_troubles": max(0, len(trial.problems) - TROUBLES_SHOWN),
        "titled": bool(columns.places("title")),
        "listed": bool(columns.places("list_price") or columns.places("sale_price")),
        "addressed": any("//" in column.example for column in columns.columns if column.field == "picture"),
        "bases": [(basis, words[f"basis_{basis}"]) for basis in BASES],
        "currencies": sorted(EXPONENTS, key=lambda code: (code not in ("CNY", "USD", "EUR", "HKD"), code)),
    }


def _good(good: Good, words: Mapping[str, str]) -> Mapping[str, Any]:
    facts = good.facts
    listed = (
        {name: getattr(facts, name) for name in ("selling_points", "promotions", "service", "variants")}
        if facts
        else {}
    )
    return {
        "row": good.row,
        "title": facts.title if facts else "",
        "sku": good.sku,
        "price": facts.price if facts else None,
        "list_price": facts.list_price if facts else None,
        "currency": facts.currency if facts else "CNY",
        "stock": good.stock,
        "category": (facts.category or "") if facts else "",
        "more": [f"{spec.name} {spec.value}" for spec in facts.specs[:3]] + [i for v in listed.values() for i in v[:2]]
        if facts
        else [],
        "taken": facts is not None,
        "problems": _told(good.problems, words),
    }


def _told(problems: Sequence[Problem], words: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Problems in the reader's words."""
    return [
        {
            "row": problem.row,
            "field": words.get(f"field_{problem.field}", problem.field),
            "wanted": words[f"wanted_{problem.code}"].format_map(dict(problem.facts)),
            "found": problem.found,
            "kept": problem.code in KEPT,
        }
        for problem in problems
    ]


def _trouble(row: OutcomeRow, words: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "row": row.row,
        "title": row.title or row.sku,
        "product": row.product,
        "outcome": words[f"outcome_{row.outcome}"],
        "refused": row.outcome == "refused",
        "problems": _told([problem_from_json(body) for body in row.problems], words),
    }


def _report(rows: Sequence[OutcomeRow], words: Mapping[str, str]) -> list[Sequence[object]]:
    heads = ("row", "outcome", "sku", "title", "column", "wanted", "found")
    lines: list[Sequence[object]] = [tuple(words[f"head_{name}"] for name in heads)]
    for row in rows:
        told = _told([problem_from_json(body) for body in row.problems], words)
        start = (row.row, words[f"outcome_{row.outcome}"], row.sku, row.title)
        lines += [(*start, one["field"], one["wanted"], one["found"]) for one in told] or [(*start, "", "", "")]
    return lines
