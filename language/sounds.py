"""How a name sounds, whichever script it is written in: نشاط ملز and Nishat Mills are one.

Its skeleton (``rules.sounds``) finds candidates; the nearest spelling is then chosen.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from language.folding import fold
from rules.sounds import is_urdu, latin, skeleton

__all__ = ["is_urdu", "latin", "skeleton"]

LONGEST_NAME = 200
"""Characters of a name, and of its keys, that are kept."""

_WORD = re.compile(r"\w+")

NEAR, NEAR_SHORT, SHORT = 40, 55, 4
"""Likeness (0 to 100) that two names of one skeleton must reach; more where it has few bones."""


def sound_key(name: str) -> str:
    """The skeletons of all words between spaces, to be looked up a word at a time."""
    return _sounds(fold(name))


def _sounds(folded: str) -> str:
    bones = map(skeleton, _WORD.findall(folded))
    return f" {' '.join(filter(None, bones))} "


def name_keys(name: str) -> dict[str, str]:
    """All that a record keeps of a name: as it is written, as it is looked up, as it sounds."""
    name = name[:LONGEST_NAME]
    key = fold(name)
    return {
        "name": name, "name_key": key[:LONGEST_NAME], "sound_key": _sounds(key)[:LONGEST_NAME],
    }  # fmt: skip


def near_enough(name: str) -> int:
    """How alike another name of the same skeleton must be."""
    return NEAR if len(sound_key(name).replace(" ", "")) >= SHORT else NEAR_SHORT


def likeness(one: str, other: str) -> float:
    """How near two names are in sound, 0 to 100; the shorter may be a part of the longer."""
    ours, theirs = (latin(fold(name)).split() for name in (one, other))
    if not ours or not theirs:
        return 0
    best = [max(fuzz.ratio(word, each) for each in theirs) for word in ours]
    return sum(best) / len(best)
