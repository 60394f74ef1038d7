"""What customers bought, thing by thing: lines of orders, and of won deals that no order stands
for. A thing is a product of the price list, else its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from rules.extension.bought import Bought
from rules.lines import number
from rules.purchases import counts
from storage.goods import LineItem, Order, Product
from storage.models import Contact, Deal, Workspace
from storage.purchases import Customer, of_no_order

LOOKED_AT = 30_000
"""Lines at most that are looked at, the latest: more of them change little."""


class Baskets:
    """``bought``: all of it; ``names``: what each thing is called. ``key`` folds a name: one thing
    is one however it is written."""

    def __init__(self, session: Session, workspace_id: int, key: Callable[[str], str]) -> None:
        self.session, self.space, self.key = session, workspace_id, key
        self.zone = ZoneInfo(session.get_one(Workspace, workspace_id).timezone)
        self.names: dict[Any, str] = {}
        self.bought = [*self._orders(), *self._deals()]
        listed = select(Product.id, Product.name).where(Product.workspace_id == workspace_id)
        self.names |= {row.id: row.name for row in session.execute(listed)}

    def _orders(self) -> Iterator[Bought]:
        company = func.coalesce(Order.company_id, Contact.company_id)
        lines = (
            select(company, Order.contact_id, Order.on_day, Order.status, LineItem.product_id,
                   LineItem.name, LineItem.quantity)
            .join(Order, and_(Order.workspace_id == LineItem.workspace_id,
                              Order.id == LineItem.order_id))
            .outerjoin(Contact, and_(Contact.workspace_id == self.space,
                                     Contact.id == Order.contact_id))
            .where(LineItem.workspace_id == self.space)
            .order_by(Order.at.desc()).limit(LOOKED_AT)
        )  # fmt: skip
        for firm, person, day, status, product, name, quantity in self.session.execute(lines):
            if counts(status):
                yield from self._bought(firm, person, day, product, name, quantity)

    def _deals(self) -> Iterator[Bought]:
        company = func.coalesce(Deal.company_id, Contact.company_id)
        deals = (
            select(company, Deal.contact_id, Deal.closed_at, Deal.created_at, Deal.title,
                   Deal.quantity, LineItem.id, LineItem.product_id, LineItem.name,
                   LineItem.quantity)
            .select_from(Deal)
            .outerjoin(LineItem, and_(LineItem.workspace_id == self.space,
                                      LineItem.deal_id == Deal.id))
            .outerjoin(Contact, and_(Contact.workspace_id == self.space,
                                     Contact.id == Deal.contact_id))
            .where(Deal.workspace_id == self.space, Deal.status == "won", of_no_order(self.space))
            .order_by(Deal.closed_at.desc()).limit(LOOKED_AT)
        )  # fmt: skip
        for row in self.session.execute(deals):
            firm, person, closed, created, title, whole, line, product, name, quantity = row
            day = (closed or created).astimezone(self.zone).date()
            if line is None:
                product, name, quantity = None, title, whole
            yield from self._bought(firm, person, day, product, name, quantity)

    def _bought(
        self, firm: int | None, person: int | None, day: date, product: int | None,
        name: str | None, quantity: str | None,
    ) -> Iterator[Bought]:  # fmt: skip
        thing: Any = product or self.key(name or "")
        if not thing or not (firm or person):
            return
        buyer = Customer("company", firm) if firm else Customer("contact", person or 0)
        self.names.setdefault(thing, name or "")
        count = number(quantity)
        yield Bought(buyer, thing, day, float(count) if count is not None else None)
