"""Order files: upload, look at them beside the books, book them, take the report away."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access import audit
from app.access.body import read_fields
from app.access.guard import Analyst, Operator, address_of
from app.catalogue.imports.limits import FILE_BYTES
from app.catalogue.imports.problems import FileRefused
from app.catalogue.money import EXPONENTS, to_major
from app.errors import BadInput, TooLarge
from app.exports import csv_response
from app.i18n import language_of
from app.orders.files import BOOK_MOST, Compared, OrderFile, OrderFiles
from app.orders.sheet import FIELDS
from app.screens.errors import wants_page
from app.screens.orders import orders_page
from app.studio import studio_of

SHOWN = 300  # orders on the page; the report has them all
FORM_MORE = 64 * 1024  # bytes of the form around the file

router = APIRouter(include_in_schema=False)


@router.post("/orders/files")
async def upload(request: Request, who: Operator) -> Response:
    """Read a platform's order file (`file`, `source`, `currency`) and show it beside the books."""
    declared = request.headers.get("content-length", "")
    if not declared.isdigit() or int(declared) > FILE_BYTES + FORM_MORE:
        raise TooLarge(f"file: wanted at most {FILE_BYTES // 1024 // 1024} MB, found {declared or 'no length'}")
    form = await request.form(max_files=1, max_fields=4)
    file, source, currency = form.get("file"), str(form.get("source") or ""), str(form.get("currency") or "CNY").upper()
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInput("file", "one CSV or XLSX file", "none")
    raw = await file.read(FILE_BYTES + 1)
    try:
        taken = await _files(request).take(who.shop, source, file.filename, raw, currency=currency, by=who.name)
    except FileRefused as refused:
        if not wants_page(request):
            raise
        return await orders_page(request, who, refused=refused.problem(), status=refused.status)
    return RedirectResponse(f"/orders/files/{taken}", status_code=303)


@router.get("/orders/files/{file}")
async def show(request: Request, file: str, who: Analyst) -> Response:
    """The file beside the books."""
    files = _files(request)
    found = await files.file(who.shop, file)
    compared = await files.compare(who.shop, found)
    words = studio_of(request).templates.words(language_of(request), "words_dashboard.json")
    context = {
        "member": who,
        "file": found,
        "missing": " · ".join(words[f"column_{field}"] for field in found.missing),
        "compared": [_money(one) for one in compared[:SHOWN]],
        "more": max(0, len(compared) - SHOWN),
        "counts": Counter(one.fate for one in compared),
        "at_once": BOOK_MOST,
        "fields": FIELDS,
        "currencies": sorted(EXPONENTS, key=lambda code: (code not in ("CNY", "USD", "EUR", "HKD"), code)),
        "words": words,
    }
    return studio_of(request).templates.page(request, "order_file.html", context)


@router.post("/orders/files/{file}/columns")
async def columns(request: Request, file: str, who: Operator) -> Response:
    """Take the columns for what was chosen (`c0`, `c1`, …: a field or empty) and show the file anew."""
    fields, files = await read_fields(request, most=80), _files(request)
    found = await files.file(who.shop, file)
    chosen = [fields.get(f"c{column.place}") or "" for column in found.mapping]
    await files.remap(who.shop, file, chosen, currency=(fields.get("currency") or found.currency).upper())
    return RedirectResponse(f"/orders/files/{file}", status_code=303)


@router.post("/orders/files/{file}/book")
async def book(request: Request, file: str, who: Operator) -> Response:
    """Book the file's new orders; with `differing` also set the differing ones as the file has them."""
    fields = await read_fields(request)
    await _files(request).book(
        who.shop, file, set_differing=bool(fields.get("differing")), by=who.name, address=address_of(request)
    )
    return RedirectResponse(f"/orders/files/{file}", status_code=303)


@router.get("/orders/files/{file}/report.csv")
async def report(request: Request, file: str, who: Analyst) -> Response:
    """What became of every row."""
    files = _files(request)
    found = await files.file(who.shop, file)
    compared = await files.compare(who.shop, found)
    async with studio_of(request).database.transaction() as db:
        audit.note(db, who.shop, who.name, "exported", object=f"order file {found.name}")
    return csv_response(_rows(found, compared), f"orders-{found.name}")


def _rows(file: OrderFile, compared: Sequence[Compared]) -> Iterator[Sequence[object]]:
    yield (
        "row",
        "order",
        "outcome",
        "currency",
        "file_amount",
        "books_amount",
        "file_status",
        "books_status",
        "problem",
    )
    for one in compared:
        row = _money(one)
        yield (
            one.file.row if one.file else None,
            one.order,
            one.fate,
            row["currency"],
            row["file_amount"],
            row["books_amount"],
            one.file.status if one.file else None,
            one.books.status if one.books else None,
            None,
        )
    for problem in file.problems:
        told = f"{problem['field']}: wanted {problem['wanted']}, found {problem['found']!r}"
        yield (problem["row"], None, "left out", None, None, None, None, None, told)


def _money(one: Compared) -> dict[str, object]:
    """The two amounts in major units, for a page or a table."""
    file, books = one.file, one.books
    currency = file.currency if file else books.currency if books else ""
    return {
        "order": one.order,
        "fate": one.fate,
        "currency": currency,
        "books_currency": books.currency if books else currency,
        "file_amount": to_major(file.amount_minor, file.currency) if file else None,
        "file_back": to_major(file.back_minor, file.currency) if file and file.back_minor else None,
        "file_status": file.status if file else "",
        "books_amount": books.amount if books else None,
        "books_back": books.refunded if books and books.refunded else None,
        "books_status": books.status if books else "",
    }


def _files(request: Request) -> OrderFiles:
    studio = studio_of(request)
    return OrderFiles(studio.database, studio.orders)
