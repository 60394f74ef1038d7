"""Days and working hours in Karachi, counted minute by minute: slow, and plain to see right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
KARACHI = timedelta(hours=5)
BEGIN, END = datetime(2026, 1, 5, 5, tzinfo=UTC), datetime(2026, 12, 31, 12, tzinfo=UTC)
HOLIDAYS = (date(2026, 3, 23), date(2026, 5, 1), date(2026, 8, 14))


def local(moment: datetime) -> datetime:
    return moment + KARACHI


def day_of(moment: datetime) -> date:
    return local(moment).date()


def works(moment: datetime) -> bool:
    """Monday to Friday, 9 to 6, but for holidays."""
    there = local(moment)
    return there.weekday() < 5 and 9 <= there.hour < 18 and there.date() not in HOLIDAYS


def after(begin: datetime, minutes: int) -> datetime:
    """The moment when so many minutes were worked."""
    while minutes > 0:
        minutes -= works(begin)
        begin += MINUTE
    return begin


def worked(begin: datetime, end: datetime) -> int:
    """Minutes of work between two moments."""
    count = 0
    while begin < end:
        count += works(begin)
        begin += MINUTE
    return count


def span(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    told = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(told)


def spans(found: Sequence[int]) -> str:
    return f"{span(median(found))} (median), {span(fmean(found))} (mean)" if found else "—"
