"""What was done with customers, as facts to be counted: calls, meetings, visits, notes, ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from rules.counting import TIMES, Fact
from storage.facets import FIRM, PERSON, TEAM, Facets
from storage.models import Activity, Company, Contact
from storage.people import by_people


@dataclass(frozen=True, slots=True)
class Done:
    """What counts: of these ``kinds`` (all where none is named), within these days."""

    only: Mapping[str, Sequence[str]]
    but: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    first: date | None = None
    last: date | None = None


class ActivityFacts:
    """The activities of a workspace."""

    def __init__(self, facets: Facets) -> None:
        self.facets = facets
        self.session, self.workspace_id = facets.session, facets.workspace_id

    def of(self, wanted: Done, by: str | None = None) -> list[Fact]:
        """Each as a fact on its day, called by the facet ``by``: owner (who did it), manager,
        office, kind, company, contact, city, or a stretch of time."""
        query = select(
            Activity.id, Activity.kind, Activity.on_day, Activity.by_id, Activity.company_id,
            Activity.contact_id,
        ).where(Activity.workspace_id == self.workspace_id, by_people())  # fmt: skip
        if wanted.kinds:
            query = query.where(Activity.kind.in_(wanted.kinds))
        if wanted.first:
            query = query.where(Activity.on_day >= wanted.first)
        if wanted.last:
            query = query.where(Activity.on_day <= wanted.last)
        for kind, values in wanted.only.items():
            query = query.where(self._fits(kind, values))
        for kind, values in wanted.but.items():
            query = query.where(~self._fits(kind, values))
        called = self._namer(by)
        named = ((row, called(row)) for row in self.session.execute(query))
        return [Fact(row.id, row.on_day, names=(name,) if name else ()) for row, name in named]

    def _namer(self, by: str | None) -> Callable[[Any], str | None]:
        if by is None:
            return lambda _row: None
        if when := TIMES.get(by):
            return lambda row: when(row.on_day)
        if by == "kind":
            return lambda row: str(row.kind)
        if column := TEAM.get(by):
            team = {member.id: getattr(member, column) for member in self.facets.members}
            return lambda row: team.get(row.by_id)
        names = self._buyers(by)
        return lambda row: (
            names.get(("company", row.company_id)) or names.get(("contact", row.contact_id))
        )

    def _fits(self, kind: str, values: Sequence[str]) -> ColumnElement[bool]:
        if column := TEAM.get(kind):
            ids = [member.id for member in self.facets.members if getattr(member, column) in values]
            return Activity.by_id.in_(ids)
        found: list[ColumnElement[bool]] = []
        if kind in FIRM:
            firms = select(Company.id).where(
                Company.workspace_id == self.workspace_id, FIRM[kind].in_(values)
            )
            theirs = select(Contact.id).where(
                Contact.workspace_id == self.workspace_id, Contact.company_id.in_(firms)
            )
            found += [Activity.company_id.in_(firms), Activity.contact_id.in_(theirs)]
        if kind in PERSON:
            people = select(Contact.id).where(
                Contact.workspace_id == self.workspace_id, PERSON[kind].in_(values)
            )
            found.append(Activity.contact_id.in_(people))
        return or_(*found) if found else false()

    def _buyers(self, by: str) -> dict[tuple[str, int], str]:
        """What customers are called by a facet."""
        found: dict[tuple[str, int], str] = {}
        columns = (("company", Company, FIRM.get(by)), ("contact", Contact, PERSON.get(by)))
        for kind, model, known in columns:
            column = Contact.name if (by, kind) == ("company", "contact") else known
            if column is None:
                continue
            query = select(model.id, column).where(model.workspace_id == self.workspace_id)
            found |= {(kind, row[0]): row[1] for row in self.session.execute(query) if row[1]}
        return found

    def silent(self, since: date) -> list[tuple[str, date | None]]:
        """Customers with whom nothing was done since that day, with the last day of anything; those
        that wait longest first, those with nothing at all before them. What was done with somebody
        of a company was done with it, too."""
        last: dict[tuple[str, int], date] = {}
        query = select(
            Activity.company_id, Activity.contact_id, Activity.on_day, Contact.company_id
        ).outerjoin(
            Contact,
            (Contact.workspace_id == self.workspace_id) & (Contact.id == Activity.contact_id),
        ).where(Activity.workspace_id == self.workspace_id, by_people())  # fmt: skip
        for company, contact, day, employer in self.session.execute(query):
            for key in (("company", company or employer), ("contact", contact)):
                if key[1] is not None:
                    there = (key[0], key[1])
                    last[there] = max(day, last.get(there, day))
        waits = ((name, last.get(key)) for key, name in self._buyers("company").items())
        found = [(name, day) for name, day in waits if day is None or day < since]
        return sorted(found, key=lambda each: (each[1] or date.min, each[0]))
