"""Questions about orders. They are read only where the whole message says so plainly, by the
templates of `words/ordering.toml`; anything else is read as ever.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.figures.spans import days_at
from language.numbers import read_number
from language.sheet import Sheet
from language.templates import Place, likely, tell
from language.tokens import tokenise
from language.wordfiles import listed, under

_SLOT = {"who": "contact", "thing": "product"}
_CUES = ("orders", "bought", "takes", "sells")

_NO_GOODS = ("deal", "deals", "ticket", "task", "them", "they", "me", "we")

Values = dict[str, Any]


def read_ordering(sheet: Sheet, today: date) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else."""
    if not likely(sheet, "ordering"):
        return []
    if _cues().isdisjoint(token.key for token in sheet.tokens):
        return []
    known = {"period": days_at(sheet, today)}
    for intent, slots in tell(
        sheet, "ordering", {name: list(them) for name, them in known.items()}
    ):
        if all(_fits(sheet, slot, place) for slot, place in slots.items()):
            said: Values = {}
            for slot, place in slots.items():
                told = (
                    known[slot][place]
                    if slot in known
                    else {_SLOT.get(slot, slot): _text(sheet, place)}
                )
                said |= told
            return [Action(intent, said)]
    return []


def _text(sheet: Sheet, place: Place) -> str:
    return sheet.said(*place).strip("\"'“”‘’() ")


# --- what can stand in a slot ---------------------------------------------------------------------


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    if slot == "thing":
        return not any(sheet.has(at, *_NO_GOODS) for at in range(*place))
    return slot != "who" or _is_customer(sheet, *place)


def _is_customer(sheet: Sheet, i: int, j: int) -> bool:
    """A name, and not what was ordered with it."""
    return is_who(sheet, i, j) and not any(read_number(sheet, at) for at in range(i, j))


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    """Words one of which such a message has."""
    said = (phrases for macro in _CUES for phrases in under("macros")[f"o_{macro}"].values())
    return frozenset(
        token.key for phrases in said for each in listed(phrases) for token in tokenise(each)
    )
