"""Messages to customers: planned, checked when they are about to go, and what became of them.

One table for all that is written to customers, whoever planned it: a member by hand, a campaign, a
step of a sequence. A row says who is to get what, from when on and by which ways; whether it may go
is looked at when it is about to (``storage.touching``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from rules.reach_keys import reach_key
from rules.touches import WEEK
from storage.base import Base, Recorded, Workspaced, belongs_to, waits
from storage.people import Contact

ON_ITS_WAY = ("posted", "prepared")
"""It may arrive at any moment, or has: it counts until it is settled."""

ARRIVED = ("sent", "unknown")
"""It went, or may have: it counts for a week from then on."""

STATES = (
    "planned", "posted", "ready", "prepared", "sent", "failed", "unknown", "dropped", "held",
)  # fmt: skip

LAPSES = timedelta(days=14)
"""What could not go for so long is not sent any more."""


class Message(Recorded, Base):
    """One message to one customer.

    ``state``: planned; posted (in the outbox); ready (a member is to send it by hand); prepared
    (they were given the link); sent (the mail server or platform took it, or the member said so);
    failed; unknown (it may have arrived, and is not sent again); dropped (``reason`` says why);
    held (left out of a campaign, to be compared with).

    ``source``: ``hand``, ``campaign:7``, ``sequence:3:2`` ...; ``key`` is the same for the same
    message, whoever plans it again. ``ways`` are the channels that may be used, the first choice
    first, ``channel`` the one that was. ``subject`` and ``text`` are as they were sent; before that
    what was written for this one customer, where there is no ``template_id``. ``due_at`` is when it
    is looked at next, ``went_at`` when it was last let go, ``lapses_at`` after when it is too late.
    """

    __tablename__ = "message"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        UniqueConstraint("workspace_id", "key"),
        Index(None, "workspace_id", "contact_id", "went_at"),
        Index(None, "workspace_id", "source", "state"),
        waits("due_at"),
    )

    contact_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="planned")
    reason: Mapped[str | None] = mapped_column(String(120))
    ways: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str | None] = mapped_column(String(10))
    address: Mapped[str | None] = mapped_column(String(254))
    template_id: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(8))
    subject: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int]
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    went_at: Mapped[datetime | None]
    lapses_at: Mapped[datetime]

    contact: Mapped[Contact] = relationship(viewonly=True)

    @property
    def channels(self) -> list[str]:
        return self.ways.split(",")

    def drop(self, reason: str) -> None:
        """It is not sent."""
        self.state, self.reason, self.due_at = "dropped", reason[:120], None

    def put_off(self, to: datetime | None, reason: str) -> None:
        """It waits. None: until somebody lets it go on."""
        self.state, self.reason, self.due_at = "planned", reason[:120], to


class BadAddress(Workspaced, Base):
    """An address at which nothing arrives, as its mail server said for good."""

    __tablename__ = "bad_address"
    __table_args__ = (UniqueConstraint("workspace_id", "value_key"),)

    value_key: Mapped[str] = mapped_column(String(254))
    why: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime]


def plan(
    session: Session,
    contact: Contact,
    *,
    source: str,
    occasion: str = "",
    ways: Sequence[str],
    by_id: int,
    now: datetime,
    due_at: datetime | None = None,
    lapses_at: datetime | None = None,
    template_id: int | None = None,
    subject: str | None = None,
    text: str | None = None,
) -> Message:
    """Plan a message, once: planned again under the same source and occasion it is the same row.

    Nothing is checked here: that is done when it goes.
    """
    key = f"{source}/{contact.id}/{occasion}"[:80]
    there = session.scalars(
        select(Message).where(Message.workspace_id == contact.workspace_id, Message.key == key)
    ).first()
    if there is not None:
        return there
    begins = due_at or now
    row = Message(
        workspace_id=contact.workspace_id, contact_id=contact.id, source=source, key=key,
        ways=",".join(ways), template_id=template_id, subject=subject, text=text, by_id=by_id,
        planned_at=now, due_at=begins, lapses_at=lapses_at or begins + LAPSES, state="planned",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def went_to(
    session: Session, workspace_id: int, contact_id: int, now: datetime, but: int = 0
) -> tuple[list[datetime], int]:
    """When messages went to a contact in the last week, and how many are on their way."""
    here = (Message.workspace_id == workspace_id, Message.contact_id == contact_id)
    recent = select(Message.state, Message.went_at).where(
        *here, Message.went_at > now - WEEK, Message.state.in_(ARRIVED), Message.id != but
    )
    went = [row.went_at for row in session.execute(recent) if row.went_at]
    waiting = select(func.count(Message.id)).where(
        *here, Message.state.in_(ON_ITS_WAY), Message.id != but
    )
    return went, session.scalar(waiting) or 0


def bad_addresses(session: Session, workspace_id: int, addresses: Sequence[str]) -> set[str]:
    """Those of these at which nothing arrives."""
    keys = {key: address for address in addresses if (key := reach_key(address))}
    if not keys:
        return set()
    query = select(BadAddress.value_key).where(
        BadAddress.workspace_id == workspace_id, BadAddress.value_key.in_(list(keys))
    )
    return {keys[key] for key in session.scalars(query)}


def mark_bad(session: Session, workspace_id: int, address: str, why: str, now: datetime) -> None:
    if bad_addresses(session, workspace_id, [address]) or not reach_key(address):
        return
    session.add(
        BadAddress(
            workspace_id=workspace_id, value_key=reach_key(address), why=why[:200], since=now
        )
    )
    session.flush()


def messages_of(session: Session, workspace_id: int, contact_id: int, limit: int) -> list[Message]:
    """The latest messages to a contact."""
    query = select(Message).where(
        Message.workspace_id == workspace_id, Message.contact_id == contact_id
    )
    return list(session.scalars(query.order_by(Message.id.desc()).limit(limit)))


def counts_by_state(session: Session, workspace_id: int, source: str) -> dict[tuple[str, str], int]:
    """How many messages of a source are in each state, and for which reason."""
    query = (
        select(Message.state, Message.reason, func.count(Message.id))
        .where(Message.workspace_id == workspace_id, Message.source == source)
        .group_by(Message.state, Message.reason)
    )
    return {(state, reason or ""): count for state, reason, count in session.execute(query)}


def template_ids(rows: Sequence[Message]) -> set[Any]:
    return {row.template_id for row in rows if row.template_id}
