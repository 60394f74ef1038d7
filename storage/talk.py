"""What keeps a conversation whole: turns and their changes, buttons, questions, inbox, outbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Workspaced, belongs_to, waits
from storage.types import Json, new_id

_serial = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up on SQLite


class Turn(Workspaced, Base):
    """One message or tap of a member that was acted on; its changes can be undone as one.

    ``reading`` is how its words were read, and what was taken for granted, as ``/why`` tells it.
    ``sent_at`` is when the member sent it, ``acted_at`` when it was acted on (``at`` is the one or
    the other).
    """

    __tablename__ = "turn"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        Index(None, "workspace_id", "member_id", "id"),
    )

    member_id: Mapped[int]
    chat_id: Mapped[int]
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    said: Mapped[str | None] = mapped_column(Text)
    undone_by: Mapped[int | None]
    reading: Mapped[dict[str, Any] | None]


class Change(Workspaced, Base):
    """A row before and after, written by the session itself. ``before`` null: it was new.

    ``undoes`` is the turn that this change took back, for an undo is a change as well; it is not
    undone itself.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index(None, "workspace_id", "turn_id", "id"),
        Index(None, "workspace_id", "table_name", "row_id", "id"),
    )

    turn_id: Mapped[int]
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    undoes: Mapped[int | None]


class ButtonRow(Workspaced, Base):
    """What a tap on a button says. The token is random; chat and member are bound.

    Its number is that of the moment: changes with a larger one came after it was drawn. ``form``
    holds the values that a form was drawn with.
    """

    __tablename__ = "button"
    __table_args__ = (Index(None, "workspace_id", "token"),)

    token: Mapped[str] = mapped_column(String(40))
    chat_id: Mapped[int | None]
    member_id: Mapped[int]
    call: Mapped[dict[str, Any]]
    form: Mapped[dict[str, Any] | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Pending(Workspaced, Base):
    """A question that waits for its answer: the calls still to do, the first lacking ``slot``.

    ``turn_id`` is the turn whose words led to it.
    """

    __tablename__ = "pending"
    __table_args__ = (UniqueConstraint("workspace_id", "chat_id", "member_id"),)

    chat_id: Mapped[int]
    member_id: Mapped[int]
    calls: Mapped[list[dict[str, Any]]]
    slot: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    choices: Mapped[list[dict[str, Any]]]
    asked_at: Mapped[datetime]
    turn_id: Mapped[int | None]


class Nudge(Workspaced, Base):
    """What the clock brings to a member: once for each (kind, subject, day or moment).

    ``member_id`` is whose it is, ``to_id`` the one who stood in for them when it was told.
    ``state``: due (raised, to be brought from ``due_at`` on); sent; along (told in another's
    letter); waiting (for the next agenda); agenda (told there); later (the member said "not now":
    once more from ``due_at`` on); over (done before it was told, or wanted no more).
    ``about`` is what it tells, ``worth`` what telling it may bring (minor units of the workspace's
    currency), ``answer`` what came of it: see ``rules.nudging``.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        UniqueConstraint("workspace_id", "member_id", "kind", "subject", "occasion"),
        Index(None, "workspace_id", "member_id", "day"),
        Index(None, "workspace_id", "to_id", "day"),
        waits("due_at"),
    )

    member_id: Mapped[int]
    to_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60))
    occasion: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    raised_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="sent", server_default="sent")
    due_at: Mapped[datetime | None]
    about: Mapped[dict[str, Any] | None]
    worth: Mapped[int] = mapped_column(default=0, server_default="0")
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]


class Inbox(Base):
    """An event as it arrived, kept before the platform is told so. Global: nobody is known yet.

    ``state``: new, done, or failed (set aside after too many tries). ``again_at`` is when one whose
    handling failed is tried again; ``error`` the kind of error, with nothing anybody wrote.
    ``sender`` is who wrote it, as the door numbers people. ``turn_at`` is when it may be handled:
    later than ``received_at`` where they wrote faster than they may.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("door", "event"),
        Index("ix_inbox_state", "state", "id"),
        Index("ix_inbox_sender", "door", "sender", "turn_at"),
    )

    id: Mapped[int] = mapped_column(_serial, primary_key=True, autoincrement=True)
    door: Mapped[str] = mapped_column(String(80))
    event: Mapped[str] = mapped_column(String(120))
    chat: Mapped[str] = mapped_column(String(160))
    sender: Mapped[str | None] = mapped_column(String(160))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10), default="new")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime]
    again_at: Mapped[datetime | None]
    turn_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]


class Outbox(Base):
    """A letter to deliver. Global, since strangers are answered too.

    ``state``: waiting, sending (claimed until ``not_before``), sent, refused or unknown (it may
    have arrived and is not sent a third time). ``marked``: it may have arrived once already.
    ``place`` is the chat whose order it keeps; of all that is due a lower ``rank`` goes first.
    ``topic`` is what it is about ("task:7"), so that what was done meanwhile is not sent any more.
    ``done`` are the messages of it that have arrived; ``language`` is its reader's.
    ``turn_id`` is the turn that it answers, ``sent_as`` the platform's number of the message.
    ``told_at`` is when the owner heard that it may not have arrived.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state", "state", "rank", "id"),
        Index("ix_outbox_place", "place", "state"),
        Index("ix_outbox_sent_as", "workspace_id", "sent_as"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    workspace_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int] = mapped_column(Integer)
    platform: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(220))
    address: Mapped[dict[str, Any]]
    reply: Mapped[dict[str, Any]]
    topic: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_as: Mapped[str | None] = mapped_column(String(80))
    problem: Mapped[str | None] = mapped_column(Text)
    marked: Mapped[bool] = mapped_column(Boolean, default=False)
    done: Mapped[list[str] | None] = mapped_column(Json)
    language: Mapped[str | None] = mapped_column(String(10))
    turn_id: Mapped[int | None]
    told_at: Mapped[datetime | None]

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        super().__init__(**values)


class Unreachable(Base):
    """A place where nothing arrives any more: blocked, kicked, archived. Global, like letters.

    ``key`` is the chat, or the user of a direct message; ``told_at`` when its workspace's owner
    heard of it. The row goes when somebody writes from there.
    """

    __tablename__ = "unreachable"

    platform: Mapped[str] = mapped_column(String(10), primary_key=True)
    team: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]


class Lease(Base):
    """What one process does for all, such as polling: whose it is, and until when. Global."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]


class Pace(Base):
    """What went lately under one of a platform's limits, for all processes. Global.

    ``taken`` are the moments of messages (seconds since 1970); a hold is moments yet to come.
    """

    __tablename__ = "pace"

    name: Mapped[str] = mapped_column(String(220), primary_key=True)
    taken: Mapped[list[float]] = mapped_column(Json)
