"""What happened with contacts, as SQL: what they bought, what was done, their deals.

An event is a contact's where it names them, or where it is their company's: it names the company,
or names none and somebody who is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from rules.calendar import day_bounds
from rules.purchases import counts
from storage.models import Activity, Contact, Deal, LineItem, Order, Product, Task, Ticket
from storage.people import by_people
from storage.segment_sets import Ids

Event = type[Order] | type[Deal] | type[Activity] | type[Ticket] | type[Task]

STATUSES = 500
"""Words for how orders stand that are looked through."""


@dataclass(frozen=True, slots=True)
class Such:
    """Which events count. ``first`` and ``last`` are local days."""

    first: date | None = None
    last: date | None = None
    goods: tuple[ColumnElement[bool], ...] = ()
    more: dict[Event, tuple[ColumnElement[bool], ...]] = field(default_factory=dict)

    def within(self, first: date | None, last: date | None) -> Such:
        """The same, on these days."""
        return replace(self, first=first, last=last)


@dataclass(frozen=True)
class Events:
    """The events of one workspace, with the days of one zone."""

    session: Session
    space: int
    zone: str
    hidden: Select[Any] | None
    """Contacts that are others' secret."""

    # --- the events -------------------------------------------------------------------------------

    def purchases(self, such: Such, worth: Any = None) -> CTE:
        """Orders that were not called off, and won deals that no order stands for."""
        called_off = self._called_off()
        bought: list[ColumnElement[bool]] = [
            or_(Order.amount_minor.is_(None), Order.amount_minor >= 0)
        ]
        if called_off:
            bought.append(or_(Order.status.is_(None), Order.status.not_in(called_off)))
        orders = self._select(Order, such, worth).where(*bought)
        stands = select(Order.deal_id).where(
            Order.workspace_id == self.space, Order.deal_id.is_not(None)
        )
        deals = self._select(Deal, such, worth).where(
            Deal.status == "won", ~self._is_one_of(Deal.id, stands)
        )
        return union_all(orders, deals).cte()

    def activities(self, such: Such) -> CTE:
        return self._select(Activity, such, None).cte()

    def deals(self, such: Such, worth: Any = None) -> CTE:
        return self._select(Deal, such, worth).cte()

    def tickets(self, such: Such) -> CTE:
        return self._select(Ticket, such, None).cte()

    def touches(self, such: Such) -> CTE:
        """Whatever happened: purchases and activities."""
        bought = self.purchases(such)
        return union_all(select(*bought.c), self._select(Activity, such, None)).cte()

    def _select(self, kind: Event, such: Such, worth: Any) -> Select[Any]:
        """Person, company and the person's own company of each event, and what it is worth."""
        person = _people()
        minor = worth(kind) if worth is not None and kind in {Order, Deal} else literal(0)
        query = (
            select(
                kind.contact_id.label("person"),
                func.coalesce(kind.company_id, person.c.company_id).label("company"),
                person.c.company_id.label("own"),
                minor.label("minor"),
            )
            .select_from(kind)
            .outerjoin(
                person, and_(person.c.workspace_id == self.space, person.c.id == kind.contact_id)
            )
            .where(kind.workspace_id == self.space)
            .where(*self._days(kind, such), *such.more.get(kind, ()))
            .where(*([by_people()] if kind is Activity else []))
        )
        if such.goods and kind in {Order, Deal}:
            query = query.where(self._holds(kind, such.goods))
        if self.hidden is not None:
            seen = or_(kind.contact_id.is_(None), kind.contact_id.not_in(self.hidden))
            query = query.where(seen)
        return query

    def _days(self, kind: Event, such: Such) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if such.first is None and such.last is None:
            return found
        if kind is Deal or kind is Ticket:
            moment: Any = Ticket.created_at
            if kind is Deal:
                ended = func.coalesce(Deal.closed_at, Deal.created_at)
                moment = type_coerce(ended, Deal.created_at.type)
            if such.first:
                found.append(moment >= day_bounds(such.first, such.first, self.zone)[0])
            if such.last:
                found.append(moment < day_bounds(such.last, such.last, self.zone)[1])
            return found
        day: Any = kind.on_day  # type: ignore[union-attr]  # the others were told apart
        if such.first:
            found.append(day >= such.first)
        if such.last:
            found.append(day <= such.last)
        return found

    def _holds(self, kind: Event, goods: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
        """One of its lines is such a product."""
        whose: Any = LineItem.order_id if kind is Order else LineItem.deal_id
        lines = (
            select(whose)
            .outerjoin(
                Product,
                and_(Product.workspace_id == self.space, Product.id == LineItem.product_id),
            )
            .where(LineItem.workspace_id == self.space, whose.is_not(None), *goods)
        )
        return kind.id.in_(lines)

    def _is_one_of(self, column: Any, chosen: Select[Any]) -> ColumnElement[bool]:
        rows = chosen.subquery()
        return select(literal(1)).where(rows.c[0] == column).exists()

    def has_step(self) -> ColumnElement[bool]:
        """A deal has a next step: an open task of it, or one of no deal with whom it is (as
        ``storage.steps`` tells it)."""
        here = (Task.workspace_id == self.space, Task.status == "open")
        free = (*here, Task.deal_id.is_(None))
        own = select(Task.deal_id).where(*here, Task.deal_id.is_not(None))
        person, firm = aliased(Deal), aliased(Deal)
        of_person = (
            select(person.id)
            .join(Task, and_(Task.workspace_id == self.space, Task.contact_id == person.contact_id))
            .where(person.workspace_id == self.space, person.status == "open", *free)
        )
        of_firm = (
            select(firm.id)
            .join(Task, and_(Task.workspace_id == self.space, Task.company_id == firm.company_id))
            .where(
                firm.workspace_id == self.space, firm.status == "open", *free,
                or_(firm.contact_id.is_(None), Task.contact_id.is_(None)),
            )
        )  # fmt: skip
        return Deal.id.in_(union_all(own, of_person, of_firm))

    def steps(self) -> CTE:
        """What is still to be done, with whom."""
        return self._select(Task, Such(), None).where(Task.status == "open").cte()

    def _called_off(self) -> list[str]:
        """The words that are in use here for an order that is none, read off an index."""
        within = (Order.workspace_id == self.space, Order.status.is_not(None))
        words = select(func.min(Order.status).label("word")).where(*within).cte(recursive=True)
        after = select(func.min(Order.status)).where(*within, Order.status > words.c.word)
        words = words.union_all(select(after.scalar_subquery()).where(words.c.word.is_not(None)))
        said = self.session.scalars(
            select(words.c.word).limit(STATUSES), execution_options={"rabta_drawn": False}
        )
        return [word for word in said if word and not counts(word)]

    # --- whose they are ---------------------------------------------------------------------------

    def whose(self, events: CTE) -> Ids:
        """All to whom one of these belongs."""
        theirs = select(events.c.person).where(events.c.person.is_not(None))
        there = select(events.c.company).where(events.c.company.is_not(None))
        colleagues = select(Contact.id).where(
            Contact.workspace_id == self.space, Contact.company_id.in_(there)
        )
        return Ids(union_all(theirs, colleagues.correlate(None)))

    def counted(self, events: CTE, holds: Any, *, worth: bool = False) -> Ids:
        """Those whose events, each counted once, are so many, or come to so much, as ``holds``."""
        size = func.sum(events.c.minor) if worth else func.count()
        firms = (
            select(events.c.company, size.label("size"))
            .where(events.c.company.is_not(None))
            .group_by(events.c.company)
            .subquery()
        )
        elsewhere = or_(events.c.own.is_(None), events.c.own != events.c.company)
        alone = (
            select(events.c.person.label("id"), size.label("size"))
            .where(events.c.person.is_not(None), elsewhere)
            .group_by(events.c.person)
        )
        colleagues = select(Contact.id.label("id"), firms.c.size).join(
            firms, and_(Contact.workspace_id == self.space, Contact.company_id == firms.c.company)
        )
        both = union_all(alone, colleagues).subquery()
        query = select(both.c.id).group_by(both.c.id).having(holds(func.sum(both.c.size)))
        return Ids(query.correlate(None))


def _people() -> Any:
    """The table of contacts under a name of its own, and no model: what leaves out others' private
    contacts (``storage.privacy``) would be put into the join as a question about another table,
    which PostgreSQL refuses. Their events are left out by ``hidden``."""
    table: Any = Contact.__table__
    return table.alias()
