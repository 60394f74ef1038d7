"""How alike two names are: word by word, whatever the order, whichever the script.

A word is alike by its letters (slips of the finger, Damerau 1964), by its sound, as a nickname, as
an initial, as a beginning, or as the same name in the other script. All words are folded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA, Indel

from rules.across import cost
from rules.sounds import bones, is_urdu, latin

SAME = 0.5
"""From here on it is rather the same name than another one."""

_NICKNAME, _INITIAL, _BEGINNING = 0.9, 0.7, 0.72
_SHORTEST_BEGINNING = 3
_EVEN, _STEEP = 1.6, 2.6
"""Cost of a letter across scripts at which half of the pairs are the same name, and how quickly
that changes."""

_HOPELESS = 10.0

_HEARD, _HARDLY_HEARD = 0.45, 0.19
"""What the same bones say of words that are no names: سٹی اسکول, City School; two bones alone
do not make one word."""

_SHORTEST_SLIP, _LIKE_ENOUGH = 4, 0.7

_UNSAID = 0.12
"""How much a name loses at most by words that were not said."""


@lru_cache(maxsize=1)
def _nicknames() -> dict[str, tuple[str, ...]]:
    groups: dict[str, dict[str, None]] = {}
    for line in files("rules").joinpath("nicknames.txt").read_text("utf-8").splitlines():
        called = line.split() if not line.startswith("#") else []
        for name in called:
            groups.setdefault(name, {}).update(dict.fromkeys(called))
    return {name: tuple(each for each in group if each != name) for name, group in groups.items()}


def also_called(word: str) -> tuple[str, ...]:
    """What whoever is called so may be called, too."""
    return _nicknames().get(word, ())


@lru_cache(maxsize=20_000)
def words_alike(said: str, known: str) -> float:
    """0 to 1: how likely who says the one means the other."""
    if said == known:
        return 1.0
    if is_urdu(said) != is_urdu(known):
        return _across(said, known)
    longer = max(len(said), len(known))
    spelt = 1 - OSA.distance(said, known, score_cutoff=longer) / longer
    sound = bones(said)
    if len(sound) > 1 and sound == bones(known):
        spelt = (1 + spelt) / 2
    if said[0] != known[0]:
        spelt *= 0.95
    if len(said) == 1 or len(known) == 1:
        return _INITIAL if said[0] == known[0] else 0.0
    if len(said) >= _SHORTEST_BEGINNING and known.startswith(said):
        spelt = max(spelt, _BEGINNING + (1 - _BEGINNING) * len(said) / len(known))
    if known in also_called(said):
        spelt = max(spelt, _NICKNAME)
    return spelt


def _across(said: str, known: str) -> float:
    urdu, roman = (said, known) if is_urdu(said) else (known, said)
    if roman in also_called(urdu):
        return 0.97
    away = cost(urdu, roman)
    spelt = 0.0 if away > _HOPELESS else 1 / (1 + math.exp(_STEEP * (away - _EVEN)))
    sound = bones(urdu)
    if len(sound) < 2 or sound != bones(roman):
        return spelt
    ratio = Indel.normalized_similarity(latin(urdu), latin(roman)) / 2
    return max(spelt, ratio + (_HEARD if len(sound) > 2 else _HARDLY_HEARD))


def surely_same(said: Sequence[str], known: Sequence[str]) -> bool:
    """Whether nothing but spelling keeps these apart: each word that was said sounds like one that
    is known, or has its letters swapped, or one letter more or less."""
    return all(any(_slipped(ours, theirs) for theirs in known) for ours in said)


def _slipped(said: str, known: str) -> bool:
    if said == known:
        return True
    if min(len(said), len(known)) < _SHORTEST_SLIP or words_alike(said, known) < _LIKE_ENOUGH:
        return False
    if is_urdu(said) != is_urdu(known) or sorted(said) == sorted(known):
        return True
    return bones(said) == bones(known) or (
        len(said) != len(known) and OSA.distance(said, known, score_cutoff=1) == 1
    )


def names_alike(
    said: Sequence[str],
    known: Sequence[str],
    alike: Callable[[str, str], float] = words_alike,
) -> float:
    """0 to 1: each word that was said against the word that it fits best, long ones for more."""
    pairs = sorted(
        (
            (alike(ours, theirs), i, j)
            for i, ours in enumerate(said)
            for j, theirs in enumerate(known)
        ),
        reverse=True,
    )
    taken: dict[int, float] = {}
    met: set[int] = set()
    for score, i, j in pairs:
        if i not in taken and j not in met:
            taken[i] = score
            met.add(j)
    weights = [math.sqrt(len(word)) for word in said]
    total = sum(weights)
    score = sum(weight * taken.get(i, 0.0) for i, weight in enumerate(weights)) / (total or 1)
    letters = sum(map(len, known))
    unsaid = sum(len(word) for j, word in enumerate(known) if j not in met)
    return score * (1 - _UNSAID * unsaid / (letters or 1))
