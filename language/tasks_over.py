"""Tasks that are called off, or all done: "cancel the meeting with Sara", "mark all tasks done".

Told by the templates of `words/tasks_over.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from language.action import Action
from language.macros import phrases_at
from language.sheet import Sheet
from language.templates import likely
from language.whole import bare, customer_at, told

HEADINGS = ("all_done", "tasks_over")


def read_tasks_over(sheet: Sheet) -> Iterator[Action]:
    """``task.drop`` with whom or with ``text``, the task's own words or its number in a list;
    ``task.done_all``. Where nobody is named, the task spoken of last is meant."""
    for heading in HEADINGS:
        yield from _read(sheet, heading)


def read_fallen(sheet: Sheet) -> Iterator[Action]:
    """``task.drop`` with whom, where somebody tells that it comes to nothing: "the meeting with
    Sara is off". Without such a task it is news like any other."""
    return _read(sheet, "tasks_fallen")


def _read(sheet: Sheet, heading: str) -> Iterator[Action]:
    if not likely(sheet, heading):
        return
    for intent, slots in told(sheet, heading, {"number": _numbers(sheet)}):
        words = next((bare(sheet.said(*slots[name])) for name in ("text", "number")
                      if name in slots), "") or _doing(sheet)  # fmt: skip
        text = {"text": words} if words else {}
        if "who" not in slots:
            yield Action(intent, text if {"text", "number"} & slots.keys() else {})
        elif (whom := customer_at(sheet, slots["who"])) is not None:
            yield Action(intent, {**whom, **text})


def _numbers(sheet: Sheet) -> list[tuple[int, int]]:
    return [(at, at + 1) for at, token in enumerate(sheet.tokens) if token.key.isdecimal()]


def _doing(sheet: Sheet) -> str:
    """What was to be done, where it is named: a meeting, a call."""
    places = [place for place, _ in phrases_at(sheet, ("cx_meet", "cx_doing"))]
    return sheet.said(*places[0]) if places else ""
