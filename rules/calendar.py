"""Days and hours as people live them: wall time in a zone, periods, recurrence, quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RHYTHMS = ("day", "week", "month", *(f"weekday:{day}" for day in WEEKDAYS))
"""How what recurs recurs."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a task is due: a local day, and a local time of day where one was said."""

    day: date
    at: time | None = None

    @classmethod
    def parse(cls, text: str) -> Due:
        """``2026-11-27`` or ``2026-11-27T15:00`` (local). Raises ValueError otherwise.

        Also for a year that nobody plans in, at whose far ends there is no UTC to go to.
        """
        day, timed, at = text.partition("T")
        due = cls(date.fromisoformat(day), time.fromisoformat(at) if timed else None)
        if not 1900 <= due.day.year < 2200 or (due.at and due.at.tzinfo):
            raise ValueError(text)
        return due

    def __str__(self) -> str:
        if self.at is None:
            return str(self.day)
        return f"{self.day}T{self.at:%H:%M:%S}".removesuffix(":00")

    def instant(self, zone: str) -> datetime | None:
        """The moment in UTC; None for a day without a time."""
        return wall_to_utc(datetime.combine(self.day, self.at), zone) if self.at else None

    def elsewhere(self, zone: str, other: str) -> Due:
        """The same moment on the clocks of another zone; a day without a time stays that day."""
        moment = self.instant(zone) if zone != other else None
        return self.of(moment, other) if moment else self

    @classmethod
    def of(cls, moment: datetime, zone: str) -> Due:
        """A moment as the clocks of a zone show it."""
        local = moment.astimezone(ZoneInfo(zone))
        return cls(local.date(), local.time())


def wall_to_utc(wall: datetime, zone: str) -> datetime:
    """A wall time in UTC. In a spring gap the next valid time; in an autumn fold the first."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def next_due(due: Due, every: str, after: datetime) -> Due:
    """The next time of a recurring task strictly after ``after`` (local, aware or naive).

    ``every``: day, week, month, or weekday:mon to weekday:sun. A month keeps its day of the
    month where it exists (31 becomes the last day, then 31 again): steps are counted from ``due``.
    Raises ValueError for another ``every``.
    """
    limit = after.replace(tzinfo=None)
    days = (_after(due.day, every, step) for step in count(1))
    return next(
        Due(day, due.at)
        for day in days
        if (datetime.combine(day, due.at) > limit if due.at else day > limit.date())
    )


def _after(day: date, every: str, steps: int) -> date:
    match every.partition(":")[0]:
        case "day":
            return day + timedelta(days=steps)
        case "week":
            return day + timedelta(weeks=steps)
        case "month":
            return day + relativedelta(months=steps)
        case "weekday":
            return first_weekday(day + timedelta(days=1), every) + timedelta(weeks=steps - 1)
    raise ValueError(every)


def first_weekday(day: date, every: str) -> date:
    """The first day from ``day`` on that ``weekday:xxx`` names."""
    wanted = WEEKDAYS.index(every.removeprefix("weekday:"))
    return day + timedelta(days=(wanted - day.weekday()) % 7)


def first_due(every: str, today: date) -> Due:
    """Where a recurring task starts when no first day was said."""
    return Due(_after(today, every, 1))


def period_days(period: str, today: date) -> tuple[date, date]:
    """First and last day of a named period; weeks start on Monday. Raises KeyError if unknown."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    day = timedelta(days=1)
    return {
        "today": (today, today),
        "yesterday": (today - day, today - day),
        "week": (monday, monday + timedelta(days=6)),
        "last_week": (monday - timedelta(weeks=1), monday - day),
        "month": (month, month + relativedelta(months=1) - day),
        "last_month": (month - relativedelta(months=1), month - day),
        "quarter": (quarter, quarter + relativedelta(months=3) - day),
        "last_quarter": (quarter - relativedelta(months=3), quarter - day),
        "year": (date(today.year, 1, 1), date(today.year, 12, 31)),
    }[period]


def day_bounds(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """The moments in UTC from which to, but not including, which these local days last."""
    return (
        wall_to_utc(datetime.combine(first, time.min), zone),
        wall_to_utc(datetime.combine(last + timedelta(days=1), time.min), zone),
    )


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one wall time to another, over midnight if ``start`` is later."""

    start: time
    end: time

    def hold(self, local: datetime) -> bool:
        now = local.timetz().replace(tzinfo=None)
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def over_at(self, local: datetime) -> datetime:
        """When the quiet that holds at ``local`` (aware) ends, in UTC."""
        wall = local.replace(tzinfo=None)
        end = datetime.combine(wall.date(), self.end)
        if end <= wall:
            end += timedelta(days=1)
        over = wall_to_utc(end, str(local.tzinfo))
        # In the second of two equal hours, the end in the first one is past.
        return over if over > local else end.replace(tzinfo=local.tzinfo, fold=1).astimezone(UTC)


def next_at(hour: time, zone: str, after: datetime) -> datetime:
    """The next moment (UTC) after ``after`` at which it is ``hour`` o'clock in the zone."""
    local = after.astimezone(ZoneInfo(zone))
    for days in (-1, 0, 1, 2):  # yesterday's, where a gap over midnight put it into today
        wall = datetime.combine(local.date() + timedelta(days=days), hour)
        moment = wall_to_utc(wall, zone)
        if moment > after:
            return moment
    raise ValueError(hour)


LOOK_DAY = 3
"""Of the month, on which managers are told how Rabta was used; on its first they have figures."""

TIDY_DAY = 0
"""Monday: the day of the week on which it is looked for what is to be tidied."""


def next_on(weekday: int, hour: time, zone: str, after: datetime) -> datetime:
    """The next moment (UTC) after ``after`` at which it is that hour of that day of the week."""
    moment = next_at(hour, zone, after)
    while moment.astimezone(ZoneInfo(zone)).weekday() != weekday:
        moment = next_at(hour, zone, moment)
    return moment


def next_first(hour: time, zone: str, after: datetime, number: int = 1) -> datetime:
    """The next moment (UTC) after ``after`` at which it is that hour of the first of a month, or of
    the day of that ``number``, 28 at most."""
    day = after.astimezone(ZoneInfo(zone)).date().replace(day=number)
    for months in (0, 1, 2):
        wall = datetime.combine(day + relativedelta(months=months), hour)
        moment = wall_to_utc(wall, zone)
        if moment > after:
            return moment
    raise ValueError(hour)
