"""How ``rabta doctor`` finds the mail relay: whether it answers and lets us in. Nothing is sent."""

from __future__ import annotations

import ssl

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from bot.mail_settings import Relay
from rules.blanks import one_line

PATIENCE = 10.0
"""Seconds that the relay may take for one answer."""

HOW = {"none": "without TLS", "start": "STARTTLS", "whole": "TLS"}


class _Wrong(Exception):
    """What is not as it should be."""


async def look(relay: Relay) -> str:
    """How the relay is. Raises ConnectionError with what is wrong, and without the password."""
    try:
        return f"{relay.host}:{relay.port} {await _looked_at(relay)} ({HOW[relay.tls]})"
    except _Wrong as wrong:
        says = str(wrong)
    except SMTPResponseException as error:
        says = f"answers oddly: {_said(error)}"
    except (SMTPException, OSError, TimeoutError) as error:
        says = _unreachable(error)
    raise ConnectionError(f"{relay.host}:{relay.port} {says}; see RABTA_SMTP_URL") from None


async def _looked_at(relay: Relay) -> str:
    secure = relay.tls != "none"
    client = aiosmtplib.SMTP(
        hostname=relay.host, port=relay.port, use_tls=relay.tls == "whole", start_tls=False,
        timeout=PATIENCE, tls_context=ssl.create_default_context() if secure else None,
    )  # fmt: skip
    try:
        await client.connect()
        await client.ehlo()
        if relay.tls == "start":
            if not client.supports_extension("starttls"):
                raise _Wrong("offers no STARTTLS: smtps:// begins with TLS, ?tls=no has none")
            await client.starttls()
            await client.ehlo()
        if not relay.user:
            return "answers, and nobody logs in"
        if not client.supports_extension("auth"):
            raise _Wrong("lets nobody log in, but a user is named")
        try:
            await client.login(relay.user, relay.password)
        except SMTPAuthenticationError as error:
            raise _Wrong(f"does not let {relay.user} in: {_said(error)}") from None
        return f"lets {relay.user} in"
    finally:
        client.close()


def _unreachable(error: Exception) -> str:
    """Why there is no connection: of a certificate what is wrong with it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"has a certificate that cannot be trusted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"speaks no TLS that fits: {cause.reason}"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, SMTPServerDisconnected):
        return "hangs up"
    return f"cannot be reached ({type(error).__name__})"


def _said(error: SMTPResponseException) -> str:
    """What the relay answered, in a line."""
    return one_line(f"{error.code} {error.message}")[:120]
