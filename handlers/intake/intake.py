"""One import: all its records in one transaction, as one turn of the member who brings them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.intake.companies import Companies
from handlers.intake.fields import Fields
from handlers.intake.people import People
from handlers.intake.report import Report
from handlers.intake.said import text
from handlers.intake.stages import Stages
from handlers.intake.work import Work
from language.folding import fold
from storage.bulk import Bulk
from storage.fill import Fill
from storage.models import Member, Workspace

AT_ONCE = 2000
"""Records that are looked up and written together."""

Record = Mapping[str, Any]
Progress = Callable[[int], None]
"""Hears how many records were taken in so far."""


def nobody(_count: int) -> None:
    return


class Intake:
    """Takes in records for a member, in a transaction that the caller ends, within ``turn_id``."""

    def __init__(
        self, session: Session, space: Workspace, member: Member, turn_id: int, now: datetime
    ) -> None:
        session.info["turn"] = turn_id
        self.session, self.space, self.member, self.now = session, space, member, now
        self.report = Report()
        self.bulk = Bulk(session, space.id, turn_id)
        self.fill = Fill(session, space.id, turn_id)
        self.fields, self.stages = Fields(session, space.id), Stages(session, space.id)
        today = now.astimezone(ZoneInfo(member.zone)).date()
        who: dict[str, Any] = {
            "owner_id": member.id,
            "now": now,
            "zone": ZoneInfo(space.timezone),
        }
        shared = (self.bulk, self.fill)
        self.companies = Companies(*shared, self.fields, self.report, **who)
        self.people = People(*shared, self.companies, self.fields, self.report, today=today, **who)
        self.work = Work(
            self.bulk, self.companies, self.stages, self.report,
            currency=space.currency, local=ZoneInfo(member.zone), **who,
        )  # fmt: skip
        self._members = self._known_members()

    def take_in(self, records: Iterable[Record], progress: Progress = nobody) -> Report:
        """All records; those of one kind that follow each other are taken in together."""
        taken = 0
        for kind, some in _runs(records):
            owners = self._owners(some)
            match kind:
                case "stage":
                    self.stages.take_in(some, self.report)
                case "field":
                    self.fields.take_in(some, self.report)
                case "company":
                    self.companies.take_in(some, owners)
                case "contact":
                    self.people.take_in(some, owners)
                case "deal":
                    self.work.take_in_deals(some, owners)
                case "activity":
                    self.work.take_in_activities(some, owners)
                case _:
                    for record in some:
                        self.report.refuse(record, "kind")
            self.fill.settle()
            self.session.flush()
            taken += len(some)
            progress(taken)
        self.report.stages_made, self.report.left_out = self.stages.made, self.fields.left_out
        return self.report

    def _known_members(self) -> dict[str, int]:
        here = select(Member.name, Member.id, Member.active).where(
            Member.workspace_id == self.space.id
        )
        rows = sorted(self.session.execute(here), key=lambda row: row.active)
        return {fold(row.name): row.id for row in rows}

    def _owners(self, records: Iterable[Record]) -> dict[str, int]:
        """The member whom each owner's name means. Whom nobody knows is kept by name: somebody who
        never wrote to Rabta and, until invited, has no say in it."""
        names = {text(each.get("owner") or each.get("by"), 200) for each in records}
        owners: dict[str, int] = {}
        for name in sorted(name for name in names if name and fold(name)):
            if fold(name) not in self._members:
                member = Member(
                    workspace_id=self.space.id, name=name, role="rep", active=False,
                    created_at=self.now,
                )  # fmt: skip
                self.session.add(member)
                self.session.flush()
                self._members[fold(name)] = member.id
                self.report.unknown_owners.append(name)
            owners[name] = self._members[fold(name)]
        return owners


def _runs(records: Iterable[Record]) -> Iterator[tuple[str, list[Record]]]:
    """Records of one kind that follow each other, some thousands at a time."""
    some: list[Record] = []
    for record in records:
        if some and (len(some) == AT_ONCE or record.get("type") != some[0].get("type")):
            yield str(some[0].get("type")), some
            some = []
        some.append(record)
    if some:
        yield str(some[0].get("type")), some
