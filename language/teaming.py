"""Who is on the team, and as what: "remove Omar from the team", "Sana ko manager bana do".

Told by the templates of `words/teaming.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from language.action import Action
from language.sheet import Sheet
from language.templates import likely
from language.whole import LONGEST_NAME, bare, told

ROLES = ("rep", "manager", "owner")

HEADINGS = ("team_out", "team_in", *(f"team_{role}" for role in ROLES))


@dataclass(frozen=True, slots=True)
class Wish:
    """``member.remove``, ``member.add`` or ``member.role``, each with ``who`` as they were named;
    ``sure``: the team is named, and nobody else can be meant."""

    action: Action
    sure: bool


def read_teaming(sheet: Sheet) -> Iterator[Wish]:
    """Such wishes, in all ways in which a colleague may be named."""
    for heading in HEADINGS:
        if not likely(sheet, heading):
            continue
        for intent, slots in told(sheet, heading):
            i, j = slots["who"]
            who = bare(sheet.said(i, j))
            if not who or j - i > LONGEST_NAME:
                continue
            role = heading.removeprefix("team_")
            more = {"role": role} if intent == "member.role" else {}
            yield Wish(Action(intent, {"owner": who, **more}), intent != "member.role")
