"""One nudge of each kind that customers bring, raised as a tick does it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.nudging import Case, Offer, Told
from storage.models import Company, Member, WorkWeek
from storage.raising import raise_nudge

OF_CUSTOMERS = {
    "at_risk": "Sapphire Mills",
    "next_order": "Gul Ahmed",
    "renewal": "Alkaram Textile",
    "check_in": "Metro Cash",
    "birthday": "Chenone Home",
    "loyalty": "Kohinoor Mills",
}


def works_all_week(session: Session, now: datetime) -> None:
    """So that it does not matter on what day of the week a test runs."""
    space = session.scalars(select(Member)).first()
    assert space is not None
    session.add(WorkWeek(workspace_id=space.workspace_id, days="1111111", created_at=now))


def raise_each(session: Session, now: datetime) -> None:
    member = session.scalars(select(Member).order_by(Member.id)).first()
    assert member is not None
    tomorrow = (now + timedelta(days=1)).date()
    for at, (kind, name) in enumerate(OF_CUSTOMERS.items()):
        company = Company(
            workspace_id=member.workspace_id, name=name, name_key=name.casefold(),
            owner_id=member.id, created_at=now,
        )  # fmt: skip
        session.add(company)
        session.flush()
        slots = {"kind": "call", "company": company.id}
        case = Case(
            (Told("because_birthday", {"day": tomorrow}),),
            (Offer("log_call_button", "activity.log", slots),),
            minor=1000 - at,
        )
        raise_nudge(
            session, member, now, kind=kind, subject=f"company:{company.id}",
            occasion=tomorrow.isoformat(), case=case,
        )  # fmt: skip
