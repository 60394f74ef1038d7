"""What is said of the journey of customers: its stages, who stands where, and what to do next.

It is read only where the whole message says so plainly, by the templates of
`words/journeying.toml`, with the names that a team gave its stages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.figures import read_figure
from language.macros import longest_at
from language.numbers import numbers_in
from language.pronouns import says_they
from language.sequencing import waits_in
from language.sheet import Sheet, lay_out
from language.templates import Place, likely, tell
from language.tokens import tokenise
from rules.journey import STAGES

_BARE = frozenset({"aware", "loyal", "lapsed"})
"""Stages that mean one of the journey wherever they stand; a customer or lead may be any."""

_MOST_NAME, _MOST_PERIOD = 3, 6


def read_journeying(text: str, today: date, own: Mapping[str, str] | None = None) -> Action | None:
    """Such a wish; None for a message that is about anything else. ``own``: what the team calls
    stages. A period is given as its first and last day, in ISO form."""
    sheet = lay_out(text)
    if "\n" in text.strip() or not likely(sheet, "journeying"):
        return None
    stages = dict(_stages(sheet, own or {}))
    mine = {key for key, name in (own or {}).items() if name}
    bare = {place: key for place, key in stages.items() if key in _BARE | mine}
    if not likely(sheet, "journeying", {"lapsed": list(bare), "jstage": list(stages)}):
        return None
    waits = dict(waits_in(sheet))
    numbers = dict(numbers_in(sheet))
    known: dict[str, dict[Place, Any]] = {
        "jstage": stages, "n": numbers, "a": stages, "b": stages, "lapsed": bare,
        "wait": {place: wait.days for place, wait in waits.items()},
    }  # fmt: skip
    places = {name: list(them) for name, them in known.items()}
    for intent, slots in tell(sheet, "journeying", places):
        said: dict[str, Any] = {}
        for slot, place in slots.items():
            value = known[slot][place] if slot in known else _value(sheet, slot, place, today)
            if value is None:
                break
            said |= value if isinstance(value, dict) else {_SLOT.get(slot, slot): value}
        else:
            return Action(intent, said)
    return None


_OPENS = ("since", "after", "before", "until", "till")
"""They are of the period that follows, where a template has them as words of its own."""

_SLOT = {"lapsed": "stage", "jstage": "stage", "wait": "days", "b": "stage", "a": "came_from"}


def _value(sheet: Sheet, slot: str, place: Place, today: date) -> dict[str, Any] | None:
    """What a slot of plain words says; None where it is no such thing."""
    i, j = place
    words = sheet.said(i, j).strip("\"'“”‘’() ")
    if slot == "who":
        if says_they(words):
            return {"of_them": True}
        return {"contact": words} if is_who(sheet, i, j) else None
    if slot == "period":
        led = sheet.said(i - 1, j) if sheet.key(i - 1) in _OPENS else words
        figure = read_figure(f"deals won {led}", today, {}) if j - i <= _MOST_PERIOD else None
        span = figure.span if figure else None
        if span is None or span.first is None or figure is None or figure.only or figure.unknown:
            return None
        return {"first": span.first.isoformat(), "last": (span.last or today).isoformat()}
    return {slot: words} if j - i <= _MOST_NAME else None


def _stages(sheet: Sheet, own: Mapping[str, str]) -> Iterator[tuple[Place, str]]:
    """Where stages are named, as everybody calls them or as the team does."""
    for place, macro in longest_at(sheet, tuple(f"j_{stage}" for stage in STAGES)):
        yield place, macro.removeprefix("j_")
    keys = tuple(token.key for token in sheet.tokens)
    for stage, name in own.items():
        words = tuple(token.key for token in tokenise(name))
        for at in range(len(keys) - len(words) + 1):
            if words and keys[at : at + len(words)] == words:
                yield (at, at + len(words)), stage
