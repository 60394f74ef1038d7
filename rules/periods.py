"""Stretches of days that a report is about, and what each of them is held against."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

Days = tuple[date, date]
"""The first and the last day of a stretch."""

DAY = timedelta(days=1)

NOON = 12

_MONTHS = (1, 3, 12)
"""Months of a month, quarter and year."""


def so_far(days: Days, today: date) -> Days:
    """A stretch that still runs, until today."""
    first, last = days
    return (first, min(last, today)) if first <= today else days


def before(days: Days) -> Days:
    """What comes before: the whole month (quarter, year) before a whole one, of one that runs as
    many days of the one before, and else as many days."""
    first, last = days
    for months in _MONTHS:
        end = first + relativedelta(months=months) - DAY
        if first.day == 1 and (first.month - 1) % months == 0 and last <= end:
            earlier = first - relativedelta(months=months)
            return earlier, first - DAY if last == end else min(
                earlier + (last - first), first - DAY
            )
    return first - (last - first) - DAY, first - DAY


def week_told(on: date, hour: int) -> Days:
    """The week that a weekly report is about: seven days, the last of them the day it comes on
    where that is in the afternoon, else the day before."""
    last = on if hour >= NOON else on - DAY
    return last - timedelta(days=6), last


def month_before(on: date) -> Days:
    last = on.replace(day=1) - DAY
    return last.replace(day=1), last
