"""Chats in which customers themselves talk with the bot. A customer is no member."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Recorded, belongs_to


class CustomerChat(Recorded, Base):
    """A customer on a platform, by its own number for them. Looked up before a workspace is known,
    like ``Identity``: nobody is a customer of two workspaces through one bot."""

    __tablename__ = "customer_chat"
    __table_args__ = (
        belongs_to("contact", "contact_id", "CASCADE"),
        Index("ix_customer_chat_platform", "platform", "team", "user", unique=True),
        Index(None, "workspace_id", "contact_id"),
    )

    platform: Mapped[str] = mapped_column(String(10))
    team: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(64))
    contact_id: Mapped[int]
    since: Mapped[datetime]


def customer_at(session: Session, platform: str, team: str, user: str) -> CustomerChat | None:
    """Whose chat that is, whatever workspace they are a customer of."""
    query = select(CustomerChat).where(
        CustomerChat.platform == platform, CustomerChat.team == team, CustomerChat.user == user
    )
    return session.scalars(query).first()


def chats_of(session: Session, workspace_id: int, contacts: list[int]) -> dict[int, CustomerChat]:
    """The chat of each of these contacts that has one; of several the latest."""
    query = select(CustomerChat).where(
        CustomerChat.workspace_id == workspace_id, CustomerChat.contact_id.in_(contacts)
    )
    return {row.contact_id: row for row in session.scalars(query.order_by(CustomerChat.id + 0))}
