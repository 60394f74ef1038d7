"""Figures of deals: how many, worth how much, how often won, how long they took.

What each of them means to a sales team stands in docs/numbers.md. All of it is exact: amounts are
whole minor units, rates are fractions.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar

Measure = Literal[
    "count", "amount", "win_rate", "loss_rate", "cycle", "velocity", "age", "trait", "discount",
    "over_list",
]  # fmt: skip
"""What is counted. count: deals; amount: their worth; win_rate: won of won and lost; cycle: days
from the beginning of a deal to its end; velocity: worth won in a day of the pipeline; age: days
that an open deal has been there; trait: what records have in a field; discount: how far below the
list price a deal is, as a fraction of that; over_list: how much above it."""

Over = Literal["sum", "mean", "median", "max", "min"]
"""How the amounts, or the days, of many deals become one figure."""

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A deal as far as it is counted: local days, minor units of one currency (a fraction where a
    rate made them), the names by which it is told apart, none or several, and what it would be
    worth by the price list. Where records are counted, ``trait`` is what one of them has in the
    field that is asked about. ``due`` is when an open deal should close."""

    id: int
    began: date
    ended: date | None = None
    status: str = ""
    minor: int | Fraction | None = None
    names: Group = ()
    list_minor: Fraction | None = None
    trait: Fraction | None = None
    due: date | None = None

    @property
    def days(self) -> int | None:
        return (self.ended - self.began).days if self.ended else None

    @property
    def deals(self) -> int:
        return 1

    @property
    def priced(self) -> int:
        return int(self.minor is not None)

    @property
    def over_list(self) -> Fraction | None:
        """How much more it is worth than by the price list."""
        if self.minor is None or self.list_minor is None:
            return None
        return Fraction(self.minor - self.list_minor)

    @property
    def discount(self) -> Fraction | None:
        """How far below the list price it is, as a fraction of that; negative above it."""
        more = self.over_list
        return -more / self.list_minor if more is not None and self.list_minor else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Many deals told together, where the single one does not matter: how many they are, how many
    of them have an amount, and what these are worth."""

    names: Group
    status: str
    deals: int
    priced: int
    minor: int


Told = Fact | Tally
ToldT = TypeVar("ToldT", bound=Told)


def count_up(
    facts: Sequence[Told], measure: Measure, over: Over = "sum", today: date | None = None
) -> Fraction | None:
    """One figure of these deals; None where there is nothing to tell it from (no deal was closed,
    none has an amount). Amounts are in minor units, cycles in days, velocity in minor units a day.

    Deals told together have a number (count), sums and means of amounts, and rates.
    """
    match measure:
        case "count":
            return Fraction(sum(fact.deals for fact in facts))
        case "amount" if over in {"sum", "mean"}:
            worth = Fraction(sum(fact.minor or 0 for fact in facts))
            return worth if over == "sum" else _mean(worth, sum(fact.priced for fact in facts))
        case "win_rate":
            return _share(facts, "won")
        case "loss_rate":
            return _share(facts, "lost")
    return _of_each(singly(facts), measure, over, today)


def singly(facts: Iterable[Told]) -> list[Fact]:
    """Those of which each is told."""
    return [fact for fact in facts if isinstance(fact, Fact)]


def _of_each(
    facts: Sequence[Fact], measure: Measure, over: Over, today: date | None
) -> Fraction | None:
    match measure:
        case "amount":
            return _over([fact.minor for fact in facts if fact.minor is not None], over)
        case "cycle":
            return _over([fact.days for fact in facts if fact.days is not None], over)
        case "age":
            now = today or date.max
            return _over([(now - fact.began).days for fact in facts], over)
        case "trait" | "discount" | "over_list":
            return _over([v for fact in facts if (v := getattr(fact, measure)) is not None], over)
    return velocity(facts)


def velocity(facts: Sequence[Fact]) -> Fraction | None:
    """Deals closed x win rate x average size, divided by the days that winning took: what was won,
    for each day of the usual cycle."""
    won = [fact for fact in facts if fact.status == "won"]
    days = count_up(won, "cycle", "mean")
    worth = count_up(won, "amount")
    return worth / days if worth is not None and days else None


def _share(facts: Sequence[Told], status: str) -> Fraction | None:
    closed = sum(fact.deals for fact in facts if fact.status in {"won", "lost"})
    such = sum(fact.deals for fact in facts if fact.status == status)
    return _mean(Fraction(such), closed)


def _mean(total: Fraction, many: int) -> Fraction | None:
    return total / many if many else None


def _over(values: Sequence[int | Fraction], over: Over) -> Fraction | None:
    if not values:
        return Fraction(0) if over == "sum" else None
    match over:
        case "sum":
            return Fraction(sum(values))
        case "mean":
            return Fraction(sum(values)) / len(values)
        case "median":
            return statistics.median(map(Fraction, values))
        case "max":
            return Fraction(max(values))
        case "min":
            return Fraction(min(values))


def grouped(facts: Iterable[ToldT]) -> dict[str, list[ToldT]]:
    """Deals by their names; one with two names counts in both groups, one without in none."""
    groups: dict[str, list[ToldT]] = defaultdict(list)
    for fact in facts:
        for name in fact.names:
            groups[name].append(fact)
    return dict(groups)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: Fraction


def table(
    facts: Iterable[Told],
    measure: Measure,
    over: Over = "sum",
    today: date | None = None,
    *,
    least: bool = False,
) -> list[Row]:
    """The figure of each group that has one, the highest (or lowest) first, then by name."""
    rows = []
    for name, some in grouped(facts).items():
        value = count_up(some, measure, over, today)
        if value is not None:
            rows.append(Row(name, value))
    return sorted(rows, key=lambda row: (row.value if least else -row.value, row.name))


def growth(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    """The change as a fraction of what was before; None where that is nothing."""
    return (now - before) / before if now is not None and before else None


TIMES: dict[str, Callable[[date], str]] = {
    "day": lambda day: day.isoformat(),
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: str(day.year),
    "week": lambda day: "{}-W{:02}".format(*day.isocalendar()),
    "weekday": lambda day: str(day.isoweekday()),
}
"""What a day is called in a grouping by time."""

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Of how many months those are that consist of months."""


def periods(kind: str, first: date | None, last: date | None) -> int:
    """How many months, quarters, ... there are between two days; 0 where one is open."""
    if first is None or last is None:
        return 0
    days = ((first.toordinal() + n) for n in range((last - first).days + 1))
    return len({TIMES[kind](date.fromordinal(day)) for day in days})
