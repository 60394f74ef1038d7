"""The day of the year by which birthdays are looked up: ``0207`` is the seventh of February."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date

_DAY = re.compile(r"(?:\d{4}|-)-(\d\d)-(\d\d)")


def day_key(value: str | None) -> str | None:
    """Of a day as it is kept, ``1990-02-07``, or ``--02-07`` where the year is not known."""
    found = _DAY.fullmatch((value or "").strip())
    return "".join(found.groups()) if found else None


def day_keys(day: date) -> list[str]:
    """What is looked up on a day: where a year has no 29th of February, its 28th stands for it."""
    keys = [f"{day:%m%d}"]
    return [*keys, "0229"] if keys == ["0228"] and not isleap(day.year) else keys


def day_in(value: str, year: int) -> date | None:
    """The day in a year on which what is kept so comes round; the 29th of February on the 28th
    where there is none. None for a day that no year has (``0000-00-00``)."""
    key = day_key(value)
    if key is None:
        return None
    month, day = int(key[:2]), int(key[2:])
    if (month, day) == (2, 29) and not isleap(year):
        day = 28
    try:
        return date(year, month, day)
    except ValueError:
        return None


def age_on(value: str, day: date) -> int | None:
    """How old somebody gets in the year of that day; None where their year is not known."""
    born = value.strip()[:4]
    return day.year - int(born) if born.isdigit() and int(born) < day.year else None
