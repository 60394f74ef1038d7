"""What open deals are likely to bring in a stretch of days: weighted by stage, and by history.

By stage: what each deal is worth times the probability of its stage.

By history: how likely a deal of this age is to be won within those days, from how long the team's
own deals took to be won or lost. That is the cumulative incidence of winning, with losing as the
risk beside it and deals that are still open as censored: O. Aalen and S. Johansen, "An empirical
transition matrix for non-homogeneous Markov chains based on censored observations", Scandinavian
Journal of Statistics 5 (1978). The range is the normal one about a sum of independent deals, four
times out of five. The same deals always give the same forecast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

LEAST = 20
"""Deals that were won or lost from which on history tells anything."""

_FOUR_OF_FIVE = 1.2816
"""Standard deviations about the mean in which four of five normal values lie."""


@dataclass(frozen=True, slots=True)
class Chance:
    """An open deal that may be won: what it is worth and how likely it is to bring that."""

    minor: int
    likely: float


@dataclass(frozen=True, slots=True)
class Range:
    """A figure in minor units, and between which it lies four times out of five."""

    expected: int
    low: int
    high: int


def weighted(chances: Iterable[Chance]) -> int:
    """The sum of what is worth times how likely, in minor units."""
    return round(sum(chance.minor * chance.likely for chance in chances))


def spread(chances: Sequence[Chance]) -> Range:
    """The sum with its range; never less than nothing, nor more than all of it."""
    mean = sum(chance.minor * chance.likely for chance in chances)
    variance = sum(c.minor**2 * c.likely * (1 - c.likely) for c in chances)
    reach = _FOUR_OF_FIVE * sqrt(variance)
    most = sum(chance.minor for chance in chances)
    return Range(round(mean), round(max(0.0, mean - reach)), round(min(float(most), mean + reach)))


class History:
    """How many days deals took to be won and lost, and how many open ones have been there."""

    def __init__(self, won: Sequence[int], lost: Sequence[int], open_for: Sequence[int]) -> None:
        self.won, self.lost = Counter(won), Counter(lost)
        self.ended = len(won) + len(lost)
        self._days = sorted({*won, *lost})
        self._at_risk = self._risks([*won, *lost, *open_for])

    @property
    def tells(self) -> bool:
        """Whether there is enough of it."""
        return self.ended >= LEAST and bool(self.won)

    def _risks(self, lengths: Sequence[int]) -> dict[int, int]:
        """How many deals lasted at least so many days."""
        counts = Counter(lengths)
        left, found = len(lengths), {}
        for day in sorted(counts):
            found[day] = left
            left -= counts[day]
        return found

    def chance(self, age: int, first: int, last: int) -> float:
        """How likely a deal that is open after ``age`` days is to be won from its ``first`` to its
        ``last`` day, both counted from its beginning. A deal older than all that ended tells
        nothing: it has no chance."""
        still, chance = 1.0, 0.0
        for day in self._days:
            if day <= age:
                continue
            if day > last:
                break
            risk = self._at_risk[day]
            if day >= first:
                chance += still * self.won[day] / risk
            still *= 1 - (self.won[day] + self.lost[day]) / risk
        return chance
