"""Days by their distance: today, kal, next Friday, in 2 weeks, 3 days ago, mahine ke end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

from language.dated import Found, day_month, figures, month_day, of_month, shift
from language.moments import Moment
from language.numbers import read_number
from language.sheet import Sheet

_PIECES = 3  # "1 hour 30 minutes"
_MOST = 100_000  # more days than that lie outside the calendar
_NAMES = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}


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
    count = shift(sheet, at)
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
    at += 1 if leading and sheet.has(at, "the") and shift(sheet, at) is None else 0
    count = shift(sheet, at)
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


_READERS: tuple[Callable[[Sheet, int], Found | None], ...] = (
    of_month, figures, day_month, month_day, _end, _stepped, _shifted, _word, _weekday,
)  # fmt: skip


def read_day(sheet: Sheet, at: int) -> Found | None:
    """The day that begins at this token and the place after it."""
    for reader in _READERS:
        found = reader(sheet, at)
        if found:
            return found
    return None
