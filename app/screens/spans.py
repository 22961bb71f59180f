"""The stretch of time that a page of figures is about, as its address says it (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.errors import BadInput

PeriodName = Literal["today", "7", "30", "days"]
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `start` to before `end` (aware, whole local days), and how the page calls it."""

    name: PeriodName
    start: datetime
    end: datetime

    @property
    def first_day(self) -> str:
        """The first day as a date field holds it."""
        return self.start.date().isoformat()

    @property
    def last_day(self) -> str:
        """The last day that is still in it."""
        return (self.end - timedelta(seconds=1)).astimezone().date().isoformat()


def span_in(query: Mapping[str, str], now: datetime) -> Span | None:
    """The wanted period (`period`, or `from` and `to`, both included); None when the address names none.

    Raises BadInput for a day that is none, days the wrong way round, and more than a year.
    """
    name, midnight = query.get("period", ""), now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = _midnight(midnight, 1)
    if name == "today":
        return Span(name="today", start=midnight, end=tomorrow)
    if name == "7":
        return Span(name="7", start=_midnight(midnight, -6), end=tomorrow)
    if name == "30":
        return Span(name="30", start=_midnight(midnight, -29), end=tomorrow)
    if name not in ("", "days"):
        raise BadInput("period", "today, 7, 30 or days", name)
    if not query.get("from") and not query.get("to"):
        return None
    start = _day("from", query.get("from") or query["to"])
    end = _midnight(_day("to", query.get("to") or query["from"]), 1)
    if end <= start:
        raise BadInput("to", f"a day from {start.date()} on", query.get("to", ""))
    if end - start > LONGEST:
        raise BadInput("to", "at most a year", f"{(end - start).days} days")
    return Span(name="days", start=start, end=end)


def _day(field: str, text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except (ValueError, OverflowError):
        raise BadInput(field, "a day such as 2026-11-24", text) from None


def _midnight(day: datetime, later: int) -> datetime:
    return (day.replace(tzinfo=None) + timedelta(days=later)).astimezone()
