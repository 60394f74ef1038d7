"""Contracts looked up: whose they are, when somebody is to be told, and how they end here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from rules.contracts import NOTICE, Course, Hazard, hazard
from storage import queries
from storage.asking import made_once
from storage.contracts import CANCELLED, RUNNING
from storage.models import Contact, Contract
from storage.purchases import Customer, CustomerKind
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
    said = {"space": workspace_id, "customer": customer.id}
    found = [row for way in _signed(customer.kind) for row in session.scalars(way, said)]
    return sorted(found, key=lambda row: (row.renews_on, row.id))


@made_once
def _signed(kind: CustomerKind) -> list[Select[Any]]:
    """The questions for those of a customer of this kind."""
    space: Any = bindparam("space", type_=Integer)
    one: Any = bindparam("customer", type_=BigInteger)
    here = select(Contract).where(Contract.workspace_id == space)
    alone = Contract.company_id.is_(None)
    if kind == "contact":
        return [here.where(Contract.contact_id == one, alone)]
    people = select(Contact.id).where(Contact.workspace_id == space, Contact.company_id == one)
    return [
        here.where(Contract.company_id == one),
        here.where(Contract.contact_id.in_(people), alone),
    ]


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
