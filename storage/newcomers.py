"""New customers of a time: those whose first purchase falls in it.

A purchase is an order or a won deal (``storage.purchases``). Only buyers of the time are looked at,
and of these alone whether they had bought before: costs follow them, not the whole past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.purchases import counts
from storage.goods import Order
from storage.models import Contact, Deal, Workspace
from storage.purchases import Customer, who_bought

AT_ONCE = 500
"""Customers whose past is asked for at once."""


class Newcomer(NamedTuple):
    """``day``: of the first purchase, in the workspace's zone; ``owner_id``: whose sale it is."""

    customer: Customer
    day: date
    owner_id: int


def newcomers(
    session: Session, space: int, first: date, last: date, owner: int | None = None
) -> list[Newcomer]:
    """Who bought for the first time from one day to another, both included; the oldest first. Of
    one owner: whose first purchase is theirs."""
    zone = session.get_one(Workspace, space).timezone
    begun: dict[Customer, Newcomer] = {}
    for each in _bought(session, space, zone, first, last):
        before = begun.get(each.customer)
        if before is None or each.day < before.day:
            begun[each.customer] = each
    known = _known(session, space, zone, first, list(begun))
    found = [each for customer, each in begun.items() if customer not in known]
    return sorted(
        (each for each in found if owner in (None, each.owner_id)),
        key=lambda each: (each.day, each.customer),
    )


def _bought(session: Session, space: int, zone: str, first: date, last: date) -> Iterator[Newcomer]:
    early, late = first - timedelta(days=2), last + timedelta(days=2)  # any zone's midnight
    begin, end = day_bounds(early, early, "UTC")[0], day_bounds(late, late, "UTC")[1]
    ordered = [Order.at >= begin, Order.at < end, Order.on_day >= first, Order.on_day <= last]
    for company, contact, minor, _, owner, day, status in _rows(session, space, Order, ordered):
        if counts(status) and (minor is None or minor >= 0):
            yield Newcomer(_customer(company, contact), day, owner)
    begin, end = day_bounds(first, last, zone)
    won = [Deal.closed_at >= begin, Deal.closed_at < end]
    for company, contact, _, _, owner, closed, _ in _rows(session, space, Deal, won):
        day = closed.astimezone(ZoneInfo(zone)).date()
        yield Newcomer(_customer(company, contact), day, owner)


def _known(
    session: Session, space: int, zone: str, first: date, customers: Sequence[Customer]
) -> set[Customer]:
    """Those of them who had bought before that day."""
    known: set[Customer] = set()
    begin = day_bounds(first, first, zone)[0]
    for at in range(0, len(customers), AT_ONCE):
        some = customers[at : at + AT_ONCE]
        firms = [each.id for each in some if each.kind == "company"]
        people = [each.id for each in some if each.kind == "contact"]
        for kind, earlier in ((Order, Order.on_day < first), (Deal, Deal.closed_at < begin)):
            for whose in _of(kind, space, firms, people):
                for row in _rows(session, space, kind, [whose, earlier]):
                    if kind is Deal or (counts(row[6]) and (row[2] is None or row[2] >= 0)):
                        known.add(_customer(row[0], row[1]))
    return known


def _of(
    kind: type[Order | Deal], space: int, firms: list[int], people: list[int]
) -> Iterator[ColumnElement[bool]]:
    """Each way in which a purchase is one of theirs, by its own index."""
    if firms:
        yield kind.company_id.in_(firms)
        theirs = select(Contact.id).where(
            Contact.workspace_id == space, Contact.company_id.in_(firms)
        )
        yield (kind.company_id + 0).is_(None) & kind.contact_id.in_(theirs)
    if people:
        yield (kind.company_id + 0).is_(None) & kind.contact_id.in_(people)


def _rows(
    session: Session, space: int, kind: type[Order | Deal], where: list[ColumnElement[bool]]
) -> Iterator[Any]:
    query = who_bought(kind, "any").where(*where)
    yield from session.execute(query, {"space": space})


def _customer(company: int | None, contact: int) -> Customer:
    return Customer("company", company) if company else Customer("contact", contact)
