"""When Ramadan is, by the arithmetic calendar: the moon may begin it a day earlier or later."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

_EPOCH = 1948439  # the Julian day before 1 Muharram 1
_BEFORE_OURS = 1721425  # Julian days before 1 January of the year 1
_RAMADAN = 9


def first_of(year: int, month: int) -> date:
    """The first day of a month of an Islamic year (the civil arithmetic calendar, which adds its
    leap days by ``(3 + 11 year) // 30``)."""
    day = 1 + ceil(29.5 * (month - 1)) + (year - 1) * 354 + (3 + 11 * year) // 30 + _EPOCH
    return date.fromordinal(day - _BEFORE_OURS)


def ramadan_after(day: date) -> tuple[date, date]:
    """The first and last day of the Ramadan that ends on a day or later."""
    year = (day.year - 622) * 33 // 32 - 1
    while first_of(year, _RAMADAN + 1) <= day:
        year += 1
    return first_of(year, _RAMADAN), first_of(year, _RAMADAN + 1) - timedelta(days=1)
