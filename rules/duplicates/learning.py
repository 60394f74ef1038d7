"""Weights learned from the list itself, without labels, by expectation and maximisation.

How two people agree by chance is counted in pairs taken at random and in how often each value is
met; how two records of one person do is learned from those who share a block (Dempster, Laird and
Rubin 1977; Winkler 1988). The start weights count as so many pairs seen, so that of a dozen
contacts nothing foolish is learned.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from random import Random

from rules.duplicates.evidence import Level, Sign, evidence
from rules.duplicates.people import Person
from rules.duplicates.weights import LEVELS, ONE, TWO, Shares, Weights

ROUNDS = 30
AT_RANDOM = 20_000
_SEEN_ONE, _SEEN_TWO = 30.0, 300.0
"""Pairs that the start weights count for."""

_SUPPOSED = 200
"""Of so many people one is supposed to stand there twice, before anything is seen."""

_FARTHEST = 2.0
"""How many times more of one person's values may differ than is supposed."""

_SHARED, _HOUSED = ("name", "phone"), 0.03
"""Where there are so many pairs of a house for one of a person, names differ for that reason."""

_CERTAIN, _HOPELESS, _SETTLED = 500.0, 1e-4, 0.001


def learn_chance(weights: Weights, people: Sequence[Person]) -> None:
    """How often two people taken at random agree."""
    total = len(people)
    dice = Random(total)
    tallies: dict[str, list[float]] = {}
    for _ in range(min(AT_RANDOM, total * (total - 1) // 2)):
        one, other = dice.sample(range(total), 2)
        for sign in evidence(people[one], people[other]):
            tallies.setdefault(sign.field, [0.0] * LEVELS)[sign.level] += 1
    for name, tally in tallies.items():
        weights.two[name] = _shares(tally, TWO.get(name) or TWO[""], _SEEN_TWO)


def learn(weights: Weights, seen: Iterable[Sequence[Sign]], total: int, share: float) -> None:
    """What records of one person have in common. ``seen`` are pairs that share a block, a
    ``share`` of all those; ``total`` people are in the list."""
    chances = max(1.0, total * (total - 1) / 2)
    supposed = max(1, total) / _SUPPOSED
    met = [list(map(weights.clue, signs)) for signs in seen]
    for _ in range(ROUNDS):
        tallies: dict[str, list[float]] = {}
        ones = houses = 0.0
        for clues in met:
            odds = [math.exp2(min(bits, _CERTAIN)) for bits in weights.weigh(clues)]
            one, house = (each / (1 + sum(odds)) for each in odds)
            ones += one
            houses += house
            if one < _HOPELESS:
                continue
            for name, level, _ in clues:
                tallies.setdefault(name, [0.0] * LEVELS)[level] += one
        for name, tally in tallies.items():
            start = ONE.get(name) or ONE[""]
            housed = name in _SHARED and houses > ones * _HOUSED
            most = start[Level.DIFFERS] * (1 if housed else _FARTHEST)
            weights.one[name] = _at_most(_shares(tally, start, _SEEN_ONE), most)
        before = weights.prior
        weights.prior, weights.house = (
            math.log2(min(0.5, (many / share + supposed) / chances)) for many in (ones, houses)
        )
        if abs(before - weights.prior) < _SETTLED:
            break


def _at_most(shares: Shares, most: float) -> Shares:
    """The same, with no more that differ. Where more seem to, what is learned is no longer what
    one person's records have in common, but those of a house."""
    *agree, differ = shares
    if differ <= most:
        return shares
    return (*(share * (1 - most) / (1 - differ) for share in agree), most)


def _shares(tally: Sequence[float], start: Shares, seen: float) -> Shares:
    total = sum(tally) + seen
    return tuple((tally[level] + seen * start[level]) / total for level in Level)
