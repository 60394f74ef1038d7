"""What the settings say of mail: the relay, and whom mails are from."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

UNSUBSCRIBE = "/u/"
"""The path on our port under which a link in a mail ends them."""

PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mails are handed over. ``tls``: none, start (STARTTLS) or whole (from the start)."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = "start"


def relay_of(url: str) -> Relay:
    """``smtp://user:password@mail.example.com:587`` asks for STARTTLS, ``smtps://`` for TLS from
    the start; ``smtp://127.0.0.1:25?tls=no`` goes without. Raises ValueError that tells nothing."""
    problem = "it must be like smtp://user:password@mail.example.com:587"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(problem) from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(problem)
    if parts.query not in ("", "tls=no"):
        raise ValueError("behind the ? it can be tls=no only")
    tls = "whole" if parts.scheme == "smtps" else "none" if parts.query else "start"
    return Relay(
        parts.hostname, port or PORTS[parts.scheme], unquote(parts.username or ""),
        unquote(parts.password or ""), tls,
    )  # fmt: skip


def sender_of(said: str) -> Address:
    """``Bilal Traders <sales@example.com>``. Raises ValueError."""
    name, address = parseaddr(said)
    local, _, domain = address.partition("@")
    is_plain = address.isascii() and address.count("@") == 1 and not {*said} & {"\n", "\r"}
    if not is_plain or not local or ("." not in domain and domain != "localhost"):
        raise ValueError("it must be like Bilal Traders <sales@example.com>")
    return Address(name, addr_spec=address)
