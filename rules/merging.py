"""Of two values for one field, which is offered to stay when two records become one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

Why = Literal["fuller", "newer", "older"]

Told = tuple[str, datetime]
"""A value as it is read (folded), and when it was set."""


def stays(one: Told, other: Told, *, lasting: bool = False) -> tuple[int, Why]:
    """Which stays (0 or 1), and why: what says all of the other and more; else the newer one.

    Of what is ``lasting``, as a name, the older: a newer spelling is rather a slip than news.
    """
    for place, (ours, theirs) in enumerate(((one[0], other[0]), (other[0], one[0]))):
        if _is_fuller(ours.split(), theirs.split()):
            return place, "fuller"
    newer = 0 if one[1] > other[1] else 1
    return (1 - newer, "older") if lasting else (newer, "newer")


def _is_fuller(ours: list[str], theirs: list[str]) -> bool:
    """Whether each word of theirs is one of ours, or begins one: ``S. Malik``, ``Sara Malik``."""
    if sum(map(len, ours)) <= sum(map(len, theirs)):
        return False
    left = list(ours)
    for word in (each.strip(".,") for each in theirs):
        begun = next((each for each in left if each.startswith(word)), None)
        if begun is None:
            return False
        left.remove(begun)
    return True
