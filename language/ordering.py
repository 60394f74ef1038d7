"""Wishes about what customers buy and what becomes of them: their orders, what they think of what
they got, when a contract renews, loyalty. They are read only where the whole message says so
plainly, by the templates of `words/ordering.toml`; anything else is read as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from language.action import Action
from language.amounts import plain, read_sum
from language.dealing import is_who
from language.figures.phrases import phrases
from language.figures.spans import Spans
from language.numbers import read_number
from language.sheet import Sheet
from language.templates import LONGEST, Place, tell
from language.tokens import tokenise
from language.wordfiles import listed, under

BEST = 5
"""The best that a customer can think of it."""

_SLOT = {"who": "contact"}
_TIER_WORDS = 2
_ITEM_WORDS = 5
_CUES = ("orders", "bought", "renews", "contract", "rated", "satisfied", "rating", "tier", "tiers",
         "check_in", "renewals", "gave", "of_five", "metals")  # fmt: skip

Values = dict[str, Any]


def read_ordering(sheet: Sheet, today: date, currency: str) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else."""
    if not 0 < len(sheet.tokens) <= LONGEST:
        return []
    if _cues().isdisjoint(token.key for token in sheet.tokens):
        return []
    known = _known(sheet, today, currency)
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


def _known(sheet: Sheet, today: date, currency: str) -> dict[str, dict[Place, Values]]:
    """Where things stand that are more than words, and what they say."""
    every = range(len(sheet.tokens))
    numbers = {at: found for at in every if (found := read_number(sheet, at))}
    known: dict[str, dict[Place, Values]] = {
        "period": _days(sheet, today, ahead=False),
        "ahead": _days(sheet, today, ahead=True),
        "day": {
            place: {"day": said["first"]}
            for place, said in _days(sheet, today, ahead=True).items()
            if said.get("first") == said.get("last") and said.get("first")
        },
        "sum": {}, "score": {}, "count": {},
    }  # fmt: skip
    for at, number in numbers.items():
        if number.value == int(number.value) and 0 <= number.value <= 400:
            known["count"][at, number.j] = {"days": int(number.value)}
        if number.value == int(number.value) and 1 <= number.value <= BEST:
            known["score"][at, number.j] = {"score": int(number.value)}
    for at in every:
        money = read_sum(sheet, at)
        if money and money.value > 0:
            said = {"amount": plain(money.value), "currency": money.currency or currency}
            known["sum"][at, money.j] = said
    return known


def _days(sheet: Sheet, today: date, *, ahead: bool) -> dict[Place, Values]:
    found = Spans(sheet, phrases(sheet), today, ahead=ahead).read()
    return {
        (each.i, each.j): {
            name: str(day)
            for name, day in (("first", each.span.first), ("last", each.span.last))
            if day
        }
        for each in found
    }


# --- what can stand in a slot ---------------------------------------------------------------------


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    fits = _FITS.get(slot)
    return fits is None or fits(sheet, *place)


def _is_customer(sheet: Sheet, i: int, j: int) -> bool:
    """A name, and not what was ordered with it."""
    return is_who(sheet, i, j) and not any(read_number(sheet, at) for at in range(i, j))


def _is_tier(sheet: Sheet, i: int, j: int) -> bool:
    return j - i <= _TIER_WORDS and all(sheet.tokens[at].kind == "word" for at in range(i, j))


def _is_item(sheet: Sheet, i: int, j: int) -> bool:
    return j - i <= _ITEM_WORDS and sheet.tokens[i].kind != "number"


_FITS: dict[str, Callable[[Sheet, int, int], bool]] = {
    "who": _is_customer,
    "tier": _is_tier,
    "item": _is_item,
}


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    """Words one of which such a message has."""
    said = (phrases for macro in _CUES for phrases in under("macros")[f"o_{macro}"].values())
    return frozenset(
        token.key for phrases in said for each in listed(phrases) for token in tokenise(each)
    )
