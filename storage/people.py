"""Who we know: companies, contacts, how to reach them, and what happened with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Index, String, Text, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rules.reach_keys import city_key, reach_key
from storage.base import Base, Recorded, belongs_to
from storage.fields import CustomValue, Holder
from storage.keyed import follow, key_beside
from storage.merged import Former, Merged


class Company(Holder, Merged, Recorded, Base):
    """An organisation. It is looked up by ``name_key``, its folded name, and ``sound_key``."""

    __tablename__ = "company"
    __table_args__ = (
        Index(None, "workspace_id", "name_key"),
        Index(None, "workspace_id", "city"),
        Index(None, "workspace_id", "city_key", "id"),
        Index(None, "workspace_id", "phone_key"),
        Index(None, "workspace_id", "email_key"),
        Index(None, "workspace_id", "phone"),
        Index(None, "workspace_id", "email"),
    )

    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), active_history=True)
    sound_key: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(32))
    email: Mapped[str | None] = mapped_column(String(254))
    source: Mapped[str | None] = mapped_column(String(100))
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime]
    city_key: Mapped[str | None] = key_beside("city", city_key)
    phone_key: Mapped[str | None] = key_beside("phone", reach_key)
    email_key: Mapped[str | None] = key_beside("email", reach_key)

    own_values: Mapped[list[CustomValue]] = relationship(viewonly=True, order_by="CustomValue.id")
    formers: Mapped[list[Former]] = relationship(viewonly=True, order_by="Former.id")


class Contact(Holder, Merged, Recorded, Base):
    """A person. Phones and e-mails are its contact points; tags are plain lower-case words.

    ``private``: for its owner alone, see ``storage.privacy``. ``language``: in which they are
    written to, where somebody said so.
    """

    __tablename__ = "contact"
    __table_args__ = (
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "name_key"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "title", "id"),
        Index(None, "workspace_id", "city_key", "id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), active_history=True)
    sound_key: Mapped[str] = mapped_column(String(200), default="")
    company_id: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(100))
    source: Mapped[str | None] = mapped_column(String(100))
    owner_id: Mapped[int | None]
    private: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    language: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime]
    city_key: Mapped[str | None] = key_beside("city", city_key)

    company: Mapped[Company | None] = relationship(lazy="joined", viewonly=True)
    points: Mapped[list[ContactPoint]] = relationship(
        back_populates="contact", order_by="ContactPoint.id", cascade="all, delete-orphan"
    )
    tag_rows: Mapped[list[ContactTag]] = relationship(
        back_populates="contact", order_by="ContactTag.id", cascade="all, delete-orphan"
    )
    own_values: Mapped[list[CustomValue]] = relationship(viewonly=True, order_by="CustomValue.id")
    formers: Mapped[list[Former]] = relationship(viewonly=True, order_by="Former.id")

    @property
    def phones(self) -> list[str]:
        return [point.value for point in self.points if point.kind == "phone"]

    @property
    def emails(self) -> list[str]:
        return [point.value for point in self.points if point.kind == "email"]

    @property
    def tags(self) -> list[str]:
        return [row.tag for row in self.tag_rows]

    @property
    def full_name(self) -> str:
        """As spoken of where several could be meant: ``Sara Malik @ Nishat Mills``."""
        return f"{self.name} @ {self.company.name}" if self.company else self.name

    def reach_by(self, kind: str, value: str) -> bool:
        """Add a phone (E.164) or e-mail; False if it is already there."""
        if any(point.kind == kind and point.value == value for point in self.points):
            return False
        self.points.append(ContactPoint(workspace_id=self.workspace_id, kind=kind, value=value))
        return True

    def tag(self, *tags: str) -> None:
        for tag in tags:
            if tag not in self.tags:
                self.tag_rows.append(ContactTag(workspace_id=self.workspace_id, tag=tag))


class ContactPoint(Recorded, Base):
    """One way to reach a contact: kind ``phone`` (E.164) or ``email`` (lower case)."""

    __tablename__ = "contact_point"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "value"),
        Index(None, "workspace_id", "value_key"),
    )

    contact_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(254))
    value_key: Mapped[str | None] = key_beside("value", reach_key)
    contact: Mapped[Contact] = relationship(back_populates="points")


class ContactTag(Recorded, Base):
    """A tag on a contact."""

    __tablename__ = "contact_tag"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "tag", "contact_id"),
    )

    contact_id: Mapped[int]
    tag: Mapped[str] = mapped_column(String(60))
    contact: Mapped[Contact] = relationship(back_populates="tag_rows")


class Activity(Recorded, Base):
    """Something that happened with a customer.

    ``kind``: call, meeting, email, message, visit or note. ``at`` is the moment where one was
    said or it was just now; ``on_day`` the member's local day it counts for.
    """

    __tablename__ = "activity"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "contact_id", "at"),
        Index(None, "workspace_id", "company_id", "at"),
        Index(None, "workspace_id", "at"),
        Index(None, "workspace_id", "on_day"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    on_day: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int]
    more: Mapped[dict[str, Any] | None]

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)


def by_people() -> ColumnElement[bool]:
    """It is something that people did; what a campaign or sequence sent by itself is no talk with
    anybody, whoever began it."""
    message, source = (Activity.more[name].as_string() for name in ("message", "source"))
    return or_(Activity.more.is_(None), message.is_(None), source == "hand")


for _kind in (Company, Contact):
    follow(_kind, "city", "city_key", city_key)
follow(Company, "phone", "phone_key", reach_key)
follow(Company, "email", "email_key", reach_key)
follow(ContactPoint, "value", "value_key", reach_key)
