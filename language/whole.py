"""What readers of whole messages share, that are told by templates: "delete Bilal Khan", "has Bilal
paid?"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from language.pronouns import says_they
from language.sheet import Sheet
from language.templates import Known, Place, tell

READINGS = 60
"""Readings of one message that are looked at."""

LONGEST_NAME = 4
"""Tokens of a name."""

_MARKS = ("?", "؟")


def bare(said: str) -> str:
    """Words without the signs around them."""
    return said.strip("\"'“”‘’() ")


def is_marked(sheet: Sheet) -> bool:
    """Whether it ends as a question does."""
    return sheet.text.rstrip(" !.").endswith(_MARKS)


def told(
    sheet: Sheet, heading: str, known: Known = MappingProxyType({})
) -> Iterator[tuple[str, dict[str, Place]]]:
    """What the templates of a heading make of a message, the likeliest first."""
    return islice(tell(sheet, heading, known), READINGS)


def whom_in(sheet: Sheet, slots: Mapping[str, Place]) -> dict[str, Any] | None:
    """The same for the slot ``who``; nothing where it stands nowhere."""
    return customer_at(sheet, slots["who"]) if "who" in slots else {}


def customer_at(sheet: Sheet, place: Place | None) -> dict[str, Any] | None:
    """Who stands there, as a slot: by name, or whoever was spoken of, for a pronoun or where nobody
    is named; None for more words than a name has."""
    if place is None:
        return {"of_them": True}
    i, j = place
    words = bare(sheet.said(i, j))
    if j - i == 1 and says_they(words):
        return {"of_them": True}
    return {"contact": words} if j - i <= LONGEST_NAME else None
