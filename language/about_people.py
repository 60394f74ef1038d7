"""What is said of people in whole messages: where they came from, what they make, whose tag goes,
whether sequences write to them, whose business is at risk.

It is read only where the whole message says so plainly, by the templates of
`words/about_people.toml`. Who and what is known, whoever reads it must tell: there may be several
readings, those first of which the words of the templates tell most.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.pronouns import says_they
from language.sequencing import waits_in
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
    waits = dict(waits_in(sheet))
    found = [*islice(tell(sheet, "about_people", {"wait": list(waits)}), _READINGS)]
    found.sort(key=lambda each: sum(j - i for i, j in each[1].values()))
    for intent, slots in found:
        if all(_fits(sheet, slot, place) for slot, place in slots.items()):
            yield Action(intent, _said(sheet, slots, waits))


def _said(sheet: Sheet, slots: dict[str, Place], waits: dict[Place, timedelta]) -> dict[str, Any]:
    """A wait is told in minutes."""
    said: dict[str, Any] = {}
    for slot, place in slots.items():
        words = sheet.said(*place).strip("\"'“”‘’() ")
        if slot == "wait":
            said[slot] = round(waits[place] / timedelta(minutes=1))
        elif slot == "who":
            said |= {"of_them": True} if _is_them(words) else {"contact": words}
        else:
            said[slot] = words
    return said


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    i, j = place
    if j - i > _MOST.get(slot, j - i):
        return False
    if slot == "what":
        return not any(sheet.key(at) in _no_goods() for at in range(i, j))
    if slot == "when":
        return any(_tells_time(sheet, at) for at in range(i, j))
    if slot != "who":
        return not any(sheet.has(at, "to", "do", *_OF_NOBODY) for at in range(i, j))
    if _is_them(sheet.said(i, j)):
        return j - i == 1
    return is_who(sheet, i, j) and not any(sheet.has(at, *_OF_NOBODY) for at in range(i, j))


def _is_them(words: str) -> bool:
    """Whether somebody is meant who was spoken of: her, usko, "is" of "is ka sequence"."""
    return words in _THEM or says_they(words)


_THEM = frozenset({"is", "us", "in", "un", "اس", "ان", "انہیں"})


def _tells_time(sheet: Sheet, at: int) -> bool:
    return sheet.tokens[at].kind == "number" or any(
        sense.startswith(_TIMES) for sense in sheet.senses(at)
    )


_TIMES = ("span:", "day_word", "lengths:", "month", "weekday")


@lru_cache(maxsize=1)
def _no_goods() -> frozenset[str]:
    """Words for what people make and no shop does: orders, calls, payments."""
    said = under("macros")["ap_no_goods"].values()
    return frozenset(
        token.key for some in said for each in listed(some) for token in tokenise(each)
    )
