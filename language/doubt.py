"""How sure a reading is, why not surer, and which other intents might be meant.

What takes how much trust away stands in `words/doubt.toml`; here is only how each is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from math import prod
from typing import Any

from language.choosing import GUESSED
from language.clauses import Clause
from language.filling import Filling
from language.freetext import SLOT
from language.guessing import likeliest
from language.intents import Rule, fitting, rules_of, ties
from language.slots import SLOTS_OF
from language.spotting import Item, Scene
from language.wordfiles import words_files

MOST = 5
"""Other intents that are named at most."""

_VALUES = {"phone", "email", "city", "title", "person", "org", "quantity", "amount", "number"}
_COUNTED = {"goal.set", "task.snooze", "tidy.show"}  # what is counted there is no thing
_SELLING = {"sum", "phone", "email", "org", "deals", "metric", "tasks", "customer", "target"}
_ASKS = ("show", "list", "find", "help", "send")  # ends of intents that only look
_THIN, _LIGHT = 7, 8  # weights of rules
_UNSURE_SUM = 5  # the weight of an amount that had neither a currency nor a unit
_FAINT = 2  # the weight of a name that only its place makes one


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return words_files()["doubt"]


@lru_cache(maxsize=1)
def _likely() -> tuple[Rule, ...]:
    return rules_of(_words()["likely"])


@lru_cache(maxsize=1)
def _takes() -> dict[str, float]:
    takes: dict[str, float] = _words()["takes"]
    return takes


def unsure(confidence: float) -> bool:
    """Whether a reading is doubtful enough to look for others."""
    return confidence < float(_words()["unsure"])


def to_be_asked(confidence: float) -> bool:
    """Whether it is better to ask than to write."""
    return confidence < float(_words()["ask_below"])


def only_looks(intent: str) -> bool:
    """Whether an intent changes nothing."""
    return intent.endswith(_ASKS)


def doubts_of(filling: Filling, slots: dict[str, Any], text: str | None) -> tuple[str, ...]:
    """What speaks against a reading, as keys of the words file."""
    return tuple(name for name, seen in DOUBTS.items() if seen(filling, slots, text or ""))


def confidence_of(doubts: tuple[str, ...]) -> float:
    """From 0 to 1: each doubt leaves a part of the trust."""
    return prod((1 - _takes()[name] for name in doubts), start=1.0)


def others(scene: Scene, clause: Clause, *but: str) -> list[str]:
    """Further intents for a clause: what other rules say, then what its values make likely; where
    both are silent, what such clauses mostly were."""
    said = [intent for intent, _ in fitting(clause)]
    said += [rule.intent for rule in _likely() if rule.fits(clause)]
    said = [intent for intent in dict.fromkeys(said) if intent not in but]
    return (said or [each for each in likeliest(scene, clause) if each not in but])[:MOST]


def of_selling(scene: Scene, clause: Clause) -> bool:
    """Whether something of selling is visible: a sure sum, a way to reach, a name one knows, or
    a word that only those use who sell."""
    shows = clause.shows
    if not shows.isdisjoint({"chat", "elsewhere"}):
        return False
    if not shows.isdisjoint(_SELLING):
        return True
    if "person" in shows and not shows.isdisjoint({"quote", "deal", "order", "ticket"}):
        return True
    people = scene.of("person", clause.i, clause.j)
    return any(not _guessed(scene, item) for item in people)


# How each doubt is seen


def _left_over(filling: Filling, _slots: dict[str, Any], text: str) -> bool:
    if filling.group.intent in _COUNTED:
        return False
    scene = filling.scene
    used = {at for item in filling.used.values() for at in range(item.i, item.j)}
    return any(
        item.kind in _VALUES and item.i not in used and scene.sheet.said(item.i, item.j) not in text
        for clause in filling.group.clauses
        for item in scene.between(clause.i, clause.j)
    )


def _named_by_guess(filling: Filling, _slots: dict[str, Any], _text: str) -> bool:
    item = filling.used.get("contact")
    return item is not None and item.kind == "person" and _guessed(filling.scene, item)


def _guessed(scene: Scene, item: Item) -> bool:
    """A name that no list has, and that is no name by its capital or the words round it."""
    sheet = scene.sheet
    if any(sheet.has(at, "given", "rank") for at in range(item.i, item.j)):
        return False
    small = sheet.tokens[item.i].latin and not sheet.tokens[item.i].capital
    return item.weight <= _FAINT + small


def _torn(filling: Filling, _slots: dict[str, Any], _text: str) -> bool:
    shows, intent = filling.group.main[0].shows, filling.group.intent
    if only_looks(intent):
        return False
    return {"past", "todo"} <= shows or "asked" in shows


def _tie(filling: Filling, _slots: dict[str, Any], _text: str) -> bool:
    found = filling.group
    return ties(found.main[0], found.intent, found.weight)


def _strange(filling: Filling, _slots: dict[str, Any], _text: str) -> bool:
    if filling.group.intent in SLOT:
        return False
    return any(_unexplained(filling, at) for at in _places(filling))


def _unexplained(filling: Filling, at: int) -> bool:
    sheet = filling.scene.sheet
    said = sheet.tokens[at].kind != "word" or sheet.senses(at)
    return not said and filling.scene.inside(at) is None


def _places(filling: Filling) -> Iterator[int]:
    for clause in filling.group.main:
        yield from range(clause.i, clause.j)


def _nobody(filling: Filling, slots: dict[str, Any], _text: str) -> bool:
    needs = "contact" in SLOTS_OF.get(filling.group.intent, "") and filling.group.intent not in {
        "task.add",
        "contact.find",
    }
    return needs and not {"contact", "company"} & slots.keys()


def _undated(filling: Filling, slots: dict[str, Any], _text: str) -> bool:
    return filling.group.intent == "task.add" and not {"due", "every"} & slots.keys()


def _sum(filling: Filling, _slots: dict[str, Any], _text: str) -> bool:
    item = filling.used.get("amount")
    return item is not None and item.weight <= _UNSURE_SUM


def _guess(filling: Filling, _slots: dict[str, Any], _text: str) -> bool:
    return filling.group.weight == GUESSED


def _weight(least: int, most: int) -> Callable[[Filling, dict[str, Any], str], bool]:
    return lambda filling, _slots, _text: least < filling.group.weight <= most


DOUBTS: dict[str, Callable[[Filling, dict[str, Any], str], bool]] = {
    "left_over": _left_over,
    "name": _named_by_guess,
    "torn": _torn,
    "tie": _tie,
    "guess": _guess,
    "thin": _weight(0, _THIN),
    "light": _weight(_THIN, _LIGHT),
    "nobody": _nobody,
    "undated": _undated,
    "sum": _sum,
    "strange": _strange,
}
