"""How good a workspace's contacts are, counted; and whom it is most worth to look after.

Counts walk through indexes once; numbers and addresses are looked at closely up to a bound, so
that what is asked costs about the same however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, not_, or_, select
from sqlalchemy.orm import Session, selectinload

from storage.models import Activity, Contact, ContactPoint, Deal, Member, Nudge

LOOKED_AT = 2000
"""Numbers and addresses that are looked at closely, the newest."""

WORTHY = 300
"""People who are considered for each reason, and of them so many at a go."""

AT_A_GO = 50

RECENT = timedelta(days=90)
_LOOKS_RIGHT = or_(
    and_(ContactPoint.kind == "phone", ContactPoint.value.startswith("+")),
    and_(ContactPoint.kind != "phone", ContactPoint.value.like("_%@_%._%")),
)
"""What does not even look right is wrong for sure, and counted in the database."""

LATER = "tidy_later"
"""The kind of nudge that says: not now."""


@dataclass(frozen=True, slots=True)
class Counts:
    """``having``: so many contacts have each field. ``wrong``: numbers and addresses that cannot
    be; where ``sure`` is false, reckoned from some of them."""

    total: int
    having: dict[str, int]
    stale: int
    wrong: int
    sure: bool


def counts(
    session: Session,
    space: int,
    old: datetime,
    right: Callable[[str, str], bool],
    scaled: Callable[[int, int, int], int],
    owner: int | None = None,
) -> Counts:
    """Of all contacts, or of one owner's. ``old``: who was touched last before is stale."""
    whose = [Contact.workspace_id == space, *([Contact.owner_id == owner] if owner else [])]
    fields = select(
        func.count(Contact.id),
        func.count(Contact.company_id),
        func.count(Contact.title),
        func.count(Contact.city),
    )
    total, company, title, city = session.execute(fields.where(*whose)).one()
    having = {"company": company, "title": title, "city": city}
    points = [ContactPoint.workspace_id == space]
    if owner:
        theirs = Contact.__table__.c
        mine = select(theirs.id).where(theirs.workspace_id == space, theirs.owner_id == owner)
        points.append(ContactPoint.contact_id.in_(mine))
    reached = select(
        ContactPoint.kind,
        func.count(ContactPoint.contact_id.distinct()),
        func.count(ContactPoint.id),
        func.sum(case((_LOOKS_RIGHT, 1), else_=0)),
    ).where(*points)
    odd = plausible = 0
    for kind, people, all_of_kind, fair in session.execute(reached.group_by(ContactPoint.kind)):
        having[kind] = int(people)
        odd += int(all_of_kind) - int(fair)
        plausible += int(fair)
    quiet = select(func.count(Contact.id)).where(*whose, _untouched(space, old))
    stale = session.scalar(quiet) or 0
    amiss, seen = _amiss(session, points, right)
    wrong = odd + scaled(amiss, seen, plausible)
    return Counts(int(total), having, int(stale), wrong, plausible <= seen or not amiss)


def _untouched(space: int, old: datetime) -> Any:
    since = Activity.__table__.c
    touch = select(since.id).where(
        since.workspace_id == space, since.contact_id == Contact.id, since.at >= old
    )
    return and_(Contact.created_at < old, not_(touch.exists()))


def _amiss(
    session: Session, points: Sequence[Any], right: Callable[[str, str], bool]
) -> tuple[int, int]:
    """Of those that look right some are looked at closely: how many cannot be, and of how many."""
    newest = (
        select(ContactPoint.kind, ContactPoint.value)
        .where(*points, _LOOKS_RIGHT)
        .order_by(ContactPoint.id.desc())
        .limit(LOOKED_AT)
    )
    seen = session.execute(newest).all()
    return sum(not right(kind, value) for kind, value in seen), len(seen)


def worth_a_look(
    session: Session, member: Member, now: datetime, currency: str, *, mine: bool
) -> Iterator[tuple[Contact, datetime]]:
    """People with the time of their last touch: those with the largest open deals first, then
    those of whom was heard lately, then the newest. What the member put off is left out."""
    space = member.workspace_id
    put_off = _put_off(session, member, now)
    seen: set[int] = set(put_off)
    for ids in _batches(session, space, now, currency):
        fresh = [number for number in dict.fromkeys(ids) if number not in seen]
        seen.update(fresh)
        query = (
            select(Contact)
            .where(Contact.workspace_id == space, Contact.id.in_(fresh))
            .options(selectinload(Contact.points))
        )
        if mine:
            query = query.where(Contact.owner_id == member.id)
        rows = {row.id: row for row in session.scalars(query)} if fresh else {}
        touched = _touched(session, space, list(rows))
        for number in fresh:
            if number in rows:
                yield rows[number], touched.get(number, rows[number].created_at)


def _batches(session: Session, space: int, now: datetime, currency: str) -> Iterator[Sequence[int]]:
    worth = func.sum(case((Deal.currency == currency, Deal.amount_minor), else_=0))
    deals = (
        select(Deal.contact_id)
        .where(Deal.workspace_id == space, Deal.status == "open", Deal.contact_id.is_not(None))
        .group_by(Deal.contact_id)
        .order_by(worth.desc(), func.max(Deal.id).desc())
        .limit(WORTHY)
    )
    heard = (
        select(Activity.contact_id)
        .where(
            Activity.workspace_id == space,
            Activity.at >= now - RECENT,
            Activity.contact_id.is_not(None),
        )
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(WORTHY)
    )
    newest = (
        select(Contact.id)
        .where(Contact.workspace_id == space)
        .order_by(Contact.id.desc())
        .limit(WORTHY)
    )
    for query in (deals, heard, newest):
        ids = [number for number in session.scalars(query) if number is not None]
        yield from (ids[at : at + AT_A_GO] for at in range(0, len(ids), AT_A_GO))


def _touched(session: Session, space: int, ids: Sequence[int]) -> dict[int | None, datetime]:
    last = (
        select(Activity.contact_id, func.max(Activity.at))
        .where(Activity.workspace_id == space, Activity.contact_id.in_(ids))
        .group_by(Activity.contact_id)
    )
    return {row[0]: row[1] for row in session.execute(last)} if ids else {}


def put_off(session: Session, member: Member, contacts: Iterable[int], now: datetime) -> None:
    """Not now: they are left alone for a while, for this member."""
    known = _put_off(session, member, now - timedelta(days=1000))
    day = now.date()
    for number in set(contacts):
        if number not in known or known[number] < day:
            session.add(
                Nudge(
                    workspace_id=member.workspace_id,
                    member_id=member.id,
                    kind=LATER,
                    subject=str(number),
                    occasion=str(day),
                    day=day,
                    raised_at=now,
                )
            )
    session.flush()


PAUSE = timedelta(days=30)
"""How long "not now" lasts."""


def _put_off(session: Session, member: Member, now: datetime) -> dict[int, Any]:
    query = select(Nudge.subject, func.max(Nudge.day)).where(
        Nudge.workspace_id == member.workspace_id,
        Nudge.member_id == member.id,
        Nudge.kind == LATER,
        Nudge.day > (now - PAUSE).date(),
    )
    return {int(number): day for number, day in session.execute(query.group_by(Nudge.subject))}
