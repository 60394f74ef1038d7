"""What is asked of segments that have names: to save one, count it, watch it, and so on.

Whole messages, by the templates of `words/segmenting.toml`; a description before or behind the name
("segment Quiet: customers in Lahore ...", "..., call it Quiet") is cut off first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from language.action import Action
from language.macros import phrases_at
from language.own_names import find_names
from language.phrasebook import words_in
from language.segments.items import marked
from language.sheet import Sheet, lay_out
from language.templates import LONGEST, Place, tell

LONGEST_NAME = 60

LONGEST_TEXT = 600
"""Characters of a message that makes a segment: more is a tale."""

_LISTED = ("listed_as", "listed_of", "listed_by_name", "listed_into")
_MADE = ("made", "named_first", *_LISTED[1:], "behind_name", "called_behind", "saved_as", "kept_as",
         "listed_as")  # fmt: skip
"""Patterns of messages that make a segment, in this order."""


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(
        "".join(words_in("segments/wishes")[name]["pattern"]), re.IGNORECASE | re.DOTALL
    )


def made_in(text: str) -> tuple[str, str] | None:
    """The name and the description of a segment that a message makes; None for any other."""
    if len(text) > LONGEST_TEXT:
        return None
    for each in _MADE:
        found = _pattern(each).match(text)
        if found and _is_name(found["name"]):
            return found["name"].strip(), found["text"].strip()
    return None


def is_saved(text: str) -> bool:
    """Whether it begins or ends with the wish to save something by a name."""
    return any(_pattern(each).match(text) for each in ("saved_as", "kept_as", *_LISTED))


def is_listed(text: str) -> bool:
    """Whether a list is to be made of somebody, by a name."""
    return any(_pattern(each).match(text) for each in ("named_first", *_LISTED))


def described_in(text: str) -> str | None:
    """What a message says of whom behind the word itself: "segment customers who ..."."""
    found = _pattern("described").match(text) if len(text) <= LONGEST_TEXT else None
    return found["text"].strip() if found else None


def changed_in(text: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """The key of a segment that is there and its new description."""
    found = _pattern("changed").match(text)
    if found is None:
        return None
    said = found["name"].strip().strip("\"'“”").casefold()
    key = next((key for key, name in names.items() if name.casefold() == said), None)
    return (key, found["text"].strip()) if key else None


def _is_name(said: str) -> bool:
    said = said.strip()
    if not 0 < len(said) <= LONGEST_NAME or not any(letter.isalpha() for letter in said):
        return False
    sheet = lay_out(said)
    whole = (0, len(sheet.tokens))  # "segment banao: ..." is not called "banao"
    return all(place != whole for place, _ in phrases_at(sheet, ("sq_makes",)))


_CAME = {
    "en": "contacts added {}", "roman": "{} shamil hue log", "ur": "{} شامل ہوئے لوگ"
}  # fmt: skip
"""How descriptions say it, by the language of the question."""


def came_in(text: str) -> str | None:
    """Who came in the time that a message asks about, as a description: "is mahine kitne gahak
    aaye". It may be none: only whoever reads it knows whether a time is said."""
    sheet = lay_out(text)
    if not 0 < len(sheet.tokens) <= LONGEST:
        return None
    for _, slots in tell(sheet, "newcomers", {}):
        when = sheet.said(*slots["when"]).strip(" ?!.؟۔")
        return _came(when, sheet.tongue)
    return None


def came_when(when: str) -> str:
    """Whoever came in that time, as a description."""
    return _came(when, lay_out(when).tongue)


def _came(when: str, tongue: str | None) -> str:
    return _CAME.get(tongue or "en", _CAME["en"]).format(when)


def read_wish(text: str, names: Mapping[str, str], *, spoken: bool) -> Action | None:
    """What is asked of a segment. ``names`` are those that are there, by key; ``spoken``: one was
    just shown, so that "call it ..." and "tell me when one enters" mean that one."""
    sheet = lay_out(text)
    if not 0 < len(sheet.tokens) <= LONGEST:
        return None
    saves = next(phrases_at(sheet, ("g_save",)), None) is not None
    if not (names or spoken or saves or _speaks(sheet)):
        return None
    places: dict[Place, str] = {
        (span.i, span.j): span.key for span in find_names(sheet, names) if span.slips < 2
    }
    for intent, slots in _told(sheet, places):
        said = _slots(sheet, slots, places)
        needs_one = intent not in {"segment.list", "segment.save"} and "segment" not in said
        if (needs_one or intent == "segment.save") and not spoken and not saves:
            continue
        if intent == "segment.watch_new":
            return Action("segment.watch", said)
        return Action(intent, said)
    return None


def _told(sheet: Sheet, places: Mapping[Place, str]) -> Iterator[tuple[str, dict[str, Place]]]:
    yield from tell(sheet, "segments", {"segment": list(places)})


def _slots(sheet: Sheet, slots: Mapping[str, Place], places: Mapping[Place, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "segment" in slots:
        found["segment"] = int(places[slots["segment"]])
    if "name" in slots:
        found["name"] = sheet.said(*slots["name"]).strip("\"'“”‘’. ")
    return found


def _speaks(sheet: Sheet) -> bool:
    return any("segment" in senses for _, _, senses in marked(sheet.tokens))
