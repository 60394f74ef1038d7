"""The day of the year by which birthdays are looked up: ``0207`` is the seventh of February."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(?:\d{4}|-)-(\d\d)-(\d\d)")


def day_key(value: str | None) -> str | None:
    """Of a day as it is kept, ``1990-02-07``, or ``--02-07`` where the year is not known."""
    found = _DAY.fullmatch((value or "").strip())
    return "".join(found.groups()) if found else None


def day_keys(day: date) -> list[str]:
    """What is looked up on a day: where a year has no 29th of February, its 28th stands for it."""
    keys = [f"{day:%m%d}"]
    is_leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    return [*keys, "0229"] if keys == ["0228"] and not is_leap else keys


def age_on(value: str, day: date) -> int | None:
    """How old somebody gets in the year of that day; None where their year is not known."""
    born = value.strip()[:4]
    return day.year - int(born) if born.isdigit() and int(born) < day.year else None
