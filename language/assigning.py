"""Whose new leads are to be: the rules of it, set, listed and taken out.

Read only where the whole message says so plainly, by the templates of `words/assigning.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from language.action import Action
from language.macros import phrases_at
from language.numbers import read_number
from language.phrasebook import Mark, Phrasebook, words_in
from language.sheet import Sheet
from language.templates import Place, likely, tell

MOST_WORDS = 4
"""Words of what leads are about."""

SMALLEST = 1000
"""A sum is no less than this."""

Values = dict[str, Any]

_PHRASES = Phrasebook(lambda: words_in("assigning").items())
_SIGNS = frozenset(",،;&+/")


def read_assigning(sheet: Sheet) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else."""
    if not likely(sheet, "assigning"):
        return []
    known = dict(_known(sheet))
    places = {name: list(them) for name, them in known.items()}
    for intent, slots in tell(sheet, "assigning", places):
        said = _values(sheet, slots, known)
        if said is None:
            continue
        if intent == "assign.turns":
            owners = said.setdefault("owners", ["team"])
            if len(owners) < 2 and owners != ["team"]:
                continue
        return [Action("assign.set" if intent == "assign.turns" else intent, said)]
    return []


def _known(sheet: Sheet) -> Iterator[tuple[str, dict[Place, Any]]]:
    numbers = [found for at in range(len(sheet.tokens)) if (found := read_number(sheet, at))]
    yield "n", {(each.i, each.j): int(each.value) for each in numbers if 0 < each.value < 100}
    yield "amount", {
        (each.i, each.j): str(int(each.value)) for each in numbers
        if SMALLEST <= each.value < 10**13
    }  # fmt: skip
    yield "language", {
        (i, j): sense.partition(":")[2]
        for i, j, senses in _marks(sheet) for sense in sorted(senses) if sense.startswith("lang:")
    }  # fmt: skip


def _marks(sheet: Sheet) -> list[Mark]:
    return _PHRASES.marks(sheet.forms)


def _values(
    sheet: Sheet, slots: dict[str, Place], known: dict[str, dict[Place, Any]]
) -> Values | None:
    """What the slots hold; None where something that cannot be stands in one."""
    found: Values = {}
    for slot, place in slots.items():
        if slot == "owners":
            owners = list(_owners(sheet, place))
            if not owners or not all(owners):
                return None
            found["owners"] = owners
        elif slot == "what":
            if (
                place[1] - place[0] > MOST_WORDS
                or _has_number(sheet, place)
                or _shares(sheet, place)
            ):
                return None
            found |= _about(sheet, place)
        elif slot == "n":
            found["n"] = known[slot][place]
        else:
            found |= {"kind": slot, "value": known[slot][place]}
    return found


def _about(sheet: Sheet, place: Place) -> Values:
    place = _bare(sheet, place)
    if place[0] == place[1]:
        return {"kind": "all", "value": ""}
    said = _text(sheet, place)
    if all(sheet.has(at, "city") for at in range(*place)) or _is_one_city(sheet, place):
        return {"kind": "city", "value": said}
    return {"said": said}


def _bare(sheet: Sheet, place: Place) -> Place:
    """Without the small words round it, which may be all that there is."""
    i, j = place
    small = [(m[0], m[1]) for m in _marks(sheet) if "small" in m[2]]
    while began := next((end for at, end in small if at == i and end <= j), None):
        i = began
    while (ended := next((at for at, end in small if end == j and at >= i), None)) is not None:
        j = ended
    return i, max(i, j)


def _is_one_city(sheet: Sheet, place: Place) -> bool:
    return sheet.has(place[0], "city") and sheet.size(place[0]) == place[1] - place[0]


def _owners(sheet: Sheet, place: Place) -> Iterator[str]:
    """The names, one by one; the member themselves as ``me``, everybody as ``team``."""
    marks = {(i, j): senses for i, j, senses in _marks(sheet)}
    begin = at = place[0]
    while at < place[1]:
        size = next((j - i for (i, j), senses in marks.items() if i == at and "and" in senses), 0)
        if sheet.key(at) in _SIGNS:
            size = 1
        if size:
            if begin < at:
                yield _name(sheet, (begin, at), marks)
            begin = at + size
        at += size or 1
    if begin < place[1]:
        yield _name(sheet, (begin, place[1]), marks)


def _name(sheet: Sheet, place: Place, marks: dict[Place, frozenset[str]]) -> str:
    """Empty for what is no name: more than three words, or figures."""
    for sense in ("me", "team"):
        if sense in marks.get(place, ()):
            return sense
    if place[1] - place[0] > 3 or _has_number(sheet, place):
        return ""
    return _text(sheet, place)


def _has_number(sheet: Sheet, place: Place) -> bool:
    return any(read_number(sheet, at) for at in range(*place))


def _shares(sheet: Sheet, place: Place) -> bool:
    """Whether the wish itself stands there: "split new leads evenly" is of no "split leads"."""
    return any(
        place[0] <= at < place[1] for (at, _), _ in phrases_at(sheet, ("as_share", "as_give"))
    )


def _text(sheet: Sheet, place: Place) -> str:
    return sheet.said(*place).strip("\"'“”‘’(),.:،۔ ")
