"""What is sold: products with their prices, orders, and the lines of orders and deals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, Index, Integer, String, Text, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from rules.lines import Sold, number
from rules.money import Money
from storage.amounts import Amounted
from storage.base import Base, Recorded, belongs_to, waits
from storage.people import Company, Contact
from storage.types import AT_ONCE
from storage.work import Deal


class Product(Recorded, Base):
    """Something that is sold. It is looked up by ``name_key``, its folded name, or its ``code``.

    ``unit`` is what the price is for (roll, crate). What is sold no longer stays as not ``active``.
    """

    __tablename__ = "product"
    __table_args__ = (
        Index(None, "workspace_id", "name_key"),
        Index(None, "workspace_id", "code"),
    )

    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(60))
    price_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    unit: Mapped[str | None] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    more: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]

    @property
    def price(self) -> Money | None:
        if self.price_minor is None or self.currency is None:
            return None
        return Money(self.price_minor, self.currency)

    @price.setter
    def price(self, money: Money | None) -> None:
        self.price_minor = money.minor if money else None
        self.currency = money.currency if money else None


class Order(Amounted, Recorded, Base):
    """Something that a customer has ordered. ``status`` is as it was said where it came from.

    ``amount_minor`` is its total as it was said, with what a sum of its lines does not tell
    (discount, freight). ``on_day`` is the local day it counts for. ``deal_id`` is the won deal that
    it stands for: they are one purchase. ``counted``: nobody said its amount; it is what its lines
    come to. ``next_check_at`` is when the clock looks whether its buyer is due for a word: at once
    after whatever wrote it.
    """

    __tablename__ = "order"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "number"),
        Index(None, "workspace_id", "status"),
        Index(None, "workspace_id", "contact_id", "at"),
        Index(None, "workspace_id", "company_id", "at"),
        Index(None, "workspace_id", "at"),
        waits("deal_id"),
        waits("next_check_at"),
    )

    number: Mapped[str | None] = mapped_column(String(60))
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    status: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime]
    on_day: Mapped[date] = mapped_column(Date)
    counted: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    deal_id: Mapped[int | None]
    owner_id: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)
    more: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE, onupdate=AT_ONCE)

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)
    lines: Mapped[list[LineItem]] = relationship(viewonly=True, order_by="LineItem.position")

    @property
    def buyer(self) -> str:
        """Whom it is from, as spoken: the company, else the person."""
        if self.company:
            return self.company.name
        return self.contact.name if self.contact else ""


class LineItem(Recorded, Base):
    """One line of an order or of a deal: how much of what, at which price for one.

    ``name`` is how the product was called there; ``quantity`` a plain number, or as it was said;
    ``unit`` what is counted (metre, box); ``discount`` a plain number of percent.
    """

    __tablename__ = "line_item"
    __table_args__ = (
        belongs_to("order", "order_id"),
        belongs_to("deal", "deal_id"),
        belongs_to("product", "product_id"),
        Index(None, "workspace_id", "order_id"),
        Index(None, "workspace_id", "deal_id"),
        Index(None, "workspace_id", "product_id"),
    )

    order_id: Mapped[int | None]
    deal_id: Mapped[int | None]
    product_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str | None] = mapped_column(String(300))
    quantity: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(40))
    price_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    discount: Mapped[str | None] = mapped_column(String(20))

    deal: Mapped[Deal | None] = relationship(viewonly=True)
    product: Mapped[Product | None] = relationship(viewonly=True)

    @property
    def price(self) -> Money | None:
        if self.price_minor is None or self.currency is None:
            return None
        return Money(self.price_minor, self.currency)

    @price.setter
    def price(self, money: Money | None) -> None:
        self.price_minor = money.minor if money else None
        self.currency = money.currency if money else None

    @property
    def sold(self) -> Sold | None:
        """For a sum; None where its price or its count is not known. One without a count is one."""
        count = number(self.quantity) if self.quantity else Decimal(1)
        if self.price is None or count is None:
            return None
        return Sold(count, self.price, number(self.discount) or Decimal(0))


def lines_of(session: Session, row: Deal | Order) -> list[LineItem]:
    """What a deal or an order is about, in order."""
    whose = LineItem.deal_id if isinstance(row, Deal) else LineItem.order_id
    here = select(LineItem).where(LineItem.workspace_id == row.workspace_id, whose == row.id)
    return list(session.scalars(here.order_by(LineItem.position, LineItem.id)))
