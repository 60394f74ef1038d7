"""Consent in tables that are taken in: what their columns say, and that a no stays a no."""

from __future__ import annotations

import io
from typing import Any

import pytest

from exchange.asked import Asked
from exchange.reading import read
from handlers.intake import Intake
from storage.models import Consent, Member, Turn, Workspace
from storage.scope import within
from tests.conversation import Conversation
from tests.test_messages import rows


def takes(chat: Conversation, text: str) -> None:
    chat.says("hello")
    chat.clock.set(chat.clock.now())
    with chat.database.transaction() as session:
        space, member = session.get_one(Workspace, 1), session.query(Member).first()
        assert member is not None
        with within(session, 1):
            read_ones: Any = [
                each
                for each in read(io.BytesIO(text.encode()), "people.csv", Asked("PK"))
                if isinstance(each, dict)
            ]
            turn = Turn(workspace_id=1, member_id=member.id, chat_id=1, at=chat.clock.now())
            session.add(turn)
            session.flush()
            Intake(session, space, member, turn.id, chat.clock.now()).take_in(read_ones)


@pytest.mark.parametrize(
    ("head", "value", "told"),
    [
        ("Email consent", "yes", {("email", True)}),
        ("Email Opt Out", "1", {("email", False)}),
        ("WhatsApp opt in", "TRUE", {("whatsapp", True)}),
        ("Unsubscribed", "no", set()),
        ("اجازت", "ہاں", {(each, True) for each in ("email", "telegram", "whatsapp", "sms")}),
        ("Consent", "maybe", set()),
    ],
)
def test_columns_say_it(
    chat: Conversation, head: str, value: str, told: set[tuple[str, bool]]
) -> None:
    takes(chat, f"Name,Email,{head}\nSara Malik,sara@nishat.pk,{value}\n")
    kept = {(row.channel, row.granted) for row in rows(chat, Consent)}
    assert kept == told


def test_a_file_makes_nobody_agree_who_refused(chat: Conversation) -> None:
    chat.says("new contact Sara Malik, sara@nishat.pk")
    chat.says("don't mail Sara any more")
    takes(chat, "Name,Email,Email consent\nSara Malik,sara@nishat.pk,yes\n")
    assert [(row.channel, row.granted) for row in rows(chat, Consent)] == [("email", False)]
    takes(chat, "Name,Email,WhatsApp consent\nSara Malik,sara@nishat.pk,yes\n")
    takes(chat, "Name,Email,WhatsApp opt out\nSara Malik,sara@nishat.pk,yes\n")
    assert [(row.channel, row.granted) for row in rows(chat, Consent)][1:] == [
        ("whatsapp", True), ("whatsapp", False)
    ]  # fmt: skip
