"""Nudges are raised here, by whatever tick or turn finds that somebody should hear of something.

Raising tells nobody: ``scheduler.nudging`` decides, of all that is due for a member, what may
interrupt them, what waits for their agenda, and what is over by then.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.money import Money
from rules.nudging import KINDS, Case, Offer, Told
from storage import queries
from storage.goods import Order
from storage.people import Company, Contact
from storage.talk import Nudge
from storage.team import Member
from storage.tickets import Ticket
from storage.work import Deal


def raise_nudge(
    session: Session,
    owner: Member,
    now: datetime,
    *,
    kind: str,
    subject: str,
    occasion: str,
    case: Case,
    due_at: datetime | None = None,
) -> Nudge | None:
    """Let somebody hear of something, once: the one row of this (kind, subject, occasion).

    ``owner`` is whose customer, deal or goal it is; who stands in for them hears of it instead.
    ``kind`` is one of ``rules.nudging.KINDS``, ``subject`` a record ("company:12", "deal:7"),
    ``occasion`` the same as long as it is the same thing: the day of the last order, the year of a
    birthday. ``due_at``: not before then; a good moment (the member's day and working days, no
    quiet hours) is found by the engine. What was raised and is not told yet takes on the new case.

    Gives None where they were told of it before, or where it is over. Writes in the session's
    transaction, so it may be called again after a kill.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    known = select(Nudge).where(
        Nudge.workspace_id == owner.workspace_id,
        Nudge.member_id == owner.id,
        Nudge.kind == kind,
        Nudge.subject == subject,
        Nudge.occasion == occasion,
    )
    row = session.scalars(known).first()
    if row is not None and row.state not in ("due", "waiting"):
        return None
    if row is None:
        row = Nudge(
            workspace_id=owner.workspace_id,
            member_id=owner.id,
            kind=kind,
            subject=subject,
            occasion=occasion,
            day=now.astimezone(ZoneInfo(owner.zone)).date(),
            raised_at=now,
            state="due",
            due_at=due_at or now,
        )
        session.add(row)
    put_case(row, case)
    return row


def put_case(row: Nudge, case: Case) -> None:
    """What it tells, and what it is worth before a member's own answers are known."""
    row.about = {
        "told": [[each.key, _packed(each.values)] for each in case.evidence],
        "offers": [[each.label, each.intent, dict(each.slots)] for each in case.offers],
    }
    row.worth = round(case.minor * case.chance)


def case_of(row: Nudge) -> Case:
    """As it was put; what it is worth is one sum by then."""
    about = row.about or {}
    return Case(
        tuple(Told(key, _unpacked(values)) for key, values in about.get("told", ())),
        tuple(Offer(*each) for each in about.get("offers", ())),
        row.worth,
    )


def _packed(values: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    match value:
        case Money():
            return {"money": [value.minor, value.currency]}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
    return value


def _unpacked(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _whole(value) for name, value in values.items()}


def _whole(value: Any) -> Any:
    match value:
        case {"money": [minor, currency]}:
            return Money(minor, currency)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case {"day": day}:
            return date.fromisoformat(day)
    return value


Subject = Deal | Contact | Company | Ticket | Order

SUBJECTS: dict[str, type[Subject]] = {
    "deal": Deal, "contact": Contact, "company": Company, "ticket": Ticket, "order": Order,
}  # fmt: skip
"""Whom a nudge may be about, under the first word of its subject."""


def subject_of(session: Session, nudge: Nudge) -> Subject | None:
    """The record that a nudge is about, where it is there and is none of a goal and such."""
    name, _, number = nudge.subject.partition(":")
    kind = SUBJECTS.get(name)
    if kind is None or not number.isdecimal():
        return None
    return queries.get(session, kind, nudge.workspace_id, int(number))


def is_past(session: Session, nudge: Nudge | None) -> bool:
    """Whether a letter about it, that is written and waits, is not to be sent any more."""
    if nudge is None or nudge.state != "sent":
        return True
    if nudge.subject.partition(":")[0] not in SUBJECTS:
        return False
    about = subject_of(session, nudge)
    if isinstance(about, Ticket):
        return not holds(about, nudge)
    if about is None or about.owner_id not in (None, nudge.member_id):
        return True
    return nudge.kind != RATING and isinstance(about, Deal) and not about.is_open


RATING = "rating"
"""The kind that asks how happy a customer is, also of a deal that is won."""


def holds(ticket: Ticket, nudge: Nudge) -> bool:
    """Whether what a nudge tells of a ticket is so yet, and concerns whom it was raised for."""
    runs = ticket.is_open and ticket.status != "waiting"
    match nudge.kind:
        case "ticket_due":
            return runs and ticket.owner_id == nudge.member_id
        case "ticket_late":
            return runs
        case "ticket_given":
            return ticket.is_open and ticket.owner_id == nudge.member_id
    return not ticket.is_open
