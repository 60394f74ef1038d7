"""What the whole desk should keep, as plain dictionaries: the third party beside two databases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Key = tuple[str, str]
"""A kind of record and what tells it from all others: a firm's name, a deal's lakhs, a mark."""

Row = dict[str, Any]


@dataclass
class Done:
    """A turn that changed something: each row before and after."""

    member: str
    before: dict[Key, Row | None]
    after: dict[Key, Row | None]
    stands: bool = True


@dataclass
class Team:
    """A workspace as it should be. Each verb gives the turn that it makes, or None where it must
    be refused and leave all as it was."""

    rows: dict[Key, Row] = field(default_factory=dict)
    turns: list[Done] = field(default_factory=list)

    def deal(self, member: str, firm: str, lakhs: int) -> Done:
        new = {"firm": firm, "amount": lakhs * 100_000, "stage": "lead", "status": "open"}
        return self._does(member, {**self._known(firm), ("deal", str(lakhs)): new})

    def move(self, member: str, firm: str, stage: str) -> Done | None:
        return self._changes(member, firm, stage=stage)

    def win(self, member: str, firm: str) -> Done | None:
        return self._changes(member, firm, status="won")

    def note(self, member: str, firm: str, mark: str) -> Done:
        return self._does(member, {**self._known(firm), ("note", mark): {"firm": firm}})

    def task(self, member: str, firm: str, mark: str, due: datetime) -> Done:
        new = {"firm": firm, "due": due, "status": "open"}
        return self._does(member, {**self._known(firm), ("task", mark): new})

    def undo(self, turn: Done | None) -> bool:
        """Take a turn back; False where it is refused."""
        if turn is None or not turn.stands or self._built_upon(turn):
            return False
        for key, row in turn.before.items():
            if row is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = row
        turn.stands = False
        return True

    def last_of(self, member: str) -> Done | None:
        standing = [turn for turn in self.turns if turn.stands and turn.member == member]
        return standing[-1] if standing else None

    def open_deal(self, firm: str) -> Key | None:
        """A firm has one open deal at most: whoever drives the model sees to that."""
        for key, row in self.rows.items():
            if key[0] == "deal" and row["firm"] == firm and row["status"] == "open":
                return key
        return None

    def _known(self, firm: str) -> dict[Key, Row | None]:
        """A firm that nobody knew is known from now on."""
        return {} if ("company", firm) in self.rows else {("company", firm): {}}

    def _changes(self, member: str, firm: str, **what: str) -> Done | None:
        key = self.open_deal(firm)
        if key is None:
            return None
        return self._does(member, {key: {**self.rows[key], **what}})

    def _does(self, member: str, after: dict[Key, Row | None]) -> Done:
        turn = Done(member, {key: self.rows.get(key) for key in after}, after)
        if turn.before != turn.after:
            self.turns.append(turn)
        for key, row in after.items():
            if row is not None:
                self.rows[key] = row
        return turn

    def _built_upon(self, turn: Done) -> bool:
        """Whether a later turn that stands changed one of its rows, or names a firm it brought."""
        later = self.turns[self.turns.index(turn) + 1 :]
        if any(each.stands and each.after.keys() & turn.after.keys() for each in later):
            return True
        gone = {name for (kind, name), row in turn.before.items() if kind == "company" and not row}
        mine = turn.after.keys()
        return any(row.get("firm") in gone and key not in mine for key, row in self.rows.items())
