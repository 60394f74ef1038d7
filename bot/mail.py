"""The door for mails to customers: SMTP to the relay of the settings. Nothing comes in by it.

Signing (DKIM) is the relay's, which must sign List-Unsubscribe too. A letter becomes the same bytes
each time it is tried, under the same Message-ID.
"""

from __future__ import annotations

import contextlib
import html
import logging
import re
import ssl
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

import aiosmtplib
from aiosmtplib.errors import (
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from bot.mail_settings import UNSUBSCRIBE, Relay
from handlers.reply import Line, Title
from rules.blanks import one_line
from scheduler.letters import Ambiguous, Letter, Outcome, Refused, Sent, Wait
from scheduler.pace import Limit, Toll

POLICY = SMTP_POLICY.clone(cte_type="7bit")
"""What any server takes: lines of less than 78 signs, no bytes above 127."""

PATIENCE = 30.0
"""Seconds that a server may take for one answer."""
SOON, LATER = 60.0, 300.0
"""Seconds until a mail is tried again: where the server was away, or said not now."""

NOBODY_THERE = re.compile(r"\b5\.1\.(1|2|3|6|10)\b")
"""What RFC 3463 calls an address or system that is not there."""

log = logging.getLogger("rabta.mail")


class Mail:
    """Hands mails to a relay. ``public``: our own address on the internet, if we have any."""

    name = "email"

    def __init__(
        self, relay: Relay, sender: MailAddress, public: str = "", per_minute: int = 60
    ) -> None:
        self.relay, self.sender = relay, sender
        self.public = public.rstrip("/")
        self._limit = Limit("email", per_minute, 60.0)

    def toll(self, letter: Letter) -> Toll:
        del letter
        return Toll((), self._limit, 1)

    async def push(self, letter: Letter) -> Outcome:
        """Deliver one mail. What was handed over whole, without an answer to it, is ambiguous."""
        try:
            message = self.mail(letter)
        except (ValueError, MessageError) as error:  # no address that a header can hold
            return Refused(f"it cannot be written as a mail: {type(error).__name__}", dead=True)
        handing = _Handing(self.relay, self.sender.addr_spec, letter.address.user)
        try:
            return await handing.over(message.as_bytes(policy=POLICY))
        except SMTPResponseException as problem:
            return _refusal(problem, about_them=handing.is_about_them)
        except (SMTPException, OSError, TimeoutError, ValueError) as problem:
            why = type(problem).__name__
            if handing.is_out:
                return Ambiguous(why)
            log.warning("the mail server cannot be had: %s", why)
            return Wait(SOON, why)
        finally:
            handing.close()

    def mail(self, letter: Letter) -> EmailMessage:
        """The mail of a letter. Raises ValueError for what cannot stand in a header."""
        address = letter.address
        subject = next(part.text for part in letter.reply.parts if isinstance(part, Title))
        texts = [part for part in letter.reply.parts if isinstance(part, Line)]
        body = "\n\n".join(part.text for part in texts if not part.quiet)
        foot = " ".join(part.text for part in texts if part.quiet)
        language = "ur" if letter.reply.rtl else "en"
        if not address.user.isascii():  # few servers take those (SMTPUTF8)
            raise ValueError(address.user)
        message = EmailMessage(policy=POLICY)
        message["From"] = self.sender
        message["To"] = MailAddress(addr_spec=address.user)
        message["Subject"] = one_line(subject)
        message["Date"] = format_datetime(letter.written_at or datetime.now(UTC))
        message["Message-ID"] = (
            f"<rabta.{address.team}.{address.thread or letter.id}@{self.sender.domain}>"
        )
        ways = [f"<mailto:{self.sender.addr_spec}?subject=unsubscribe>"]
        link = f"{self.public}{UNSUBSCRIBE}{address.answer_to}" if self.public else ""
        if link:
            ways.insert(0, f"<{link}>")
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["List-Unsubscribe"] = ", ".join(ways)
        message["Precedence"] = "bulk"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = language
        shown = link or self.sender.addr_spec
        message.set_content(f"{body}\n\n-- \n{foot}\n{shown}\n")
        message.add_alternative(
            as_html(body, foot, link or f"mailto:{shown}", shown, rtl=letter.reply.rtl),
            subtype="html",
        )
        for part in message.iter_parts():
            del part["MIME-Version"]
        message.set_boundary(f"rabta-{address.team}-{address.thread or letter.id}")
        return message


def as_html(body: str, foot: str, link: str, shown: str, *, rtl: bool) -> str:
    """The same words as a page, in the direction they are read; nothing in it is loaded."""
    way, language = ("rtl", "ur") if rtl else ("ltr", "en")
    paragraphs = "".join(
        f'<p dir="auto">{"<br>".join(html.escape(line) for line in each.splitlines())}</p>\n'
        for each in re.split(r"\n\s*\n", body.strip())
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{way}">\n'
        '<head><meta charset="utf-8"></head>\n'
        '<body style="font-family: sans-serif; font-size: 16px; line-height: 1.6">\n'
        f'{paragraphs}<p style="font-size: 12px; color: #666">{html.escape(foot)}<br>\n'
        f'<a href="{html.escape(link)}" dir="ltr">{html.escape(shown)}</a></p>\n</body>\n</html>\n'
    )


class _Handing:
    """One mail, handed over in a connection of its own. ``is_out``: all of it was sent, so that the
    server may have taken it, whatever it says or does not say after."""

    def __init__(self, relay: Relay, sender: str, to: str) -> None:
        self._relay, self._sender, self._to = relay, sender, to
        self._client: aiosmtplib.SMTP | None = None
        self.is_out = False
        self.is_about_them = False  # what the server says from here on is of the one it goes to

    async def over(self, mail: bytes) -> Outcome:
        relay = self._relay
        whole, start = relay.tls == "whole", relay.tls == "start"
        client = self._client = aiosmtplib.SMTP(
            hostname=relay.host, port=relay.port, use_tls=whole, start_tls=start, timeout=PATIENCE,
            tls_context=ssl.create_default_context() if whole or start else None,
        )  # fmt: skip
        await client.connect()
        if relay.user:
            await client.login(relay.user, relay.password)
        await client.mail(self._sender)
        self.is_about_them = True
        await client.rcpt(self._to)
        self._watch(client)
        answer = await client.data(mail)
        with contextlib.suppress(SMTPException, OSError, TimeoutError):  # it is delivered
            await client.quit(timeout=1)
        return Sent(answer.message[:80])

    def _watch(self, client: aiosmtplib.SMTP) -> None:
        """Note when more than the word DATA went out."""
        protocol = client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("gone")
        write = protocol.write

        def noted(data: bytes) -> None:
            self.is_out = self.is_out or data != b"DATA\r\n"
            write(data)

        protocol.write = noted  # type: ignore[method-assign]  # the library tells no stage

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


def _refusal(problem: SMTPResponseException, *, about_them: bool) -> Outcome:
    """A server's answer: 4xx is not now; 5xx to the address or the mail is never, and for who is
    not there the address is gone. What it says of us may be mended."""
    code = problem.code
    said = one_line(f"{code} {problem.message}")[:110]
    if not about_them or code < 500:
        return Wait(LATER, said)
    dead = code in (550, 551, 553) and bool(NOBODY_THERE.search(said))
    return Refused(said, dead=dead)
