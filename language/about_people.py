"""What is said of people in whole messages: where they came from, what they make, whose tag goes,
whether sequences write to them, whose business is at risk.

It is read only where the whole message says so plainly, by the templates of
`words/about_people.toml`. Who and what is known, whoever reads it must tell: there may be several
readings, those first of which the words of the templates tell most.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.pronouns import says_they
from language.sheet import Sheet
from language.templates import Place, likely, tell
from language.tokens import tokenise
from language.wordfiles import listed, under

_READINGS = 100
"""Readings of one message that are looked at."""

_MOST = {"source": 4, "when": 5, "tag": 3, "what": 4, "who": 5}
"""Words of a slot."""

_OF_NOBODY = ("question", "deal", "deals", "order", "orders", "task", "ticket", "goal")
"""What no word of a name means here: "order website se aaya" is told of nobody."""


def read_about_people(sheet: Sheet) -> Iterator[Action]:
    """Such wishes; none for a message that is about anything else."""
    if not likely(sheet, "about_people"):
        return
    found = [*islice(tell(sheet, "about_people", {}), _READINGS)]
    found.sort(key=lambda each: sum(j - i for i, j in each[1].values()))
    for intent, slots in found:
        if all(_fits(sheet, slot, place) for slot, place in slots.items()):
            yield Action(intent, _said(sheet, slots))


def _said(sheet: Sheet, slots: dict[str, Place]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for slot, place in slots.items():
        words = sheet.said(*place).strip("\"'“”‘’() ")
        if slot == "who":
            said |= {"of_them": True} if says_they(words) else {"contact": words}
        else:
            said[slot] = words
    return said


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    i, j = place
    if j - i > _MOST[slot]:
        return False
    if slot == "what":
        return not any(sheet.key(at) in _no_goods() for at in range(i, j))
    if slot != "who":
        return True
    if says_they(sheet.said(i, j)):
        return j - i == 1
    return is_who(sheet, i, j) and not any(sheet.has(at, *_OF_NOBODY) for at in range(i, j))


@lru_cache(maxsize=1)
def _no_goods() -> frozenset[str]:
    """Words for what people make and no shop does: orders, calls, payments."""
    said = under("macros")["ap_no_goods"].values()
    return frozenset(
        token.key for some in said for each in listed(some) for token in tokenise(each)
    )
