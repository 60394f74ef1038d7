"""Buttons and forms: random tokens for stored lines that the Book can read."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.packing import pack, unpack
from handlers.reply import Button, Call, Form, Reply
from handlers.turn import Turn
from storage.models import ButtonRow, Chat, Member
from storage.types import new_id
from storage.writing import write_values

BUTTONS_LIVE = timedelta(days=60)
"""How long a button can be tapped."""


def button_of(turn: Turn, now: datetime, token: str) -> ButtonRow | None:
    """The button behind a token, if it is of this chat and workspace and not too old. One without
    a chat was made for the member's own, whichever that is."""
    query = select(ButtonRow).where(
        ButtonRow.workspace_id == turn.workspace.id, ButtonRow.token == token
    )
    row = turn.session.scalars(query).first()
    if row is None or row.expires_at < now:
        return None
    is_here = turn.chat.private if row.chat_id is None else row.chat_id == turn.chat.id
    return row if is_here else None


def call_of(row: ButtonRow) -> Call:
    """What a button says."""
    return Call(row.call["intent"], unpack(row.call["slots"]))


def with_tokens(
    session: Session, reply: Reply, member: Member, chat: Chat | None, now: datetime
) -> Reply:
    """Store what the buttons and forms of a reply do, and put random tokens in their place."""

    rows: list[dict[str, Any]] = []

    def stored(call: Call, drawn: dict[str, str] | None = None) -> str:
        token = secrets.token_urlsafe(18)
        row = {
            "workspace_id": member.workspace_id,
            "id": new_id(),
            "token": token,
            "chat_id": chat.id if chat else None,
            "member_id": member.id,
            "call": {"intent": call.intent, "slots": pack(call.slots)},
            "form": drawn,
            "expires_at": now + BUTTONS_LIVE,
        }
        rows.append(row)
        return token

    def button(each: Button) -> Button:
        return replace(each, token=stored(each.call))

    parts = tuple(
        replace(
            part,
            token=stored(part.call, {field.name: field.value for field in part.fields}),
            buttons=tuple(map(button, part.buttons)),
        )
        if isinstance(part, Form)
        else part
        for part in reply.parts
    )
    reply = replace(reply, parts=parts, buttons=tuple(map(button, reply.buttons)))
    write_values(session, ButtonRow, rows)
    return reply
