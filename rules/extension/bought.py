"""Who bought what, as the rules of this folder look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

Buyer = Hashable
Thing = Hashable


@dataclass(frozen=True, slots=True)
class Bought:
    """So much of a thing on a day; ``quantity`` None where nobody said."""

    buyer: Buyer
    thing: Thing
    day: date
    quantity: float | None = None


@dataclass(frozen=True)
class History:
    """Purchases, by buyer and by thing."""

    things: Mapping[Buyer, frozenset[Thing]] = field(default_factory=dict)
    buyers: Mapping[Thing, frozenset[Buyer]] = field(default_factory=dict)
    times: Mapping[tuple[Buyer, Thing], tuple[Bought, ...]] = field(default_factory=dict)
    """The oldest first, one a day."""

    @staticmethod
    def of(bought: Iterable[Bought]) -> History:
        times: dict[tuple[Buyer, Thing], dict[date, Bought]] = defaultdict(dict)
        for each in bought:
            days = times[each.buyer, each.thing]
            before = days.get(each.day)
            if before and before.quantity is not None and each.quantity is not None:
                whole = before.quantity + each.quantity
                days[each.day] = Bought(each.buyer, each.thing, each.day, whole)
            elif before is None:
                days[each.day] = each
        things, buyers = defaultdict(set), defaultdict(set)
        for buyer, thing in times:
            things[buyer].add(thing)
            buyers[thing].add(buyer)
        return History(
            {buyer: frozenset(some) for buyer, some in things.items()},
            {thing: frozenset(some) for thing, some in buyers.items()},
            {key: tuple(days[day] for day in sorted(days)) for key, days in times.items()},
        )
