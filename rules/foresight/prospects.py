"""What is kept of each customer: whether, when and how often they order again, how long a silence
is strange for them, and how many orders are still to come from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rules.foresight.gamma import Floats, upper
from rules.foresight.histories import WEEK, Histories
from rules.foresight.rhythm import Rhythm, Silences, believed, likelihoods
from rules.foresight.several import Several
from rules.lifetime import DISCOUNT, HIGH, LOW
from rules.lifetime import WEEKS as LIFETIME
from rules.risk import LATE

RARE = 0.1
"""A silence is strange when fewer than so many of the pauses of such a customer, as long as they
stay one, are as long."""

SOON = np.array([0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 52.0])
"""Weeks ahead for which it is reckoned whether the next order has come by then."""

HARDLY = 0.1
"""Of whoever orders less probably within a year no day is told."""

_Z = {at: NormalDist().inv_cdf(at) for at in (LOW, HIGH)}
_RATE = math.log1p(DISCOUNT) * WEEK / 365.25


@dataclass(frozen=True, slots=True)
class Prospects:
    """One entry a customer; times are weeks.

    ``buys``, ``orders``: the probability of an order in the weeks ahead, and the number expected;
    ``stays``: the probability that they are a customer yet; ``pause``: the usual time between their
    orders; ``late``, ``rare``: the silence after which an order is late, and that which is strange
    for them; ``next``: from now to the day by which the next order has come as probably as not, if
    one comes within a year (nan: hardly);
    ``low``, ``middle``, ``high``: orders still to come in ``LIFETIME``, discounted.
    """

    buys: Floats
    orders: Floats
    stays: Floats
    pause: Floats
    late: Floats
    rare: Floats
    next: Floats
    low: Floats
    middle: Floats
    high: Floats


class Crystal:
    """An idea of the rhythm with all that its silences mean: made once, asked often."""

    def __init__(self, rhythm: Rhythm, longest: float, weeks: float) -> None:
        whole = rhythm.silences(longest, weeks)
        grid, shape = rhythm.grid, rhythm.shape
        mean, square = _to_come(grid.order, grid.leave)
        after = (whole.buys, whole.orders, whole.active, whole.active * mean, whole.active * square)
        self.rhythm = rhythm
        self.after = np.stack(after, axis=2).astype(np.float32)
        still = upper(shape, shape * grid.order * whole.knots[:, None])
        self.still = np.ascontiguousarray(still.T, dtype=np.float32)
        nothing = np.zeros(0)
        self.silences = Silences(whole.knots, whole.log, nothing, nothing, nothing)
        self._soon: dict[int, NDArray[np.float32]] = {}

    @cached_property
    def slowness(self) -> Floats:
        """ln of the weeks between orders, for each point of the grid."""
        slowness: Floats = -np.log(self.rhythm.grid.order)
        return slowness

    def soon(self, left: int) -> NDArray[np.float32]:
        """That the next order comes within each of ``SOON``, after the silence of a knot: points x
        times."""
        if left not in self._soon:
            knots, logs = self.silences.knots, self.silences.log
            then = np.clip(knots[left] + SOON, 0, knots[-1])
            place = np.clip(np.searchsorted(knots, then, side="right") - 1, 0, len(knots) - 2)
            share = ((then - knots[place]) / (knots[place + 1] - knots[place]))[:, None]
            later = logs[place] + share * (logs[place + 1] - logs[place])
            self._soon[left] = -np.expm1(later - logs[left]).T.astype(np.float32)
        return self._soon[left]

    def look(self, past: Histories) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each customer: what comes after (customers x 5), the next order by each of ``SOON``,
        that a silence is as long as each knot though they stay, and ln of the usual pause."""
        after = np.zeros((len(past), self.after.shape[2]))
        soon = np.zeros((len(past), len(SOON)))
        still = np.zeros((len(past), len(self.silences.knots)))
        slowness = np.zeros(len(past))
        for rows, left, share in self.silences.groups(past.silence):
            logs = likelihoods(self.rhythm.shape, self.rhythm.grid, past.some(rows))
            at_last_order = believed(logs, self.rhythm.weights)
            still[rows] = at_last_order.astype(np.float32) @ self.still
            slowness[rows] = at_last_order @ self.slowness
            table = self.silences.log
            now = believed(logs + table[left] + share * (table[left + 1] - table[left]),
                           self.rhythm.weights)  # fmt: skip
            light = now.astype(np.float32)
            before, then = light @ self.after[left], light @ self.after[left + 1]
            after[rows] = before + share * (then - before)
            soon[rows] = light @ self.soon(left)
        return after, soon, still, slowness


@dataclass(frozen=True)
class Glass:
    """Several ideas with their tables, ready to be asked about any customer."""

    several: Several
    crystals: Sequence[Crystal]

    @classmethod
    def of(cls, several: Several, longest: float, weeks: float) -> Glass:
        """``longest``: the longest silence that will be asked about, in weeks."""
        reach = longest + float(SOON[-1])
        return cls(several, [Crystal(each, reach, weeks) for each in several.rhythms])

    def look(self, past: Histories) -> Prospects:
        looks = [crystal.look(past) for crystal in self.crystals]
        whether, how_often = self.several.whether, self.several.how_often
        after = np.array([each[0] for each in looks])
        buys, _, stays, _, _ = np.tensordot(whether, after, 1).T
        _, orders, _, mean, square = np.tensordot(how_often, after, 1).T
        soon = np.tensordot(whether, np.array([each[1] for each in looks]), 1)
        slowness = whether @ np.array([each[3] for each in looks])
        low, high = _range(mean, square)
        knots, still = self._still(looks)
        return Prospects(
            buys=buys,
            orders=orders,
            stays=stays,
            pause=np.exp(slowness),
            late=_below(LATE, knots, still),
            rare=_below(RARE, knots, still),
            next=_next(soon),
            low=low,
            middle=mean,
            high=high,
        )

    def _still(
        self, looks: Sequence[tuple[Floats, Floats, Floats, Floats]]
    ) -> tuple[Floats, Floats]:
        """Silences, and how many of each customer's pauses are as long: customers x silences."""
        knots: Floats = max((each.silences.knots for each in self.crystals), key=len)
        still = np.zeros((len(looks[0][0]), len(knots)))
        for share, crystal, look in zip(self.several.whether, self.crystals, looks, strict=True):
            mine = crystal.silences.knots
            at = np.clip(np.searchsorted(mine, knots), 0, len(mine) - 1)
            still += share * look[2][:, at]
        return knots, still


def _below(line: float, knots: Floats, still: Floats) -> Floats:
    """From which silence on fewer pauses than ``line`` are so long."""
    below = still < line
    first = np.where(below.any(axis=1), below.argmax(axis=1), len(knots) - 1)
    first = np.maximum(first, 1)
    rows = np.arange(len(first))
    upper_, lower_ = still[rows, first - 1], still[rows, first]
    share = np.clip((upper_ - line) / np.maximum(upper_ - lower_, 1e-12), 0, 1)
    silence: Floats = knots[first - 1] + share * (knots[first] - knots[first - 1])
    return np.where(below.any(axis=1), silence, np.inf)


def _next(soon: Floats) -> Floats:
    """When half of what comes within a year has come."""
    half = soon[:, -1:] / 2
    place = np.clip((soon <= half).sum(axis=1), 1, len(SOON) - 1)
    rows = np.arange(len(soon))
    before, then = soon[rows, place - 1], soon[rows, place]
    share = np.clip((half[:, 0] - before) / np.maximum(then - before, 1e-12), 0, 1)
    weeks = SOON[place - 1] + share * (SOON[place] - SOON[place - 1])
    return np.where(soon[:, -1] >= HARDLY, weeks, np.nan)


def _to_come(order: Floats, leave: Floats) -> tuple[Floats, Floats]:
    """The mean of the orders to come from somebody with these rates who is a customer yet,
    discounted, and the mean of their square: orders come by chance while the customer stays, and
    how long that is, up to ``LIFETIME``, is exponential."""

    def worth(rate: float) -> Floats:
        """Of a stream of 1 a week that ends when the customer leaves."""
        both: Floats = leave + rate
        return -np.expm1(-both * LIFETIME) / both

    # E[V^2] for V = (1 - exp(-d T)) / d is (1 - 2 E[exp(-d T)] + E[exp(-2 d T)]) / d^2, and
    # E[exp(-a T)] = 1 - a worth(a).
    square = (2 * worth(_RATE) - 2 * worth(2 * _RATE)) / _RATE
    mean: Floats = order * worth(_RATE)
    return mean, order**2 * square + order * worth(2 * _RATE)


def _range(mean: Floats, square: Floats) -> tuple[Floats, Floats]:
    """Quantiles of a gamma distribution of this mean and mean square (Wilson and Hilferty 1931)."""
    spread = np.maximum(square - mean**2, 1e-12)
    ninth = spread / np.maximum(9 * mean**2, 1e-12)
    low, high = (
        mean * np.maximum(1 - ninth + _Z[at] * np.sqrt(ninth), 0) ** 3 for at in (LOW, HIGH)
    )
    return low, np.maximum(high, mean)
