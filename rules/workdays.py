"""The days on which a team works: its usual week, other weeks of a season, holidays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

USUAL = frozenset(range(5))
"""Monday to Friday, until the team says otherwise."""

_DAY = timedelta(days=1)
_FARTHEST = 400
"""Days within which the next working day is sought."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``first`` to ``last``, both included, these weekdays are worked (0 is Monday): none on a
    holiday. None: it has no beginning, or no end. Of two that hold for a day the shorter one
    counts, and of equally long ones the later told."""

    days: frozenset[int]
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def length(self) -> int:
        whole = self.first is not None and self.last is not None
        return (self.last - self.first).days if whole and self.first and self.last else 10**6


class WorkDays:
    """``told``: whether the team has said anything of its days."""

    def __init__(self, stretches: Iterable[Stretch] = ()) -> None:
        """In the order in which they were told."""
        self._stretches = sorted(stretches, key=lambda each: -each.length)
        self.told = bool(self._stretches)

    def week_of(self, day: date) -> frozenset[int]:
        """The weekdays that are worked in the week which holds on a day."""
        here = [each for each in self._stretches if each.holds(day)]
        return here[-1].days if here else USUAL

    def works(self, day: date) -> bool:
        return day.weekday() in self.week_of(day)

    def count(self, first: date, last: date) -> int:
        """Working days from one to the other, both included; 0 where the first is later."""
        return sum(self.works(first + n * _DAY) for n in range((last - first).days + 1))

    def next(self, day: date) -> date:
        """The first working day from a day on; that day itself where no other is near."""
        days = (day + n * _DAY for n in range(_FARTHEST))
        return next((each for each in days if self.works(each)), day)
