"""What is read of people to score them: plain rows, some people at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from rules.purchases import counts
from storage.models import (
    Activity,
    Company,
    Contact,
    ContactPoint,
    ContactTag,
    CustomField,
    CustomValue,
    Deal,
    Order,
)
from storage.people import by_people

LOOKED_BACK = timedelta(days=730)
"""What happened before that is not read."""

TOUCHES = 40
"""Of one person, or one company, the latest."""


@dataclass(frozen=True, slots=True)
class Happened:
    kind: str
    day: date
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InHand:
    """A deal of theirs."""

    id: int
    status: str
    minor: int | None
    currency: str | None
    source: str | None
    created_at: datetime
    closed_at: datetime | None

    def as_of(self, at: datetime) -> InHand:
        """As it stood at a moment."""
        if self.closed_at is None or self.closed_at < at:
            return self
        return replace(self, status="open", closed_at=None)


@dataclass(slots=True)
class Known:
    """All that is read of a person. ``bought``: they, or their company, have bought."""

    id: int
    name: str
    private: bool
    owner_id: int | None
    created_at: datetime
    title: str | None
    source: str | None
    city: str | None
    company_id: int | None
    company: str | None
    company_source: str | None
    company_city: str | None
    points: set[str] = field(default_factory=set)
    tags: list[str] = field(default_factory=list)
    values: list[tuple[int, str]] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    deals: list[InHand] = field(default_factory=list)
    bought: bool = False


def known(session: Session, space: int, ids: Collection[int], now: datetime) -> list[Known]:
    """Of these people, of whom there are a hundred or so at most, in order of their making."""
    person = (
        Contact.id, Contact.name, Contact.private, Contact.owner_id, Contact.created_at,
        Contact.title, Contact.source, Contact.city, Contact.company_id,
        Company.name.label("company"), Company.source.label("company_source"),
        Company.city.label("company_city"),
    )  # fmt: skip
    at = and_(Company.workspace_id == space, Company.id == Contact.company_id)
    them = select(*person).outerjoin(Company, at)
    them = them.where(Contact.workspace_id == space, Contact.id.in_(ids)).order_by(Contact.id)
    found = {row.id: Known(**row._asdict()) for row in session.execute(them)}
    _reading(_Batch(session, space, now, found))
    return list(found.values())


class _Batch:
    """People, and those of each company among them."""

    def __init__(
        self, session: Session, space: int, now: datetime, people: dict[int, Known]
    ) -> None:
        self.session, self.space, self.now, self.people = session, space, now, people
        self.at: dict[int, list[Known]] = defaultdict(list)
        for each in people.values():
            if each.company_id:
                self.at[each.company_id].append(each)

    def theirs(self, contact: int | None, company: int | None) -> Sequence[Known]:
        """Whose a row is that is about a person, or about a company and nobody of it."""
        if contact is not None:
            return [self.people[contact]] if contact in self.people else []
        return self.at.get(company or 0, [])


def _reading(batch: _Batch) -> None:
    if not batch.people:
        return
    _points_and_tags(batch)
    _values(batch)
    _happened(batch)
    _deals(batch)
    _bought(batch)


def _points_and_tags(batch: _Batch) -> None:
    for kind, column in ((ContactPoint, ContactPoint.kind), (ContactTag, ContactTag.tag)):
        of: Any = kind
        here = select(of.contact_id, column).where(
            of.workspace_id == batch.space, of.contact_id.in_(batch.people)
        )
        for number, value in batch.session.execute(here.order_by(of.id + 0)):
            one = batch.people[number]
            one.points.add(value) if kind is ContactPoint else one.tags.append(value)


def _values(batch: _Batch) -> None:
    for column, ids in (
        (CustomValue.contact_id, list(batch.people)),
        (CustomValue.company_id, list(batch.at)),
    ):
        if not ids:
            continue
        here = (
            select(CustomValue.contact_id, CustomValue.company_id, CustomValue.field_id,
                   CustomValue.value)
            .join(CustomField, and_(CustomField.workspace_id == CustomValue.workspace_id,
                                    CustomField.id == CustomValue.field_id))
            .where(CustomValue.workspace_id == batch.space, column.in_(ids), CustomField.active)
            .order_by(CustomValue.id + 0)
        )  # fmt: skip
        for contact, company, number, value in batch.session.execute(here):
            for one in batch.theirs(contact, company):
                one.values.append((number, value))


def _happened(batch: _Batch) -> None:
    for column, ids, alone in (
        (Activity.contact_id, list(batch.people), ()),
        (Activity.company_id, list(batch.at), (Activity.contact_id.is_(None),)),
    ):
        if not ids:
            continue
        place = func.row_number().over(
            partition_by=column, order_by=(Activity.at.desc(), Activity.id.desc())
        )
        some = (
            select(Activity.contact_id, Activity.company_id, Activity.kind, Activity.on_day,
                   Activity.text, Activity.at, place.label("place"))
            .where(Activity.workspace_id == batch.space, column.in_(ids), *alone)
            .where(Activity.at >= batch.now - LOOKED_BACK, by_people())
            .subquery()
        )  # fmt: skip
        for row in batch.session.execute(select(some).where(some.c.place <= TOUCHES)):
            told = Happened(row.kind, row.on_day, row.text or "", row.at)
            for one in batch.theirs(row.contact_id, row.company_id):
                one.happened.append(told)
    for one in batch.people.values():
        one.happened.sort(key=lambda each: each.at, reverse=True)


def _deals(batch: _Batch) -> None:
    """Those that are with them, or with their company and nobody of it."""
    here = select(
        Deal.contact_id, Deal.company_id, Deal.id, Deal.status, Deal.amount_minor, Deal.currency,
        Deal.source, Deal.created_at, Deal.closed_at,
    ).where(Deal.workspace_id == batch.space)  # fmt: skip
    ways: list[Any] = [Deal.contact_id.in_(batch.people)]
    if batch.at:
        ways.append(and_(Deal.company_id.in_(batch.at), Deal.contact_id.is_(None)))
    for way in ways:
        for row in batch.session.execute(here.where(way)):
            told: Any = tuple(row)[2:]
            for one in batch.theirs(row.contact_id, row.company_id):
                one.deals.append(InHand(*told))
    for one in batch.people.values():
        one.deals.sort(key=lambda each: (each.created_at, each.id))


def _bought(batch: _Batch) -> None:
    """Whoever has bought, and everybody at a company that has. What somebody's private contact
    buys is theirs alone: it tells nothing of their colleagues."""
    buyer = aliased(Contact)
    for kind in (Deal, Order):
        of: Any = kind
        whose = and_(buyer.workspace_id == batch.space, buyer.id == of.contact_id)
        here = (
            select(of.contact_id, of.company_id, buyer.company_id, buyer.private, of.status)
            .select_from(of)
            .outerjoin(buyer, whose)
            .where(of.workspace_id == batch.space)
        )
        ways = [of.contact_id.in_(batch.people)]
        if batch.at:
            there = select(Contact.id).where(
                Contact.workspace_id == batch.space, Contact.company_id.in_(batch.at)
            )
            ways += [of.company_id.in_(batch.at), of.contact_id.in_(there)]
        for way in ways:
            for contact, company, at, private, status in batch.session.execute(here.where(way)):
                if status != "won" if kind is Deal else not counts(status):
                    continue
                if contact in batch.people:
                    batch.people[contact].bought = True
                if not private:
                    for one in (*batch.at.get(company or 0, ()), *batch.at.get(at or 0, ())):
                        one.bought = True
