"""Days of the calendar: 5 December, the 5th, 12/12, 30 tareekh, agle mahine ki 5 tareekh."""

from __future__ import annotations

import re

from language.moments import Moment
from language.sheet import Sheet

Found = tuple[Moment, int]
_ISO = re.compile(r"\d{4}")
_SMALL_WORDS = 4
_SHIFT = {"next": 1, "this": 0, "last": -1}


def shift(sheet: Sheet, at: int) -> int | None:
    return next((n for word, n in _SHIFT.items() if sheet.has(at, word)), None)


def _number(sheet: Sheet, at: int, most: int) -> tuple[int, int] | None:
    key = sheet.key(at)
    if key.isdigit() and len(key) <= 4 and 0 < int(key) <= most:
        return int(key), at + 1
    value = sheet.value(at, "number") or sheet.value(at, "ordinal")
    if value and value.isdigit() and 0 < int(value) <= most and not sheet.has(at, "shy"):
        return int(value), at + sheet.size(at)
    return None


def _year(sheet: Sheet, at: int) -> tuple[int | None, int]:
    skip = 1 if sheet.key(at) == "," else 0
    if _ISO.fullmatch(sheet.key(at + skip)) and 1900 <= int(sheet.key(at + skip)) <= 2199:
        return int(sheet.key(at + skip)), at + skip + 1
    return None, at


def _ordinal(sheet: Sheet, at: int) -> int:
    """The place after "th", "tareekh" and an "of" (the same place where there are none)."""
    while sheet.has(at, "date_word"):
        at += sheet.size(at)
    return at


def day_month(sheet: Sheet, at: int) -> Found | None:
    """5 December, the 5th of Dec 2026, 30 tareekh."""
    start = at
    at += 1 if sheet.has(at, "the") else 0
    got = _number(sheet, at, 31)
    if got is None:
        return None
    day, j = got
    after = _ordinal(sheet, j)
    link = after + 1 if sheet.has(after, "of", "ka") or sheet.key(after) in "-/" else after
    month = sheet.value(link, "month")
    if month and sheet.has(link, "shy_date") and sheet.has(link + 1, "ko", "ne"):
        month = None if not sheet.tokens[link].latin else month
    if month:
        j = _ordinal(sheet, link + sheet.size(link))
        j += 1 if sheet.key(j) == "-" and _ISO.fullmatch(sheet.key(j + 1)) else 0
        year, j = _year(sheet, j)
        return Moment(day=day, month=int(month), year=year), j
    ordinal = sheet.value(at, "ordinal") is not None
    whole = ordinal and sheet.has(at, "date_word")  # "yakam", "pehli tareekh"
    if after > j or whole or (ordinal and sheet.has(start, "the") and _ends(sheet, j)):
        return Moment(day=day), after
    if start < at and sheet.has(start, "the") and not sheet.has(start, "one") and _ends(sheet, j):
        return Moment(day=day), after
    return (Moment(day=day), after) if _on_it(sheet, at) else None


def _on_it(sheet: Sheet, at: int) -> bool:
    """Whether a figure is a day of the month by what follows, as where the verb stands last:
    "15 ko Ali se milna hai"."""
    return not sheet.verb_first and sheet.key(at).isdigit() and sheet.has(at + 1, "ko")


def of_month(sheet: Sheet, at: int) -> Found | None:
    """The 5th of next month, agle mahine ki 5 tareekh, next month 5th."""
    count = shift(sheet, at)
    if count is not None:
        month = at + sheet.size(at)
        got = _day_number(sheet, month + sheet.size(month))
    else:
        got = _day_number(sheet, at)
        month = (got[1] if got else at) + 1
        count = shift(sheet, month - 1) if got else None
        month = month - 1 + (sheet.size(month - 1) if got else 0)
    if got is None or count is None or sheet.value(month, "span") != "month":
        return None
    j = max(got[1], month + sheet.size(month))
    return Moment(day=got[0], starts=(count, "month")), j


def _day_number(sheet: Sheet, at: int) -> tuple[int, int] | None:
    """A day of a month and the place after its small words ("the 5th of", "ki 5 tareekh")."""
    end = at + _SMALL_WORDS
    tied = sheet.has(at, "ka")
    while at < end and sheet.has(at, "the", "ka", "on"):
        at += 1
    got = _number(sheet, at, 31)
    if got is None:
        return None
    j = _ordinal(sheet, got[1])
    said = j > got[1] or sheet.value(at, "ordinal") is not None or sheet.has(j, "of")
    said = said or _on_it(sheet, at)
    said = said or (tied and (_ends(sheet, j) or sheet.has(j, "polite_end", "tak")))
    j += 1 if sheet.has(j, "of") else 0
    return (got[0], j) if said else None


def _ends(sheet: Sheet, at: int) -> bool:
    return at >= len(sheet.tokens) or sheet.tokens[at].kind == "mark"


def month_day(sheet: Sheet, at: int) -> Found | None:
    """December 5th, Dec 5, 2026, january ki 10 ko."""
    month = sheet.value(at, "month")
    if month is None:
        return None
    at += sheet.size(at)
    if sheet.has(at, "ka"):
        told = _day_number(sheet, at)
        return (Moment(day=told[0], month=int(month)), told[1]) if told else None
    at += 1 if sheet.key(at) in {"-", ".", "/"} or sheet.has(at, "the") else 0
    got = _number(sheet, at, 31)
    if got is None or (sheet.glued(got[1]) and sheet.key(got[1]) in {":", "k", "m"}):
        return None
    j = _ordinal(sheet, got[1])
    if sheet.has(j, "am", "pm", "oclock"):
        return None
    year, j = _year(sheet, j)
    return Moment(day=got[0], month=int(month), year=year), j


def figures(sheet: Sheet, at: int) -> Found | None:
    """2026-12-12, 12/12, 12/12/2026, 12-12-26, 12.12.2026: the day stands before the month."""
    parts, j = _signed(sheet, at)
    if len(parts) == 1 and parts[0].count(".") == 2:
        parts = parts[0].split(".")
    if not 2 <= len(parts) <= 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        year, month, day = (*numbers, 1)[:3]
    else:
        day, month, year = (*numbers, 0)[:3]
        day, month = (month, day) if sheet.month_first else (day, month)
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= day <= 31 and 1 <= month <= 12) or (
        len(parts) == 2 and len(parts[0]) == 4 and len(parts[1]) < 2
    ):
        return None
    full = (year + 2000 if 0 < year < 100 else year) or None
    return Moment(day=day, month=month, year=full), j


def _signed(sheet: Sheet, at: int) -> tuple[list[str], int]:
    """Figures joined by one sign without spaces."""
    parts, sign, j = [sheet.key(at)], sheet.key(at + 1), at + 1
    if sign not in {"/", "-"}:
        return parts, j
    while sheet.key(j) == sign and sheet.glued(j) and sheet.glued(j + 1) and len(parts) < 3:
        parts.append(sheet.key(j + 1))
        j += 2
    return parts, j
