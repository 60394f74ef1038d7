"""Contracts that renew: when somebody is to be told, and how probably one is not renewed.

The chance that a customer leaves at their n-th renewal falls with n, as those who leave easily have
left by then: the shifted-beta-geometric model (Fader and Hardie, "How to Project Customer
Retention", Journal of Interactive Marketing 21, 2007). A customer leaves at each renewal with a
probability of their own, and these are spread over the customers as a beta distribution, so that
h(n) = alpha / (alpha + beta + n - 1). Written with the mean m = alpha / (alpha + beta) and the
spread s = 1 / (alpha + beta) it is h(n) = m / (1 + s (n - 1)).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

NOTICE = 30
"""Days before a renewal at which somebody is told, until the workspace says otherwise."""

SHORTEST_NOTICE = 3
MONTH = 30.44

LONGEST = 120
"""Months of a term at most."""

AHEAD = 90
"""Days ahead for which it is reckoned whether a contract ends."""

YARDSTICK = 0.18
"""Of customers under contract so many leave in a year, where nothing is known (15 to 20 % is the
usual yardstick)."""

BELIEVED = 10
"""Renewals that the yardstick counts as."""

ENOUGH, ENOUGH_LOST = 20, 5
"""It is learned from renewals and cancellations from so many on, and so many of the latter."""

SHORT, LONG = 3, 12
"""Months: shorter terms, and longer ones, are learned from apart where there are enough of them."""

WIDEST = 20.0
"""The widest spread that is looked for: by then nearly all that will leave do so at first."""

_STEPS = 40


def later(day: date, months: int, times: int = 1) -> date:
    """The day so many terms after another; the 31st comes back after February."""
    return day + relativedelta(months=months * times)


def notice_days(months: int, days: int) -> int:
    """How many days before its renewal somebody hears of a contract: a quarter of its term at most
    (a week of a monthly one)."""
    return min(days, max(SHORTEST_NOTICE, round(months * MONTH / 4)))


def terms_between(began: date, renews: date, months: int) -> int:
    """How often a contract was renewed that began on a day and renews on another."""
    return max(0, round((renews - began).days / (months * MONTH)) - 1)


# --- how probably one is not renewed --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Course:
    """So ``many`` contracts of a term of ``months`` that had been renewed ``known`` times when they
    became known here, ``renewals`` times by now, and are running or were not renewed then."""

    months: int
    known: int
    renewals: int
    is_lost: bool
    many: int = 1


@dataclass(frozen=True, slots=True)
class Curve:
    """``mean`` is the chance at the first renewal, ``spread`` how fast it falls. Learned from
    ``seen`` renewals and cancellations, ``lost`` of them cancellations; ``plain``: by the plain
    rule, which knows no spread."""

    mean: float
    spread: float
    seen: int
    lost: int
    plain: bool = False

    def at(self, nth: int) -> float:
        """The chance that the ``nth`` renewal (1, 2, ...) does not come."""
        return min(1.0, self.mean / (1 + self.spread * (max(1, nth) - 1)))

    def within(self, nth: int, renews: date, months: int, today: date, days: int = AHEAD) -> float:
        """The chance that a contract ends within so many days, its next renewal being the
        ``nth``."""
        stays, last, at = 1.0, today + timedelta(days=days), 0
        while later(renews, months, at) <= last and at < days:
            stays *= 1 - self.at(nth + at)
            at += 1
        return 1 - stays


@dataclass(frozen=True, slots=True)
class Hazard:
    """What is known of how contracts end, by the length of their term."""

    curves: Mapping[str, Curve] = field(default_factory=dict)
    seen: int = 0
    lost: int = 0

    def of(self, months: int) -> Curve:
        """Of terms of this length, else of all; by the plain rule where too little is known."""
        found = self.curves.get(length(months)) or self.curves.get("all")
        return found or plain(months, self.seen, self.lost)


def length(months: int) -> str:
    """Which terms are learned from together."""
    return "short" if months < SHORT else "long" if months > LONG else "yearly"


def plain(months: int, seen: int, lost: int) -> Curve:
    """The plain rule: the yardstick, drawn to the workspace's own share the more it has seen."""
    usual = 1 - (1 - YARDSTICK) ** (months / 12)
    share = (BELIEVED * usual + lost) / (BELIEVED + seen)
    return Curve(share, 0.0, seen, lost, plain=True)


def hazard(courses: Sequence[Course]) -> Hazard:
    """What all contracts of a workspace teach about the next renewal of one."""
    found = {}
    for name in ("short", "yearly", "long", "all"):
        some = [each for each in courses if name in ("all", length(each.months))]
        curve = learned(some)
        if curve:
            found[name] = curve
    seen, lost = _sums(courses)
    return Hazard(found, seen, lost)


def learned(courses: Iterable[Course]) -> Curve | None:
    """The curve of greatest likelihood; None where there is too little to learn from.

    What was renewed before it was known here says nothing: of those that had ended nobody told.
    """
    there = list(courses)
    seen, lost = _sums(there)
    if seen < ENOUGH or lost < ENOUGH_LOST or lost == seen:
        return None
    at_risk: dict[int, int] = {}
    gone: dict[int, int] = {}
    for each in there:
        for nth in range(each.known + 1, each.renewals + each.is_lost + 1):
            at_risk[nth] = at_risk.get(nth, 0) + each.many
        if each.is_lost:
            gone[each.renewals + 1] = gone.get(each.renewals + 1, 0) + each.many
    rows = [(nth, many, gone.get(nth, 0)) for nth, many in sorted(at_risk.items())]

    def of_spread(spread: float) -> float:
        return _likelihood(rows, _mean(rows, spread), spread)

    spread = math.exp(_highest(lambda x: of_spread(math.exp(x)), math.log(1e-4), math.log(WIDEST)))
    return Curve(_mean(rows, spread), spread, seen, lost)


def _sums(courses: Iterable[Course]) -> tuple[int, int]:
    """How many renewals and cancellations were seen, and how many of the latter."""
    seen = lost = 0
    for each in courses:
        seen += each.many * (each.renewals - each.known + each.is_lost)
        lost += each.many * each.is_lost
    return seen, lost


Rows = Sequence[tuple[int, int, int]]


def _mean(rows: Rows, spread: float) -> float:
    """The likeliest mean for a spread: what is maximised is concave in it."""
    return _highest(lambda mean: _likelihood(rows, mean, spread), 1e-6, 1 - 1e-6)


def _likelihood(rows: Rows, mean: float, spread: float) -> float:
    total = 0.0
    for nth, many, gone in rows:
        chance = mean / (1 + spread * (nth - 1))
        total += gone * math.log(chance) + (many - gone) * math.log1p(-chance)
    return total


def _highest(of: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one peak is highest, by golden section (Kiefer 1953)."""
    golden = (math.sqrt(5) - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = of(left), of(right)
    for _ in range(_STEPS):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = of(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = of(right)
    return (low + high) / 2
