"""Contracts that come up for renewal, told to whoever's the customer is, so many days before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from handlers.renewal_nudges import renewal_case
from rules.calendar import wall_to_utc
from rules.contracts import notice_days
from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_one_by_one
from storage.models import Contract, Member, Workspace
from storage.raising import raise_nudge
from storage.renewals import notice_of

BATCH = 50
"""Contracts looked at in one transaction."""

MORNING = 6
"""The hour of the workspace's day from which on a renewal is raised."""

NOT_THERE = timedelta(days=7)
"""When a contract is looked at again whose seller is not there any more."""

DUE = Due(Contract.next_check_at)

_CONTRACT: Any = Contract.__table__


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at contracts that are due; how many nudges were raised, or 1 for more to do."""
    looked = 0

    def look(row: Contract) -> int:
        nonlocal looked
        looked += 1
        return _look(session, draw, row, now)

    told = due_one_by_one(session, DUE, now, BATCH, look)
    return told or int(looked == BATCH)


def _look(session: Session, draw: Draw, row: Contract, now: datetime) -> int:
    """Raise its renewal, or say when to look at it again."""
    when = _told_at(session, row)
    if when is not None and when > now:
        _look_again(session, row, when)
        return 0
    owner = _owner(session, row) if when else None
    away = owner is not None and not owner.active
    _look_again(session, row, now + NOT_THERE if away else None)
    if owner is None or away:
        return 0
    case = renewal_case(draw.turn(session, owner, now), row)
    raised = raise_nudge(
        session, owner, now, kind="renewal", subject=row.subject,
        occasion=f"contract {row.id} {row.renews_on}", case=case,
    )  # fmt: skip
    return int(raised is not None)


def _told_at(session: Session, row: Contract) -> datetime | None:
    """The morning on which its owner hears of it; None where it does not run."""
    if not row.is_running:
        return None
    workspace = session.get_one(Workspace, row.workspace_id)
    days = notice_days(row.months, notice_of(session, row.workspace_id))
    day = row.renews_on - timedelta(days=days)
    wall = datetime.combine(day, datetime.min.time()).replace(hour=MORNING)
    return wall_to_utc(wall, workspace.timezone)


def _owner(session: Session, row: Contract) -> Member | None:
    """Whose customer it is, else who took the contract down."""
    customer = row.company or row.contact
    number = (customer.owner_id if customer else None) or row.owner_id
    return session.get(Member, (row.workspace_id, number))


def _look_again(session: Session, row: Contract, at: datetime | None) -> None:
    """No change of the contract that anybody made."""
    this = update(_CONTRACT).where(
        _CONTRACT.c.workspace_id == row.workspace_id, _CONTRACT.c.id == row.id
    )
    session.execute(this.values(next_check_at=at))
