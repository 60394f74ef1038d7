"""Finds who stands in a list more than once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from rules.duplicates.blocks import Pairs
from rules.duplicates.evidence import evidence, facts
from rules.duplicates.groups import groups
from rules.duplicates.learning import learn, learn_chance
from rules.duplicates.packed import Packed
from rules.duplicates.people import Person
from rules.duplicates.weights import Weights, surely

LEARNED_FROM = 25_000
"""Pairs from which weights are learned at most."""

WORTH_WEIGHING = -3.0
"""Bits from which two may still be one, if others speak for both."""


class Match(NamedTuple):
    """Two records of one person, and how sure that is: 0.5 to 1."""

    one: Person
    other: Person
    score: float


def duplicates(records: Iterable[Person]) -> Iterator[Match]:
    """All pairs of records that are one person, whatever the order of the records."""
    people = Packed(records)
    pairs = Pairs(people)
    weights = learned(people, pairs)
    likely: dict[tuple[int, int], float] = {}
    for one, other in pairs:
        bits = weights.score(evidence(people[one], people[other]))
        if bits > WORTH_WEIGHING:
            likely[one, other] = bits

    def score(one: int, other: int) -> float:
        known = likely.get((one, other))
        return weights.score(evidence(people[one], people[other])) if known is None else known

    return (
        Match(people[one], people[other], surely(bits))
        for person in groups(likely, score, weights.prior)
        for (one, other), bits in sorted(person.items())
    )


def learned(people: Sequence[Person], pairs: Pairs) -> Weights:
    """The weights that a list itself teaches."""
    weights = counted(people)
    learn_chance(weights, people)
    every = -(-len(pairs) // LEARNED_FROM) or 1
    some = islice(pairs, 0, None, every)
    seen = (evidence(people[one], people[other]) for one, other in some)
    learn(weights, seen, len(people), 1 / every)
    return weights


def counted(people: Sequence[Person]) -> Weights:
    """The start weights, with how often each value is met."""
    values: dict[str, array[int]] = {}
    for person in people:
        for name, value in facts(person):
            values.setdefault(name, array("q")).append(hash(value))
    held: dict[tuple[str, int], int] = {}
    for name, hashes in values.items():
        for hashed, same in groupby(sorted(hashes)):
            if (count := sum(1 for _ in same)) > 1:
                held[name, hashed] = count
    return Weights(held=held, known={name: len(hashes) for name, hashes in values.items()})
