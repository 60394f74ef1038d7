"""Days by their distance: today, kal, next Friday, in 2 weeks, 3 days ago, mahine ke end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from functools import lru_cache

from language.dated import Found, day_month, figures, month_day, of_month, shift
from language.lexicon import Senses
from language.moments import Moment
from language.monthly import (
    beginning,
    month_alone,
    nth_day,
    one_on,
    week_day,
    year_month_day,
)
from language.numbers import LONGER, read_number
from language.sheet import Sheet, once

_PIECES = 6  # "1 hour 30 minutes"
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
        after = sheet.value(j + _tied(sheet, j), "weekday")
        moment = Moment(starts=(count, span or "week"), period=period)
        if span == "week" and after:
            at = j + _tied(sheet, j)
            return replace(moment, weekday=after), at + sheet.size(at)
        return moment, j
    return None


def _tied(sheet: Sheet, at: int) -> bool:
    return sheet.has(at, "ka", "date_glue") or sheet.key(at) == "'s"


def _counted(sheet: Sheet, at: int) -> Found | None:
    """The next two days, two upcoming weeks, three Fridays from now."""
    leading = sheet.has(at, "next")
    counted = leading or sheet.tokens[at].kind == "number" or sheet.value(at, "number")
    number = read_number(sheet, at + sheet.size(at) if leading else at) if counted else None
    if number is None or number.value > _MOST:
        return None
    j = number.j
    if not leading and sheet.has(j, "next"):
        leading, j = True, j + sheet.size(j)
    day, span, end = sheet.value(j, "weekday"), sheet.value(j, "span"), j + sheet.size(j)
    if leading and span and span != "weekend":
        return Moment(step=(float(number.value), span), look="ahead"), end
    if day and sheet.has(end, "from_now") and number.value >= 1:
        return Moment(weekday=day, weeks=int(number.value) - 1), end + sheet.size(end)
    return None


def _stepped(sheet: Sheet, at: int) -> Found | None:
    """In 2 weeks, 3 days ago, do din baad, aik ghante mein, half an hour later."""
    before = sheet.has(at, "in_span")
    found = read_lengths(sheet, at + sheet.size(at) if before else at)
    return _way(sheet, found[1], before, found[0]) if found else None


@once
def read_lengths(sheet: Sheet, at: int) -> Found | None:
    """Lengths of time one after the other: 1 hour 30 minutes, 2 weeks and 3 days."""
    first = read_length(sheet, at) or _single(sheet, at)
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
    return Moment(step=steps[0], further=tuple(steps[1:])), j


def _single(sheet: Sheet, at: int) -> tuple[tuple[float, str], int] | None:
    """A day, an hour, a fortnight; "half an hour" too."""
    number = read_number(sheet, at)
    j = number.j if number else at
    if not sheet.has(j, "one"):
        return None
    span = sheet.value(j + 1, "span")
    if span is None or span == "weekend":
        return None
    return (float(number.value) if number else 1.0, span), j + 1 + sheet.size(j + 1)


def read_length(sheet: Sheet, at: int) -> tuple[tuple[float, str], int] | None:
    """A length of time that begins at this token ("3 days"), and the place after it."""
    part = _fraction(sheet, at)
    span = sheet.value(part[1], "span") if part else None
    if part and span and span != "weekend":
        return (part[0], span), part[1] + sheet.size(part[1])
    number = read_number(sheet, at)
    span = sheet.value(number.j, "span") if number else None
    if number is None or span is None or span == "weekend" or number.value > _MOST:
        return None
    return (float(number.value), span), number.j + sheet.size(number.j)


def _fraction(sheet: Sheet, at: int) -> tuple[float, int] | None:
    """1/2, three quarters of an: a part of a length of time."""
    upper, lower = sheet.key(at), sheet.key(at + 2)
    if sheet.key(at + 1) == "/" and upper in {"1", "3"} and lower in {"2", "4"}:
        j = at + 4 if sheet.has(at + 3, "of") else at + 3  # "of an hour"
        return int(upper) / int(lower), j + (j > at + 3 and sheet.has(j, "one"))
    nudge = sheet.value(at, "nudge")
    if nudge and abs(float(nudge)) < 1 / 2 and sheet.value(at + 1, "span"):
        return 1 + float(nudge), at + 1  # "sawa ghanta", "paune ghante"
    quarters = sheet.value(at, "part_of")
    return (float(quarters), at + sheet.size(at)) if quarters and at in sheet.marks else None


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


Reader = Callable[[Sheet, int], Found | None]
_SHIFTS = "next this last"
_ON = " ".join(LONGER)
# Who reads a day, in this order: what it begins with, and what else after a figure (all: anything).
_READERS: tuple[tuple[Reader, str, str], ...] = (
    (nth_day, "ordinal the last", "date_word"),
    (of_month, f"number ordinal the ka on {_SHIFTS}", "date_word of"),
    (year_month_day, "", "all"),
    (figures, "", "all"),
    (day_month, "number ordinal the", "date_word of ka ko month - /"),
    (month_day, "month", ""),
    (_end, f"end_word end_of span month {_SHIFTS}", ""),
    (beginning, f"month span {_SHIFTS}", ""),
    (one_on, "span", ""),
    (_counted, "number next", f"next weekday {_ON}"),
    (_stepped, "in_span part_of one number nudge times", f"/ span one {_ON}"),
    (_shifted, _SHIFTS, ""),
    (_word, "day_word swing", ""),
    (week_day, "weekday", ""),
    (_weekday, "weekday", ""),
    (month_alone, "month in in_span", ""),
)
DAYS = frozenset(kind for _, first, _ in _READERS for kind in first.split()) | {"figure"}


@lru_cache(maxsize=10_000)
def _readers(kinds: Senses, after: Senses) -> tuple[Reader, ...]:
    """Who may find a day at a word of these kinds."""
    after = after | {"all"} if "figure" in kinds else frozenset()
    return tuple(
        reader
        for reader, first, second in _READERS
        if not (kinds.isdisjoint(first.split()) and after.isdisjoint(second.split()))
    )


@once
def read_day(sheet: Sheet, at: int) -> Found | None:
    """The day that begins at this token and the place after it."""
    kinds = sheet.kinds(at)
    if kinds.isdisjoint(DAYS):
        return None
    for reader in _readers(kinds, sheet.kinds(at + 1)):
        found = reader(sheet, at)
        if found:
            return found
    return None
