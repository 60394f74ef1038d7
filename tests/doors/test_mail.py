"""Mails to customers, handed to a real SMTP server on loopback that behaves, or does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.mail import POLICY, Mail
from bot.mail_settings import Relay, relay_of, sender_of
from handlers.reply import Line, Reply, Title
from scheduler.letters import Address, Ambiguous, Letter, Outcome, Refused, Sent, Wait

SENDER = MailAddress("Bilal Traders", addr_spec="sales@bilal.example")
AT = datetime(2026, 11, 24, 6, tzinfo=UTC)


class Server:
    """A mail server. ``answers``: what it says at a stage, or "cut"; else it takes all."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.taken: list[EmailMessage] = []

    async def _at(self, server: SMTP, stage: str, fine: str) -> str:
        said = self.answers.get(stage, fine)
        if said == "cut":
            cast("asyncio.Transport", server.transport).abort()
            await asyncio.sleep(0)
            return "421 gone"
        return said

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return await self._at(server, "mail", "250 OK")

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        said = await self._at(server, "rcpt", "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answers.get("content") != "421 lost it":
            content = cast("bytes", envelope.content)
            self.taken.append(message_from_bytes(content, policy=default))
        return await self._at(server, "content", "250 2.0.0 taken")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(
            lambda: SMTP(self, hostname="relay.test", loop=loop), "127.0.0.1", 0
        )
        try:
            yield listening.sockets[0].getsockname()[1]
        finally:
            listening.close()


class CutAtData(SMTP):
    """Dies at the word DATA, before it has answered it."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - as aiosmtpd calls it
        del arg
        cast("asyncio.Transport", self.transport).abort()


def letter(
    to: str = "sara@nishat.example", *, subject: str = "Eid offer", rtl: bool = False
) -> Letter:
    text = "محترم سارہ،\n\nعید مبارک" if rtl else "Dear Sara,\n\nour Eid offer & more <today>."
    parts = (Title(subject), Line(text), Line("To get no more:", quiet=True))
    address = Address("email", "1", "77", to, thread="99", answer_to="1-25-2r-sign")
    return Letter(5, address, Reply(parts, rtl=rtl), written_at=AT, kind="campaign")


def mail(port: int, public: str = "https://rabta.example.com") -> Mail:
    return Mail(Relay("127.0.0.1", port, tls="none"), SENDER, public)


def sends(server: Server, each: Letter | None = None) -> Outcome:
    async def go() -> Outcome:
        async with server.open() as port:
            return await mail(port).push(each or letter())

    return asyncio.run(go())


def test_a_mail_arrives_with_all_that_it_needs() -> None:
    server = Server()
    assert isinstance(sends(server), Sent)
    (got,) = server.taken
    assert got["From"] == "Bilal Traders <sales@bilal.example>"
    assert got["To"] == "sara@nishat.example"
    assert got["Message-ID"] == "<rabta.1.99@bilal.example>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["List-Unsubscribe"] == (
        "<https://rabta.example.com/u/1-25-2r-sign>,"
        " <mailto:sales@bilal.example?subject=unsubscribe>"
    )
    assert (got["Precedence"], got["Auto-Submitted"]) == ("bulk", "auto-generated")
    plain, page = got.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert "our Eid offer & more <today>." in cast("EmailMessage", plain).get_content()
    shown = cast("EmailMessage", page).get_content()
    assert "our Eid offer &amp; more &lt;today&gt;." in shown
    assert 'dir="ltr"' in shown


def test_an_urdu_mail_runs_from_right_to_left() -> None:
    server = Server()
    sends(server, letter(subject="عید مبارک، سارہ", rtl=True))
    (got,) = server.taken
    assert got["Subject"] == "عید مبارک، سارہ"
    page = cast("EmailMessage", list(got.iter_parts())[1]).get_content()
    assert '<html lang="ur" dir="rtl">' in page
    assert "محترم سارہ،" in page


def test_a_mail_is_the_same_bytes_each_time() -> None:
    one, two = (mail(25).mail(letter()).as_bytes(policy=POLICY) for _ in range(2))
    assert one == two
    assert all(len(line) < 998 and max(line, default=0) < 128 for line in one.splitlines())


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"rcpt": "450 4.2.1 mailbox busy"}, Wait),
        ({"rcpt": "421 4.3.2 come back later"}, Wait),
        ({"rcpt": "550 5.7.1 we do not like you"}, Refused),
        ({"mail": "550 5.7.1 not from there"}, Wait),
        ({"mail": "cut"}, Wait),
        ({"rcpt": "cut"}, Wait),
        ({"content": "451 4.3.0 not now"}, Wait),
        ({"content": "421 lost it"}, Wait),
        ({"content": "554 5.6.0 this is spam"}, Refused),
        ({"content": "cut"}, Ambiguous),
    ],
)
def test_what_a_server_says_decides(answers: dict[str, str], outcome: type[Outcome]) -> None:
    server = Server(**answers)
    came = sends(server)
    assert isinstance(came, outcome), came
    assert not getattr(came, "dead", False)


def test_who_is_not_there_has_a_bad_address() -> None:
    came = sends(Server(rcpt="550 5.1.1 no such user here"))
    assert came == Refused("550 5.1.1 no such user here", dead=True)


def test_a_server_that_dies_before_it_answers_data_has_taken_nothing() -> None:
    async def go() -> Outcome:
        loop = asyncio.get_running_loop()
        server = Server()
        listening = await loop.create_server(
            lambda: CutAtData(server, hostname="relay.test", loop=loop), "127.0.0.1", 0
        )
        async with listening:
            return await mail(listening.sockets[0].getsockname()[1]).push(letter())

    assert isinstance(asyncio.run(go()), Wait)


def test_a_server_that_is_not_there_is_asked_again() -> None:
    assert isinstance(asyncio.run(mail(1).push(letter())), Wait)


@pytest.mark.parametrize(
    "subject", ["Hello\r\nBcc: all@example.com", "Hello\nX: y", "a\x00b", "a\u2028b"]
)
def test_nothing_gets_into_the_headers(subject: str) -> None:
    server = Server()
    sends(server, letter(subject=subject))
    (got,) = server.taken
    assert got["Bcc"] is None
    assert got["X"] is None
    assert len(got.keys()) == len(set(got.keys()))


@pytest.mark.parametrize("to", ["s@n.pk\r\nBcc: x@y.z", "no address", "a@b@c", "سارہ@مل"])
def test_what_is_no_address_is_refused(to: str) -> None:
    came = asyncio.run(mail(1).push(letter(to)))
    assert isinstance(came, Refused)
    assert came.dead


def test_without_an_address_of_ours_mails_are_ended_by_an_answer() -> None:
    got = mail(25, "").mail(letter())
    assert got["List-Unsubscribe"] == "<mailto:sales@bilal.example?subject=unsubscribe>"
    assert got["List-Unsubscribe-Post"] is None


def test_settings_of_the_relay() -> None:
    assert relay_of("smtp://u%40x:p%3Aw@mail.example.com") == Relay(
        "mail.example.com", 587, "u@x", "p:w", "start"
    )
    assert relay_of("smtps://mail.example.com").tls == "whole"
    assert relay_of("smtp://127.0.0.1:25?tls=no") == Relay("127.0.0.1", 25, tls="none")
    assert sender_of("Bilal Traders <sales@bilal.example>").addr_spec == "sales@bilal.example"
    for wrong in ("http://x", "smtp://", "smtp://x:y:z", "smtp://x?tls=maybe"):
        with pytest.raises(ValueError, match="it "):
            relay_of(wrong)
    for wrong in ("", "sales", "a@b\nBcc: c@d.e", "سیلز@example.com"):
        with pytest.raises(ValueError, match="it must be like"):
            sender_of(wrong)
