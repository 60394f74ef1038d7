"""What is said of sequences: their steps, who is in them, pausing and stopping them.

It is read only where the whole message says so plainly, by the templates of
`words/sequencing.toml`. Where several readings fit, whoever knows the names of sequences chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from language.action import Action
from language.campaigning import channels_at
from language.macros import longest_at, phrases_at, single_words
from language.numbers import numbers_in
from language.pronouns import says_they
from language.sheet import Sheet, lay_out
from language.templates import LONGEST, Place, likely, tell
from language.tokens import tokenise
from rules.sequences import IF_NO_ANSWER, IF_NO_PURCHASE

_HEAD = re.compile(r"\s*([^:：\n]{1,120})[:：\n]\s*(.+)", re.DOTALL)
_NUMBERED = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)](?!\d))\s*")
_SPLIT = re.compile(r"[\n;؛]+|\s*(?:->|→|=>)\s*")
_COMMA = re.compile(r"\s*[,،]\s*|\.\s+|۔\s*")

_UNITS = {
    "sq_minutes": timedelta(minutes=1), "sq_hours": timedelta(hours=1),
    "sq_days": timedelta(days=1), "sq_weeks": timedelta(days=7), "sq_months": timedelta(days=30),
}  # fmt: skip
_ALONE = {
    "sq_one_hour": timedelta(hours=1), "sq_one_day": timedelta(days=1),
    "sq_one_week": timedelta(days=7), "sq_one_month": timedelta(days=30),
    "sq_at_once": timedelta(),
}  # fmt: skip
_IFS = {"sq_no_answer": IF_NO_ANSWER, "sq_no_purchase": IF_NO_PURCHASE}

_MOST_NAME = 6
_READINGS = 400
"""Readings of one message that are looked at."""


@dataclass(frozen=True, slots=True)
class SaidStep:
    """A step as it was said: ``template`` by its name, or a task's ``text``; ``only`` is a
    condition that ends a sequence anyway, ``whom`` the words for whoever it is for; ``strange``
    is the name of a text that nobody knows."""

    wait: timedelta | None = None
    template: str | None = None
    ways: tuple[str, ...] = ()
    text: str | None = None
    only: str | None = None
    whom: str | None = None
    strange: str | None = None


def readings(text: str) -> Iterator[tuple[Action, bool]]:
    """What a message may ask of a sequence, the likeliest first; and whether it says that it
    speaks of one."""
    head = _HEAD.match(text)
    if head:
        sheet = lay_out(head[1].strip())
        if 0 < len(sheet.tokens) <= LONGEST:
            for action in _read(sheet, "sequencing_head"):
                told = {**action.slots, "text": head[2].strip()}
                yield Action(action.intent, told), _is_named(sheet)
    if "\n" in text.strip():
        return
    sheet = lay_out(text)
    if 0 < len(sheet.tokens) <= LONGEST:
        named = _is_named(sheet)
        for action in _read(sheet, "sequencing"):
            yield action, named or action.intent in ("sequence.list", "sequence.take_over")


def read_sequencing(text: str) -> Action | None:
    """The likeliest of these, where the message says that it speaks of a sequence."""
    return next((action for action, named in readings(text) if named), None)


def _is_named(sheet: Sheet) -> bool:
    return any(True for _ in longest_at(sheet, ("sq_seq", "sq_seqs")))


def _read(sheet: Sheet, heading: str) -> Iterator[Action]:
    if not likely(sheet, heading):
        return
    known: dict[str, dict[Place, Any]] = {
        "n": dict(numbers_in(sheet)) | dict(_ordinals(sheet)),
        "wait": dict(waits_in(sheet)),
    }
    places = {name: list(them) for name, them in known.items()}
    made = {place[1] for place, _ in phrases_at(sheet, ("sq_makes",))}
    for count, (intent, slots) in enumerate(tell(sheet, heading, places)):
        if count > _READINGS:
            return
        if "name" in slots and not 0 < slots["name"][1] - slots["name"][0] <= _MOST_NAME:
            continue
        if intent == "sequence.add" and slots["name"][1] in made:
            continue  # "sequence welcome banao" is called welcome
        said: dict[str, Any] = {}
        for slot, place in slots.items():
            words = sheet.said(*place).strip("\"'“”‘’() ")
            if slot == "who" and says_they(words):
                said["of_them"] = True
            elif slot in known:
                value = known[slot][place]
                said[slot] = round(value / timedelta(minutes=1)) if slot == "wait" else value
            else:
                said[slot] = words
        yield Action(intent, said)


def _ordinals(sheet: Sheet) -> Iterator[tuple[Place, int]]:
    """The second step, doosra qadam."""
    for number, macro in enumerate(_NTH, 1):
        for place, _ in longest_at(sheet, (macro,)):
            yield place, number


_NTH = tuple(f"sq_nth_{number}" for number in range(1, 6))


def waits_in(sheet: Sheet) -> Iterator[tuple[Place, timedelta]]:
    """Where it is said how long, the longest phrase at each place."""
    units = {
        place[0]: (place[1], _UNITS[macro]) for place, macro in longest_at(sheet, tuple(_UNITS))
    }
    for (i, j), number in numbers_in(sheet):
        if j in units and 0 <= number <= 5000:
            end, unit = units[j]
            yield (i, end), number * unit
    for place, macro in longest_at(sheet, tuple(_ALONE)):
        yield place, _ALONE[macro]


# --- steps ----------------------------------------------------------------------------------------


def read_steps(text: str, templates: Sequence[str]) -> list[SaidStep]:
    """The steps that a text tells, one a line or parted by "then": with the names of the texts
    that there are, as they are kept."""
    names = {tuple(token.key for token in tokenise(name)): name for name in templates}
    found: list[SaidStep] = []
    waiting = ""
    for line in _lines(text):
        begun = len(found)
        for piece in (piece for piece in _COMMA.split(line) if piece.strip(" .،,")):
            waiting = f"{waiting} {piece}".strip()
            step = _step(waiting, names)
            if not _is_empty(step):
                found.append(step)
                waiting = ""
        if waiting and len(found) > begun and (tail := _step(waiting, names)).wait is None:
            found[-1], waiting = _with(found[-1], tail), ""
    if waiting and found:
        found[-1] = _with(found[-1], _step(waiting, names))
    return found


def _lines(text: str) -> Iterator[str]:
    for line in _SPLIT.split(text):
        sheet = lay_out(_NUMBERED.sub("", line))
        begin = 0
        for (i, j), _ in longest_at(sheet, ("sq_then",)):
            if i > begin:
                yield sheet.said(begin, i)
            begin = j
        if begin < len(sheet.tokens):
            yield sheet.said(begin, len(sheet.tokens))


def _is_empty(step: SaidStep) -> bool:
    """Only when and for whom, not what."""
    return step.template is None and step.text is None and step.strange is None


def _with(step: SaidStep, tail: SaidStep) -> SaidStep:
    return SaidStep(
        step.wait if step.wait is not None else tail.wait, step.template, step.ways or tail.ways,
        step.text, step.only or tail.only, step.whom or tail.whom, step.strange,
    )  # fmt: skip


def _ways_in(sheet: Sheet) -> Iterator[tuple[Place, list[str]]]:
    """Where ways to write to somebody stand, the longest at each place."""
    taken: set[int] = set()
    for place, ways in channels_at(sheet):
        if not taken & set(range(*place)):
            taken.update(range(*place))
            yield place, ways


def _step(text: str, names: Mapping[tuple[str, ...], str]) -> SaidStep:
    sheet = lay_out(text)
    keys = tuple(token.key for token in sheet.tokens)
    taken: set[int] = set()
    named = _named(keys, names)
    if named:
        taken.update(range(*named[0]))
    only, whom = _condition(sheet, taken)
    wait: timedelta | None = None
    for place, length in sorted(waits_in(sheet), key=lambda each: each[0][0] - each[0][1]):
        if wait is None and not taken & set(range(*place)):
            wait = length
            taken.update(range(*place))
    for place, _ in longest_at(sheet, ("sq_anchor",)):
        if not taken & set(range(*place)):
            taken.update(range(*place))
    ways = tuple(
        way for place, some in _ways_in(sheet) if not taken & set(range(*place)) for way in some
    )
    ways = tuple(dict.fromkeys(ways))
    if named:
        return SaidStep(wait, named[1], ways, only=only, whom=whom)
    marker = next(
        (place for place, _ in longest_at(sheet, ("sq_task",)) if not taken & set(range(*place))),
        None,
    )
    sends = any(not taken & set(range(*at)) for at, _ in longest_at(sheet, ("sq_sends",)))
    if marker is not None:
        taken.update(range(*marker))
        ways, sends = (), False
    rest = _rest(sheet, taken, "sq_glue")
    if not _rest(sheet, taken, "sq_filler"):
        return SaidStep(wait, None, ways, only=only, whom=whom)
    if sends or (ways and marker is None and set(ways) != {"email", "telegram", "whatsapp", "sms"}):
        said = {at for place, _ in _ways_in(sheet) for at in range(*place)}
        bare = _rest(sheet, taken | said, "sq_filler")
        return SaidStep(wait, None, ways, only=only, whom=whom, strange=bare or rest)
    return SaidStep(wait, text=rest, only=only, whom=whom)


def _named(keys: tuple[str, ...], names: Mapping[tuple[str, ...], str]) -> tuple[Place, str] | None:
    """The name of a text that stands there, the longest."""
    for words, name in sorted(names.items(), key=lambda each: -len(each[0])):
        for at in range(len(keys) - len(words) + 1):
            if words and keys[at : at + len(words)] == words:
                return (at, at + len(words)), name
    return None


def _condition(sheet: Sheet, taken: set[int]) -> tuple[str | None, str | None]:
    """What must hold for the step, where that is said."""
    for place, macro in longest_at(sheet, tuple(_IFS)):
        if not taken & set(range(*place)):
            taken.update(range(*place))
            return _IFS[macro], None
    size = len(sheet.tokens)
    for (i, j), _ in longest_at(sheet, ("sq_only",)):
        if i in taken or j >= size:
            continue
        end = next(
            (at for at in range(j, size) if at in taken or sheet.key(at) in _ENDS_WHOM), size
        )
        if end > j:
            whom = sheet.said(j, end)
            taken.update(range(i, min(end + 2, size) if end < size and end not in taken else end))
            return None, whom
    return None, None


_ENDS_WHOM = frozenset({"ko", "ke", "کو", "کے", "ہو", "hon", "ہوں", ":", "send", "bhejo"})
"""Words before which those for whom a step is are named."""


def _rest(sheet: Sheet, taken: set[int], macro: str) -> str:
    """What is left of the words, without those of a macro at either end, which only lead to it."""
    left = [at for at in range(len(sheet.tokens)) if at not in taken]
    alone = single_words(macro)
    while left and sheet.key(left[0]) in alone:
        left.pop(0)
    while left and sheet.key(left[-1]) in alone:
        left.pop()
    if not left:
        return ""
    runs: list[str] = []
    begin = left[0]
    for at, then in zip(left, [*left[1:], -1], strict=True):
        if then != at + 1:
            runs.append(sheet.said(begin, at + 1))
            begin = then
    return " ".join(runs).strip(" .,:;-،۔\"'")
