"""What is known of a person, in the shape in which records are compared. All text comes folded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_WORDS = re.compile(r"[^\W_]+")
_JOINED = str.maketrans("", "", "'-.")
MOST_WORDS = 8
LONGEST = 40
LONGEST_TEXT = 200
MOST = 5
"""Phones, addresses and the like of one record that are compared."""

_NATIONAL = 9
"""Digits from the end by which a phone is known, with or without the code of its country."""


class Day(NamedTuple):
    """A day of birth as it was written; what was not is 0. It need not be in the calendar."""

    year: int
    month: int
    day: int


@dataclass(frozen=True)
class Person:
    """One record. What is not known is empty; ``traits`` are columns of a few values: a gender, a
    trade, a state."""

    id: str
    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    company: str = ""
    city: str = ""
    postcode: str = ""
    address: str = ""
    born: Day | None = None
    traits: tuple[tuple[str, str], ...] = ()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the name, each once."""
        return words_of(self.name)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The phones as they are compared."""
        digits = (re.sub(r"\D", "", phone)[-_NATIONAL:] for phone in self.phones[:MOST])
        return tuple(number for number in digits if number)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a folded text, digits and all, hyphens and apostrophes closed up."""
    found = _WORDS.findall(text[:LONGEST_TEXT].translate(_JOINED))
    return tuple(dict.fromkeys(word[:LONGEST] for word in found))[:MOST_WORDS]


def day(text: str) -> Day | None:
    """``1990-11-07``, ``19901107``, ``7/11/1990`` or ``1990``; None where there is no year."""
    parts = re.findall(r"\d+", text[:LONGEST])
    joined = "".join(parts)
    if len(parts) == 1 and len(joined) == 8:
        parts = [joined[:4], joined[4:6], joined[6:]]
    if len(parts) >= 3 and len(parts[0]) == 4:
        return Day(int(parts[0]), int(parts[1]), int(parts[2]))
    if len(parts) >= 3 and len(parts[2]) == 4:
        return Day(int(parts[2]), int(parts[1]), int(parts[0]))
    return Day(int(joined), 0, 0) if len(parts) == 1 and len(joined) == 4 else None
