"""A customer of whom something is expected: as they are named, and as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from handlers.expecting import look_at
from handlers.turn import Turn
from handlers.who import Who
from storage.models import Company, Contact, Outlook
from storage.outlook import fit_of, outlook_of
from storage.privacy import everything

AT_HAND = 120
"""Customers who are due that are looked at before an answer; of more it is said that they wait."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A row with whose it is."""

    row: Outlook
    name: str
    owner_id: int | None

    @property
    def whom(self) -> dict[str, Any]:
        """As a call names them."""
        row = self.row
        return {"company": row.company_id} if row.company_id else {"contact": row.contact_id}


def of_who(turn: Turn, who: Who) -> Customer | None:
    """The customer that somebody buys for, as of now; None of whoever never bought."""
    company = who.company or (who.contact.company if who.contact else None)
    ids = {
        "company": company.id if company else None,
        "contact": who.contact.id if who.contact else None,
    }
    row = outlook_of(turn.session, turn.workspace.id, **ids)
    if row is None:
        return None
    if turn.id and _is_due(row, turn.now):
        _look(turn, [row])
        row = outlook_of(turn.session, turn.workspace.id, **ids)
        if row is None:
            return None
    return Customer(row, company.name if company else who.name, row.owner_id)


def brought_up_to_date(turn: Turn) -> int:
    """Look at who is due, as far as that is quickly done; how many wait yet. A turn that keeps
    nothing (it has no number) only counts them."""
    due = (
        Outlook.workspace_id == turn.workspace.id,
        Outlook.next_check_at <= turn.now,
    )
    with everything(turn.session):
        some = select(Outlook).where(*due).order_by(Outlook.next_check_at).limit(AT_HAND)
        rows = turn.session.scalars(some.execution_options(populate_existing=True)).all()
        if rows and turn.id:
            _look(turn, rows)
        if len(rows) < (AT_HAND if turn.id else 1):
            return 0
        return int(turn.session.scalar(select(func.count()).select_from(Outlook).where(*due)) or 0)


def _is_due(row: Outlook, now: datetime) -> bool:
    return row.next_check_at is not None and row.next_check_at <= now


def _look(turn: Turn, rows: Sequence[Outlook]) -> None:
    fit = fit_of(turn.session, turn.workspace.id)
    look_at(turn.session, turn.workspace, rows, fit, turn.now)


def named(turn: Turn, rows: Sequence[Outlook]) -> list[Customer]:
    """With their names, in their order; without those that are not to be seen."""
    space, session = turn.workspace.id, turn.session
    companies = {row.company_id for row in rows if row.company_id}
    people = {row.contact_id for row in rows if row.contact_id}
    names: dict[tuple[str, int], str] = {}
    if companies:
        here = select(Company).where(Company.workspace_id == space, Company.id.in_(companies))
        names |= {("company", each.id): each.name for each in session.scalars(here)}
    if people:
        them = select(Contact).where(Contact.workspace_id == space, Contact.id.in_(people))
        names |= {("contact", each.id): each.name for each in session.scalars(them)}
    found = []
    for row in rows:
        key = ("company", row.company_id) if row.company_id else ("contact", row.contact_id)
        if key in names:
            found.append(Customer(row, names[key], row.owner_id))
    return found


def count(turn: Turn, state: str, owner: int | None = None) -> int:
    here = [Outlook.workspace_id == turn.workspace.id, Outlook.state == state]
    if owner is not None:
        here.append(Outlook.owner_id == owner)
    return int(turn.session.scalar(select(func.count()).select_from(Outlook).where(*here)) or 0)
