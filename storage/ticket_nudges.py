"""Who is to hear of a ticket: raised here, in the turn or tick that finds it out, and brought by
``scheduler.nudging`` with all the other nudges."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from rules.nudging import Case
from storage import queries
from storage.models import Deal, Member, Nudge, Order, Ticket
from storage.raising import RATING, raise_nudge
from storage.ratings import is_rated

DUE, LATE, GIVEN, DONE = "ticket_due", "ticket_late", "ticket_given", "ticket_done"


def subject(ticket: Ticket) -> str:
    return f"ticket:{ticket.id}"


def occasion(ticket: Ticket) -> str:
    """The same as long as the same is promised: it is warned of once."""
    if ticket.due_told_at:
        return f"{ticket.reopened} {ticket.due_at:%Y-%m-%dT%H:%M}"
    return f"{ticket.reopened} {ticket.priority}"


def warn(session: Session, ticket: Ticket, now: datetime) -> list[Nudge]:
    """Its owner hears that it will soon be late, or that it is; of that a manager, too."""
    owner = queries.get(session, Member, ticket.workspace_id, ticket.owner_id)
    if owner is None:
        return []
    late = now >= ticket.due_at
    to = [owner, *managers_of(session, owner)] if late else [owner]
    raised = [
        raise_nudge(
            session, member, now, kind=LATE if late else DUE, subject=subject(ticket),
            occasion=occasion(ticket), case=Case(()),
        )
        for member in to
        if member.active
    ]  # fmt: skip
    return [each for each in raised if each is not None]


def managers_of(session: Session, owner: Member) -> Iterator[Member]:
    """Whom a member answers to: whoever leads them by name; else the managers; else the owners of
    the workspace."""
    others = [each for each in queries.members(session, owner.workspace_id) if each.id != owner.id]
    named = [each for each in others if owner.manager and each.name == owner.manager]
    if named:
        yield named[0]
        return
    managers = [each for each in others if each.role == "manager"]
    if owner.may("manager"):
        managers = []
    yield from managers or [each for each in others if each.role == "owner"]


def ask_how_happy(session: Session, sale: Deal | Order, now: datetime) -> Nudge | None:
    """Let the owner of an order or won deal be asked, once, how happy the customer is with it."""
    owner = queries.get(session, Member, sale.workspace_id, sale.owner_id)
    if owner is None or not owner.active or is_rated(session, sale):
        return None
    name = "deal" if isinstance(sale, Deal) else "order"
    return raise_nudge(
        session, owner, now, kind=RATING, subject=f"{name}:{sale.id}", occasion="sale",
        case=Case(()),
    )  # fmt: skip


def tell_new_owner(session: Session, ticket: Ticket, to: Member, by: Member, now: datetime) -> None:
    """A ticket was given to somebody: they hear of it, unless they took it themselves."""
    if to.id != by.id:
        raise_nudge(
            session, to, now, kind=GIVEN, subject=subject(ticket),
            occasion=f"{now:%Y-%m-%dT%H:%M:%S}", case=Case(()),
        )  # fmt: skip


def tell_resolved(session: Session, ticket: Ticket, by: Member, now: datetime) -> None:
    """Whoever wrote it down, and its owner, hear that somebody else has settled it."""
    for number in dict.fromkeys((ticket.opened_by, ticket.owner_id)):
        member = queries.get(session, Member, ticket.workspace_id, number)
        if member is not None and member.active and member.id != by.id:
            raise_nudge(
                session, member, now, kind=DONE, subject=subject(ticket),
                occasion=f"{ticket.resolved_at:%Y-%m-%dT%H:%M:%S}", case=Case(()),
            )  # fmt: skip
