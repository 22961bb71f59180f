"""A start set for later: a wall-clock time in a place, kept as a moment that no clock change can move (pure)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import BadInput

EARLIEST = timedelta(minutes=1)
LATEST = timedelta(days=90)
LATE = timedelta(minutes=10)
"""A start missed by more than this (the studio was off) does not happen: nobody may be there any more."""

OF_MARKET = {
    "CN": "Asia/Shanghai",
    "HK": "Asia/Hong_Kong",
    "TW": "Asia/Taipei",
    "SG": "Asia/Singapore",
    "MY": "Asia/Kuala_Lumpur",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
    "ID": "Asia/Jakarta",
    "PH": "Asia/Manila",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "GB": "Europe/London",
    "EU": "Europe/Berlin",
    "US": "America/New_York",
    "CA": "America/Toronto",
    "AU": "Australia/Sydney",
}
"""The zone that is proposed to a shop of that market; where a market has several, its largest city's."""
ZONES = (*OF_MARKET.values(), "America/Chicago", "America/Denver", "America/Los_Angeles", "Australia/Perth", "UTC")


def moment_of(local: str, zone: str, now: datetime) -> datetime:
    """The moment of a wall-clock time such as `2026-11-24T20:00` in that zone, as UTC.

    Raises BadInput for another form, an unknown zone, an hour that the clocks skip that night, or a time that is past
    or more than 90 days off. Of an hour that comes twice the first one is meant.
    """
    try:
        place = ZoneInfo(zone) if zone in ZONES else None
    except ZoneInfoNotFoundError:
        place = None
    if place is None:
        raise BadInput("zone", "one of the list", zone)
    try:
        wall = datetime.fromisoformat(local)
    except ValueError as problem:
        raise BadInput("starts", "a date and time such as 2026-11-24T20:00", local) from problem
    if wall.tzinfo is not None:
        raise BadInput("starts", "a time without an offset", local)
    moment = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) != wall:
        raise BadInput("starts", "an hour that exists that night (the clocks go forward)", local)
    if not EARLIEST <= moment - now <= LATEST:
        raise BadInput("starts", "a time from a minute to 90 days ahead", local)
    return moment


def local_of(moment: datetime, zone: str) -> str:
    """The moment as the zone's wall clock shows it, in the form that a date field takes."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
