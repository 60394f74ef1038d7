"""A customer given to somebody of the team: "assign Bilal to Sana", "Bilal ko Sana ke hawale karo".

Told by the templates of `words/giving.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from language.action import Action
from language.asking_whether import who_did
from language.sheet import Sheet
from language.templates import likely
from language.whole import customer_at, told


def read_giving(sheet: Sheet) -> Iterator[tuple[Action, bool]]:
    """``contact.give`` with whom and ``owner``, a name or ``me``, in all ways in which they may be
    named; and whether nothing else can be meant, whoever is of the team."""
    for heading, sure in (("giving", True), ("giving_member", False)):
        if not likely(sheet, heading):
            continue
        for intent, slots in told(sheet, heading):
            whom = customer_at(sheet, slots["who"])
            owner = _owner(sheet, slots)
            if whom and owner:
                yield Action(intent, {**whom, "owner": owner}), sure


def _owner(sheet: Sheet, slots: dict[str, tuple[int, int]]) -> str | None:
    if "to" not in slots:
        return "me"  # "I will look after Bilal"
    return (who_did(sheet.said(*slots["to"])) or {}).get("by")
