"""When Ramadan and the Eids are, by the arithmetic calendar: the moon may begin them a day earlier
or later."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

_EPOCH = 1948439  # the Julian day before 1 Muharram 1
_BEFORE_OURS = 1721425  # Julian days before 1 January of the year 1
_RAMADAN = 9
_FEASTS = {"fitr": ((10, 1),), "adha": ((12, 10),), "eid": ((10, 1), (12, 10))}
_OF_AN_EID = 3  # days that one is kept


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


def feasts_around(day: date, feast: str) -> list[tuple[date, date]]:
    """The first and last days, in their order, of the feasts that are called so (fitr, adha, eid:
    either; ramadan) from about a year before a day to a year after it."""
    year = (day.year - 622) * 33 // 32
    years = range(year - 2, year + 3)
    if feast == "ramadan":
        found = [
            (first_of(each, _RAMADAN), first_of(each, _RAMADAN + 1) - timedelta(days=1))
            for each in years
        ]
    else:
        firsts = (
            first_of(each, month) + timedelta(days=nth - 1)
            for each in years
            for month, nth in _FEASTS[feast]
        )
        found = [(first, first + timedelta(days=_OF_AN_EID - 1)) for first in firsts]
    return sorted(found)
