"""Days: today, kal, next Friday, 5 December, 12/12, in 2 weeks, mahine ke end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import time

from language.moments import Moment
from language.numbers import read_number
from language.sheet import Sheet

Found = tuple[Moment, int]
_ISO = re.compile(r"\d{4}")
_SHIFT = {"next": 1, "this": 0, "last": -1}
_PIECES = 3  # "1 hour 30 minutes"
_MOST = 100_000  # more days than that lie outside the calendar
_NAMES = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}


def _shift(sheet: Sheet, at: int) -> int | None:
    return next((n for word, n in _SHIFT.items() if sheet.has(at, word)), None)


def _word(sheet: Sheet, at: int) -> Found | None:
    """Today, tomorrow, kal, parson."""
    j = at + sheet.size(at)
    days = sheet.value(at, "day_word")
    if days is not None:
        period = {"0": "today", "-1": "yesterday"}.get(days)
        part = sheet.value(at, "part")  # "last night" says both
        clock = time.fromisoformat(part) if part else None
        return Moment(days=int(days), period=period, clock=clock), j
    swing = sheet.value(at, "swing")
    return (Moment(swing=int(swing)), j) if swing else None


def _weekday(sheet: Sheet, at: int) -> Found | None:
    day = sheet.value(at, "weekday")
    return (Moment(weekday=day), at + sheet.size(at)) if day else None


def _shifted(sheet: Sheet, at: int) -> Found | None:
    """This, next or last: a week, month, quarter, year, weekend or weekday."""
    count = _shift(sheet, at)
    if count is None:
        return None
    at += sheet.size(at)
    day, span, j = sheet.value(at, "weekday"), sheet.value(at, "span"), at + sheet.size(at)
    if day == "sat" and sheet.key(at + 1) and span is None and sheet.size(at) > 1 and count:
        return Moment(starts=(count, "week"), look="ahead" if count > 0 else "back"), j
    if day:
        return Moment(weekday=day, look="back" if count < 0 else None), j
    if span in _NAMES or span in {"weekend", "day"}:
        period = None if count > 0 else _NAMES.get(span or "")
        period = f"last_{period}" if period and count < 0 and period != "year" else period
        after = sheet.value(j + (sheet.has(j, "ka", "date_glue")), "weekday")
        moment = Moment(starts=(count, span or "week"), period=period)
        if span == "week" and after:
            at = j + (sheet.has(j, "ka", "date_glue"))
            return replace(moment, weekday=after), at + sheet.size(at)
        return moment, j
    return None


def _stepped(sheet: Sheet, at: int) -> Found | None:
    """In 2 weeks, 3 days ago, do din baad, aik ghante mein, half an hour later."""
    before = sheet.has(at, "in_span")
    start = at + sheet.size(at) if before else at
    first = read_length(sheet, start) or _single(sheet, start)
    if first is None:
        return None
    steps, j = [first[0]], first[1]
    while len(steps) < _PIECES:
        skip = 1 if sheet.has(j, "and") or sheet.key(j) == "," else 0
        more = read_length(sheet, j + skip)
        if more is None or more[0][1] == steps[-1][1]:
            break
        steps.append(more[0])
        j = more[1]
    return _way(sheet, j, before, Moment(step=steps[0], further=tuple(steps[1:])))


def _single(sheet: Sheet, at: int) -> tuple[tuple[float, str], int] | None:
    """A day, an hour, a fortnight; "half an hour" too."""
    number = read_number(sheet, at)
    j = number.j if number else at
    if sheet.key(j) not in {"a", "an"}:
        return None
    span = sheet.value(j + 1, "span")
    if span is None or span == "weekend":
        return None
    return (float(number.value) if number else 1.0, span), j + 1 + sheet.size(j + 1)


def read_length(sheet: Sheet, at: int) -> tuple[tuple[float, str], int] | None:
    """A length of time that begins at this token ("3 days"), and the place after it."""
    number = read_number(sheet, at)
    span = sheet.value(number.j, "span") if number else None
    if number is None or span is None or span == "weekend" or number.value > _MOST:
        return None
    return (float(number.value), span), number.j + sheet.size(number.j)


def _way(sheet: Sheet, j: int, before: bool, moment: Moment) -> Found | None:
    """Whether steps go ahead or back, from the words after them."""
    skip = 1 if sheet.has(j, "ka") and sheet.has(j + 1, "ago", "from_now") else 0
    if sheet.has(j + skip, "ago") and not before:
        return replace(moment, look="back"), j + skip + sheet.size(j + skip)
    if sheet.has(j + skip, "from_now"):
        j += skip + sheet.size(j + skip)
        j += sheet.size(j) if sheet.has(j, "from_now") else 0
        return replace(moment, look="ahead"), j
    return (replace(moment, look="ahead"), j) if before else None


def _end(sheet: Sheet, at: int) -> Found | None:
    """End of month, eod, mahine ke end, is hafte ke aakhir."""
    whole = sheet.value(at, "end_word")
    if whole:
        return Moment(ends=whole), at + sheet.size(at)
    leading = sheet.has(at, "end_of")
    at += sheet.size(at) if leading else 0
    at += 1 if leading and sheet.has(at, "the") and _shift(sheet, at) is None else 0
    count = _shift(sheet, at)
    at += sheet.size(at) if count is not None else 0
    span, month = sheet.value(at, "span"), sheet.value(at, "month")
    j = at + sheet.size(at)
    if not leading and sheet.has(j, "ka") and sheet.has(j + 1, "end_after"):
        j += 1
    if not leading and not sheet.has(j, "end_after"):
        return None
    j += 0 if leading else sheet.size(j)
    if month:
        return Moment(ends="month", month=int(month)), j
    if span not in _NAMES and span != "day":
        return None
    return Moment(ends=span, starts=(count, span) if count and span else None), j


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


def _day_month(sheet: Sheet, at: int) -> Found | None:
    """5 December, the 5th of Dec 2026, 30 tareekh."""
    start = at
    at += 1 if sheet.has(at, "the") else 0
    got = _number(sheet, at, 31)
    if got is None:
        return None
    day, j = got
    after = _ordinal(sheet, j)
    link = after + 1 if sheet.has(after, "of", "ka") or sheet.key(after) == "-" else after
    month = sheet.value(link, "month")
    if month and sheet.has(link, "shy_date") and sheet.has(link + 1, "ko", "ne"):
        month = None if not sheet.tokens[link].latin else month
    if month:
        j = _ordinal(sheet, link + sheet.size(link))
        j += 1 if sheet.key(j) == "-" and _ISO.fullmatch(sheet.key(j + 1)) else 0
        year, j = _year(sheet, j)
        return Moment(day=day, month=int(month), year=year), j
    if after > j or (sheet.value(at, "ordinal") and sheet.has(start, "the") and _ends(sheet, j)):
        return Moment(day=day), after
    if start < at and sheet.key(start) == "the" and _ends(sheet, j):
        return Moment(day=day), after
    return None


def _of_month(sheet: Sheet, at: int) -> Found | None:
    """The 5th of next month, agle mahine ki 5 tareekh, next month 5th."""
    count = _shift(sheet, at)
    if count is not None:
        month = at + sheet.size(at)
        got = _day_number(sheet, month + sheet.size(month))
    else:
        got = _day_number(sheet, at)
        month = (got[1] if got else at) + 1
        count = _shift(sheet, month - 1) if got else None
        month = month - 1 + (sheet.size(month - 1) if got else 0)
    if got is None or count is None or sheet.value(month, "span") != "month":
        return None
    j = max(got[1], month + sheet.size(month))
    return Moment(day=got[0], starts=(count, "month")), j


def _day_number(sheet: Sheet, at: int) -> tuple[int, int] | None:
    """A day of a month and the place after its small words ("the 5th of", "ki 5 tareekh")."""
    while sheet.has(at, "the", "ka", "on"):
        at += 1
    got = _number(sheet, at, 31)
    if got is None:
        return None
    j = _ordinal(sheet, got[1])
    said = j > got[1] or sheet.value(at, "ordinal") is not None or sheet.has(j, "of")
    j += 1 if sheet.has(j, "of") else 0
    return (got[0], j) if said else None


def _ends(sheet: Sheet, at: int) -> bool:
    return at >= len(sheet.tokens) or sheet.tokens[at].kind == "mark"


def _month_day(sheet: Sheet, at: int) -> Found | None:
    """December 5th, Dec 5, 2026."""
    month = sheet.value(at, "month")
    if month is None:
        return None
    at += sheet.size(at)
    at += 1 if sheet.key(at) in {"-", "."} or sheet.has(at, "the") else 0
    got = _number(sheet, at, 31)
    if got is None or (sheet.glued(got[1]) and sheet.key(got[1]) in {":", "k", "m"}):
        return None
    j = _ordinal(sheet, got[1])
    if sheet.has(j, "am", "pm", "oclock"):
        return None
    year, j = _year(sheet, j)
    return Moment(day=got[0], month=int(month), year=year), j


def _figures(sheet: Sheet, at: int) -> Found | None:
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
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= day <= 31 and 1 <= month <= 12) or (len(parts) == 2 and len(parts[0]) == 4):
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


_READERS: tuple[Callable[[Sheet, int], Found | None], ...] = (
    _of_month, _figures, _day_month, _month_day, _end, _stepped, _shifted, _word, _weekday,
)  # fmt: skip


def read_day(sheet: Sheet, at: int) -> Found | None:
    """The day that begins at this token and the place after it."""
    for reader in _READERS:
        found = reader(sheet, at)
        if found:
            return found
    return None
