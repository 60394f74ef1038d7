"""What was known of people when their deals began: for learning, without what came after.

A row says by its number when it was made. What a person or company said of itself then is read
from the history where it changed since. Of people who came in after their deal was decided, as
with a file, nothing tells when their tags and numbers were added: these are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Change, Contact, ContactPoint, ContactTag, CustomValue, Deal
from storage.score_facts import Known, known
from storage.types import Ids

ALONG = timedelta(minutes=10)
"""What comes so soon after is said with it."""

DEALS = 3000
"""The deals decided last, of which is learned."""

_BITS = 13  # of a number that is no time, see ``storage.types.Ids``


@dataclass(frozen=True, slots=True)
class Decided:
    """A deal that was won or lost, and who it was with: the person, else the first of the
    company's. ``whose`` is the company, else the person."""

    id: int
    won: bool
    contact_id: int
    whose: int
    created_at: datetime
    closed_at: datetime


def decided(session: Session, space: int) -> list[Decided]:
    """The latest, in order of their making. What was with a private contact is its owner's."""
    first = (
        select(func.min(Contact.id))
        .where(Contact.workspace_id == space, Contact.company_id == Deal.company_id)
        .where(~Contact.private)
        .scalar_subquery()
    )
    person = func.coalesce(Deal.contact_id, first)
    latest = (
        select(
            Deal.id, (Deal.status == "won").label("won"), person.label("contact_id"),
            Deal.company_id, Deal.created_at, Deal.closed_at,
        )
        .where(Deal.workspace_id == space, Deal.status.in_(("won", "lost")))
        .where(Deal.closed_at.is_not(None))
        .order_by(Deal.closed_at.desc(), Deal.id.desc())
        .limit(DEALS)
    )  # fmt: skip
    return [
        Decided(row.id, bool(row.won), row.contact_id, row.company_id or row.contact_id,
                row.created_at, row.closed_at)
        for row in sorted(session.execute(latest), key=lambda row: row.id)
        if row.contact_id is not None
    ]  # fmt: skip


def pasts(
    session: Session, space: int, deals: Sequence[Decided], now: datetime
) -> list[tuple[Decided, Known]]:
    """Of some deals who they were with, as they were known when each began."""
    ids = {deal.contact_id for deal in deals}
    people = {one.id: one for one in known(session, space, ids, now) if not one.private}
    born = _Born(session, space, people)
    return [
        (deal, born.before(people[deal.contact_id], deal))
        for deal in deals
        if deal.contact_id in people
    ]


def made_at(number: int) -> datetime:
    """When a row of this number was made."""
    return datetime.fromtimestamp((Ids.START + (number >> _BITS)) / 1000, UTC)


class _Born:
    """When what is known of people came to be known."""

    def __init__(self, session: Session, space: int, people: dict[int, Known]) -> None:
        self.session, self.space = session, space
        ids = list(people)
        firms = {one.company_id for one in people.values() if one.company_id}
        self.points = self._rows(ContactPoint, ContactPoint.kind, ids)
        self.tags = self._rows(ContactTag, ContactTag.tag, ids)
        self.values = self._values(ids, firms)
        self.changes = {
            "contact": self._changes("contact", ids), "company": self._changes("company", firms)
        }  # fmt: skip

    def _rows(self, kind: Any, column: Any, ids: Collection[int]) -> dict[int, list[Any]]:
        here = select(kind.contact_id, kind.id, column).where(
            kind.workspace_id == self.space, kind.contact_id.in_(ids)
        )
        found: dict[int, list[Any]] = defaultdict(list)
        for whose, number, value in self.session.execute(here.order_by(kind.id + 0)):
            found[whose].append((number, value))
        return found

    def _values(self, ids: Collection[int], firms: Collection[int]) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = defaultdict(list)
        for column, some in ((CustomValue.contact_id, ids), (CustomValue.company_id, firms)):
            here = select(
                column, CustomValue.id, CustomValue.field_id, CustomValue.value, CustomValue.version
            ).where(CustomValue.workspace_id == self.space, column.in_(some))
            for whose, number, field, value, version in self.session.execute(here):
                found[column.key, whose].append((number, field, value, version))
        return found

    def _changes(self, table: str, ids: Collection[int]) -> dict[int, list[Any]]:
        """What changed of each since it was there, in order."""
        here = (
            select(Change.row_id, Change.id, Change.before, Change.after)
            .where(Change.workspace_id == self.space, Change.table_name == table)
            .where(Change.row_id.in_(ids), Change.before.is_not(None))
            .order_by(Change.id + 0)
        )
        found: dict[int, list[Any]] = defaultdict(list)
        for number, at, before, after in self.session.execute(here):
            found[number].append((at, before or {}, after or {}))
        return found

    def before(self, one: Known, deal: Decided) -> Known:
        """Somebody as known when a deal of theirs began."""
        until = deal.created_at + ALONG
        dated = made_at(one.id) <= deal.closed_at
        firm = one.company_id

        def said(number: int) -> bool:
            return made_at(number) <= until

        values = [
            (field, value)
            for key in (("contact_id", one.id), ("company_id", firm))
            for number, field, value, version in self.values.get(key, ())
            if (said(number) or not dated) and version == 1
        ]
        return replace(
            one,
            points={kind for number, kind in self.points.get(one.id, ()) if dated and said(number)},
            tags=[tag for number, tag in self.tags.get(one.id, ()) if dated and said(number)],
            values=values,
            happened=[each for each in one.happened if each.at < deal.created_at],
            deals=[
                each.as_of(deal.created_at)
                for each in one.deals
                if each.created_at < deal.created_at
            ],
            title=self._was("contact", one.id, "title", one.title, until) if dated else None,
            source=self._was("contact", one.id, "source", one.source, until),
            city=self._was("contact", one.id, "city", one.city, until),
            company_source=self._was("company", firm, "source", one.company_source, until),
            company_city=self._was("company", firm, "city", one.company_city, until),
        )

    def _was(
        self, table: str, number: int | None, column: str, now: str | None, until: datetime
    ) -> str | None:
        """What stood in a column then: before the first change of it that came later."""
        for at, before, after in self.changes[table].get(number or 0, ()):
            if made_at(at) > until and before.get(column) != after.get(column):
                was: str | None = before.get(column)
                return was
        return now
