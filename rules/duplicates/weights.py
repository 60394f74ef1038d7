"""What an agreement is worth, in bits: how much likelier it is of one person than of two.

Agreeing on what is rare tells more (Winkler 2000): of Smith little, of Leverson much.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.duplicates.common import share
from rules.duplicates.evidence import Level, Sign

LEVELS = len(Level)

Clue = tuple[str, Level, float]
"""A field, how it agrees, and how rare that is by chance, in bits."""

Held = Mapping[int, int]
"""How many people hold a value, by ``held_as``; those that only one holds may be left out."""

Shares = tuple[float, ...]
"""How often each level is met, in the order of ``Level``; they sum to one."""

ONE: dict[str, Shares] = {
    "name": (0.65, 0.20, 0.05, 0.03, 0.07),
    "email": (0.70, 0.08, 0.05, 0.03, 0.14),
    "phone": (0.65, 0.04, 0.01, 0.01, 0.29),
    "id": (0.90, 0.06, 0.01, 0.01, 0.02),
    "born": (0.80, 0.08, 0.01, 0.05, 0.06),
    "company": (0.60, 0.12, 0.03, 0.05, 0.20),
    "city": (0.70, 0.08, 0.01, 0.01, 0.20),
    "postcode": (0.65, 0.08, 0.01, 0.06, 0.20),
    "address": (0.50, 0.20, 0.01, 0.09, 0.20),
    "": (0.80, 0.01, 0.01, 0.01, 0.17),
}
"""Start: two records of one person."""

TWO: dict[str, Shares] = {
    "name": (0.010, 0.006, 0.006, 0.008, 0.970),
    "email": (0.0002, 0.0004, 0.001, 0.01, 0.9884),
    "phone": (0.0002, 0.0003, 0.0001, 0.0001, 0.9993),
    "id": (0.0001, 0.0005, 0.0001, 0.0001, 0.9992),
    "born": (0.0003, 0.002, 0.003, 0.010, 0.9847),
    "company": (0.02, 0.005, 0.005, 0.03, 0.94),
    "city": (0.08, 0.005, 0.005, 0.02, 0.89),
    "postcode": (0.01, 0.01, 0.01, 0.03, 0.94),
    "address": (0.002, 0.003, 0.005, 0.03, 0.96),
    "": (0.35, 0.01, 0.01, 0.01, 0.62),
}
"""Start: records of two people met by chance."""

TYPICAL: dict[str, tuple[float, float]] = {
    "name": (0.5, 150.0),
    "email": (0.05, 500.0),
    "phone": (0.05, 500.0),
    "id": (0.01, 500.0),
    "born": (0.2, 300.0),
    "company": (1.0, 50.0),
    "city": (4.0, 50.0),
    "postcode": (0.5, 50.0),
    "address": (0.1, 100.0),
    "": (10.0, 30.0),
}
"""How often a value is met among so many people, before the list has been read."""


SHARED: dict[str, float] = {
    "company": 0.0,
    "address": 0.0,
    "city": 0.0,
    "postcode": 0.0,
    "phone": 1.0,
    "name": 1.0,
    "email": 5.0,
}
"""What a family or an office has in common, and the bits by which it is rarer there than of one
person: they share a house, often a telephone and a family name, seldom a mailbox."""

OF_A_HOUSE: Shares = (0.0, 0.02, 0.05, 0.10, 0.83)
"""How often the given names of two of a house are alike, by levels: brothers and sisters are called
Sana and Sara. That two have the very same is as rare as among strangers."""

_NEARBY = ("city", "postcode")
_PLACES = (*_NEARBY, "address")
_NEVER = 500.0
_MOST = 0.9


@dataclass
class Weights:
    """What each level of each field says, given how often each value is met in the list."""

    one: dict[str, Shares] = field(default_factory=lambda: dict(ONE))
    two: dict[str, Shares] = field(default_factory=lambda: dict(TWO))
    held: Held = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    """For each field, how many values are known of it."""
    prior: float = -7.0
    """That two records taken at random are of one person, in bits."""
    house: float = -7.0
    """That they are of two people of one house."""

    def score(self, signs: Iterable[Sign]) -> float:
        """Bits for one person against two: above 0 it is rather one."""
        one, house = self.weigh(map(self.clue, signs))
        return one - math.log2(1 + math.exp2(min(house, _NEVER)))

    def weigh(self, clues: Iterable[Clue]) -> tuple[float, float]:
        """Bits for one person, and for two of one house, each against strangers.

        A house explains what is shared there, and one word of the name; that the other words are
        alike, it explains better than chance. A city alone is no house. That a place differs speaks
        against a house, too; a telephone each of them may have.
        """
        one, near, shared, family, others = self.prior, 0.0, 0.0, 0.0, 0.0
        for name, level, rare in clues:
            bits = math.log2((self.one.get(name) or self.one[""])[level]) + rare
            one += bits
            if name == "name":
                by_chance = math.log2(OF_A_HOUSE[level]) + rare if level != Level.SAME else 0.0
                others += by_chance
                if level <= Level.NEAR:
                    family = max(family, bits - SHARED["name"] - by_chance)
            elif bits < 0:
                near += max(bits, -SHARED.get(name, 0.0)) if name not in _PLACES else bits
            elif bits > SHARED.get(name, _NEVER):
                if name in _NEARBY:
                    near += bits
                else:
                    shared += bits - SHARED[name]
        return one, self.house + shared + near + family + others if shared else -_NEVER

    def bits(self, sign: Sign) -> float:
        """What one sign says by itself."""
        name, level, rare = self.clue(sign)
        return math.log2((self.one.get(name) or self.one[""])[level]) + rare

    def clue(self, sign: Sign) -> Clue:
        """A sign, with how rare it is that two people agree so on such a value."""
        name, level, ours, theirs = sign
        two = (self.two.get(name) or self.two[""])[level]
        if level == Level.SAME:
            two = self._share(name, ours, but=2)
        elif level != Level.DIFFERS:
            shares = (self._share(name, value, but=1) for value in (ours, theirs))
            two = min(_MOST, two + max(shares))
        return name, level, -math.log2(two)

    def _share(self, name: str, value: str, but: int) -> float:
        """The share of those who hold a value, ``but`` so many who are compared: as it was counted,
        and as it is known of names, which counts for a few that were seen."""
        some, among = TYPICAL.get(name) or TYPICAL[""]
        if name == "name":
            some = share(value) * among or some
        others = max(0, self.held.get(held_as(name, value), 1) - but)
        return min(_MOST, (others + some) / (self.known.get(name, 0) + among))


def held_as(name: str, value: str) -> int:
    """A value of a field, under which is counted how many hold it."""
    return hash((name, value))


def surely(bits: float) -> float:
    """Bits as a probability, 0 to 1."""
    return 1 / (1 + math.exp2(-max(-60.0, min(60.0, bits))))
