"""How happy customers are, as they told it or as their rep knows it; and who sent whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Index, Integer, Text, and_, or_, select
from sqlalchemy.orm import Mapped, Session, foreign, mapped_column, relationship

from storage.base import Base, Recorded, belongs_to
from storage.goods import Order
from storage.people import Company, Contact
from storage.work import Deal

BEST, HAPPY, UNHAPPY = 5, 4, 2
"""The best of 1 to 5; from where on somebody is happy; up to where they are not."""

AGAIN = timedelta(days=183)
"""Nobody is asked for a referral more than once in that time."""


class Rating(Recorded, Base):
    """``score`` from 1 to 5, of a ticket, an order, a deal or of all. ``by_id``: the member who
    kept it; None where the customer told it themselves. ``referral_asked``: it led to the
    suggestion to ask for a referral."""

    __tablename__ = "rating"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        belongs_to("ticket", "ticket_id"),
        belongs_to("order", "order_id"),
        belongs_to("deal", "deal_id"),
        Index(None, "workspace_id", "contact_id", "at"),
        Index(None, "workspace_id", "company_id", "at"),
        Index(None, "workspace_id", "at"),
        Index(None, "workspace_id", "ticket_id"),
        Index(None, "workspace_id", "order_id"),
        Index(None, "workspace_id", "deal_id"),
    )

    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    ticket_id: Mapped[int | None]
    order_id: Mapped[int | None]
    deal_id: Mapped[int | None]
    score: Mapped[int] = mapped_column(Integer)
    words: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None]
    referral_asked: Mapped[bool] = mapped_column(Boolean, default=False)

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)


def _is_of(column: str, kind: type[Contact | Company]) -> Any:
    """How a row is found by a number that is no foreign key."""

    def joined() -> ColumnElement[bool]:
        table: Any = Referral.__table__
        there = foreign(table.c[column]) == kind.id
        return and_(table.c.workspace_id == kind.workspace_id, there)

    return joined


class Referral(Recorded, Base):
    """``contact_id`` or ``company_id`` came to us by ``by_contact_id`` or ``by_company_id``."""

    __tablename__ = "referral"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "by_contact_id"),
        Index(None, "workspace_id", "by_company_id"),
    )

    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    by_contact_id: Mapped[int | None]
    by_company_id: Mapped[int | None]
    at: Mapped[datetime]
    by_id: Mapped[int]

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)
    by_contact: Mapped[Contact | None] = relationship(
        viewonly=True, primaryjoin=_is_of("by_contact_id", Contact)
    )
    by_company: Mapped[Company | None] = relationship(
        viewonly=True, primaryjoin=_is_of("by_company_id", Company)
    )


def of_customer(
    kind: type[Rating], workspace_id: int, contact_id: int | None, company_id: int | None
) -> ColumnElement[bool]:
    """Whether it is of the customer: of the company, whoever there it is about; else the person."""
    if company_id is None:
        return kind.contact_id == contact_id
    people = select(Contact.id).where(
        Contact.workspace_id == workspace_id, Contact.company_id == company_id
    )
    return or_(
        kind.company_id == company_id, and_(kind.company_id.is_(None), kind.contact_id.in_(people))
    )


def was_asked_lately(
    session: Session, workspace_id: int, contact_id: int | None, company_id: int | None,
    now: datetime,
) -> bool:  # fmt: skip
    """Whether a referral of the customer was suggested within half a year."""
    here = select(Rating.id).where(
        Rating.workspace_id == workspace_id,
        of_customer(Rating, workspace_id, contact_id, company_id),
        Rating.referral_asked,
        Rating.at > now - AGAIN,
    )
    return session.scalars(here.limit(1)).first() is not None


def is_rated(session: Session, row: Deal | Order) -> bool:
    """Whether it was told how happy the customer is with it."""
    column = Rating.deal_id if isinstance(row, Deal) else Rating.order_id
    here = select(Rating.id).where(Rating.workspace_id == row.workspace_id, column == row.id)
    return session.scalars(here.limit(1)).first() is not None
