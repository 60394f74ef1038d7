"""The doctor's look at the mail relay: a real server on loopback, and never a mail."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from pydantic import SecretStr

from bot import mail_look
from bot.doctor import Finding, examine
from bot.mail_settings import Relay
from bot.settings import Settings

HEARD: list[str] = []


class Noting(SMTP):
    """Notes what it is told, and lets in whoever knows the word."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            object(), hostname="relay.test", authenticator=_known, auth_require_tls=False, **more
        )

    async def _handle_client(self) -> None:
        HEARD.append("begun")
        await super()._handle_client()

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802 - as aiosmtpd calls it
        HEARD.append("MAIL")
        await super().smtp_MAIL(arg)


def _known(
    _server: Any, _session: Any, _envelope: Any, _mechanism: str, said: LoginPassword
) -> AuthResult:
    return AuthResult(success=(said.login, said.password) == (b"sales", b"word"), handled=False)


class Silent(asyncio.Protocol):
    """Takes a connection, and hangs up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def looked(make: Any, user: str = "", password: str = "", tls: str = "none") -> str:
    async def go() -> str:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(make, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        try:
            return await mail_look.look(Relay("127.0.0.1", port, user, password, tls))
        except ConnectionError as wrong:
            return f"wrong: {wrong}"
        finally:
            listening.close()

    HEARD.clear()
    return asyncio.run(go()).replace("127.0.0.1:", "").lstrip("0123456789")


@pytest.mark.parametrize(
    ("make", "who", "says"),
    [
        (Noting, {}, " answers, and nobody logs in (without TLS)"),
        (Noting, {"user": "sales", "password": "word"}, " lets sales in (without TLS)"),
        (Noting, {"user": "sales", "password": "guess"}, "does not let sales in: 535 5.7.8"),
        (Noting, {"tls": "start"}, "offers no STARTTLS: smtps:// begins with TLS"),
        (Noting, {"tls": "whole"}, "speaks no TLS that fits"),
        (lambda: SMTP(object(), hostname="x"), {"user": "sales"}, "lets nobody log in, but a user"),
        (Silent, {}, "cannot be reached"),
    ],
)
def test_how_the_relay_is_found(make: Any, who: dict[str, str], says: str) -> None:
    told = looked(make, **who)
    assert says in told
    assert "guess" not in told
    assert "MAIL" not in HEARD
    assert ("wrong" in told) is not (says.startswith(" "))


def mail_of(url: str, **more: Any) -> dict[str, Finding]:
    settings = Settings(
        database_url="sqlite:////nowhere/at/all.db", smtp_url=SecretStr(url),
        mail_from="Bilal <a@b.pk>", **more,
    )  # fmt: skip
    return {each.about: each for each in examine(settings)}


def test_the_doctor_says_what_to_do() -> None:
    found = mail_of("smtp://sales:secret@127.0.0.1:9?tls=no")
    assert found["mail"].state == "bad"
    assert "127.0.0.1:9 cannot be reached" in found["mail"].says
    assert "see RABTA_SMTP_URL" in found["mail"].says
    assert "secret" not in " ".join(each.says for each in found.values())
    assert found["RABTA_PUBLIC_URL"].state == "warn"
    found = mail_of("smtp://127.0.0.1:9?tls=no", public_url="https://rabta.example.com")
    assert "RABTA_PUBLIC_URL" not in found
    assert "mail" not in {each.about for each in examine(Settings(database_url="sqlite:////n.db"))}
