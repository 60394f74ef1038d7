"""A question about numbers as plain data: read from words by ``reading``, answered elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from language.figures.strangers import Stranger
from rules.counting import Measure, Over

Which = Literal["won", "lost", "closed", "open", "created", "all"]
"""Of which deals. A period bounds the day on which these were closed; of created ones, and of
all, the day on which they began."""

Of = Literal["deal", "company", "product", "activity"]
"""What is counted."""

Wanted = Literal[
    "figure", "name", "table", "difference", "growth", "share", "things", "mean_of_groups", "day",
    "day_of", "span", "outcomes", "ratio", "best", "fact", "shares", "running", "position",
    "to_mean", "streak", "list", "rise", "forecast", "silent", "review",
]  # fmt: skip
"""What the answer is: the figure; the name of the first group; all groups; the first of two
figures less the second, or its change against it as a fraction; a fraction of the whole; how many
groups there are; the mean figure of a group; a day; the day of the highest or lowest deal; the
better of two stretches; one outcome less the other, or divided by it; the figure of the first
group; what a record says; each group as a fraction of all; each stretch with all before it; the
place of one group among all; how far it is above the mean of all; how many stretches in a row;
the names of records, or of groups with nothing; the stretch that rose most above the one before;
what open deals are likely to bring; the customers that nothing was done with for so many days; all
figures of two stretches."""


Listed = Literal["below", "above", "at"]
"""How a deal stands to the price list."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both included; None where it has no beginning or end."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure that is asked for, from ``low`` up to ``high``, both included where ``closed``."""

    low: Decimal | None = None
    high: Decimal | None = None
    closed: bool = False

    def holds(self, value: Fraction | int | None) -> bool:
        """Whether a figure lies between them; what there is no figure of does not."""
        if value is None:
            return False
        if self.low is not None and not (value >= self.low if self.closed else value > self.low):
            return False
        return self.high is None or (value <= self.high if self.closed else value < self.high)


@dataclass(frozen=True, slots=True)
class Figure:
    """``of``: what is counted; ``trait``: the quantity of records that is measured.

    ``only``: values that count, by what they are values of, ``but``: those that do not;
    ``traits`` bounds quantities of companies or products; ``has`` and ``lacks``: facets of which
    they must have some value, or none; ``none``: groups are wanted that have nothing of all that.
    ``began``: when the deals began, where that is asked beside when they ended; ``pick``: only
    those of the first or the last day count.

    ``by``: what the groups are told apart by; ``place``: which of them is wanted, counted from 1;
    ``top``: how many are. ``worth`` bounds the amount of a deal, ``days`` how long it took,
    ``listed`` how it stands to the price list, ``having`` the figure of a group, ``to_mean``
    whether that is above or below the mean of all. ``rivals``: two values that are held against
    each other, or the one that is held against all; ``grows``: stretches in a row must grow;
    ``distinct``: what is counted once each; ``kinds``: which activities;
    ``of_whole``: the kind of value that a share is of
    (None: the outcome).

    ``impossible``: a day that was named and that there is none of; ``unknown``: names that nothing
    here is called by. Nothing can be counted then.
    """

    measure: Measure = "count"
    over: Over = "sum"
    which: Which = "all"
    wanted: Wanted = "figure"
    of: Of = "deal"
    trait: str | None = None
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    but: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traits: Mapping[str, Bound] = field(default_factory=dict)
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    none: bool = False
    span: Span | None = None
    began: Span | None = None
    pick: Literal["first", "last"] | None = None
    against: Span | None = None
    rivals: tuple[str, tuple[str, ...]] | None = None
    by: str | None = None
    least: bool = False
    place: int = 1
    top: int = 1
    worth: Bound | None = None
    days: Bound | None = None
    listed: Listed | None = None
    having: Bound | None = None
    to_mean: Literal["above", "below"] | None = None
    grows: bool = False
    distinct: str | None = None
    kinds: tuple[str, ...] = ()
    fact: str | None = None
    of_whole: str | None = None
    impossible: str = ""
    unknown: tuple[Stranger, ...] = ()
