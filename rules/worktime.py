"""The hours in which a team works, and how much of them lies between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.calendar import wall_to_utc
from rules.workdays import WorkDays

USUAL = (time(9), time(18))
"""From when to when a team works, until it says otherwise."""

FARTHEST = 800
"""Days that are walked through for an end: beyond, there is none to be had."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkTime:
    """``days`` are those on which a team works, ``hours`` from when to when on each of them by the
    clocks of its ``zone``; hours that end before they begin end on the day after."""

    days: WorkDays = field(default_factory=WorkDays)
    hours: tuple[time, time] = USUAL
    zone: str = "UTC"

    @property
    def day(self) -> timedelta:
        """How long a working day is."""
        opens, closes = (datetime.combine(date.min, each) for each in self.hours)
        length = closes - opens
        return length if length > timedelta() else length + _DAY

    def after(self, moment: datetime, span: timedelta) -> datetime:
        """The moment (UTC) by which so much has been worked from ``moment`` on. Where nobody works
        for two years it is that long by the clock on the wall."""
        if span <= timedelta():
            return moment
        for begins, ends in self._from(moment):
            here = ends - max(begins, moment)
            if here >= span:
                return max(begins, moment) + span
            span -= max(here, timedelta())
        return moment + span

    def end_of(self, day: date, now: datetime) -> datetime:
        """When a day's work ends (UTC), also of one on which nobody works; its last minute where
        that is over ``now``."""
        opens, closes = self.hours
        closes_on = day if closes > opens else day + _DAY
        end = wall_to_utc(datetime.combine(closes_on, closes), self.zone)
        return end if end > now else wall_to_utc(datetime.combine(day, time(23, 59)), self.zone)

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much is worked from one moment to another; nothing where the second is earlier."""
        worked = timedelta()
        for begins, ends in self._from(begin):
            if begins >= end:
                break
            worked += max(min(ends, end) - max(begins, begin), timedelta())
        return worked

    def _from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working stretches in their order, from the one that may hold at a moment on."""
        opens, closes = self.hours
        first = moment.astimezone(ZoneInfo(self.zone)).date() - _DAY
        for step in range(FARTHEST):
            day = first + step * _DAY
            if not self.days.works(day):
                continue
            last = day if closes > opens else day + _DAY
            yield (
                wall_to_utc(datetime.combine(day, opens), self.zone),
                wall_to_utc(datetime.combine(last, closes), self.zone),
            )
