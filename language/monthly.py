"""Days told by their place in a month or week: the second Monday of May, Sunday of next week."""

from __future__ import annotations

import re

from language.dated import Found, day_month, shift
from language.moments import Moment
from language.sheet import Sheet

_YEAR = re.compile(r"(?:19|20)\d\d")


def _count(sheet: Sheet, at: int) -> tuple[int, int] | None:
    """Which one is meant, counted from the end where it is negative, and the place after."""
    at += sheet.size(at) if sheet.has(at, "the") else 0
    if sheet.has(at, "last") and at in sheet.marks:
        return -1, at + sheet.size(at)
    said = sheet.value(at, "ordinal") or (sheet.key(at) if sheet.has(at + 1, "date_word") else "")
    if not said.isdigit() or not 0 < int(said) <= 31:
        return None
    j = at + sheet.size(at)
    j += sheet.size(j) if sheet.has(j, "date_word") else 0
    if sheet.has(j, "last") and j in sheet.marks:
        return -int(said), j + sheet.size(j)
    return int(said), j


def nth_day(sheet: Sheet, at: int) -> Found | None:
    """The first Monday of next month, last Friday in October, the 20th day of this month."""
    got = _count(sheet, at)
    if got is None:
        return None
    count, j = got
    what = sheet.value(j, "weekday") or ("day" if sheet.value(j, "span") == "day" else None)
    j += sheet.size(j)
    if what is None or not sheet.has(j, "of", "in", "in_span", "ka"):
        return None
    j += sheet.size(j)
    j += 1 if sheet.has(j, "the") and shift(sheet, j) is None else 0
    month = sheet.value(j, "month")
    if month:
        j += sheet.size(j)
        year = int(sheet.key(j)) if _YEAR.fullmatch(sheet.key(j)) else None
        return Moment(nth=(count, what), month=int(month), year=year), j + (year is not None)
    away = shift(sheet, j)
    j += sheet.size(j) if away is not None else 0
    if sheet.value(j, "span") != "month":
        return None
    return Moment(nth=(count, what), starts=(away or 0, "month")), j + sheet.size(j)


def week_day(sheet: Sheet, at: int) -> Found | None:
    """Wednesday of next week, Sunday from last week, Friday after next."""
    day, j = sheet.value(at, "weekday"), at + sheet.size(at)
    if day is None:
        return None
    after = sheet.has(j, "after_it") and not sheet.has(j, "from")
    if after and sheet.has(j + 1, "next"):
        return Moment(weekday=day, weeks=1), j + 2
    if not sheet.has(j, "of", "from", "ka"):
        return None
    away = shift(sheet, j + 1)
    week = j + 1 + sheet.size(j + 1)
    if away is None or sheet.value(week, "span") != "week":
        return None
    return Moment(weekday=day, starts=(away, "week")), week + sheet.size(week)


def month_alone(sheet: Sheet, at: int) -> Found | None:
    """October 2026, in March: the first of it."""
    led = sheet.has(at, "in", "in_span") and at in sheet.marks
    month_at = at + sheet.size(at) if led else at
    month = sheet.value(month_at, "month")
    if month is None:
        return None
    j = month_at + sheet.size(month_at)
    if _YEAR.fullmatch(sheet.key(j)):
        return Moment(day=1, month=int(month), year=int(sheet.key(j))), j + 1
    told = not sheet.verb_first and sheet.has(j, "mein")  # "december mein close hogi"
    if not (led or told) or sheet.key(j)[:1].isdigit() or day_month(sheet, j):
        return None
    return Moment(day=1, month=int(month)), j


def year_month_day(sheet: Sheet, at: int) -> Found | None:
    """2026-Aug-01, 2026/aug/1, 2026 10 16."""
    if not _YEAR.fullmatch(sheet.key(at)):
        return None
    signed = sheet.key(at + 1) in {"-", "/"} and sheet.key(at + 3) == sheet.key(at + 1)
    month_at, day_at = (at + 2, at + 4) if signed else (at + 1, at + 2)
    month, day = sheet.value(month_at, "month"), sheet.key(day_at)
    if not signed and len(sheet.key(month_at)) == len(day) == 2:
        month = month or sheet.key(month_at)
    if not (month and month.isdigit() and day.isdigit()):
        return None
    if not (1 <= int(month) <= 12 and 1 <= int(day[:3]) <= 31):
        return None
    return Moment(day=int(day), month=int(month), year=int(sheet.key(at))), day_at + 1


def beginning(sheet: Sheet, at: int) -> Found | None:
    """Where a month or week begins: "january ke shuru mein", "اگلے مہینے کے شروع میں"."""
    count = shift(sheet, at)
    at += sheet.size(at) if count is not None else 0
    month, span = sheet.value(at, "month"), sheet.value(at, "span")
    j = at + sheet.size(at)
    if not sheet.has(j, "start_after") or at not in sheet.marks:
        return None
    j += sheet.size(j)
    if month:
        return Moment(day=1, month=int(month)), j
    if span == "month":
        return (Moment(starts=(count, "month")) if count else Moment(day=1)), j
    return (Moment(weekday="mon", starts=(count or 1, "week")), j) if span == "week" else None


_BARE = {"hour", "week", "month", "year"}


def one_on(sheet: Sheet, at: int) -> Found | None:
    """A length of time with no count, which is one: "hafte baad", "مہینہ پہلے"."""
    span, j = sheet.value(at, "span"), at + sheet.size(at)
    if span not in _BARE or sheet.verb_first or sheet.has(j, "mein", "tak"):
        return None
    back = sheet.has(j, "ago")
    if not (back or sheet.has(j, "from_now")):
        return None
    return Moment(step=(1.0, span), look="back" if back else "ahead"), j + sheet.size(j)
