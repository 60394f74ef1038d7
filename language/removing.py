"""The wish to take a customer out, or to open a deal again: "delete Bilal Khan", "reopen the Nishat
deal".

Told by the templates of `words/removing.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from language.action import Action
from language.asking_whether import bare
from language.pronouns import says_they
from language.sheet import Sheet
from language.templates import likely, tell

_READINGS = 60
"""Readings of one message that are looked at."""

_LONGEST = 4
"""Words of a name."""


def read_removing(sheet: Sheet) -> Iterator[Action]:
    """``contact.remove`` with whom, in all ways in which they may be named."""
    return _of_somebody(sheet, "removing")


def read_reopening(sheet: Sheet) -> Iterator[Action]:
    """``deal.reopen`` with whom."""
    return _of_somebody(sheet, "reopening")


def _of_somebody(sheet: Sheet, heading: str) -> Iterator[Action]:
    if not likely(sheet, heading):
        return
    for intent, slots in islice(tell(sheet, heading, {}), _READINGS):
        i, j = slots["who"]
        words = bare(sheet.said(i, j))
        if j - i == 1 and says_they(words):
            yield Action(intent, {"of_them": True})
        elif j - i <= _LONGEST:
            yield Action(intent, {"contact": words})
