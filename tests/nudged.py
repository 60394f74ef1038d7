"""One nudge of each kind that customers bring, raised as a tick does it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.nudging import Case, Offer, Told
from storage.models import Company, Deal, Member, Ticket, WorkWeek
from storage.raising import raise_nudge
from storage.ticket_nudges import DONE, GIVEN, ask_how_happy, subject
from storage.tickets import service_of

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
    member.nudges_a_day = len(OF_CUSTOMERS)
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


def raise_of_service(session: Session, now: datetime) -> None:
    """One of each that tickets and sales bring beside the warnings: a ticket that was given to the
    member, one that somebody settled, a deal of which nobody said how happy the customer is."""
    member = session.scalars(select(Member).order_by(Member.id)).first()
    assert member is not None
    space = {"workspace_id": member.workspace_id}
    service = service_of(session, member.workspace_id)
    for number, status in enumerate(("open", "resolved"), 1):
        name = f"Firm {number}"
        firm = Company(**space, name=name, name_key=name.casefold(), created_at=now)
        session.add(firm)
        session.flush()
        ticket = Ticket(
            **space, number=number, text="3 rolls were torn", company_id=firm.id, status=status,
            priority="low", owner_id=member.id, opened_by=member.id, created_at=now, began_at=now,
            waited=0, worked=0, reopened=0, was_late=False,
            resolved_at=now if status == "resolved" else None,
            resolved_by=member.id if status == "resolved" else None,
        )  # fmt: skip
        ticket.plan(service)
        session.add(ticket)
        session.flush()
        raise_nudge(
            session, member, now, kind=GIVEN if status == "open" else DONE,
            subject=subject(ticket), occasion="x", case=Case(()),
        )  # fmt: skip
    deal = Deal(
        **space, company_id=firm.id, stage="lead", status="won", owner_id=member.id,
        created_at=now, closed_at=now,
    )  # fmt: skip
    session.add(deal)
    session.flush()
    ask_how_happy(session, deal, now)
