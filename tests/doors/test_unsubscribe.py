"""The link in a mail: to look at it changes nothing, and a POST ends the mails."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bot.unsubscribe import Links
from handlers.library import the_book
from scheduler.touches import UNSUBSCRIBE
from storage.consent import Consent
from storage.models import Contact, Message
from storage.signing import read_signed, signed
from tests.conversation import Conversation, words
from tests.scenes import scene


@scene
def agreed(chat: Conversation) -> None:
    chat.clock.set(datetime(2026, 11, 24, 7, tzinfo=UTC))
    chat.says("new contact Sara Malik, sara@nishat.pk, Lahore")
    chat.says("Sara agreed to emails and whatsapp")
    chat.says("template Hello: Hello {first_name|you}")
    chat.says("send hello to Sara by email")


def link(chat: Conversation) -> str:
    with chat.database.transaction() as session:
        message = session.scalars(select(Message)).one()
        return signed(session, 1, UNSUBSCRIBE, message.contact_id, message.id)


def call(chat: Conversation, method: str, token: str, body: str = "") -> httpx.Response:
    app = Starlette(routes=Links(chat.database, chat.clock, the_book()).routes)

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return await client.request(method, f"/u/{token}", content=body, headers=form)

    return asyncio.run(go())


def refused(chat: Conversation) -> list[tuple[str, str]]:
    with chat.database.transaction() as session:
        rows = session.scalars(select(Consent).where(~Consent.granted))
        return [(row.channel, row.how) for row in rows]


def test_to_look_only_asks_and_a_post_ends_the_mails(agreed: Conversation) -> None:
    token = link(agreed)
    page = call(agreed, "GET", token)
    assert page.status_code == 200
    assert "Shall we send you no more e-mails?" in page.text
    assert "Sara" not in page.text
    assert refused(agreed) == []
    done = call(agreed, "POST", token, "List-Unsubscribe=One-Click")
    assert (done.status_code, "Done." in done.text) == (200, True)
    assert refused(agreed) == [("email", "link")]
    assert call(agreed, "POST", token).status_code == 200
    assert refused(agreed) == [("email", "link")]
    told = words(agreed.says("consent of Sara"))
    assert "e-mail: no, since today" in told
    assert "by the link in a mail" in told
    assert "WhatsApp: yes" in told


def test_the_page_is_in_the_customers_language(agreed: Conversation) -> None:
    agreed.says("Sara speaks Urdu")
    page = call(agreed, "GET", link(agreed))
    assert 'dir="rtl"' in page.text
    assert "کیا ہم آپ کو مزید ای میل نہ بھیجیں؟" in page.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_was_changed_is_none(agreed: Conversation, method: str) -> None:
    token = link(agreed)
    for at in range(len(token)):
        other = "a" if token[at] != "a" else "b"
        assert call(agreed, method, token[:at] + other + token[at + 1 :]).status_code == 404
    for wrong in ("x", "1-1-1", f"{token}0", token[1:], "1--1", "%20", "é" * 30):
        assert call(agreed, method, wrong).status_code == 404
    assert refused(agreed) == []


def test_a_link_is_for_one_purpose_only(agreed: Conversation) -> None:
    with agreed.database.transaction() as session:
        contact = session.scalars(select(Contact.id)).one()
        token = signed(session, 1, "start", contact, 5)
        assert read_signed(session, "start", token) == (1, contact, 5)
        assert read_signed(session, UNSUBSCRIBE, token) is None
        assert len(token) <= 64
