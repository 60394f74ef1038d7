"""A customer of whom something is expected: as they are named, and as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
from storage.purchases import Customer as Key
from storage.purchases import CustomerKind

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
    whose = [
        Key("company", row.company_id) if row.company_id else Key("contact", row.contact_id)
        for row in rows
    ]
    names = names_of(turn, whose)
    return [
        Customer(row, names[key], row.owner_id)
        for row, key in zip(rows, whose, strict=True)
        if key in names
    ]


def names_of(turn: Turn, some: Iterable[Key]) -> dict[Key, str]:
    """What customers are called; without those that are not to be seen. Each kind is asked for by
    its own table."""
    ids: dict[CustomerKind, set[int]] = defaultdict(set)
    for each in some:
        ids[each.kind].add(each.id)
    names: dict[Key, str] = {}
    for kind, numbers in ids.items():
        model = _TABLES[kind]
        here = (model.workspace_id == turn.workspace.id, model.id.in_(numbers))
        rows = turn.session.execute(select(model.id, model.name).where(*here))
        names |= {Key(kind, number): name for number, name in rows}
    return names


_TABLES: dict[CustomerKind, type[Company | Contact]] = {"company": Company, "contact": Contact}


def count(turn: Turn, state: str, owner: int | None = None) -> int:
    here = [Outlook.workspace_id == turn.workspace.id, Outlook.state == state]
    if owner is not None:
        here.append(Outlook.owner_id == owner)
    return int(turn.session.scalar(select(func.count()).select_from(Outlook).where(*here)) or 0)
