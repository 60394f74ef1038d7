"""What counts as a purchase: orders, and won deals that no order stands for.

Whatever looks at what customers buy (their rhythm, what to offer them, who came back) reads it
here, so that all of it counts the same things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.purchases import counts
from storage import queries
from storage.asking import made_once
from storage.goods import Order
from storage.models import Contact, Deal, Workspace
from storage.rates import Rates

CustomerKind = Literal["company", "contact"]

AT_ONCE = 500
"""Customers whose past is asked for at once."""


class Customer(NamedTuple):
    """A company, else a person who is with none: however many buy for a company, it is one."""

    kind: CustomerKind
    id: int


class Bought(NamedTuple):
    """A purchase as it stands in the books: an order, or (not ``ordered``) a won deal. ``minor``:
    None where nobody said what it cost. A day is that of the workspace's zone."""

    kind: CustomerKind
    customer_id: int
    day: date
    minor: int | None
    currency: str | None
    owner_id: int
    ordered: bool


class Purchase(NamedTuple):
    """``minor`` is in the workspace's currency, by the rate of its day; None where nobody said
    what it cost, or no rate is known. A day is that of the workspace's zone."""

    kind: CustomerKind
    customer_id: int
    day: date
    minor: int | None
    owner_id: int


def customer_of(row: Order | Deal) -> Customer | None:
    """Whose purchase it is."""
    company = row.company_id or (row.contact.company_id if row.contact else None)
    if company:
        return Customer("company", company)
    return Customer("contact", row.contact_id) if row.contact_id else None


def purchases(
    session: Session,
    workspace_id: int,
    *,
    customer: Customer | None = None,
    since: date | None = None,
) -> list[Purchase]:
    """All of them, or those of one customer, or from a day on; the oldest first."""
    workspace = session.get_one(Workspace, workspace_id)
    chosen = queries.setting(session, workspace_id, "currency")
    here, rates = chosen.value if chosen else workspace.currency, Rates(session, workspace_id)
    return [
        Purchase(each.kind, each.customer_id, each.day, _worth(rates, here, each), each.owner_id)
        for each in bought(session, workspace_id, customer=customer, since=since)
    ]


def bought(
    session: Session,
    workspace_id: int,
    *,
    customer: Customer | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Bought]:
    """The same as they stand in the books, up to a day as well; the oldest first."""
    reading = _reading(session, workspace_id)
    found = [
        *reading.orders(reading.ordered(since, until), customer),
        *reading.deals(reading.won(since, until), customer),
    ]
    found.sort(key=lambda each: each.day)
    return found


def bought_before(
    session: Session, workspace_id: int, some: Sequence[Customer], day: date
) -> set[Customer]:
    """Which of these customers had bought before that day; nobody else's past is looked at."""
    reading, until = _reading(session, workspace_id), day - timedelta(days=1)
    known: set[Customer] = set()
    for at in range(0, len(some), AT_ONCE):
        for whose in _ways_of(Order, workspace_id, some[at : at + AT_ONCE]):
            found = reading.orders([whose, *reading.ordered(None, until)])
            known |= {Customer(each.kind, each.customer_id) for each in found}
        for whose in _ways_of(Deal, workspace_id, some[at : at + AT_ONCE]):
            found = reading.deals([whose, *reading.won(None, until)])
            known |= {Customer(each.kind, each.customer_id) for each in found}
    return known


def _ways_of(
    kind: type[Order | Deal], space: int, some: Sequence[Customer]
) -> Iterator[ColumnElement[bool]]:
    """Each way in which a purchase is one of theirs, by its own index."""
    firms = [each.id for each in some if each.kind == "company"]
    people = [each.id for each in some if each.kind == "contact"]
    of_none = (kind.company_id + 0).is_(None)
    if firms:
        yield kind.company_id.in_(firms)
        theirs = select(Contact.id).where(
            Contact.workspace_id == space, Contact.company_id.in_(firms)
        )
        yield and_(of_none, kind.contact_id.in_(theirs))
    if people:
        yield and_(of_none, kind.contact_id.in_(people))


def _worth(rates: Rates, here: str, bought: Bought) -> int | None:
    if bought.minor is None or bought.currency == here:
        return bought.minor
    worth = rates.worth(bought.minor, bought.currency or here, here, bought.day)
    return None if worth is None else round(worth)


def _reading(session: Session, workspace_id: int) -> _Reading:
    return _Reading(session, workspace_id, session.get_one(Workspace, workspace_id).timezone)


@dataclass
class _Reading:
    session: Session
    space: int
    zone: str

    def ordered(self, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
        """Of orders from one day to another; two days more hold any zone's midnight."""
        more: list[ColumnElement[bool]] = []
        if since:
            early = day_bounds(since - timedelta(days=2), since, "UTC")[0]
            more += [Order.on_day >= since, Order.at >= early]
        if until:
            late = day_bounds(until, until + timedelta(days=2), "UTC")[1]
            more += [Order.on_day <= until, Order.at < late]
        return more

    def won(self, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
        """Of deals that were won from one day to another."""
        more: list[ColumnElement[bool]] = []
        unclosed = Deal.closed_at.is_(None)
        if since:
            begin = day_bounds(since, since, self.zone)[0]
            more.append(or_(Deal.closed_at >= begin, and_(unclosed, Deal.created_at >= begin)))
        if until:
            end = day_bounds(until, until, self.zone)[1]
            more.append(or_(Deal.closed_at < end, and_(unclosed, Deal.created_at < end)))
        return more

    def orders(
        self, more: Sequence[ColumnElement[bool]], customer: Customer | None = None
    ) -> Iterator[Bought]:
        for company, contact, minor, currency, owner, day, status in self._rows(
            Order, customer, more
        ):
            if counts(status) and (minor is None or minor >= 0):
                yield _of(company, contact, day, minor, currency, owner, ordered=True)

    def deals(
        self, more: Sequence[ColumnElement[bool]], customer: Customer | None = None
    ) -> Iterator[Bought]:
        zone = ZoneInfo(self.zone)
        for company, contact, minor, currency, owner, closed, created in self._rows(
            Deal, customer, more
        ):
            day = (closed or created).astimezone(zone).date()
            yield _of(company, contact, day, minor, currency, owner, ordered=False)

    def _rows(
        self, kind: type[Order | Deal], customer: Customer | None, more: Sequence[Any]
    ) -> Iterator[Any]:
        """Those about anybody, or about one customer; only those for which ``more`` holds."""
        said = {"space": self.space, "customer": customer.id if customer else 0}
        for way in WAYS[customer.kind if customer else None]:
            query = who_bought(kind, way)
            yield from self.session.execute(query.where(*more) if more else query, said)


def _of(
    company: int | None, contact: int, day: date, minor: int | None, currency: str | None,
    owner: int, *, ordered: bool,
) -> Bought:  # fmt: skip
    kind: CustomerKind = "company" if company else "contact"
    return Bought(kind, company or contact, day, minor, currency, owner, ordered)


WAYS: dict[CustomerKind | None, Sequence[str]] = {
    None: ["any"], "contact": ["alone"], "company": ["company", "people"],
}  # fmt: skip
"""How a purchase is somebody's: each way by its own index, and not by that of all that is about no
company."""


def of_no_order(space: Any) -> ColumnElement[bool]:
    """Whether no order stands for a deal: such a won one is a purchase of its own."""
    stands = select(Order.id).where(Order.workspace_id == space, Order.deal_id == Deal.id)
    return ~stands.exists()


@made_once
def who_bought(kind: type[Order | Deal], way: str) -> Select[Any]:
    """Who bought in this way: the company that was named, else that of whoever was."""
    space: Any = bindparam("space", type_=Integer)
    one: Any = bindparam("customer", type_=BigInteger)
    here = and_(Contact.workspace_id == space, Contact.id == kind.contact_id)
    columns: tuple[Any, ...] = (kind.amount_minor, kind.currency, kind.owner_id)
    firm = func.coalesce(kind.company_id, Contact.company_id).label("firm")
    query = (
        select(firm, kind.contact_id, *columns)
        .select_from(kind)
        .outerjoin(Contact, and_(kind.company_id.is_(None), here))
        .where(kind.workspace_id == space)
    )
    if kind is Order:
        query = query.add_columns(Order.on_day, Order.status)
    else:
        status = Deal.status if way == "any" else Deal.status.concat("")  # theirs are few
        query = query.add_columns(Deal.closed_at, Deal.created_at)
        query = query.where(status == "won", of_no_order(space))
    of_none = (kind.company_id + 0).is_(None)
    match way:
        case "any":
            return query.where(or_(kind.company_id.is_not(None), kind.contact_id.is_not(None)))
        case "alone":
            return query.where(kind.contact_id == one, of_none, Contact.company_id.is_(None))
        case "company":
            return query.where(kind.company_id == one)
    theirs = select(Contact.id).where(Contact.workspace_id == space, Contact.company_id == one)
    return query.where(of_none, kind.contact_id.in_(theirs))
