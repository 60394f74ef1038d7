"""Customers by the quarter in which they first bought, and how many of them buy in later ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LATER = 8
"""Quarters after the first that are told."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """``first``: the first day of its quarter; ``bought``: how many of its ``size`` customers
    bought in the first, second, ... quarter after it, as far as these are over."""

    first: date
    size: int
    bought: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        return tuple(each / self.size for each in self.bought)


def quarter(day: date) -> int:
    """Quarters since the year 0."""
    return day.year * 4 + (day.month - 1) // 3


def begins(number: int) -> date:
    return date(number // 4, number % 4 * 3 + 1, 1)


def cohorts(histories: Iterable[list[date]], today: date) -> list[Cohort]:
    """Of the days on which each customer bought, sorted; the oldest cohort first."""
    size: dict[int, int] = defaultdict(int)
    bought: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for days in histories:
        if not days or days[0] > today:
            continue
        first = quarter(days[0])
        size[first] += 1
        for later in {quarter(day) for day in days if day <= today} - {first}:
            bought[first][later - first] += 1
    now = quarter(today)
    return [
        Cohort(
            begins(first), size[first],
            tuple(bought[first][n] for n in range(1, min(LATER, now - 1 - first) + 1)),
        )
        for first in sorted(size)
    ]  # fmt: skip


def curve(some: Iterable[Cohort]) -> list[float]:
    """Of all customers whose n-th quarter after the first is over, the share that bought in it."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for cohort in some:
        for n, count in enumerate(cohort.bought):
            sums[n][0] += count
            sums[n][1] += cohort.size
    return [sums[n][0] / sums[n][1] for n in sorted(sums)]
