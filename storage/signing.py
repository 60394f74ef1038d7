"""Links that customers get: signed with a key of their workspace; nobody can make one up."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.team import Workspace

SIGNED = 20
"""Letters of a signature: 120 bits."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def signed(session: Session, workspace_id: int, purpose: str, *numbers: int) -> str:
    """``1-2k9f-xyz...``: numbers that only this workspace can have written, for one purpose. At
    most 64 letters for two numbers, and none that a link or Telegram's ``/start`` does not hold."""
    told = "-".join(_short(number) for number in (workspace_id, *numbers))
    return f"{told}-{_sign(key_of(session, workspace_id), purpose, told)}"


def read_signed(session: Session, purpose: str, token: str) -> tuple[int, ...] | None:
    """The workspace and the numbers; None for what it has not signed for that purpose."""
    if not token.isascii() or len(token) > 200 or len(token) <= SIGNED:
        return None
    told, sign = token[: -SIGNED - 1], token[-SIGNED:]
    try:
        numbers = tuple(int(each, 36) for each in told.split("-"))
    except ValueError:
        return None
    if token[len(told)] != "-" or "-".join(map(_short, numbers)) != told or numbers[0] >= 2**31:
        return None
    key = session.scalar(select(Workspace.sign_key).where(Workspace.id == numbers[0]))
    if not key or not hmac.compare_digest(_sign(key, purpose, told), sign):
        return None
    return numbers


def key_of(session: Session, workspace_id: int) -> str:
    """The workspace's key, made when it is first needed; of two who make it at once one wins."""
    asked = select(Workspace.sign_key).where(Workspace.id == workspace_id)
    key = session.scalar(asked)
    if not key:
        session.flush()
        session.execute(
            update(Workspace)
            .where(Workspace.id == workspace_id, Workspace.sign_key.is_(None))
            .values(sign_key=secrets.token_hex(32))
            .execution_options(synchronize_session=False)
        )
        key = session.scalar(asked)
    return str(key)


def _sign(key: str, purpose: str, told: str) -> str:
    made = hmac.new(bytes.fromhex(key), f"{purpose}:{told}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode()[:SIGNED]


def _short(number: int) -> str:
    shown = ""
    while number:
        number, digit = divmod(number, 36)
        shown = _DIGITS[digit] + shown
    return shown or "0"
