"""What is said of Rabta itself: feedback, what it did not understand, who uses it, the tour."""

from __future__ import annotations

import re
from functools import cache

from language.action import Action
from language.macros import phrases_at
from language.phrasebook import words_in
from language.sheet import lay_out
from language.templates import LONGEST, likely, tell
from language.tongue import tongue_of

PATHS = {"im_selling": "rep", "im_leading": "manager", "im_service": "support"}
"""Whose work a tour goes through, by the phrases for them."""


@cache
def _heads() -> re.Pattern[str]:
    return re.compile(str(words_in("improving")["feedback"]["pattern"]), re.IGNORECASE | re.DOTALL)


def read_improving(text: str) -> Action | None:
    """Such a wish; None for a message that is about anything else. What stands behind
    ``feedback:`` is kept as it was typed."""
    if found := _heads().fullmatch(text.strip()):
        return Action("feedback.give", {"text": found["text"].strip()})
    sheet = lay_out(text)
    if not 0 < len(sheet.tokens) <= LONGEST or not likely(sheet, "improving"):
        return None
    roles = {place: PATHS[macro] for place, macro in phrases_at(sheet, tuple(PATHS))}
    for intent, slots in tell(sheet, "improving", {"role": list(roles)}):
        return Action(intent, {"path": roles[slots["role"]]} if "role" in slots else {})
    return None


def without_our_name(text: str) -> str:
    """What tells a message's language: "who uses Rabta" is English, though our name is none."""
    bare = _NAME.sub("", text)
    return bare if tongue_of(bare) == "en" else text


_NAME = re.compile(r"\brabta\b", re.IGNORECASE)
