"""A day or time as it was said, not yet settled: `kal` waits for what is done or to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import Literal

Look = Literal["ahead", "back"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Moment:
    """Pieces of a date as said. Exactly one of the day pieces is set, or only a time.

    `step` (n, span) counts from now, with `further` steps after it; `swing` is days either
    way; `ends` is the span whose last day is meant; `starts` (n, span) the first day of a week,
    month, quarter or year n from here; `nth` (2, "mon") the second Monday of a month, (-1, "day")
    its last day; `base` what a step counts from where that is not now. `period` is the span of
    time that the same words name for a question ("last_week").
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
    nth: tuple[int, str] | None = None
    base: Moment | None = None

    @property
    def has_day(self) -> bool:
        """Whether anything but a time of day was said."""
        pieces = (self.days, self.swing, self.weekday, self.day, self.month, self.step)
        return any(p is not None for p in (*pieces, self.ends, self.starts, self.nth))

    def at(self, clock: time) -> Moment:
        """The same day at a time."""
        return replace(self, clock=clock)
