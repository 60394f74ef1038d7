"""When a moment is, seen from now: the day or time that was meant, as a slot value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from language.moments import WEEKDAYS, Look, Moment

_SPANS = {
    "second": "seconds", "minute": "minutes", "hour": "hours", "day": "days", "week": "weeks",
    "month": "months", "quarter": "months", "year": "years", "fortnight": "weeks",
}  # fmt: skip
_SHORT = {"second", "minute", "hour"}
_EACH = {"quarter": 3, "fortnight": 2}


def settle(moment: Moment, now: datetime, look: Look) -> str | None:
    """The day or moment meant, as a slot value; None where it lies outside the calendar."""
    if moment.base:
        return _from_base(moment, moment.base, now, look)
    look = moment.look or look
    try:
        if moment.step and any(span in _SHORT for _, span in (moment.step, *moment.further)):
            return _instant(moment, now, look)
        day = _day(moment, now.date(), look)
    except (OverflowError, ValueError):
        return None
    if moment.clock is None:
        return day.isoformat()
    return f"{day.isoformat()}T{moment.clock:%H:%M}"


def _from_base(moment: Moment, base: Moment, now: datetime, look: Look) -> str | None:
    """Two days before the 5th, three hours after noon."""
    start = settle(base, now, look)
    if start is None:
        return None
    then = datetime.fromisoformat(start).replace(tzinfo=now.tzinfo)
    found = settle(replace(moment, base=None), then, look)
    kept = len(start) > _DAY and found is not None and len(found) == _DAY
    return f"{found}{start[_DAY:]}" if kept else found


_DAY = 10  # letters of 2026-12-05


def _instant(moment: Moment, now: datetime, look: Look) -> str:
    sign = -1 if look == "back" else 1
    steps = [moment.step or (0, "hour"), *moment.further]
    for step in steps:
        if step[1] not in _SHORT:
            day = _stepped(step, now.date(), sign)
            now = now.replace(year=day.year, month=day.month, day=day.day)
    # Real time passes, whatever the clocks on the wall do meanwhile.
    short = [step for step in steps if step[1] in _SHORT]
    gap = sign * sum((timedelta(**{_SPANS[s]: n}) for n, s in short), timedelta())
    then = (now.astimezone(UTC) + gap).astimezone(now.tzinfo) if now.tzinfo else now + gap
    if any(span == "second" for _, span in short):
        return f"{then:%Y-%m-%dT%H:%M:%S}"
    return f"{then:%Y-%m-%dT%H:%M}"


def _day(moment: Moment, today: date, look: Look) -> date:
    sign = -1 if look == "back" else 1
    if moment.days is not None:
        return today + timedelta(days=moment.days)
    if moment.swing is not None:
        return today + timedelta(days=sign * moment.swing)
    if moment.step is not None:
        for step in (moment.step, *moment.further):
            today = _stepped(step, today, sign)
        return today
    if moment.ends is not None:
        return _last_of(moment, today)
    if moment.nth is not None:
        return _nth(moment.nth, moment, today)
    if moment.weekday is not None and moment.day is not None:
        return _agreeing(moment, today, look)
    if moment.weekday is not None:
        return _weekday(moment, today, sign)
    if moment.starts is not None:
        if look == "ahead" and moment.day is None and moment.starts[0] == 0:
            return _still_to_come(moment.starts, today)
        first = _first_of(moment.starts, today)
        return first.replace(day=moment.day) if moment.day else first
    if moment.month is not None or moment.day is not None:
        return _dated(moment, today, look)
    return today


def _stepped(step: tuple[float, str], today: date, sign: int) -> date:
    count, span = step
    each = _EACH.get(span, 1)
    if span == "week" or span == "fortnight":
        return today + timedelta(days=sign * round(count * 7 * each))
    if span == "day":
        return today + timedelta(days=sign * round(count))
    if count != int(count):
        days = {"month": 30, "quarter": 91, "year": 365}[span]
        return today + timedelta(days=sign * round(count * days))
    away: dict[str, Any] = {_SPANS[span]: sign * int(count) * each}
    return today + relativedelta(**away)


def _weekday(moment: Moment, today: date, sign: int) -> date:
    wanted = WEEKDAYS.index(moment.weekday or "mon")
    if moment.starts is not None:
        return _first_of(moment.starts, today) + timedelta(days=wanted)
    if moment.look == "back":
        sign = -1
    gap = (wanted - today.weekday()) % 7 if sign > 0 else -((today.weekday() - wanted) % 7)
    return today + timedelta(days=(gap or 7 * sign) + 7 * moment.weeks)


def _still_to_come(starts: tuple[int, str], today: date) -> date:
    """What is to be done this week is due when its work ends, and not on a Monday gone by."""
    first = _first_of(starts, today)
    days = {"week": 4, "weekend": 0}.get(starts[1])
    return first if days is None else max(today, first + timedelta(days=days))


def _first_of(starts: tuple[int, str], today: date) -> date:
    count, span = starts
    if span in {"week", "weekend"}:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=count)
        return monday + timedelta(days=5 if span == "weekend" else 0)
    if span == "day":
        return today + timedelta(days=count)
    if span == "month":
        return today.replace(day=1) + relativedelta(months=count)
    if span == "quarter":
        first = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
        return first + relativedelta(months=3 * count)
    return today.replace(month=1, day=1) + relativedelta(years=count)


def _nth(nth: tuple[int, str], moment: Moment, today: date) -> date:
    """The second Monday, the last Friday, the fifth last day of a month."""
    if moment.month is None:
        return _nth_in(nth, _first_of(moment.starts or (0, "month"), today))
    year = moment.year or today.year
    found = _nth_in(nth, date(year, moment.month, 1))
    if found < today and moment.year is None:
        return _nth_in(nth, date(year + 1, moment.month, 1))
    return found


def _nth_in(nth: tuple[int, str], first: date) -> date:
    count, what = nth
    days = [first + timedelta(days=n) for n in range(31)]
    like = [
        day
        for day in days
        if day.month == first.month and (what == "day" or WEEKDAYS[day.weekday()] == what)
    ]
    if not 0 < abs(count) <= len(like):
        raise ValueError
    return like[count - 1 if count > 0 else count]


_NEAR = 40  # days back that a date with its weekday may lie


def _agreeing(moment: Moment, today: date, look: Look) -> date:
    """The date that falls on the weekday said with it; the plain date where none does soon."""
    bare = replace(moment, weekday=None)
    wanted = WEEKDAYS.index(moment.weekday or "mon")
    plain = _dated(bare, today, look)
    if moment.year is not None or plain.weekday() == wanted:
        return plain
    if moment.month is not None:
        other = [_dated(bare, today, "back"), _dated(bare, plain, "ahead")]
        near = [d for d in other if d > today - timedelta(days=_NEAR) and d.weekday() == wanted]
        return near[0] if near else plain
    day = plain
    for _ in range(12):
        day = _dated(bare, day, "ahead")
        if day.weekday() == wanted:
            return day
    return plain


def _last_of(moment: Moment, today: date) -> date:
    span = moment.ends or "month"
    count = moment.starts[0] if moment.starts else 0
    if moment.month is not None:
        first = today.replace(month=moment.month, day=1)
        if first + relativedelta(months=1) <= today:
            first += relativedelta(years=1)
        return first + relativedelta(months=1) - timedelta(days=1)
    if span == "day":
        return today
    return _first_of((count + 1, span), today) - timedelta(days=1)


def _dated(moment: Moment, today: date, look: Look) -> date:
    """The date of this name that is next, or was last; ValueError where no calendar has it."""
    if moment.year is not None:
        return date(moment.year, moment.month or 1, moment.day or 1)
    named = list(_namesakes(moment, today))
    if look == "ahead":
        named = [day for day in named if day > today or (moment.month and day == today)]
    else:
        named = [day for day in reversed(named) if day <= today]
    if not named:
        raise ValueError
    return named[0]


def _namesakes(moment: Moment, today: date) -> Iterator[date]:
    """Dates of this day and month, or day alone, from some before today to some after."""
    step = 12 if moment.month else 1
    month = today.year * 12 + (moment.month or today.month) - 1
    for count in range(-2, 10):
        year, place = divmod(month + count * step, 12)
        with suppress(ValueError):
            yield date(year, place + 1, moment.day or 1)
