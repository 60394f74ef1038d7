"""What a slot reader sees: a group of clauses, its items, the clock and the workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from language.groups import Group, items_of
from language.setting import Setting
from language.spotting import Item, Scene

KINDS = {"visit": "visit", "email_word": "email", "message": "message", "call": "call",
         "talk": "call", "meeting": "meeting", "place_of": "visit", "went": "visit"}  # fmt: skip
"""Nouns that tell what was done with somebody, the surest first."""


@dataclass(slots=True)
class Filling:
    """What a slot reader sees, and what it has used; `left` are the places of its free text."""

    scene: Scene
    group: Group
    now: datetime
    setting: Setting
    who: dict[str, Item]
    used: dict[str, Item] = field(default_factory=dict)
    left: list[tuple[int, int]] = field(default_factory=list)

    def items(self, kind: str) -> list[Item]:
        return items_of(self.scene, self.group, kind)

    def first(self, kind: str, slot: str | None = None) -> Any:
        """The value of the first item of a kind, noted as used."""
        found = self.items(kind)
        if not found:
            return None
        self.used[slot or kind] = found[0]
        return found[0].value

    @property
    def shows(self) -> set[str]:
        return self.group.all_shows

    @property
    def is_note(self) -> bool:
        """Whether a remark is to be kept as it was said, not a call or meeting."""
        shows = self.group.main[0].shows
        if "note" in shows or self.group.intent != "activity.log":
            return "note" in shows
        return self.is_told and not any(each.endswith("_past") for each in shows)

    @property
    def is_told(self) -> bool:
        """Whether it says how things are with somebody: "Bilal said the crop is poor", "bilal ki
        dukan kal band hai"."""
        shows = self.group.main[0].shows
        if not shows.isdisjoint({"hush", "shut", "is_away"}) or {"says", "not"} <= shows:
            return True
        if "not" in shows and "past" not in shows:
            return not shows.isdisjoint({"clock", "dated", "recurs"})
        return "says" in shows and shows.isdisjoint(KINDS)

    def sense(self, kind: str) -> str | None:
        """The value of the last sense of a kind said in the group's clauses."""
        values = self.senses(kind)
        return values[-1] if values else None

    def senses(self, kind: str) -> list[str]:
        sheet = self.scene.sheet
        found = []
        for clause in self.group.clauses:
            for at in range(clause.i, clause.j):
                if at in sheet.marks and self.scene.inside(at) is None:
                    value = sheet.value(at, kind)
                    found += [value] if value else []
        return found
