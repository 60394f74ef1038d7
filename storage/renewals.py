"""Contracts looked up: whose they are, when somebody is to be told, and how they end here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from rules.contracts import NOTICE, Course, Hazard, hazard
from storage import queries
from storage.contracts import CANCELLED, RUNNING
from storage.models import Contact, Contract
from storage.purchases import Customer
from storage.types import AT_ONCE

SETTING = "renewal_days"

_CONTRACT: Any = Contract.__table__


def contracts_of(
    session: Session, workspace_id: int, *, contact: int | None = None, company: int | None = None
) -> list[Contract]:
    """Those of a person or of a company, those that run first, by the day of their renewal."""
    theirs = []
    if company:
        theirs.append(Contract.company_id == company)
    if contact:
        theirs.append(Contract.contact_id == contact)
    here = select(Contract).where(Contract.workspace_id == workspace_id, or_(*theirs))
    rows = session.scalars(here) if theirs else ()
    return sorted(rows, key=lambda row: (not row.is_running, row.renews_on, row.id))


def contracts_with(session: Session, workspace_id: int, customer: Customer) -> list[Contract]:
    """Those of a customer, as ``storage.purchases`` counts them: whoever of a company signed."""
    here = select(Contract).where(Contract.workspace_id == workspace_id)
    alone = Contract.company_id.is_(None)
    if customer.kind == "company":
        people = select(Contact.id).where(
            Contact.workspace_id == workspace_id, Contact.company_id == customer.id
        )
        found = [
            *session.scalars(here.where(Contract.company_id == customer.id)),
            *session.scalars(here.where(Contract.contact_id.in_(people), alone)),
        ]
    else:
        found = [*session.scalars(here.where(Contract.contact_id == customer.id, alone))]
    return sorted(found, key=lambda row: (row.renews_on, row.id))


def notice_of(session: Session, workspace_id: int) -> int:
    """Days before a renewal at which somebody hears of it, of a contract of a year."""
    chosen = queries.setting(session, workspace_id, SETTING)
    return int(chosen.value) if chosen and chosen.value.isdecimal() else NOTICE


def look_again(session: Session, workspace_id: int) -> None:
    """Let the clock look at all that run: somebody is to hear of them at another time."""
    running = update(_CONTRACT).where(
        _CONTRACT.c.workspace_id == workspace_id, _CONTRACT.c.status == RUNNING
    )
    session.execute(running.values(next_check_at=AT_ONCE))


# --- how contracts end here -----------------------------------------------------------------------


def courses(session: Session, workspace_id: int) -> list[Course]:
    """All contracts of the workspace, counted by how far they came. A renewal day that went by
    without a word counts for nothing yet."""
    columns = (Contract.months, Contract.known_renewals, Contract.renewals, Contract.status)
    counted = (
        select(*columns, func.count())
        .where(Contract.workspace_id == workspace_id)
        .group_by(*columns)
        .order_by(*columns)
    )
    return [
        Course(months, known, renewals, status == CANCELLED, many)
        for months, known, renewals, status, many in session.execute(counted)
    ]


def hazard_of(session: Session, workspace_id: int) -> Hazard:
    """How probably contracts are not renewed here."""
    return _hazard(tuple(courses(session, workspace_id)))


@lru_cache(maxsize=64)
def _hazard(there: tuple[Course, ...]) -> Hazard:
    return hazard(there)
