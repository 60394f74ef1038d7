"""From when on somebody is to be left alone: ``no nudges after 8``, ``8 baje ke baad tang mat
karo``, ``رات کو پریشان نہ کرو``. One is such a wish only where all of its words are, but for times.
"""

from __future__ import annotations

from datetime import time

from language.action import Action
from language.phrasebook import Phrasebook, words_in
from language.sheet import Sheet, lay_out
from language.values import clock_in, read_hours

LONGEST = 16
"""Tokens of such a wish at most."""

TOPICS = ("hush", "no", "nudges")

NIGHT = "21:00-08:00"
"""What "at night" is where no time is told."""

_NOON, _LATE = 12, 4
"""An hour alone is an evening's after "after", from this hour of the clock on."""

_PHRASES = Phrasebook(lambda: words_in("hushing").items(), TOPICS)


def read_hushing(sheet: Sheet) -> Action | None:
    """The wish; None where anything else is said as well. Where only one end of the time is told,
    the value has only that: ``20:00-``."""
    if not 0 < len(sheet.tokens) <= LONGEST or not _PHRASES.may_be_in(sheet.forms):
        return None
    marks = _PHRASES.marks(sheet.forms)
    senses = frozenset(sense for _, _, some in marks for sense in some)
    if "hush" not in senses and not {"no", "nudges"} <= senses:
        return None
    covered = {at for i, j, _ in marks for at in range(i, j)}
    left = [
        token for at, token in enumerate(sheet.tokens)
        if at not in covered and token.kind in {"word", "number"}
    ]  # fmt: skip
    if any(token.kind == "word" and clock_in(lay_out(token.key)) is None for token in left):
        return None  # more than a time, such as "8pm"
    value = _hours(sheet, senses)
    return Action("settings.set", {"name": "quiet", "value": value}) if value else None


def _hours(sheet: Sheet, senses: frozenset[str]) -> str | None:
    if not any(char.isdecimal() for char in sheet.text) and "noon" not in senses:
        return NIGHT if "night" in senses else None
    both = read_hours(sheet.text)
    if both:
        return f"{both[0]:%H:%M}-{both[1]:%H:%M}"
    one = clock_in(sheet)
    if one is None:
        return None
    clock = one.clock
    if "after" in senses and "before" not in senses:
        if _LATE <= clock.hour < _NOON and "morning" not in senses:
            clock = clock.replace(hour=clock.hour + _NOON)
        if one.bare and clock.hour == _NOON:
            clock = time(0)
        return f"{clock:%H:%M}-"
    if one.bare and clock.hour > _NOON:
        clock = clock.replace(hour=clock.hour - _NOON)  # "before 7": a morning's
    return f"-{clock:%H:%M}" if "before" in senses else None
