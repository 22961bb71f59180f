"""A report's stretches of time as the chart reads them (pure)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.analytics.store import Report

SAID_MOST = 60  # lines of one minute or hour that the page carries


def dashboard_view(report: Report) -> dict[str, Any]:
    """The minutes, hours or days as JSON: money as decimal strings (never added up there), what was said as text."""
    step = report.minutes[0].until - report.minutes[0].at if report.minutes else 60.0
    return {
        "currencies": sorted({gmv.currency for gmv in report.gmv}),
        "step": "minute" if step < 3000 else "hour" if step < 80_000 else "day",
        "minutes": [
            {
                "at": minute.at,
                "paid": _money(minute.paid),
                "orders": minute.orders,
                "comments": minute.comments,
                "products": {
                    product: {"paid": _money(sold.paid), "orders": sold.orders}
                    for product, sold in minute.products.items()
                },
                "said": [
                    {"at": line.at, "text": line.text, "product": line.product} for line in minute.said[:SAID_MOST]
                ],
                "unsaid": max(0, len(minute.said) - SAID_MOST),
            }
            for minute in report.minutes
        ],
        "titles": {
            sold.product: sold.title for sold in report.products if sold.product is not None and sold.title is not None
        },
    }


def _money(paid: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amount:f}" for currency, amount in paid.items()}
