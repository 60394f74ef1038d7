"""What a customer will bring yet by the contracts they have: a value with a range.

The residual lifetime value of a contract (Fader and Hardie, "Customer-Base Valuation in a
Contractual Setting: The Perils of Ignoring Heterogeneity", Marketing Science 29, 2010): what each
term to come brings, if the customer has stayed until then, and less the later it is. Like other
revenue it is counted as time goes by, so that it is the same whether a term is paid for before or
after: what is left of the term that runs comes for sure, each further one if all renewals until
then do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.contracts import Curve, later

YEARS = 3
WEEKS = 156.0
"""Weeks ahead in which orders and renewals count for the value of a customer: three years."""

DISCOUNT = 0.15
"""A year: by so much less counts what comes a year later."""

LOW, HIGH = 0.1, 0.9
"""Between these quantiles lies the value of a customer, four times out of five."""

_RATE = math.log1p(DISCOUNT) / 365.25


@dataclass(frozen=True, slots=True)
class Value:
    """What is to come in minor units, and the quantiles ``LOW`` and ``HIGH`` of it; so many
    ``renewals`` are due until then."""

    low: float = 0.0
    middle: float = 0.0
    high: float = 0.0
    renewals: int = 0


def of_contract(
    curve: Curve, nth: int, renews: date, months: int, year: float, today: date
) -> Value:
    """Of one that comes to ``year`` in a year, whose next renewal, of a term of ``months``, is the
    ``nth``. One that is overdue may come any day; of several that went by without a word the last
    one counts."""
    last, at = round(7 * WEEKS), 0
    while later(renews, months, at + 1) <= today:
        at += 1
    stays, mean, so_far, renewals, day = 1.0, 0.0, 0.0, 0, 0
    ends: list[tuple[float, float]] = []
    while True:
        then = min(last, max(0, (later(renews, months, at) - today).days))
        term = year * _discounted(day, then)
        mean, so_far, day = mean + stays * term, so_far + term, then
        if day >= last:
            break
        leaves = curve.at(nth + renewals)
        ends.append((so_far, stays * leaves))
        stays, at, renewals = stays * (1 - leaves), at + 1, renewals + 1
    ends.append((so_far, stays))
    return Value(_quantile(ends, LOW), mean, _quantile(ends, HIGH), renewals)


def _discounted(begin: int, end: int) -> float:
    """The years between two days from now, each moment discounted."""
    return (math.exp(-_RATE * begin) - math.exp(-_RATE * end)) / (365.25 * _RATE)


def _quantile(ends: Sequence[tuple[float, float]], share: float) -> float:
    """Of sums, the smallest first, each with its probability."""
    chance = 0.0
    for paid, each in ends:
        chance += each
        if chance >= share:
            return paid
    return ends[-1][0]


def together(values: Iterable[Value]) -> Value:
    """Of all that a customer brings: whoever leaves, leaves with all of it, so that the ends of
    the ranges add up."""
    every = list(values)
    return Value(
        sum(each.low for each in every),
        sum(each.middle for each in every),
        sum(each.high for each in every),
        sum(each.renewals for each in every),
    )
