"""Whether a campaign did anything: two shares held against each other, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""For intervals that hold the truth in 95 of 100 cases."""

FEWEST = 20
"""Customers in the smaller group below which nothing is said of an effect."""


FEWEST_BOUGHT = 5
"""Purchases in both groups together below which that there is no difference says nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``."""

    part: int
    whole: int

    @property
    def rate(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Lift:
    """The difference of two shares, and the range in which the true one lies (95 %).

    ``verdict``: more, less, nothing (it cannot be told from chance), few (too few to tell), or
    alone (nobody was held out).
    """

    difference: float
    low: float
    high: float
    verdict: str


def wilson(share: Share) -> tuple[float, float]:
    """The score interval of a share (Wilson, 1927)."""
    n, rate = share.whole, share.rate
    if not n:
        return 0.0, 1.0
    middle = (rate + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def lift(reached: Share, held: Share) -> Lift:
    """Those who were to get a message against those held out: the hybrid score interval
    (Newcombe, 1998, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17, 873-890, method 10)."""
    difference = reached.rate - held.rate
    (low_1, high_1), (low_2, high_2) = wilson(reached), wilson(held)
    low = difference - sqrt((reached.rate - low_1) ** 2 + (high_2 - held.rate) ** 2)
    high = difference + sqrt((high_1 - reached.rate) ** 2 + (held.rate - low_2) ** 2)
    if not held.whole:
        verdict = "alone"
    elif min(reached.whole, held.whole) < FEWEST:
        verdict = "few"
    elif low > 0:
        verdict = "more"
    elif high < 0:
        verdict = "less"
    elif reached.part + held.part < FEWEST_BOUGHT:
        verdict = "few"
    else:
        verdict = "nothing"
    return Lift(difference, low, high, verdict)
