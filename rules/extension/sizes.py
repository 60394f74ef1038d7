"""The next size up: a dearer thing of the same kind, for who buys the smaller one repeatedly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.extension.bought import Buyer, History, Thing

AGAIN = 2
"""Days on which they bought the smaller one at least."""

DEAREST = 3
"""The next size costs so many times as much at most: beyond, it is another thing."""


@dataclass(frozen=True, slots=True)
class Sold:
    """Something on the price list: of which category and unit, at which price (minor units)."""

    thing: Thing
    category: str
    unit: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class Size:
    """From ``smaller``, bought on so many ``times``, to ``thing``. ``moved``: others who bought the
    smaller one and then this."""

    thing: Thing
    smaller: Thing
    times: int
    moved: int


def next_sizes(history: History, buyer: Buyer, listed: Sequence[Sold]) -> list[Size]:
    own = history.things.get(buyer, frozenset())
    by_thing = {each.thing: each for each in listed}
    found = []
    for smaller in own:
        times, here = len(history.times[buyer, smaller]), by_thing.get(smaller)
        if here is None or times < AGAIN:
            continue
        like = (here.category, here.unit, here.currency)
        dearer = [
            each for each in listed
            if (each.category, each.unit, each.currency) == like
            and here.minor < each.minor <= DEAREST * here.minor
        ]  # fmt: skip
        up = min(dearer, key=lambda each: each.minor, default=None)
        if up is not None and up.thing not in own:
            found.append(Size(up.thing, smaller, times, _moved(history, smaller, up.thing)))
    return sorted(found, key=lambda each: (-each.moved, -each.times, str(each.thing)))


def _moved(history: History, smaller: Thing, larger: Thing) -> int:
    both = history.buyers.get(smaller, frozenset()) & history.buyers.get(larger, frozenset())
    return sum(
        history.times[one, smaller][0].day < history.times[one, larger][0].day for one in both
    )
