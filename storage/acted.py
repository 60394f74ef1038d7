"""What members did about their nudges in other ways than by a button: whoever called the customer
in the days after has acted on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage import nudges
from storage.models import Activity, Contact, Deal, DealMove, Member, Nudge, Order
from storage.progress import CONTACTS

WITHIN = timedelta(days=3)
"""So long after a nudge what is done counts as done about it."""

LOOKED_BACK = timedelta(days=7)
"""Nudges of the last days are looked at: so long one may not have been looked at before."""


def settle(session: Session, member: Member, today: date) -> int:
    """Mark the nudges of these days that a member did not answer and acted on; how many."""
    unanswered = nudges.unanswered(session, member, today - LOOKED_BACK)
    found = 0
    for row in unanswered:
        at = _done_about(session, member, row)
        if at is not None:
            row.answer, row.answered_at = "acted", at
            found += 1
    return found


def _done_about(session: Session, member: Member, row: Nudge) -> datetime | None:
    """When the member first did something with whom it was about."""
    kind, _, number = row.subject.partition(":")
    if kind not in {"deal", "contact", "company"} or not number.isdecimal():
        return None
    looks = _looks(session, member, kind, int(number))
    moments = [
        session.scalars(
            query.where(at > row.raised_at, at <= row.raised_at + WITHIN).order_by(at).limit(1)
        ).first()
        for query, at in looks
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _looks(session: Session, member: Member, kind: str, number: int) -> Sequence[tuple[Any, Any]]:
    """Questions for moments at which the member did something with them, each with its column."""
    space = member.workspace_id
    found: list[tuple[Any, Any]] = []
    people, companies = [number] if kind == "contact" else [], [number] if kind == "company" else []
    if kind == "deal":
        deal = session.get(Deal, (space, number))
        if deal is None:
            return ()
        people = [deal.contact_id] if deal.contact_id else []
        companies = [deal.company_id] if deal.company_id else []
        moved = select(DealMove.at).where(
            DealMove.workspace_id == space, DealMove.deal_id == number, DealMove.by_id == member.id
        )
        found.append((moved, DealMove.at))
    spoke = select(Activity.at).where(
        Activity.workspace_id == space, Activity.by_id == member.id,
        Activity.kind.in_(CONTACTS), or_(*_of_them(Activity, space, people, companies)),
    )  # fmt: skip
    sold = select(Order.created_at).where(
        Order.workspace_id == space, Order.owner_id == member.id,
        or_(*_of_them(Order, space, people, companies)),
    )  # fmt: skip
    return (
        (*found, (spoke, Activity.at), (sold, Order.created_at)) if people or companies else found
    )


def _of_them(
    kind: type[Activity | Order], space: int, people: list[int], companies: list[int]
) -> Iterator[Any]:
    if people:
        yield kind.contact_id.in_(people)
    if companies:
        yield kind.company_id.in_(companies)
        theirs = select(Contact.id).where(
            Contact.workspace_id == space, Contact.company_id.in_(companies)
        )
        yield kind.contact_id.in_(theirs)
