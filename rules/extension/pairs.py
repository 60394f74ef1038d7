"""Things that go together: association rules from one thing to another, over buyers.

Agrawal and Srikant 1994: of a rule "who buys A buys B" the support is the share of buyers who have
both, the confidence the share of A's buyers who have B, the lift by how much that beats B's share
among all buyers. Few buyers make confident rules by chance, so rules are ranked by the lower bound
of their confidence (Wilson 1927), and only what lifts is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.extension.bought import Buyer, History, Thing

LEAST_OF = 5
"""Others who bought A, below which nothing is told."""

LEAST_BOTH = 3
"""Of them, so many have B at least."""

LEAST_LIFT = 1.1
Z = 1.64
"""Of the lower bound: it is passed nineteen times of twenty."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``both`` of ``of`` others who bought ``because`` bought ``thing`` as well."""

    thing: Thing
    because: Thing
    both: int
    of: int
    everybody: int
    having: int
    """Of ``everybody`` else, how many bought ``thing`` at all."""

    @property
    def support(self) -> float:
        return self.both / self.everybody

    @property
    def confidence(self) -> float:
        return self.both / self.of

    @property
    def lift(self) -> float:
        return self.confidence / (self.having / self.everybody)

    @property
    def surely(self) -> float:
        return lower_bound(self.both, self.of)


def lower_bound(part: int, whole: int) -> float:
    """What a share is at least, by Wilson's score interval."""
    share, z2 = part / whole, Z * Z
    spread = Z * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return (share + z2 / (2 * whole) - spread) / (1 + z2 / whole)


def cross_sell(history: History, buyer: Buyer) -> list[Pair]:
    """What others who bought the same bought as well, and this buyer never did: of each thing its
    best reason, the surest first."""
    own = history.things.get(buyer, frozenset())
    everybody = len(history.things.keys() - {buyer})
    best: dict[Thing, Pair] = {}
    for because in own:
        others = history.buyers[because] - {buyer}
        for pair in _pairs(history, because, others, everybody, own):
            known = best.get(pair.thing)
            if known is None or (pair.surely, pair.lift) > (known.surely, known.lift):
                best[pair.thing] = pair
    return _surest(best.values())


def goes_with(history: History, because: Thing) -> list[Pair]:
    """What buyers of one thing bought as well, of all buyers there are; the surest first."""
    buyers = history.buyers.get(because, frozenset())
    return _surest(_pairs(history, because, buyers, len(history.things), frozenset({because})))


def _pairs(
    history: History,
    because: Thing,
    others: frozenset[Buyer],
    everybody: int,
    known: frozenset[Thing],
) -> Iterator[Pair]:
    """What these ``others``, who bought ``because``, bought beside what is ``known``, where enough
    of them did and it lifts."""
    if len(others) < LEAST_OF:
        return
    for thing in {each for other in others for each in history.things[other]} - known:
        having = history.buyers[thing]
        pair = Pair(thing, because, len(others & having), len(others), everybody, len(having))
        if pair.both >= LEAST_BOTH and pair.lift >= LEAST_LIFT:
            yield pair


def _surest(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda each: (-each.surely, -each.lift, str(each.thing)))
