"""Which turn was meant: by its place, by a message that began or answered it, by what it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from storage.models import Change, Chat, Member, Outbox, Turn

LATEST = 5000
"""Turns of a workspace among which a message is looked for: no index knows its number."""


def chats_of_place(session: Session, chat: Chat) -> list[int]:
    """The chats of a place: a channel's own, and those of its threads."""
    place = chat.key.partition("/")[0]
    query = select(Chat.id).where(
        Chat.workspace_id == chat.workspace_id,
        Chat.platform == chat.platform,
        Chat.team == chat.team,
        or_(Chat.key == place, Chat.key.startswith(f"{place}/", autoescape=True)),
    )
    return list(session.scalars(query))


def last_reading(
    session: Session, member: Member, chats: Sequence[int], before: int
) -> Turn | None:
    """The member's last turn in these chats whose words were read."""
    query = select(Turn).where(
        Turn.workspace_id == member.workspace_id,
        Turn.member_id == member.id,
        Turn.chat_id.in_(chats),
        Turn.reading.is_not(None),
        Turn.id < before,
    )
    return session.scalars(query.order_by(Turn.id.desc()).limit(1)).first()


def turn_told_by(session: Session, chat: Chat, chats: Sequence[int], message: str) -> Turn | None:
    """The turn that a message of the bot's answered; ``message`` is the platform's number."""
    query = (
        select(Turn)
        .join(Outbox, and_(Outbox.workspace_id == Turn.workspace_id, Outbox.turn_id == Turn.id))
        .where(
            Outbox.workspace_id == chat.workspace_id,
            Outbox.platform == chat.platform,
            Outbox.sent_as == message,
            Turn.chat_id.in_(chats),
            Turn.reading.is_not(None),
        )
    )
    return session.scalars(query.order_by(Outbox.id.desc()).limit(1)).first()


def turn_begun_by(session: Session, chat: Chat, chats: Sequence[int], message: str) -> Turn | None:
    """The turn of a member's message, by the platform's number of it, if it is not long ago."""
    here = Turn.workspace_id == chat.workspace_id
    latest = select(Turn.id).where(here).order_by(Turn.id.desc()).limit(LATEST).subquery()
    query = select(Turn).where(
        here,
        Turn.id >= select(func.min(latest.c.id)).scalar_subquery(),
        Turn.chat_id.in_(chats),
        Turn.reading["message"].as_string() == message,
    )
    return session.scalars(query.order_by(Turn.id.desc()).limit(1)).first()


def turn_that_wrote(
    session: Session, member: Member, table: str, row_id: int, since: datetime
) -> Turn | None:
    """The member's last turn since then that wrote a record from words."""
    query = (
        select(Turn)
        .join(Change, and_(Change.workspace_id == Turn.workspace_id, Change.turn_id == Turn.id))
        .where(
            Change.workspace_id == member.workspace_id,
            Change.table_name == table,
            Change.row_id == row_id,
            Turn.member_id == member.id,
            Turn.reading.is_not(None),
            Change.undoes.is_(None),
            Turn.at >= since,
        )
    )
    return session.scalars(query.order_by(Turn.id.desc()).limit(1)).first()


def undone_before(session: Session, member: Member, turn_id: int) -> Turn | None:
    """What the member's turn just before this one took back, if it took something back."""
    of_member = (Turn.workspace_id == member.workspace_id, Turn.member_id == member.id)
    last = session.scalars(
        select(Turn.id).where(*of_member, Turn.id < turn_id).order_by(Turn.id.desc()).limit(1)
    ).first()
    query = select(Turn).where(*of_member, Turn.undone_by == last)
    return session.scalars(query.limit(1)).first() if last else None
