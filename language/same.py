"""Whole messages that say that two are one, or two, or ask who is in twice.

They are told by the templates of `words/same.toml`. "Sara and Sarah are the same" is one only of
names: those that the workspace or the words files know, or that are written as names are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from language.action import Action
from language.known import Known, joined
from language.naming import Words
from language.setting import Setting
from language.sheet import Sheet
from language.templates import Place, likely, tell
from language.tokens import tokenise
from language.wordfiles import listed, under

_SLOTS = {
    "who": "contact", "one": "contact", "other": "other", "two": "other",
    "where": "company", "there": "other_company",
}  # fmt: skip
_SAID_OUT = ("duplicates.list",)  # what a question may be
_LONGEST_NAME = 6  # words
_CUES = ("merge", "merges", "one", "same_as", "two", "doubles", "tidy", "ends", "begins")
_SIGNS = frozenset(",:;?!")


def read_same(sheet: Sheet, setting: Setting) -> Action | None:
    """Such a message; None for one that is about anything else."""
    size = len(sheet.tokens)
    if _cues().isdisjoint(token.key for token in sheet.tokens) or not likely(sheet, "same"):
        return None
    asked = sheet.key(size - 1) == "?"
    names = [(i, j) for i in range(size) for j in range(i + 1, min(i + _LONGEST_NAME, size) + 1)]
    names = [place for place in names if _may_be_name(sheet, *place)]
    sure = [place for place in names if _is_name(sheet, setting.known, *place)]
    places = {
        "who": names,
        "other": names,
        "one": sure,
        "two": sure,
        "where": names,
        "there": names,
    }
    for intent, slots in tell(sheet, "same", places):
        if not asked or intent in _SAID_OUT:
            return _action(sheet, intent, slots)
    return None


def _action(sheet: Sheet, intent: str, slots: dict[str, Place]) -> Action:
    if intent.startswith("settings.set"):
        wish = intent.rpartition(".")[2]
        return Action("settings.set", {"name": "tidy", "value": wish})
    if intent in _SAID_OUT:
        return Action(intent)
    said: dict[str, Any] = {
        _SLOTS[slot]: sheet.said(i, j).strip("\"'“”‘’() ") for slot, (i, j) in slots.items()
    }
    spans: dict[str, tuple[Place, ...]] = {
        _SLOTS[slot]: ((sheet.tokens[i].start, sheet.tokens[j - 1].end),)
        for slot, (i, j) in slots.items()
    }
    return Action(intent, said or {"these": True}, spans=spans)


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    """Words one of which such a message has: the last ones of all cues."""
    said = (phrases for macro in _CUES for phrases in under("macros")[macro].values())
    return frozenset(tokenise(each)[-1].key for phrases in said for each in listed(phrases))


def _may_be_name(sheet: Sheet, i: int, j: int) -> bool:
    """Words that tell the bot nothing, or are written as names are."""
    words = Words(sheet, set())
    if any(sheet.key(at) in _SIGNS for at in range(i, j)):
        return False
    return all(
        not words.command(at) or (words.capital(at) and not words.opens(at)) for at in range(i, j)
    )


def _is_name(sheet: Sheet, known: Known, i: int, j: int) -> bool:
    words = Words(sheet, set())
    if j - i > 1 and all(words.capital(at) for at in range(i, j)):
        return True
    return any(
        words.given(at)
        or joined(sheet.key(at)) in known.index.next
        or any(sense.startswith("org_") for sense in sheet.senses(at))
        or (words.capital(at) and not words.opens(at) and not words.usual(at))
        for at in range(i, j)
    )
