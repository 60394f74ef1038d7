"""Some days after a deal was won, or somebody ordered for the first time, their seller is told to
ask how they are doing with it: once, and not where somebody has talked with them since."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from handlers.check_in_nudges import check_in_case
from rules.after_sale import APART, asked_on
from rules.calendar import wall_to_utc
from rules.purchases import counts
from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_one_by_one
from storage.after_sale import days_of
from storage.models import Activity, Contact, Deal, Member, Nudge, Order, Workspace
from storage.people import by_people
from storage.progress import CONTACTS
from storage.purchases import Customer, customer_of, purchases
from storage.raising import raise_nudge
from storage.scope import everywhere, within

BATCH = 40
"""Sales looked at in one transaction."""

LET_GO = 1000
"""Sales of long ago that are let go of in one transaction: those that came in with a file."""

LONG_AGO = timedelta(days=400)
MORNING = 6
"""The hour of the workspace's day from which on it is raised."""

Sale = Deal | Order

OF_SALES = (Due(Deal.next_check_at, Deal.status == "won"), Due(Order.next_check_at))


def is_due(now: Any) -> ColumnElement[bool]:
    return or_(*(due(now) for due in OF_SALES))


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at sales that are due; how many nudges were raised, or 1 for more to do."""
    looked = _let_go(session, now)

    def look(row: Sale) -> int:
        nonlocal looked
        looked += 1
        return _look(session, draw, row, now)

    raised = sum(due_one_by_one(session, due, now, BATCH, look) for due in OF_SALES)
    return raised or int(looked >= BATCH)


def _let_go(session: Session, now: datetime) -> int:
    """Those of long ago, many at once; how many there were."""
    gone = 0
    old = now - LONG_AGO
    for kind, at, more in ((Deal, Deal.closed_at, (Deal.status == "won",)), (Order, Order.at, ())):
        due = (
            select(kind.workspace_id, kind.id)
            .where(kind.workspace_id.in_(select(Workspace.id)), kind.next_check_at <= now)
            .where(at < old, *more)
            .limit(LET_GO)
        )
        found: dict[int, list[int]] = defaultdict(list)
        with everywhere(session):
            for space, number in session.execute(due):
                found[space].append(number)
        for space, ids in found.items():
            with within(session, space):
                table: Any = kind.__table__
                these = update(table).where(table.c.workspace_id == space, table.c.id.in_(ids))
                session.execute(these.values(next_check_at=None))
        gone += sum(map(len, found.values()))
    return gone


def _look(session: Session, draw: Draw, row: Sale, now: datetime) -> int:
    """Raise it, say when to look again, or let it go."""
    workspace = session.get_one(Workspace, row.workspace_id)
    zone = ZoneInfo(workspace.timezone)
    sold = row.on_day if isinstance(row, Order) else _day(row.closed_at or row.created_at, zone)
    today = now.astimezone(zone).date()
    day = asked_on(sold, days_of(session, row.workspace_id), today)
    customer = customer_of(row)
    if day is None or customer is None or not _is_asked_about(session, row, customer):
        _look_again(session, row, None)
        return 0
    at = wall_to_utc(datetime.combine(day, time(MORNING)), workspace.timezone)
    if at > now:
        _look_again(session, row, at)
        return 0
    _look_again(session, row, None)
    owner = _owner(session, row)
    if owner is None or not owner.active or _was_asked(session, row, customer, sold, today):
        return 0
    raised = raise_nudge(
        session, owner, now, kind="check_in", subject=f"{customer.kind}:{customer.id}",
        occasion=f"{row.__tablename__} {row.id}",
        case=check_in_case(draw.turn(session, owner, now), row, customer, sold),
    )  # fmt: skip
    return int(raised is not None)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _is_asked_about(session: Session, row: Sale, customer: Customer) -> bool:
    """A won deal; of orders the first of a customer, unless a deal stands for it."""
    if isinstance(row, Deal):
        return row.status == "won"
    if not counts(row.status) or row.deal_id is not None:
        return False
    bought = purchases(session, row.workspace_id, customer=customer)
    return bool(bought) and bought[0].day == row.on_day and len(bought) == 1


def _owner(session: Session, row: Sale) -> Member | None:
    """Whose customer it is, else who sold it."""
    customer = row.company or row.contact
    number = (customer.owner_id if customer else None) or row.owner_id
    return session.get(Member, (row.workspace_id, number))


def _was_asked(session: Session, row: Sale, customer: Customer, sold: date, today: date) -> bool:
    """Whether somebody talked with them after the day of the sale, or was told to lately."""
    subject = f"{customer.kind}:{customer.id}"
    lately = select(Nudge.id).where(
        Nudge.workspace_id == row.workspace_id, Nudge.subject == subject,
        Nudge.kind == "check_in", Nudge.day > today - timedelta(days=APART),
    )  # fmt: skip
    if session.scalars(lately.limit(1)).first() is not None:
        return True
    heard = select(func.count()).select_from(Activity).where(
        Activity.workspace_id == row.workspace_id, Activity.kind.in_(CONTACTS),
        Activity.on_day > sold, by_people(), _with(row, customer),
    )  # fmt: skip
    return bool(session.scalar(heard))


def _with(row: Sale, customer: Customer) -> Any:
    if customer.kind == "contact":
        return Activity.contact_id == customer.id
    theirs = select(Contact.id).where(
        Contact.workspace_id == row.workspace_id, Contact.company_id == customer.id
    )
    return or_(Activity.company_id == customer.id, Activity.contact_id.in_(theirs))


def _look_again(session: Session, row: Sale, at: datetime | None) -> None:
    """No change of the sale that anybody made."""
    table: Any = type(row).__table__
    this = update(table).where(table.c.workspace_id == row.workspace_id, table.c.id == row.id)
    session.execute(this.values(next_check_at=at))
