"""How a goal stands: what is reached, against how much of its working time is gone.

A day counts as gone when it is over; today is still left. A win rate does not grow with the days:
it is held against its goal as it is, once there is enough to judge it by. The share of customers
kept grows, as one after the other comes again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Literal

from rules.workdays import WorkDays

State = Literal["early", "ok", "behind", "met", "missed"]
"""early: too soon to tell; missed: its time is over without it."""

SLACK = Fraction(1, 10)
"""A goal may be this share of what should be reached behind without being told to slip."""

ONE_DEAL = Fraction(1, 4)
"""Less than a usual deal behind is no slip, unless that deal is more of the goal than this."""

EARLY = Fraction(15, 100)
"""The share of the time before which nothing is told to slip: one late deal is no slip."""

ENOUGH = 5
"""Closed deals, or customers, from which on a rate tells anything."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``reached`` is None where there is nothing to judge by; ``usual`` what one usual deal (or
    call) adds, None for a rate; ``basis`` of how many a rate is, that ``grows`` with the days or
    does not. Days are working days."""

    target: Fraction
    reached: Fraction | None
    days: int
    gone: int
    left: int
    usual: Fraction | None
    basis: int = 0
    grows: bool = False

    @property
    def is_rate(self) -> bool:
        return self.usual is None

    @property
    def share(self) -> Fraction | None:
        """Of the goal, that is reached."""
        return self.reached / self.target if self.reached is not None else None

    @property
    def gone_share(self) -> Fraction:
        return Fraction(self.gone, self.days) if self.days else Fraction(1)

    @property
    def expected(self) -> Fraction:
        """What should be reached by now."""
        stands = self.is_rate and not self.grows
        return self.target if stands else self.target * self.gone_share

    @property
    def missing(self) -> Fraction:
        return max(self.target - (self.reached or 0), Fraction(0))

    @property
    def behind(self) -> Fraction:
        """What is short of what should be reached by now."""
        return max(self.expected - (self.reached or 0), Fraction(0))

    @property
    def deals_missing(self) -> int:
        """Deals of the usual size that reach the goal."""
        return ceil(self.missing / self.usual) if self.usual else 0

    @property
    def a_day(self) -> Fraction | None:
        """What each day that is left must bring; None where none is left."""
        return self.missing / self.left if self.left else None

    @property
    def state(self) -> State:
        met = self.reached is not None and self.reached >= self.target
        over = self.left == 0
        if self.is_rate:
            if self.reached is None or (self.basis < ENOUGH and not over):
                return "missed" if over else "early"
            if over:
                return "met" if met else "missed"
            if not met and self.gone_share < EARLY:
                return "early"
            one = Fraction(1, self.basis) if self.grows and self.basis else Fraction(0)
            slack = max(self.expected * SLACK, one) if self.grows else Fraction(0)
            return "behind" if self.behind > slack else "ok"
        if met:
            return "met"
        if over:
            return "missed"
        if self.gone_share < EARLY:
            return "early"
        one = min(self.usual or Fraction(0), self.target * ONE_DEAL)
        slack = max(self.expected * SLACK, one)
        return "behind" if self.behind >= slack else "ok"


def pace(
    target: Fraction,
    reached: Fraction | None,
    period: tuple[date, date],
    today: date,
    work: WorkDays,
    *,
    usual: Fraction | None,
    basis: int = 0,
    grows: bool = False,
) -> Pace:
    """``period``: first and last day. Where none of its days is worked, all of them count."""
    first, last = period
    work = work if work.count(first, last) else _EVERY_DAY
    days = work.count(first, last)
    gone = work.count(first, min(today - timedelta(days=1), last))
    left = 0 if today > last else work.count(max(first, today), last)
    if today <= last:
        left = max(left, 1)  # a last day that is off can still bring a deal
    return Pace(target, reached, days, gone, left, usual, basis, grows)


class _EveryDay(WorkDays):
    def works(self, day: date) -> bool:
        return day is not None


_EVERY_DAY = _EveryDay()


def wins_in_a_row(won: int, closed: int, target: Fraction) -> int | None:
    """Deals to be won one after the other until the win rate is reached; None where no number
    of them reaches it."""
    if target >= 1:
        return 0 if closed and won == closed else None
    return max(0, ceil((target * closed - won) / (1 - target)))
