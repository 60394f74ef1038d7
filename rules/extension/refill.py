"""When what a customer bought last should be used up: by their own rhythm and everybody's."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rules.extension.bought import Bought, Buyer, History, Thing

POOLED = 2
"""Gaps that the thing's usual one counts as beside a customer's own: it counts less the more there
are of these."""

LEAST_GAPS = 5
"""Of others, from which on a thing has a usual gap."""

SOON = 0.2
"""It is told when so much of the time is still to go."""

PAST = 2.0
"""So many times over it was not used up: they buy it no more, or elsewhere."""

SPREAD = (0.5, 2.0)
"""Between these a last order of another size than usual shortens or draws out the time."""


@dataclass(frozen=True, slots=True)
class Refill:
    """``days`` after ``last`` it should be used up. ``own``: how many gaps of their own tell it."""

    thing: Thing
    last: Bought
    days: int
    own: int

    @property
    def due(self) -> date:
        return self.last.day + timedelta(days=self.days)

    @property
    def tell_from(self) -> date:
        return self.due - timedelta(days=round(self.days * SOON))

    def is_due(self, today: date) -> bool:
        return self.tell_from <= today <= self.last.day + timedelta(days=round(self.days * PAST))


def refills(history: History, buyer: Buyer) -> list[Refill]:
    """All that a customer buys again and again, the next to run out first."""
    found = (_refill(history, buyer, thing) for thing in history.things.get(buyer, ()))
    return sorted((each for each in found if each), key=lambda each: (each.due, str(each.thing)))


def _refill(history: History, buyer: Buyer, thing: Thing) -> Refill | None:
    times = history.times[buyer, thing]
    own = _gaps(times)
    usual = [
        gap for other in history.buyers[thing] if other != buyer
        for gap in _gaps(history.times[other, thing])
    ]  # fmt: skip
    pooled = statistics.median(usual) if len(usual) >= LEAST_GAPS else None
    if not own and pooled is None:
        return None
    days = statistics.median(own) if own else float(pooled or 0)
    if own and pooled is not None:
        days = (len(own) * days + POOLED * pooled) / (len(own) + POOLED)
    return Refill(thing, times[-1], max(1, round(days * _drawn_out(times))), len(own))


def _gaps(times: Sequence[Bought]) -> list[int]:
    return [(later.day - earlier.day).days for earlier, later in pairwise(times)]


def _drawn_out(times: Sequence[Bought]) -> float:
    """By how much the last one lasts longer than usual, for its size."""
    before = [each.quantity for each in times[:-1] if each.quantity]
    if not before or not times[-1].quantity:
        return 1.0
    least, most = SPREAD
    return min(most, max(least, times[-1].quantity / statistics.median(before)))
