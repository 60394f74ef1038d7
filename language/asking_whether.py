"""Whether something happened with somebody, and when last: "has anyone called Bilal this week?".

Such a question names what else would be written down, so that it is read before anything is: only
where the whole message asks so, by the templates of `words/whether.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.figures.spans import days_at
from language.pronouns import says_they
from language.sheet import Sheet
from language.templates import Place, likely
from language.whole import LONGEST_NAME, bare, is_marked, told
from language.wordfiles import listed, under

WHAT = ("call", "meeting", "visit", "email", "message", "any", "order", "ticket", "deal", "card")


def read_whether(sheet: Sheet, today: date) -> Iterator[Action]:
    """Such questions, those first of which the words of the templates tell most: ``event.asked``
    with ``what`` (one of ``WHAT``), whom, ``by`` whom of the team (me, or a name) and the days;
    without whom where it is asked who they were.

    What has no word that asks is a question where the message ends with its mark.
    """
    ways = ("", "_whom", "_marked") if is_marked(sheet) else ("", "_whom")
    asked = [
        (what, heading)
        for what in WHAT
        for way in ways
        if likely(sheet, heading := f"whether_{what}{way}")
    ]
    if not asked:
        return
    days = days_at(sheet, today)
    places = {"period": list(days)}
    found = [(what, slots) for what, heading in asked for _, slots in told(sheet, heading, places)]
    for what, slots in sorted(found, key=lambda each: _left_open(each[1])):
        if (said := _said(sheet, slots, days)) is not None:
            yield Action("event.asked", {"what": what, **said})


def _left_open(slots: dict[str, Place]) -> int:
    """Words that no template tells."""
    return sum(j - i for slot, (i, j) in slots.items() if slot != "period")


def _said(
    sheet: Sheet, slots: dict[str, Place], days: dict[Place, dict[str, str]]
) -> dict[str, Any] | None:
    """None where something stands in a slot that cannot."""
    said: dict[str, Any] = {}
    for slot, (i, j) in slots.items():
        words = bare(sheet.said(i, j))
        if slot == "period":
            said |= days[i, j]
        elif slot == "by":
            by = who_did(words)
            if by is None:
                return None
            said |= by
        elif says_they(words) or words.casefold() in _THEM:
            said["of_them"] = True
        elif j - i <= LONGEST_NAME and is_who(sheet, i, j) and not _is_ours(words):
            said["contact"] = words
        else:
            return None
    return said


_THEM = frozenset({"is", "us", "in", "un", "اس", "ان", "انہیں", "unhon", "انہوں"})


def who_did(said: str) -> dict[str, str] | None:
    """Who of the team it was: me, a name, or nobody in particular; None of what is no name."""
    words = bare(said)
    if words.casefold() in _words("me"):
        return {"by": "me"}
    if words.casefold() in _words("us"):
        return {}
    return {"by": words} if len(words.split()) <= LONGEST_NAME else None


def _is_ours(words: str) -> bool:
    return words.casefold() in _words("me") | _words("us")


def _words(whom: str) -> frozenset[str]:
    said = under("macros")[f"wh_{whom}"].values()
    return frozenset(word for some in said for word in listed(some))
