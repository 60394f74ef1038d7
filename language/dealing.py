"""Wishes about what a deal holds (goods, people, next step, source, reason) and the price list.

They are read only where the whole message says so plainly, by the templates of
`words/dealing.toml`; anything else is read as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from language.action import Action
from language.amounts import plain
from language.goods import (
    Good,
    Price,
    counts_at,
    ends_in,
    goods_at,
    percent_at,
    phrase_words,
    price_at,
    told,
)
from language.naming import Words
from language.sheet import Sheet, lay_out
from language.templates import Place, likely, tell
from language.tokens import tokenise
from language.wordfiles import listed, under

_SLOT = {"who": "contact", "to": "name", "last": "text", "thing": "product"}
_TIES = (
    "to", "from", "with", "for", "in", "at", "on", "by", "but", "ko", "ne", "se", "mein", "par",
    "liye", "wala", "question", "is", "deals", "deal", "them",
)  # fmt: skip
_LONGEST_NAME, _LONGEST_WHO = 6, 5
_SAID_OUT = (
    "product.show", "product.list", "deal.show", "deal.next_step", "label.list",
)  # fmt: skip
"""What a question may be."""

_SIGNS = frozenset(",:;?!")


def read_dealing(sheet: Sheet) -> Action | None:
    """Such a wish; None for a message that is about anything else. A currency is told only where
    it was said."""
    return _read(sheet, "dealing")


def shows_deal(text: str) -> str | None:
    """Whose deal a message wants to see, where it says "deal": ``show the nishat deal``."""
    action = _read(lay_out(text), "deal_shown")
    return str(action.slots.get("contact", "")) if action else None


def step_said(text: str) -> str | None:
    """The next step that a message tells of the deal spoken of last."""
    action = _read(lay_out(text), "deal_spoken_of")
    return str(action.slots["text"]) if action else None


def _read(sheet: Sheet, heading: str) -> Action | None:
    if _cues().isdisjoint(token.key for token in sheet.tokens):
        return None
    words = {slot: list(_said(sheet, told)) for slot, told in _WORDS.items()}
    if not likely(sheet, heading, words):
        return None
    known = _Known(sheet)
    asked = sheet.key(len(sheet.tokens) - 1) == "?"
    for intent, slots in tell(sheet, heading, known.places):
        if asked and intent not in _SAID_OUT:
            continue
        if all(_fits(sheet, slot, place) for slot, place in slots.items()):
            return _action(sheet, intent, slots, known)
    return None


_WORDS = {"role": "roles", "kind": "label_kinds", "list": "label_lists"}
"""Slots of known words, and their headings."""


class _Known:
    """Where things stand that are more than words: goods, prices, percentages, counts, roles."""

    def __init__(self, sheet: Sheet) -> None:
        every = range(len(sheet.tokens))
        counted = any(sheet.has(at, "number", "nudge") or sheet.value(at, "number")
                      or sheet.tokens[at].kind == "number" for at in every)  # fmt: skip
        some = every if counted else range(0)
        self.goods = {(i, j): goods for i in some for j, goods in goods_at(sheet, i).items()}
        self.prices = {(i, j): price for i in some for j, price in reversed(price_at(sheet, i))}
        self.counts = {
            (i, j): (count, unit)
            for i in some
            for j, count, unit in reversed([*counts_at(sheet, i)])
        }
        self.percents = {(i, at[0]): at[1] for i in every if (at := percent_at(sheet, i))}
        self.roles = _said(sheet, "roles")
        self.kinds = _said(sheet, "label_kinds")
        self.lists = _said(sheet, "label_lists")
        self.places: dict[str, list[Place]] = {
            "items": [place for place, goods in self.goods.items() if _is_counted(goods)],
            "told": [place for place, goods in self.goods.items() if _is_clear(goods)],
            "price": list(self.prices),
            "count": list(self.counts),
            "percent": list(self.percents),
            "role": list(self.roles),
            "kind": list(self.kinds),
            "list": list(self.lists),
            "last": [(i, len(sheet.tokens)) for i in every],
        }


def _is_counted(goods: Iterable[Good]) -> bool:
    return all(good.quantity is not None for good in goods)


def _is_clear(goods: tuple[Good, ...]) -> bool:
    """Whether goods can be nothing else, also where nothing says what to do with them."""
    return _is_counted(goods) and (len(goods) > 1 or goods[0].price is not None)


def _action(sheet: Sheet, intent: str, slots: dict[str, Place], known: _Known) -> Action:
    said: dict[str, Any] = {}
    spans: dict[str, tuple[Place, ...]] = {}
    for slot, place in slots.items():
        values = _values(sheet, slot, place, known)
        said |= values
        span = ((sheet.tokens[place[0]].start, sheet.tokens[place[1] - 1].end),)
        spans |= dict.fromkeys(values, span)
    return Action(intent, said, spans=spans)


def _values(sheet: Sheet, slot: str, place: Place, known: _Known) -> dict[str, Any]:
    """What stands in a slot, by the names of the action's slots."""
    match slot:
        case "items" | "told":
            return {"items": [told(good) for good in known.goods[place]]}
        case "price":
            return _price(known.prices[place])
        case "count":
            count, unit = known.counts[place]
            return {"quantity": plain(count), **({"unit": unit} if unit else {})}
        case "percent":
            return {"discount": plain(known.percents[place])}
        case "role":
            return {"role": known.roles[place]}
        case "kind":
            return {"kind": known.kinds[place]}
        case "list":
            return {"kind": known.lists[place]}
    return {_SLOT.get(slot, slot): sheet.said(*place).strip("\"'“”‘’() ")}


def _price(price: Price) -> dict[str, Any]:
    said: dict[str, Any] = {"amount": plain(price.value)}
    said |= {"currency": price.currency} if price.currency else {}
    return said | ({"unit": price.unit} if price.unit else {})


# --- what can stand in a slot ---------------------------------------------------------------------


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    fits = _FITS.get(slot)
    return fits is None or fits(sheet, *place)


def is_who(sheet: Sheet, i: int, j: int) -> bool:
    """Words that tell the bot nothing, or are written as names are."""
    words = Words(sheet, set())
    if j - i > _LONGEST_WHO or _signs(sheet, i, j) or sheet.tokens[i].kind == "number":
        return False
    return all(
        not words.command(at) or (words.capital(at) and not words.opens(at)) for at in range(i, j)
    )


def _is_thing(sheet: Sheet, i: int, j: int) -> bool:
    """The name of something that is sold, or of a reason: a few words, none of them a tie; what
    was sent or has come ("naya maal bhej diya") is told of, and no name."""
    if ends_in(sheet, i, j, "came_or_went"):
        return False
    if j - i > _LONGEST_NAME or _signs(sheet, i, j) or sheet.tokens[i].kind == "number":
        return False
    return not any(sheet.has(at, *_TIES) for at in range(i, j))


def _is_told_thing(sheet: Sheet, i: int, j: int) -> bool:
    """The same where nothing says that it is a product: a win rate is no price of wins."""
    words = Words(sheet, set())
    if any(sheet.key(at) in phrase_words("no_thing") for at in range(i, j)):
        return False
    return _is_thing(sheet, i, j) and not any(words.command(at) for at in range(i, j))


def _is_few(sheet: Sheet, i: int, j: int) -> bool:
    return j - i <= _LONGEST_NAME and not _signs(sheet, i, j)


def _signs(sheet: Sheet, i: int, j: int) -> bool:
    return any(sheet.key(at) in _SIGNS for at in range(i, j))


_FITS = {
    "who": is_who,
    "person": is_who,
    "firm": is_who,
    "product": _is_thing,
    "thing": _is_told_thing,
    "item": _is_thing,
    "category": _is_thing,
    "unit": _is_thing,
    "label": _is_few,
    "other": _is_few,
    "to": _is_few,
}


# --- words ----------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    """Words one of which such a message has."""
    macros = (
        "deal", "its_deal", "product", "products", "price", "prices", "price_list", "cost_cue",
        "retire", "percent", "reason", "reasons", "source", "sources", "step",
    )  # fmt: skip
    said = (phrases for macro in macros for phrases in under("macros")[macro].values())
    return frozenset(tokenise(each)[-1].key for phrases in said for each in listed(phrases))


@lru_cache(maxsize=8)
def _phrases(heading: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The phrases of a heading with what they mean, by their first words."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for value, spoken in under(heading).items():
        for phrase in (each for phrases in spoken.values() for each in listed(phrases)):
            words = tuple(token.key for token in tokenise(phrase))
            found.setdefault(words[0], []).append((words, value))
    return found


def _said(sheet: Sheet, heading: str) -> dict[Place, str]:
    """Where phrases of a heading stand, and what they mean."""
    keys = tuple(token.key for token in sheet.tokens)
    begun = _phrases(heading)
    return {
        (at, at + len(words)): value
        for at, key in enumerate(keys)
        for words, value in begun.get(key, ())
        if keys[at : at + len(words)] == words
    }
