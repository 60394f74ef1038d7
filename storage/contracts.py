"""Contracts that renew: what a customer pays for a term, and when the next one begins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rules.contracts import later
from rules.money import Money
from storage.base import Base, Recorded, belongs_to, waits
from storage.people import Company, Contact
from storage.types import AT_ONCE

RUNNING, CANCELLED = "running", "cancelled"


class Contract(Recorded, Base):
    """A subscription, maintenance, rent: ``amount_minor`` for each term of so many ``months``.

    It is a company's, else a person's. ``status``: running or cancelled, then since ``ended_on``
    and for a ``reason``. It renews on ``renews_on``; a day that went by without a word leaves it
    running. ``renewals``: how often it was renewed, ``known_renewals`` of them before it was told
    of here. ``next_check_at`` is when the clock looks whether somebody is to hear of its renewal:
    at once after whatever wrote it.
    """

    __tablename__ = "contract"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "status", "renews_on"),
        Index(None, "workspace_id", "months", "known_renewals", "renewals", "status"),
        Index(None, "workspace_id", "ended_on"),
        waits("next_check_at"),
    )

    title: Mapped[str | None] = mapped_column(String(300))
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    months: Mapped[int] = mapped_column(Integer)
    began_on: Mapped[date | None] = mapped_column(Date)
    renews_on: Mapped[date] = mapped_column(Date)
    renewals: Mapped[int] = mapped_column(Integer, default=0)
    known_renewals: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[str] = mapped_column(String(10), default=RUNNING)
    ended_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[int]
    created_at: Mapped[datetime]
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE, onupdate=AT_ONCE)
    more: Mapped[dict[str, Any] | None]

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)

    @property
    def is_running(self) -> bool:
        return self.status == RUNNING

    @property
    def buyer(self) -> str:
        """Whose it is, as spoken: the company, else the person."""
        if self.company:
            return self.company.name
        return self.contact.name if self.contact else ""

    @property
    def subject(self) -> str:
        """As a nudge names its subject."""
        return f"company:{self.company_id}" if self.company_id else f"contact:{self.contact_id}"

    @property
    def amount(self) -> Money | None:
        if self.amount_minor is None or self.currency is None:
            return None
        return Money(self.amount_minor, self.currency)

    @amount.setter
    def amount(self, money: Money | None) -> None:
        self.amount_minor = money.minor if money else None
        self.currency = money.currency if money else None

    @property
    def year_minor(self) -> int:
        """What it comes to in a year, in its own currency."""
        return round((self.amount_minor or 0) * 12 / self.months)

    def renew(self, *, today: date, until: date | None = None) -> None:
        """For another term, or until a day; what should have been renewed long ago, for as many
        terms as have gone by."""
        terms = 1
        while until is None and later(self.renews_on, self.months, terms) <= today:
            terms += 1
        self.renews_on = until or later(self.renews_on, self.months, terms)
        self.renewals += terms
        self.status, self.ended_on, self.reason = RUNNING, None, None

    def cancel(self, reason: str | None, *, on: date) -> None:
        self.status, self.ended_on, self.reason = CANCELLED, on, reason
