"""Finds who stands in a list more than once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rules.duplicates.blocks import Pairs
from rules.duplicates.evidence import evidence, facts
from rules.duplicates.groups import groups
from rules.duplicates.learning import learn, learn_chance
from rules.duplicates.packed import Counts, Packed
from rules.duplicates.people import Person
from rules.duplicates.weights import Weights, held_as, surely

LEARNED_FROM = 25_000
"""Pairs from which weights are learned at most."""

WORTH_WEIGHING = -3.0
"""Bits from which two may still be one, if others speak for both."""


_PARTS = 64
"""Values are counted part by part, to hold a part in memory at a time."""


class Match(NamedTuple):
    """Two records of one person, and how sure that is: 0.5 to 1."""

    one: Person
    other: Person
    score: float


class Found:
    """All pairs of records that are one person, whatever the order of the records."""

    def __init__(self, records: Iterable[Person]) -> None:
        self._people = Packed(records)
        self._pairs = Pairs(self._people)
        self._weights = learned(self._people, self._pairs)

    def __iter__(self) -> Iterator[Match]:
        likely: dict[tuple[int, int], float] = {}
        for one, other in self._pairs:
            bits = self._bits(one, other)
            if bits > WORTH_WEIGHING:
                likely[one, other] = bits

        def score(one: int, other: int) -> float:
            known = likely.get((one, other))
            return self._bits(one, other) if known is None else known

        for person in groups(likely, score, self._weights.prior):
            for (one, other), bits in sorted(person.items()):
                yield Match(self._people[one], self._people[other], surely(bits))

    def _bits(self, one: int, other: int) -> float:
        return self._weights.score(evidence(self._people[one], self._people[other]))

    def why(self, match: Match) -> dict[str, float]:
        """What each field says for it, in bits, that which says most first."""
        said: dict[str, float] = {}
        for sign in evidence(match.one, match.other):
            said[sign.field] = said.get(sign.field, 0.0) + self._weights.bits(sign)
        return dict(sorted(said.items(), key=lambda each: -each[1]))


def learned(people: Sequence[Person], pairs: Pairs) -> Weights:
    """The weights that a list itself teaches."""
    weights = counted(people)
    learn_chance(weights, people)
    every = -(-len(pairs) // LEARNED_FROM) or 1
    some = islice(pairs, 0, None, every)
    seen = (evidence(people[one], people[other]) for one, other in some)
    learn(weights, seen, len(people), 1 / every)
    return weights


def counted(people: Iterable[Person]) -> Weights:
    """The start weights, with how often each value is met."""
    known: dict[str, int] = {}
    parts = [array("q") for _ in range(_PARTS)]
    for person in people:
        for name, value in facts(person):
            known[name] = known.get(name, 0) + 1
            held = held_as(name, value)
            parts[held % _PARTS].append(held)
    return Weights(held=Counts(map(sorted, parts)), known=known)
