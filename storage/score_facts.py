"""What is read of people to score them: plain rows, some people at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    Integer,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import Session, aliased

from rules.purchases import counts
from storage.asking import dialect_of, listed, made_once, one_of, seen
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
from storage.types import Moment

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
    found = seen(session, _people(dialect_of(session)), {"space": space, "ids": listed(ids)})
    batch = _Batch(session, space, now, {row.id: Known(**row._asdict()) for row in found})
    if batch.people:
        _points_and_tags(batch)
        _values(batch)
        _happened(batch)
        _deals(batch)
        _bought(batch)
    return list(batch.people.values())


class _Batch:
    """People, and those of each company among them."""

    def __init__(
        self, session: Session, space: int, now: datetime, people: dict[int, Known]
    ) -> None:
        self.session, self.people, self.dialect = session, people, dialect_of(session)
        self.at: dict[int, list[Known]] = defaultdict(list)
        for each in people.values():
            if each.company_id:
                self.at[each.company_id].append(each)
        self._said = {
            "space": space,
            "ids": listed(people),
            "firms": listed(self.at),
            "since": now - LOOKED_BACK,
        }

    def rows(self, question: Executable) -> Iterable[Any]:
        return seen(self.session, question, self._said)  # type: ignore[no-any-return]  # of rows

    def theirs(self, contact: int | None, company: int | None) -> Sequence[Known]:
        """Whose a row is that is about a person, or about a company and nobody of it."""
        if contact is not None:
            return [self.people[contact]] if contact in self.people else []
        return self.at.get(company or 0, [])


def _points_and_tags(batch: _Batch) -> None:
    for number, kind in batch.rows(_of_people(batch.dialect, ContactPoint.kind)):
        batch.people[number].points.add(kind)
    for number, tag in batch.rows(_of_people(batch.dialect, ContactTag.tag)):
        batch.people[number].tags.append(tag)


def _values(batch: _Batch) -> None:
    for whose in _ways(batch):
        for contact, company, number, value in batch.rows(_own_values(batch.dialect, whose)):
            for one in batch.theirs(contact, company):
                one.values.append((number, value))


def _happened(batch: _Batch) -> None:
    for whose in _ways(batch):
        for row in batch.rows(_touches(batch.dialect, whose)):
            told = Happened(row.kind, row.on_day, row.text or "", row.at)
            for one in batch.theirs(row.contact_id, row.company_id):
                one.happened.append(told)
    for one in batch.people.values():
        one.happened.sort(key=lambda each: each.at, reverse=True)


def _deals(batch: _Batch) -> None:
    """Those that are with them, or with their company and nobody of it."""
    for whose in _ways(batch):
        for row in batch.rows(_in_hand(batch.dialect, whose)):
            told: Any = tuple(row)[2:]
            for one in batch.theirs(row.contact_id, row.company_id):
                one.deals.append(InHand(*told))
    for one in batch.people.values():
        one.deals.sort(key=lambda each: (each.created_at, each.id))


def _bought(batch: _Batch) -> None:
    """Whoever has bought, and everybody at a company that has. What somebody's private contact
    buys is theirs alone: it tells nothing of their colleagues."""
    ways = (_PERSON, *((_FIRM, _COLLEAGUE) if batch.at else ()))
    for kind, whose in product((Deal, Order), ways):
        for contact, company, at, private, status in batch.rows(_sold(batch.dialect, kind, whose)):
            if status != "won" if kind is Deal else not counts(status):
                continue
            if contact in batch.people:
                batch.people[contact].bought = True
            if not private:
                for one in (*batch.at.get(company or 0, ()), *batch.at.get(at or 0, ())):
                    one.bought = True


# --- the questions, made once for each kind of database -------------------------------------------

_PERSON, _FIRM, _COLLEAGUE = "person", "firm", "colleague"
"""Whose a row is: one of the people, their company's, or that of anybody who is there."""

_SPACE = bindparam("space", type_=Integer)


def _ways(batch: _Batch) -> tuple[str, ...]:
    return (_PERSON, _FIRM) if batch.at else (_PERSON,)


def _among(column: Any, name: str, dialect: str) -> ColumnElement[bool]:
    return one_of(column, name, dialect, BigInteger)


def _about(kind: Any, whose: str, dialect: str) -> tuple[ColumnElement[bool], ...]:
    """Rows that are about one of the people, or about one of their companies."""
    if whose == _PERSON:
        return (kind.workspace_id == _SPACE, _among(kind.contact_id, "ids", dialect))
    return (kind.workspace_id == _SPACE, _among(kind.company_id, "firms", dialect))


@made_once
def _people(dialect: str) -> Executable:
    person = (
        Contact.id, Contact.name, Contact.private, Contact.owner_id, Contact.created_at,
        Contact.title, Contact.source, Contact.city, Contact.company_id,
        Company.name.label("company"), Company.source.label("company_source"),
        Company.city.label("company_city"),
    )  # fmt: skip
    at = and_(Company.workspace_id == _SPACE, Company.id == Contact.company_id)
    here = (Contact.workspace_id == _SPACE, _among(Contact.id, "ids", dialect))
    return select(*person).outerjoin(Company, at).where(*here).order_by(Contact.id)


@made_once
def _of_people(dialect: str, column: Any) -> Executable:
    kind = column.class_
    here = select(kind.contact_id, column).where(*_about(kind, _PERSON, dialect))
    return here.order_by(kind.id + 0)


@made_once
def _own_values(dialect: str, whose: str) -> Executable:
    value, field = CustomValue, CustomField
    its = and_(field.workspace_id == value.workspace_id, field.id == value.field_id)
    return (
        select(value.contact_id, value.company_id, value.field_id, value.value)
        .join(field, its)
        .where(*_about(value, whose, dialect), field.active)
        .order_by(value.id + 0)
    )


@made_once
def _touches(dialect: str, whose: str) -> Executable:
    column = Activity.contact_id if whose == _PERSON else Activity.company_id
    place = func.row_number().over(
        partition_by=column, order_by=(Activity.at.desc(), Activity.id.desc())
    )
    alone = () if whose == _PERSON else (Activity.contact_id.is_(None),)
    some = (
        select(Activity.contact_id, Activity.company_id, Activity.kind, Activity.on_day,
               Activity.text, Activity.at, place.label("place"))
        .where(*_about(Activity, whose, dialect), *alone)
        .where(Activity.at >= bindparam("since", type_=Moment()), by_people())
        .subquery()
    )  # fmt: skip
    return select(some).where(some.c.place <= TOUCHES)


@made_once
def _in_hand(dialect: str, whose: str) -> Executable:
    alone = () if whose == _PERSON else (Deal.contact_id.is_(None),)
    return select(
        Deal.contact_id, Deal.company_id, Deal.id, Deal.status, Deal.amount_minor, Deal.currency,
        Deal.source, Deal.created_at, Deal.closed_at,
    ).where(*_about(Deal, whose, dialect), *alone)  # fmt: skip


@made_once
def _sold(dialect: str, kind: Any, whose: str) -> Executable:
    buyer = aliased(Contact)
    here = _about(kind, whose, dialect)
    if whose == _COLLEAGUE:
        there = select(Contact.id).where(
            Contact.workspace_id == _SPACE, _among(Contact.company_id, "firms", dialect)
        )
        here = (kind.workspace_id == _SPACE, kind.contact_id.in_(there))
    return (
        select(kind.contact_id, kind.company_id, buyer.company_id.label("at"), buyer.private,
               kind.status)
        .select_from(kind)
        .outerjoin(buyer, and_(buyer.workspace_id == _SPACE, buyer.id == kind.contact_id))
        .where(*here)
    )  # fmt: skip
