"""Persons made of pairs: who is one with another is one with theirs, unless most say no."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

Pair = tuple[int, int]
Score = Callable[[int, int], float]

MOST = 120
"""Records that are weighed against each other at a time."""

STEP = 2.0
"""Bits by which more is asked of the links of a bunch that is larger."""


def groups(likely: dict[Pair, float], score: Score, prior: float) -> Iterator[dict[Pair, float]]:
    """Each person of two records or more: all pairs of these, and the bits by which they are one.

    ``prior`` are the bits of any two records, which the scores contain.
    """
    for bunch in _bunches(likely):
        yield from _persons(bunch, score, prior)


def _bunches(likely: dict[Pair, float]) -> Iterator[list[int]]:
    """What hangs together, in pieces that are not too large: the weakest links give way."""
    waiting = [likely]
    while waiting:
        for members, links in _connected(waiting.pop()):
            if len(members) <= MOST:
                yield sorted(members)
                continue
            least = min(links.values()) + STEP
            waiting.append({pair: bits for pair, bits in links.items() if bits > least})


def _connected(links: dict[Pair, float]) -> Iterator[tuple[set[int], dict[Pair, float]]]:
    above: dict[int, int] = {}

    def top(one: int) -> int:
        while above.setdefault(one, one) != one:
            above[one] = one = above[above[one]]
        return one

    for one, other in links:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    together: dict[int, tuple[set[int], dict[Pair, float]]] = {}
    for pair, bits in links.items():
        members, inside = together.setdefault(top(pair[0]), (set(), {}))
        members.update(pair)
        inside[pair] = bits
    yield from together.values()


def _persons(bunch: Sequence[int], score: Score, prior: float) -> Iterator[dict[Pair, float]]:
    """The two groups that speak most for each other are joined, until none do."""
    inside = {one: [one] for one in bunch}
    links = {pair: score(*pair) for pair in combinations(bunch, 2)}
    own = dict(links)
    joined: dict[int, dict[Pair, float]] = {one: {} for one in bunch}

    def strength(pair: Pair) -> tuple[float, int, int]:
        """The mean of the bits between two groups. Each pair of theirs might be one of the pairs
        that stand there twice, so that of many it is likelier, up to half of what is asked."""
        pairs = len(inside[pair[0]]) * len(inside[pair[1]])
        return links[pair] / pairs + min(math.log2(pairs), -prior / 2), -pair[0], -pair[1]

    while links:
        one, other = pair = max(links, key=strength)
        bits = strength(pair)[0]
        if bits <= 0:
            break
        joined[one] |= joined.pop(other)
        for a in inside[one]:
            for b in inside[other]:
                both = min(a, b), max(a, b)
                joined[one][both] = max(bits, own[both])
        del links[pair]
        inside[one] += inside.pop(other)
        for each in inside:
            if each != one:
                links[min(each, one), max(each, one)] += links.pop(
                    (min(each, other), max(each, other))
                )
    yield from (pairs for pairs in joined.values() if pairs)
