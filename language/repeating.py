"""The first time to come of what repeats."""

from __future__ import annotations

from datetime import datetime, timedelta

from language.dates import When
from language.moments import WEEKDAYS
from language.settling import settle


def from_day(day: str | None, when: When, now: datetime) -> str | None:
    """The first time of what repeats, where a first day was said before: "parson se roz 6 baje"."""
    moment = when.moment
    if day and "T" not in day and moment and moment.clock and not moment.has_day:
        return f"{day}T{moment.clock:%H:%M}"
    return first_time(when, now)


def first_time(when: When, now: datetime) -> str | None:
    """The first time to come of something that repeats at a time of day."""
    moment = when.moment
    if moment is None:
        return None
    clock = moment.clock
    if clock is None or (moment.has_day and moment.weekday is None):
        return settle(moment, now, "ahead")
    later = clock > now.time()
    weekday = (when.every or "").partition(":")[2] or moment.weekday
    gap = (WEEKDAYS.index(weekday) - now.weekday()) % 7 if weekday else 0
    gap = gap or (0 if later else 7 if weekday else 1)
    return f"{(now + timedelta(days=gap)).date().isoformat()}T{clock:%H:%M}"
