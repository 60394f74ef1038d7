"""The team as a file tells of it: who leads whom, and from which office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.intake.links import Links
from handlers.intake.report import Report
from handlers.intake.said import text
from language.folding import fold
from storage.models import Member

Record = Mapping[str, Any]


class Team:
    """The members whom names mean. Whom nobody knows is kept by name: somebody who never wrote to
    Rabta and, until invited, has no say in it."""

    def __init__(self, session: Session, space: int, links: Links, now: datetime) -> None:
        self.session, self.space, self.links, self.now = session, space, links, now
        here = select(Member).where(Member.workspace_id == space).order_by(Member.active, Member.id)
        self._members = {fold(member.name): member for member in session.scalars(here)}

    def take_in(self, records: Sequence[Record], report: Report) -> None:
        """What is said of each is filled in where it was not known."""
        for record in records:
            name = text(record.get("name"), 200)
            if not name or not fold(name):
                report.refuse(record, "no_name")
                continue
            is_new = fold(name) not in self._members
            member = self.called(name)
            changed = False
            for column, longest in (("manager", 200), ("office", 100)):
                said = text(record.get(column), longest)
                if said and not getattr(member, column):
                    setattr(member, column, said)
                    changed = True
            fields = record.get("fields")
            report.left_out.update(fields.keys() if isinstance(fields, dict) else ())
            self.links.keep("member", record.get("id"), member.id)
            report.counts["member", "new" if is_new else "updated" if changed else "same"] += 1
        self.session.flush()

    def called(self, name: str) -> Member:
        """Whom a name means; made, if need be."""
        if fold(name) not in self._members:
            member = Member(
                workspace_id=self.space, name=name, role="rep", active=False, created_at=self.now
            )
            self.session.add(member)
            self.session.flush()
            self._members[fold(name)] = member
        return self._members[fold(name)]

    def owners(self, records: Sequence[Record], report: Report) -> dict[str, int]:
        """The member whom each name among these records means."""
        names = {text(said, 200) for record in records for said in _named(record)}
        owners: dict[str, int] = {}
        for name in sorted(name for name in names if name and fold(name)):
            if fold(name) not in self._members:
                report.unknown_owners.append(name)
            owners[name] = self.called(name).id
        return owners

    def by_id(self, record: Record) -> Record:
        """The record with the name of its owner, where it says only their id."""
        said = record.get("owner_id")
        if said in (None, "") or record.get("owner"):
            return record
        number = self.links.of("member", said)
        name = next((each.name for each in self._members.values() if each.id == number), None)
        return {**record, "owner": name} if name else record


def _named(record: Record) -> Sequence[Any]:
    moves, comments, consent, members = (
        said if isinstance(said := record.get(name), list) else ()
        for name in ("moves", "comments", "consent", "members")
    )
    by = [each.get("by") for each in (*moves, *comments, *consent) if isinstance(each, dict)]
    return [*(record.get(name) for name in ("owner", "by", "resolved_by")), *by, *members]
