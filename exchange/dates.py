"""Days and moments in a column: one column is written one way, so all of it decides which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from language.folding import ascii_digits

_MONTHS = {
    name: at
    for at, names in enumerate(
        (
            "jan january janvier enero جنوری",
            "feb february فروری",
            "mar march مارچ",
            "apr april اپریل",
            "may مئی",
            "jun june جون",
            "jul july جولائی",
            "aug august اگست",
            "sep sept september ستمبر",
            "oct october اکتوبر",
            "nov november نومبر",
            "dec december دسمبر",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(\d.*))?")
_PACKED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T(\d{2})(\d{2})(\d{2})?Z?)?")
_FIGURES = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ,]+(\d.*))?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ]+([^\W\d_]+)\.?[-/., ]+(\d{4}|\d{2})(?:[T ,]+(\d.*))?")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2}),? (\d{4})(?:[T ,]+(\d.*))?")
_WEEKDAY = re.compile(r"^[^\W\d_]+, (?=\d|[^\W\d_]+ \d)")
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? ?([ap]\.?m\.?)?(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?",
    re.IGNORECASE,
)
_CENTURY = 69  # two figures from here on are of the last century
_NOON, _YEAR = 12, 12


def month_first(values: Iterable[str], *, usual: bool = False) -> bool:
    """Does this column put the month before the day? Decided by a day past the twelfth."""
    for value in values:
        found = _FIGURES.fullmatch(ascii_digits(value.strip()))
        if found and int(found[1]) > _YEAR:
            return False
        if found and int(found[2]) > _YEAR:
            return True
    return usual


def read_day(said: str, *, us: bool = False) -> date | None:
    """The day that is written, whatever else stands behind it."""
    found = _parts(said, us)
    return found[0] if found else None


def read_moment(said: str, *, us: bool = False) -> str | None:
    """``2026-03-12T09:14:00`` as written, with its offset where it has one, else the bare day."""
    found = _parts(said, us)
    if found is None:
        return None
    day, rest = found
    clock = _CLOCK.fullmatch(rest.strip()) if rest else None
    if clock is None:
        return day.isoformat()
    hour = int(clock[1]) % _NOON if clock[4] else int(clock[1])
    hour += _NOON if clock[4] and clock[4][0].lower() == "p" else 0
    try:
        moment = datetime(day.year, day.month, day.day, hour, int(clock[2]), int(clock[3] or 0))  # noqa: DTZ001 - its zone is that of whoever imports
    except ValueError:
        return day.isoformat()
    zone = (clock[5] or "").upper()
    if zone in {"Z", "UTC", "GMT"}:
        return f"{moment.isoformat()}Z"
    return moment.isoformat() + (f"{zone[:3]}:{zone[-2:]}" if zone else "")


@lru_cache(maxsize=4096)
def _parts(said: str, us: bool) -> tuple[date, str] | None:
    said = _WEEKDAY.sub("", " ".join(ascii_digits(said[:60]).split()))
    if found := _ISO.fullmatch(said):
        return _made(found[1], found[2], found[3], found[4])
    if found := _PACKED.fullmatch(said):
        clock = f"{found[4]}:{found[5]}" if found[4] else ""
        return _made(found[1], found[2], found[3], clock)
    if found := _FIGURES.fullmatch(said):
        day, month = (found[2], found[1]) if us else (found[1], found[2])
        return _made(found[3], month, day, found[4]) or _made(found[3], day, month, found[4])
    if (found := _DAY_FIRST.fullmatch(said)) and found[2].lower() in _MONTHS:
        return _made(found[3], _MONTHS[found[2].lower()], found[1], found[4])
    if (found := _MONTH_FIRST.fullmatch(said)) and found[1].lower() in _MONTHS:
        return _made(found[3], _MONTHS[found[1].lower()], found[2], found[4])
    return None


def _made(year: str, month: str | int, day: str, rest: str | None) -> tuple[date, str] | None:
    whole = int(year)
    if len(year) == 2:
        whole += 1900 if whole >= _CENTURY else 2000
    try:
        return date(whole, int(month), int(day)), rest or ""
    except ValueError:
        return None
