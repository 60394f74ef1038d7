"""What every customer bought in a time, added up by the database: orders, and won deals that no
order stands for (``storage.purchases``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, literal_column, null, or_
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.purchases import counts
from storage.goods import Order
from storage.models import Deal, Workspace
from storage.purchases import Customer, who_bought
from storage.sums import halves, whole


class Part(NamedTuple):
    """Purchases of one customer that are alike: ``priced`` of them come to ``minor``. ``day`` is
    theirs where they are not in the currency ``here``, and a rate has to be looked up."""

    customer: Customer
    n: int
    priced: int
    minor: int
    currency: str | None
    day: date | None


def parts(
    session: Session,
    space: int,
    here: str,
    first: date | None = None,
    last: date | None = None,
    owner: int | None = None,
) -> Iterator[Part]:
    """All of them, from one day to another, both included; of one owner or of all."""
    zone = session.get_one(Workspace, space).timezone
    for kind, within in ((Order, _ordered(first, last)), (Deal, _won(first, last, zone))):
        yield from _summed(session, space, here, kind, within, zone, owner)


def _ordered(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """By the day of an order; its moment, which is indexed, is at most two days off in any zone."""
    within: list[ColumnElement[bool]] = [or_(Order.amount_minor.is_(None), Order.amount_minor >= 0)]
    if first:
        early = first - timedelta(days=2)
        within += [Order.on_day >= first, Order.at >= day_bounds(early, early, "UTC")[0]]
    if last:
        late = last + timedelta(days=2)
        within += [Order.on_day <= last, Order.at < day_bounds(late, late, "UTC")[1]]
    return within


def _won(first: date | None, last: date | None, zone: str) -> list[ColumnElement[bool]]:
    within: list[ColumnElement[bool]] = []
    unknown = Deal.closed_at.is_(None)
    if first:
        begin = day_bounds(first, first, zone)[0]
        within.append(or_(Deal.closed_at >= begin, and_(unknown, Deal.created_at >= begin)))
    if last:
        end = day_bounds(last, last, zone)[1]
        within.append(or_(Deal.closed_at < end, and_(unknown, Deal.created_at < end)))
    return within


def _summed(
    session: Session, space: int, here: str, kind: Any,
    within: list[ColumnElement[bool]], zone: str, owner: int | None,
) -> Iterator[Part]:  # fmt: skip
    when = Order.on_day if kind is Order else func.coalesce(Deal.closed_at, Deal.created_at)
    home = or_(kind.currency.is_(None), kind.currency == here)
    amount = kind.amount_minor
    query = who_bought(kind, "any").where(*within)
    if owner is not None:
        query = query.where(kind.owner_id == owner)
    rows = query.with_only_columns(
        query.selected_columns.firm.label("firm"),
        case((query.selected_columns.firm.is_(None), kind.contact_id)).label("person"),
        kind.currency.label("code"),
        case((home, null()), else_=when).label("day"),
        (Order.status if kind is Order else null()).label("standing"),
        func.count().label("n"),
        func.count(amount).label("priced"),
        *halves(amount),
    ).group_by(*(literal_column(each) for each in ("firm", "person", "code", "day", "standing")))
    for firm, person, code, day, status, n, priced, high, low in session.execute(
        rows, {"space": space}
    ):
        if not counts(status):
            continue
        customer = Customer("company", firm) if firm else Customer("contact", person)
        local = day if day is None or kind is Order else day.astimezone(ZoneInfo(zone)).date()
        yield Part(customer, n, priced, whole(high, low), code, local)
