"""What is said about scores of leads: the rules, who is best, and why somebody has so many points.

Read only where the whole message says so plainly, by the templates of `words/scoring.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.numbers import read_number
from language.phrasebook import Mark, Phrasebook, words_in
from language.sheet import Sheet
from language.templates import Place, likely, tell
from language.variants import forms_of

MOST = 100
"""Points of a rule, and of a score."""

Values = dict[str, Any]

_BY_SOURCE = "win rate by source"
"""Where the best leads come from, as it is asked of figures."""

_PHRASES = Phrasebook(lambda: words_in("scoring").items())
_MINUS = frozenset("-−–")


def read_scoring(sheet: Sheet) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else."""
    if not likely(sheet, "scoring"):
        return []
    known = dict(_known(sheet))
    places = {name: list(them) for name, them in known.items()}
    for intent, slots in tell(sheet, "scoring", places):
        said = _values(sheet, intent, slots, known)
        if said is not None:
            if intent == "stats.ask":
                return [Action(intent, {"text": _BY_SOURCE})]
            if intent == "score.rules":  # "make the city count more": how, is told beside them
                said = {}
            name = "score.set" if intent == "score.take" else intent
            return [Action(name, said)]
    return []


def _known(sheet: Sheet) -> Iterator[tuple[str, dict[Place, Any]]]:
    """What can stand in the slots that hold known words, with what it means."""
    numbers = {
        (number.i, number.j): int(number.value)
        for at in range(len(sheet.tokens))
        if (number := read_number(sheet, at)) and number.unit == 1 and _is_points(number.value)
    }
    yield "points", numbers
    yield "n", {place: value for place, value in numbers.items() if value}
    marks = _PHRASES.marks(sheet.forms)
    yield "mine", {(i, j): True for i, j, senses in marks if "mine" in senses}
    yield "city", {place: sheet.said(*place) for place in _cities(sheet)}
    yield "cue", dict(_cues(sheet, marks))


def _is_points(value: Decimal) -> bool:
    return value == value.to_integral_value() and 0 <= value <= MOST


def _values(
    sheet: Sheet, intent: str, slots: dict[str, Place], known: dict[str, dict[Place, Any]]
) -> Values | None:
    """What the slots hold; None where something that cannot be stands in one."""
    found: Values = {}
    for slot, place in slots.items():
        if slot in known and slot != "cue":
            found[slot] = known[slot][place]
        elif slot in ("who", "owner"):
            if not is_who(sheet, *place) or _is_counted(sheet, place):
                return None
            found["contact" if slot == "who" else slot] = _text(sheet, place)
        elif slot == "what" and (asks := what_of(sheet, place)) is None:
            return None
        else:
            found |= known["cue"][place] if slot == "cue" else asks or {}
    if intent == "score.take" or (intent == "score.set" and _is_minus(sheet, slots["points"])):
        found["points"] = -found["points"]
    return found


def _is_counted(sheet: Sheet, place: Place) -> bool:
    return any(read_number(sheet, at) for at in range(*place))


def _is_minus(sheet: Sheet, place: Place) -> bool:
    at = place[0] - 1
    return at > 0 and sheet.key(at) in _MINUS


def _text(sheet: Sheet, place: Place) -> str:
    return sheet.said(*place).strip("\"'“”‘’()+-–−:,.=؟? ")


# --- what a rule asks for -------------------------------------------------------------------------


def what_of(sheet: Sheet, place: Place) -> Values | None:
    """The ``kind`` and ``value`` of what stands there, or only its ``said`` words where they may
    be anything (a city, a word); None where it is nothing that a rule can ask for."""
    marks = [m for m in _PHRASES.marks(forms_of(sheet.tokens[: place[1]])) if m[0] >= place[0]]
    return (
        _silence(sheet, place, marks)
        or _amount(sheet, place, marks)
        or _whole(sheet, place, marks)
        or _told_where(sheet, place, marks)
        or _anything(sheet, place, marks)
    )


def _cues(sheet: Sheet, marks: list[Mark]) -> Iterator[tuple[Place, Values]]:
    """Where what a rule asks for is said in words that mean nothing else."""
    for at, (i, _, _) in enumerate(marks):
        for _, j, _ in marks[at : at + 4]:
            here = [m for m in marks if m[0] >= i and m[1] <= j]
            found = _silence(sheet, (i, j), here) or _whole(sheet, (i, j), here)
            if found:
                yield (i, j), found
    for place in _cities(sheet):
        yield place, {"kind": "city", "value": sheet.said(*place)}


def _cities(sheet: Sheet) -> Iterator[Place]:
    """Where a city is named, in one word or two."""
    for at in range(len(sheet.tokens)):
        if sheet.has(at, "city") and not (at and sheet.size(at - 1) > 1):
            yield at, at + max(1, sheet.size(at))


def _whole(sheet: Sheet, place: Place, marks: list[Mark]) -> Values | None:
    """One phrase, but for small words round it."""
    del sheet
    big = [m for m in marks if not _is_small(m)]
    if len(big) != 1 or not _covered(place, marks):
        return None
    for sense in sorted(big[0][2]):
        kind, _, value = sense.partition(":")
        if kind in ("has", "did"):
            return {"kind": kind, "value": value}
    return None


def _silence(sheet: Sheet, place: Place, marks: list[Mark]) -> Values | None:
    """So many days without a touch."""
    if not any("silent" in senses for _, _, senses in marks):
        return None
    for at in range(*place):
        number = read_number(sheet, at)
        if number is None:
            continue
        units = [
            int(sense.partition(":")[2])
            for i, _, senses in marks if i == number.j
            for sense in senses if sense.startswith("unit:")
        ]  # fmt: skip
        days = int(number.value) * units[0] if units else 0
        if 0 < days <= 3650:
            return {"kind": "silent", "value": str(days)}
    return None


def _amount(sheet: Sheet, place: Place, marks: list[Mark]) -> Values | None:
    """An open deal of so much and more."""
    if not any("amount" in senses for _, _, senses in marks):
        return None
    rest = [at for at in range(*place) if not any(i <= at < j for i, j, _ in marks)]
    number = next((found for at in rest if (found := read_number(sheet, at))), None)
    if number is None or any(at not in range(number.i, number.j) for at in rest):
        return None
    value = number.value
    return {"kind": "amount", "value": str(int(value))} if 0 < value < 10**13 else None


def _told_where(sheet: Sheet, place: Place, marks: list[Mark]) -> Values | None:
    """Words, and where they are to stand: "tag vip", "website source"."""
    i, j = place
    for begin, end, senses in marks:
        where = sorted(sense.partition(":")[2] for sense in senses if sense.startswith("where:"))
        if not where or (begin != i and end != j) or (begin, end) == place:
            continue
        rest = _bare(place=(end, j) if begin == i else (i, begin), marks=marks)
        if rest and (text := _text(sheet, rest)):
            return {"kind": where[0], "value": text}
    return None


def _anything(sheet: Sheet, place: Place, marks: list[Mark]) -> Values | None:
    rest = _bare(place, marks)
    if rest is None or rest[1] - rest[0] > 4 or _is_counted(sheet, rest):
        return None
    text = _text(sheet, rest)
    return {"said": text} if any(map(str.isalpha, text)) else None


def _bare(place: Place, marks: list[Mark]) -> Place | None:
    """Without the small words round it."""
    i, j = place
    small = [m for m in marks if _is_small(m)]
    while began := next((m for m in small if m[0] == i and m[1] < j), None):
        i = began[1]
    while ended := next((m for m in small if m[1] == j and m[0] > i), None):
        j = ended[0]
    return (i, j) if i < j else None


def _is_small(mark: Mark) -> bool:
    return "small" in mark[2] and not any(":" in sense for sense in mark[2])


def _covered(place: Place, marks: list[Mark]) -> bool:
    return all(any(i <= at < j for i, j, _ in marks) for at in range(*place))
