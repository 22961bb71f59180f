"""A show's report as the pages show it (pure)."""

from typing import Any

from app.analytics.store import Report


def dashboard_view(report: Report) -> dict[str, Any]:
    """The minutes as JSON for the chart: money as decimal strings, what was said as text."""
    return {
        "currencies": sorted({currency for minute in report.minutes for currency in minute.paid}),
        "minutes": [
            {
                "at": minute.at,
                "paid": {currency: f"{amount:f}" for currency, amount in minute.paid.items()},
                "orders": minute.orders,
                "comments": minute.comments,
                "said": list(minute.said),
            }
            for minute in report.minutes
        ],
    }
