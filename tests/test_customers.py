"""Customers on Telegram: they come by a link of their own, are heard and passed on, and are no
members."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.customer_chats import CustomerChat
from storage.models import Activity, Consent, Identity
from tests.conversation import Conversation, words
from tests.scenes import scene
from tests.test_messages import NOON, passes, rows

LINK = "https://t.me/rabta_bot?start={code}"


@scene
def known(chat: Conversation) -> None:
    chat.clock.set(NOON)
    chat.says("new contact Sara Malik, Lahore")
    chat.says("new contact Umar Farooq, Karachi")
    chat.says("template Hello: Hello {first_name|you}, new stock is here.")


def code(chat: Conversation, said: str = "telegram link for Sara") -> str:
    chat.desk.invite_link = LINK
    told = words(chat.says(said))
    return told.split("start=")[1].split()[0]


def comes(chat: Conversation, by: str = "Stranger", said: str = "telegram link for Sara") -> str:
    chat.greeted = False
    return words(chat.commands(f"/start {code(chat, said)}", by=by))


def members(chat: Conversation) -> int:
    with chat.database.transaction() as session:
        return len(session.scalars(select(Identity)).all())


@pytest.mark.parametrize(
    "said", ["telegram link for Sara", "sara ke liye telegram link", "سارہ کے لیے ٹیلیگرام لنک"]
)
def test_a_customer_comes_by_their_link(known: Conversation, said: str) -> None:
    before = members(known)
    assert "Welcome" in comes(known, said=said)
    assert members(known) == before
    assert [(row.channel, row.granted, row.how) for row in rows(known, Consent)] == [
        ("telegram", True, "telegram")
    ]
    heard = [words(each.reply) for each in known.heard if each.to != known.person("Stranger").id]
    assert any(("Sara Malik" in each and "link" in each) or "لنک" in each for each in heard[-2:])


def test_what_they_write_is_kept_and_passed_on(known: Conversation) -> None:
    comes(known)
    before = len(known.heard)
    assert "we have your message" in words(known.says("delete all deals", by="Stranger"))
    told = [words(each.reply) for each in known.heard[before:]]
    assert any(each.startswith("Sara Malik wrote on Telegram:\ndelete all deals") for each in told)
    (done,) = rows(known, Activity)
    assert (done.kind, done.text, done.more["from"]) == ("message", "delete all deals", "customer")
    assert "delete all deals" in words(known.says("show Sara"))
    assert "no goal" not in words(known.says("goals", by="Stranger"))


def test_messages_reach_them_there_until_they_say_stop(known: Conversation) -> None:
    comes(known)
    assert "Hello Sara" in words(known.says("send hello to Sara by telegram"))
    before = len(known.heard)
    passes(known, minutes=1)
    (heard,) = [each for each in known.heard[before:] if "Hello Sara" in words(each.reply)]
    assert heard.to == known.person("Stranger").id
    assert "write STOP" in words(heard.reply)
    assert "You get no more messages here" in words(known.says("Stop.", by="Stranger"))
    assert "wants no messages by Telegram" in words(known.says("send hello to Sara by telegram"))
    assert "Welcome" in words(known.commands("/start", by="Stranger"))
    assert "Hello Sara" in words(known.says("send hello to Sara by telegram"))


@pytest.mark.parametrize("said", ["STOP", "بند کریں", "band karo", "بس", "Unsubscribe"])
def test_stop_in_any_tongue(known: Conversation, said: str) -> None:
    comes(known)
    known.says(said, by="Stranger")
    assert [row.granted for row in rows(known, Consent)] == [True, False]
    assert rows(known, Activity) == []


def test_a_link_is_one_customers_and_for_a_time(known: Conversation) -> None:
    assert "Welcome" in comes(known)
    assert "not valid" in comes(known, "Another")
    assert "not valid" in comes(known, "Stranger", "telegram link for Umar")
    token = code(known, "telegram link for Umar")
    changed = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert "not valid" in words(known.commands(f"/start {changed}", by="Third"))
    known.clock.skip(timedelta(days=32))
    assert "not valid" in words(known.commands(f"/start {token}", by="Third"))
    assert len(rows(known, CustomerChat)) == 1


def test_a_member_stays_a_member(known: Conversation) -> None:
    token = code(known)
    known.commands(f"/start {token}")
    assert rows(known, CustomerChat) == []


def test_in_a_group_a_customer_is_nobody(known: Conversation) -> None:
    comes(known)
    before = len(known.heard)
    known.says("show Sara", by="Stranger", place="Sales")
    assert known.heard[before:] == []
