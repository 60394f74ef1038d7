"""One idea of how customers order: each by a rhythm of their own, until they are gone for good.

A customer orders at intervals that are gamma distributed with a mean of their own, and leaves after
an exponential time with a rate of their own. Both rates differ between customers as gamma
distributions do. With intervals of shape 1 this is the Pareto/NBD model (Schmittlein, Morrison and
Colombo 1987, Management Science 33:1); a shape above 1 makes steadier customers, as in Pareto/GGG
(Platzer and Reutterer 2016, Marketing Science 35:5), one below 1 such as order in clusters.

The two rates stand on a grid. Weights of the grid's points that fall in with gamma distributions
are an exponential family, so the fit needs no special functions: its gradient is what the
customers' pasts say of ln(rate) and rate, less what the weights say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from rules.foresight.climbing import climbed
from rules.foresight.gamma import Floats, upper
from rules.foresight.histories import WEEK, Histories, Ints

ORDER_RATES, LEAVING_RATES = 26, 20
"""Points of the grid in each direction."""

PSEUDO = 20.0
"""What is assumed before anything is known counts like so many customers."""

STEPS = 16
"""Parts of the time ahead in which the next order may fall, short ones first."""

CHUNK = 4096
"""Customers that are foreseen at once."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Pairs of rates, a week: of orders, and of leaving. ``usual``: the rates round which the grid
    lies, and what is assumed of a team that has no history yet."""

    order: Floats
    leave: Floats
    usual: tuple[float, float]

    @classmethod
    def over(cls, past: Histories) -> Grid:
        """A grid that holds the rates of all these customers."""
        usual = float((past.repeats.sum() + 1) / (past.age.sum() + WEEK))
        leaving = float((len(past) + 1) / (2 * past.age.sum() + 100))
        regulars = past.repeats >= 3
        fastest = (past.repeats[regulars] / past.last[regulars]).max(initial=0.0)
        orders = np.geomspace(usual / 250, max(60 * usual, 1.5 * fastest), ORDER_RATES)
        leaves = np.geomspace(leaving / 150, 130 * leaving, LEAVING_RATES)
        order, leave = np.meshgrid(orders, leaves, indexing="ij")
        return cls(order.ravel(), leave.ravel(), (usual, leaving))

    @property
    def features(self) -> Floats:
        """What the weights are log-linear in: points x 4."""
        usual, leaving = self.usual
        return np.stack(
            (np.log(self.order), self.order / usual, np.log(self.leave), self.leave / leaving),
            axis=1,
        )

    def weights(self, parameters: Floats) -> Floats:
        """How common each pair of rates is; their sum is 1."""
        logs = self.features @ parameters
        weights = np.exp(logs - logs.max())
        common: Floats = weights / weights.sum()
        return common


ASSUMED = np.array([1.0, -1.0, 1.0, -1.0])
"""Exponentially distributed rates: the least that can be assumed of them."""


def _knots(longest: float) -> Floats:
    """Silences, in weeks, for which the tables are made: each day of eight weeks, then sparser."""
    days, step = list(range(57)), 56.0
    while days[-1] < longest * WEEK + 1:
        step *= 1.04
        days.append(math.ceil(step))
    return np.array(sorted(set(days))) / WEEK


@dataclass(frozen=True)
class Silences:
    """What a silence means for each point of a grid, and what comes after it: knots x points.

    ``log``: ln of the probability of such a silence; ``active``: that the customer is not gone;
    ``buys``, ``orders``: the probability of an order in the weeks ahead, and the number expected.
    """

    knots: Floats
    log: Floats
    active: Floats
    buys: Floats
    orders: Floats

    @classmethod
    def of(cls, shape: float, grid: Grid, longest: float, ahead: float) -> Silences:
        knots = _knots(longest)
        column = knots[:, None]
        fast = shape * grid.order
        both = fast + grid.leave
        # An order comes before the customer leaves with this probability.
        comes = (fast / both) ** shape
        goes = -np.expm1(shape * np.log(fast / both))
        now = upper(shape, both * column)
        silent = goes + comes * now
        active = np.minimum(np.exp(-grid.leave * column) * upper(shape, fast * column) / silent, 1)
        buys, orders = np.zeros_like(silent), np.zeros_like(silent)
        edges = ahead * np.linspace(0, 1, STEPS + 1) ** 2
        for begin, end in pairwise(edges):
            then = upper(shape, both * (column + end))
            first = comes * (now - then) / silent
            buys += first
            orders += first * (1 + _renewals(shape, grid, ahead - (begin + end) / 2))
            now = then
        return cls(knots, np.log(silent), active, buys, orders)

    @cached_property
    def after(self) -> Floats:
        """What comes after each silence, as columns: knots x points x (buys, orders, active)."""
        return np.stack((self.buys, self.orders, self.active), axis=2)

    def groups(self, silence: Floats) -> Iterator[tuple[Ints, int, Floats]]:
        """Customers whose silences lie between the same knots, not too many at once: which, the
        knot before, and how far they are from it to the next, as a column."""
        lefts = np.clip(np.searchsorted(self.knots, silence, side="right") - 1, 0, self.last)
        order = np.argsort(lefts, kind="stable")
        for left in np.unique(lefts):
            begin, end = np.searchsorted(lefts[order], (left, left + 1))
            width = self.knots[left + 1] - self.knots[left]
            for first in range(begin, end, CHUNK):
                rows = order[first : min(first + CHUNK, end)]
                share = np.clip((silence[rows] - self.knots[left]) / width, 0, 1)
                yield rows, int(left), share[:, None]

    @property
    def last(self) -> int:
        return len(self.knots) - 2


def _renewals(shape: float, grid: Grid, weeks: float) -> Floats:
    """Orders in the weeks after an order, until the customer leaves.

    Exact for shape 1; else with the first two terms of the renewal function (Cox 1962, 4.5).
    """
    left = -np.expm1(-grid.leave * weeks) / grid.leave
    soon = -np.expm1(-2 * shape * grid.order * weeks)
    renewals: Floats = np.maximum(grid.order * left + (1 / shape - 1) / 2 * soon, 0)
    return renewals


class _Surface:
    """The logarithm of the likelihood over the parameters; what is assumed counts like PSEUDO
    customers."""

    def __init__(self, grid: Grid, logs: Floats) -> None:
        self.grid, self.features = grid, grid.features
        self.highest = logs.max(axis=1, keepdims=True, initial=-np.inf)
        self.likely = np.exp(logs - self.highest)
        self.assumed = _spread(self.features, grid.weights(ASSUMED))

    def curvature(self, parameters: Floats) -> Floats:
        """What it would be if the rates of each customer were known."""
        known = _spread(self.features, self.grid.weights(parameters))
        curvature: Floats = len(self.likely) * known + PSEUDO * self.assumed
        return curvature

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        """The height, and the gradient."""
        weights, away = self.grid.weights(parameters), parameters - ASSUMED
        each = self.likely @ weights
        height = float((np.log(each) + self.highest[:, 0]).sum())
        height -= PSEUDO / 2 * float(away @ self.assumed @ away)
        seen = self.features.T @ (weights * (self.likely.T @ (1 / each)))
        known = len(self.likely) * (self.features.T @ weights)
        return height, seen - known - PSEUDO * (self.assumed @ away)


@dataclass(frozen=True)
class Foreseen:
    """For each customer: the probability of an order in the weeks ahead, the number of orders
    expected, and the probability that they are still a customer."""

    buys: Floats
    orders: Floats
    active: Floats


@dataclass(frozen=True)
class Rhythm:
    """The idea, fitted: how regular intervals are, and how common each pair of rates is."""

    shape: float
    grid: Grid
    parameters: Floats
    log_likelihood: float

    @classmethod
    def fitted(cls, shape: float, past: Histories) -> Rhythm:
        """The likeliest distribution of rates."""
        grid = Grid.over(past)
        silences = Silences.of(shape, grid, float(past.silence.max(initial=1.0)), 1.0)
        logs = likelihoods(shape, grid, past)
        for rows, left, share in silences.groups(past.silence):
            logs[rows] += _between(silences.log, left, share)
        surface = _Surface(grid, logs)
        parameters, value = climbed(surface, ASSUMED, surface.curvature(ASSUMED))
        return cls(shape, grid, parameters, value)

    @cached_property
    def weights(self) -> Floats:
        return self.grid.weights(self.parameters)

    def silences(self, longest: float, ahead: float) -> Silences:
        return Silences.of(self.shape, self.grid, longest, ahead)

    def foresee(self, past: Histories, silences: Silences) -> Foreseen:
        """What these customers will do in the weeks for which the table was made."""
        told = np.zeros((3, len(past)))
        for rows, left, share in silences.groups(past.silence):
            some = past.some(rows)
            logs = likelihoods(self.shape, self.grid, some)
            logs += _between(silences.log, left, share)
            belief = believed(logs, self.weights)
            before, after = belief @ silences.after[left], belief @ silences.after[left + 1]
            told[:, rows] = (before + share * (after - before)).T
        return Foreseen(*told)


def _between(table: Floats, left: int, share: Floats) -> Floats:
    """What a table says between one knot and the next."""
    between: Floats = table[left] + share * (table[left + 1] - table[left])
    return between


def believed(logs: Floats, weights: Floats) -> Floats:
    """How probable each pair of rates is for each customer; ``logs`` say how likely each past is
    with it: customers x points."""
    belief: Floats = np.exp(logs - logs.max(axis=1, keepdims=True))
    belief *= weights
    belief /= belief.sum(axis=1, keepdims=True)
    return belief


def likelihoods(shape: float, grid: Grid, past: Histories) -> Floats:
    """ln of how likely each past is with each pair of rates up to the last order: customers x
    points."""
    fast = shape * grid.order
    rates = np.stack((shape * np.log(fast), -(fast + grid.leave)))
    logs: Floats = np.stack((past.repeats, past.last), axis=1) @ rates
    logs += ((shape - 1) * past.log_gaps - past.repeats * math.lgamma(shape))[:, None]
    return logs


def _spread(features: Floats, weights: Floats) -> Floats:
    """The covariance of the features."""
    mean = features.T @ weights
    spread: Floats = (features * weights[:, None]).T @ features - np.outer(mean, mean)
    return spread
