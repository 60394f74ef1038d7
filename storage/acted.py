"""What members did about their nudges in other ways than by a button: whoever called the customer
in the days after has acted on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from storage import nudges
from storage.asking import made_once
from storage.models import Activity, Contact, Deal, DealMove, Member, Nudge, Order
from storage.people import by_people
from storage.progress import CONTACTS
from storage.types import Moment

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
    ways = {kind: int(number)}
    if kind == "deal":
        deal = session.get(Deal, (member.workspace_id, int(number)))
        if deal is None:
            return None
        with_whom = {"contact": deal.contact_id, "company": deal.company_id}
        ways |= {way: number for way, number in with_whom.items() if number}
    said = {
        "space": member.workspace_id, "member": member.id,
        "since": row.raised_at, "until": row.raised_at + WITHIN,
    }  # fmt: skip
    moments = [
        session.execute(question, {**said, "one": one}).scalar()
        for way, one in ways.items()
        for question in _first(way)
    ]
    return min((moment for moment in moments if moment is not None), default=None)


@made_once
def _first(way: str) -> Sequence[Select[Any]]:
    """Questions for the first moment at which a member did something with this one."""
    space: Any = bindparam("space", type_=Integer)
    member: Any = bindparam("member", type_=BigInteger)
    one: Any = bindparam("one", type_=BigInteger)

    def first(at: Any, *where: Any) -> Select[Any]:
        since, until = (bindparam(name, type_=Moment()) for name in ("since", "until"))
        return select(func.min(at)).where(at > since, at <= until, *where)

    if way == "deal":
        here = (DealMove.workspace_id == space, DealMove.deal_id == one, DealMove.by_id == member)
        return [first(DealMove.at, *here)]
    theirs = select(Contact.id).where(Contact.workspace_id == space, Contact.company_id == one)
    found = []
    for kind in (Activity, Order):
        whose = [kind.contact_id == one]
        if way == "company":
            whose = [kind.company_id == one, kind.contact_id.in_(theirs)]
        found += [
            first(Activity.at, Activity.workspace_id == space, Activity.by_id == member,
                  Activity.kind.in_(CONTACTS), by_people(), each)
            if kind is Activity
            else first(Order.created_at, Order.workspace_id == space, Order.owner_id == member,
                       each)
            for each in whose
        ]  # fmt: skip
    return found
