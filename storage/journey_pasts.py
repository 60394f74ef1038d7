"""What is known of people of which the journey is told: since when, their talks, deals, purchases.

A company's deals and purchases are its people's, but for those with a private contact, which are
theirs alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Executable, Integer, and_, bindparam, func, select
from sqlalchemy.orm import Session

from rules.journey import Past
from rules.purchases import counts
from storage.asking import dialect_of, listed, made_once, one_of, seen
from storage.goods import Order
from storage.people import Activity, Contact, by_people
from storage.work import Deal


class _Person(NamedTuple):
    id: int
    company_id: int | None
    created_at: datetime
    private: bool


@dataclass
class _Seen:
    """What happened, by whose it is: a company, else a person who is with none. ``who`` is the
    private person it was with; others do not have it."""

    deals: dict[tuple[str, int], list[tuple[int | None, datetime, datetime | None]]]
    bought: dict[tuple[str, int], list[tuple[int | None, datetime]]]


def pasts(session: Session, space: int, ids: Sequence[int]) -> dict[int, Past]:
    """Of some people what is known of them."""
    said = {"space": space, "ids": listed(ids)}
    people = [_Person(*row) for row in seen(session, _people(dialect_of(session)), said)]
    talked = dict(seen(session, _talked(dialect_of(session)), said).all())
    happened = _seen(session, space, people)
    return {one.id: _past(one, talked.get(one.id), happened) for one in people}


def _past(one: _Person, talked: datetime | None, happened: _Seen) -> Past:
    whose = _whose(one.company_id, one.id)
    return Past(
        one.created_at,
        talked,
        tuple((at, end) for who, at, end in happened.deals.get(whose, ()) if who in (None, one.id)),
        tuple(at for who, at in happened.bought.get(whose, ()) if who in (None, one.id)),
    )


def _whose(company: int | None, person: int | None) -> tuple[str, int]:
    return ("company", company) if company else ("contact", person or 0)


def _seen(session: Session, space: int, people: Collection[_Person]) -> _Seen:
    firms = sorted({one.company_id for one in people if one.company_id})
    alone = sorted(one.id for one in people if not one.company_id)
    said = {"space": space, "firms": listed(firms), "alone": listed(alone)}
    ways = [*((_FIRM, _COLLEAGUE) if firms else ()), *((_ALONE,) if alone else ())]
    found = _Seen(defaultdict(list), defaultdict(list))
    for whose, who, row in _rows(session, Deal, ways, said):
        end = row.closed_at or (None if row.status == "open" else row.created_at)
        found.deals[whose].append((who, row.created_at, end))
        if row.status == "won" and not row.stands:
            found.bought[whose].append((who, row.closed_at or row.created_at))
    for whose, who, row in _rows(session, Order, ways, said):
        if counts(row.status) and (row.amount_minor is None or row.amount_minor >= 0):
            found.bought[whose].append((who, row.at))
    return found


def _rows(
    session: Session, kind: Any, ways: Sequence[str], said: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, int], int | None, Any]]:
    """Deals or orders of these companies and people, each way by its own index."""
    for way in ways:
        for row in seen(session, _theirs(dialect_of(session), kind, way), said):
            yield _whose(row.firm, row.contact_id), row.contact_id if row.private else None, row


# --- the questions, made once for each kind of database -------------------------------------------

_FIRM, _COLLEAGUE, _ALONE = "firm", "colleague", "alone"
"""Whose a row is: a company's, that of somebody who is there, or of somebody who is with none."""

_SPACE = bindparam("space", type_=Integer)


@made_once
def _people(dialect: str) -> Executable:
    return select(Contact.id, Contact.company_id, Contact.created_at, Contact.private).where(
        Contact.workspace_id == _SPACE, one_of(Contact.id, "ids", dialect, BigInteger)
    )


@made_once
def _talked(dialect: str) -> Executable:
    """When somebody first talked with each; what was sent by itself is no talk, a note neither."""
    return (
        select(Activity.contact_id, func.min(Activity.at).label("at"))
        .where(Activity.workspace_id == _SPACE)
        .where(one_of(Activity.contact_id, "ids", dialect, BigInteger))
        .where(Activity.kind != "note", by_people())
        .group_by(Activity.contact_id)
    )


@made_once
def _theirs(dialect: str, kind: Any, way: str) -> Executable:
    theirs = select(Contact.id).where(
        Contact.workspace_id == _SPACE, one_of(Contact.company_id, "firms", dialect, BigInteger)
    )
    unnamed = (kind.company_id + 0).is_(None)
    which = {
        _FIRM: lambda: one_of(kind.company_id, "firms", dialect, BigInteger),
        _COLLEAGUE: lambda: and_(kind.contact_id.in_(theirs), unnamed),
        _ALONE: lambda: and_(one_of(kind.contact_id, "alone", dialect, BigInteger), unnamed),
    }[way]()
    person = and_(Contact.workspace_id == kind.workspace_id, Contact.id == kind.contact_id)
    return (
        select(
            kind.contact_id, func.coalesce(kind.company_id, Contact.company_id).label("firm"),
            Contact.private, *_columns(kind),
        )
        .select_from(kind)
        .outerjoin(Contact, person)
        .where(kind.workspace_id == _SPACE, which)
    )  # fmt: skip


def _columns(kind: Any) -> tuple[Any, ...]:
    if kind is Order:
        return (Order.at, Order.status, Order.amount_minor)
    stands = select(Order.id).where(
        Order.workspace_id == Deal.workspace_id, Order.deal_id == Deal.id
    )
    return (Deal.created_at, Deal.closed_at, Deal.status, stands.exists().label("stands"))
