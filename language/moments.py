"""A day or time as it was said, not yet settled: `kal` waits for what is done or to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

Look = Literal["ahead", "back"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPANS = {
    "second": "seconds", "minute": "minutes", "hour": "hours", "day": "days", "week": "weeks",
    "month": "months", "quarter": "months", "year": "years", "fortnight": "weeks",
}  # fmt: skip
_SHORT = {"second", "minute", "hour"}
_EACH = {"quarter": 3, "fortnight": 2}


@dataclass(frozen=True, slots=True)
class Moment:
    """Pieces of a date as said. Exactly one of the day pieces is set, or only a time.

    `step` (n, span) counts from now, with `further` steps after it; `swing` is days either
    way; `ends` is the span whose last day is meant; `starts` (n, span) the first day of a week,
    month, quarter or year n from here. `period` is the span of time that the same words name
    for a question ("last_week").
    """

    days: int | None = None
    swing: int | None = None
    weekday: str | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    step: tuple[float, str] | None = None
    further: tuple[tuple[float, str], ...] = ()
    ends: str | None = None
    starts: tuple[int, str] | None = None
    clock: time | None = None
    weeks: int = 0
    look: Look | None = None
    period: str | None = None
    seconds: bool = False

    @property
    def has_day(self) -> bool:
        """Whether anything but a time of day was said."""
        pieces = (self.days, self.swing, self.weekday, self.day, self.month, self.step)
        return any(p is not None for p in (*pieces, self.ends, self.starts))

    def at(self, clock: time) -> Moment:
        """The same day at a time."""
        return replace(self, clock=clock)


def settle(moment: Moment, now: datetime, look: Look) -> str | None:
    """The day or moment meant, as a slot value; None where it lies outside the calendar."""
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
    if moment.weekday is not None:
        return _weekday(moment, today, sign)
    if moment.starts is not None:
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
    return today + relativedelta(**{_SPANS[span]: sign * int(count) * each})  # type: ignore[arg-type]


def _weekday(moment: Moment, today: date, sign: int) -> date:
    wanted = WEEKDAYS.index(moment.weekday or "mon")
    if moment.starts is not None:
        return _first_of(moment.starts, today) + timedelta(days=wanted)
    if moment.look == "back":
        sign = -1
    gap = (wanted - today.weekday()) % 7 if sign > 0 else -((today.weekday() - wanted) % 7)
    return today + timedelta(days=(gap or 7 * sign) + 7 * moment.weeks)


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
    if moment.year is not None:
        return date(moment.year, moment.month or 1, moment.day or 1)
    step = relativedelta(years=1) if moment.month else relativedelta(months=1)
    first = today.replace(month=moment.month or today.month, day=1) - 2 * step
    for count in range(12):
        try:
            day = (first + count * step).replace(day=moment.day or 1)
        except ValueError:
            continue
        if look == "ahead" and (day > today or (moment.month and day == today)):
            return day
        later = _next_like(first, step, count, moment.day or 1)
        if look == "back" and day <= today and later > today:
            return day
    raise ValueError


def _next_like(first: date, step: relativedelta, count: int, number: int) -> date:
    for more in range(count + 1, count + 10):
        try:
            return (first + more * step).replace(day=number)
        except ValueError:
            continue
    return date.max
