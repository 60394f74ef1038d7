"""What service tells of customers: tickets that are open or late, and how happy they were last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from storage import queries
from storage.asking import made_once
from storage.models import Company, Contact, Rating, Referral, Ticket
from storage.tickets import OPEN

MANY = 20
"""Open tickets of one customer that are looked at."""

Key = tuple[str, int]
"""``("company", 12)`` or ``("contact", 7)``."""


@dataclass(frozen=True, slots=True)
class Served:
    """``open``: tickets that are not settled, ``late`` those of them whose time is over; ``score``
    the last rating (1 to 5), given ``rated_at``, where there is one."""

    open: int = 0
    late: int = 0
    score: int | None = None
    rated_at: datetime | None = None


def served(
    session: Session, workspace_id: int, contacts: Iterable[int], companies: Iterable[int],
    now: datetime,
) -> dict[Key, Served]:  # fmt: skip
    """Of these customers, in one statement; those of whom service knows nothing are left out. What
    is of somebody at a company counts for the company, and for them where they are asked of."""
    people, firms = list(contacts), list(companies)
    tickets = _tickets(workspace_id, people, firms, now)
    rows = session.execute(tickets.union_all(_ratings(workspace_id, people, firms)))
    found: dict[Key, Served] = {}
    for contact, company, count, late, score, at in rows:
        keys = [("contact", contact)] if contact in people else []
        keys += [("company", company)] if company in firms else []
        for key in keys:
            known = found.get(key, Served())
            if score is None:
                found[key] = replace(known, open=known.open + count, late=known.late + late)
            elif known.rated_at is None or known.rated_at <= at:
                found[key] = replace(known, score=score, rated_at=at)
    return found


@dataclass(frozen=True, slots=True)
class Trouble:
    """``dues``: when the open tickets of a customer are due that do not wait for them, the earliest
    first; ``score`` as of ``Served``."""

    dues: tuple[datetime, ...] = ()
    score: int | None = None
    rated_at: datetime | None = None


def trouble_of(
    session: Session, workspace_id: int, contact_id: int | None, company_id: int | None
) -> Trouble:
    """Of a company with all its people, or of a person."""

    said = {"space": workspace_id, "customer": company_id or contact_id or 0}
    last, open_ones = _trouble(bool(company_id))
    score, at = session.execute(last, said).first() or (None, None)
    return Trouble(tuple(session.scalars(open_ones, said)), score, at)


@made_once
def _trouble(of_company: bool) -> tuple[Select[Any], Select[Any]]:
    """The questions for the last rating and for what is open."""
    space: Any = bindparam("space", type_=Integer)
    one: Any = bindparam("customer", type_=BigInteger)

    def whose(kind: Any) -> Any:
        here = kind.workspace_id == space
        if not of_company:
            return and_(here, kind.contact_id == one)
        theirs = select(Contact.id).where(Contact.workspace_id == space, Contact.company_id == one)
        return and_(here, or_(kind.company_id == one, kind.contact_id.in_(theirs)))

    last: Any = select(Rating.score, Rating.at).where(whose(Rating)).order_by(Rating.at.desc())
    open_ones: Any = (
        select(Ticket.due_at)
        .where(whose(Ticket), Ticket.status.in_(OPEN), Ticket.waiting_since.is_(None))
        .order_by(Ticket.due_at)
    )
    return last.limit(1), open_ones.limit(MANY)


def last_score(
    session: Session, workspace_id: int, contact_id: int | None, company_id: int | None
) -> int | None:
    """How happy a person, or a company with all its people, was last."""
    here = select(Rating.score).where(
        Rating.workspace_id == workspace_id,
        Rating.contact_id == contact_id if contact_id else Rating.company_id == company_id,
    )
    return session.scalars(here.order_by(Rating.at.desc(), Rating.id.desc()).limit(1)).first()


def referrer_name(
    session: Session, workspace_id: int, contact_id: int | None, company_id: int | None
) -> str | None:
    """By whom a customer came."""
    here = select(Referral).where(
        Referral.workspace_id == workspace_id,
        Referral.contact_id == contact_id if contact_id else Referral.company_id == company_id,
    )
    row = session.scalars(here.limit(1)).first()
    return source_name(session, row) if row else None


def source_name(session: Session, row: Referral) -> str | None:
    """The customer who sent another one, as they are called now."""
    if row.by_contact_id:
        person = queries.get(session, Contact, row.workspace_id, row.by_contact_id)
        return person.name if person else None
    firm = queries.get(session, Company, row.workspace_id, row.by_company_id)
    return firm.name if firm else None


def _of(kind: Any, people: list[int], firms: list[int]) -> Any:
    """Of one of these people, or of these companies and their people."""
    return or_(
        kind.contact_id.in_(people), kind.company_id.in_(firms),
        and_(kind.company_id.is_(None), Contact.company_id.in_(firms)),
    )  # fmt: skip


def _joined(query: Any, kind: Any, workspace_id: int) -> Any:
    same = and_(Contact.workspace_id == workspace_id, Contact.id == kind.contact_id)
    return query.select_from(kind).join(Contact, same, isouter=True)


def _tickets(workspace_id: int, people: list[int], firms: list[int], now: datetime) -> Any:
    company = func.coalesce(Ticket.company_id, Contact.company_id)
    stood = func.coalesce(Ticket.waiting_since, literal(now, Ticket.due_at.type))
    late = func.sum(cast(stood > Ticket.due_at, Integer))
    query: Any = select(
        Ticket.contact_id, company, func.count(), late, cast(null(), Integer),
        cast(null(), Rating.at.type),
    )  # fmt: skip
    return (
        _joined(query, Ticket, workspace_id)
        .where(Ticket.workspace_id == workspace_id, Ticket.status.in_(OPEN))
        .where(_of(Ticket, people, firms))
        .group_by(Ticket.contact_id, company)
    )


def _ratings(workspace_id: int, people: list[int], firms: list[int]) -> Any:
    company = func.coalesce(Rating.company_id, Contact.company_id)
    query: Any = select(
        Rating.contact_id, company, literal(0, Integer), literal(0, Integer), Rating.score,
        Rating.at,
    )  # fmt: skip
    return _joined(query, Rating, workspace_id).where(
        Rating.workspace_id == workspace_id, _of(Rating, people, firms)
    )
