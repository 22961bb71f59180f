"""Money, questions and delays: of a show, or of a stretch of days."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Analyst
from app.analytics.store import SETTLED_DAYS, Report
from app.errors import BadInput
from app.events import RoomId
from app.i18n import language_of
from app.screens.minutes import dashboard_view
from app.screens.spans import span_in
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/dashboard")
async def dashboard(request: Request, who: Analyst, room: str | None = None, settled: str = "7") -> Response:
    """The figures of the wanted days; else of the wanted show; else of the newest one."""
    if settled not in {str(days) for days in SETTLED_DAYS}:
        raise BadInput("settled", "7, 15 or 30", settled)
    studio, days = studio_of(request), int(settled)
    span = span_in(request.query_params, datetime.now(UTC))
    runs = await studio.analytics.runs(who.shop)
    chosen = RoomId(room) if room else runs[0].room if runs and span is None else None
    report: Report | None = None
    if span is not None and not room:
        report = await studio.analytics.period(who.shop, span.start, span.end, settled_days=days)
        running = any(run.ended is None and not run.rehearsal for run in runs)
    else:
        if chosen is not None:
            report = await studio.analytics.report(who.shop, chosen, settled_days=days)
        running = report is not None and report.run is not None and report.run.ended is None
    lang = language_of(request)
    words = studio.templates.words(lang, "words_desk.json") | studio.templates.words(lang, "words_dashboard.json")
    context = {
        "member": who,
        "runs": runs,
        "report": report,
        "span": span if report is None or report.run is None else None,
        "today": datetime.now(UTC).astimezone().date().isoformat(),
        "running": running,
        "settled_choices": SETTLED_DAYS,
        "titles": {card.id: card.title for card in await studio.shows.shows(who.shop)},
        "sales": await studio.analytics.sales(who.shop),
        "minutes": None if report is None else dashboard_view(report),
        "words": words,
    }
    return studio.templates.page(request, "dashboard.html", context)
