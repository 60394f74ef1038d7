"""Invitations: a random code, kept as a hash, used once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Invite

VALID = timedelta(days=7)


def invite(
    session: Session, workspace_id: int, role: str, now: datetime, by: int | None = None
) -> str:
    """A new single-use code for a role in a workspace."""
    code = secrets.token_urlsafe(16)
    session.add(
        Invite(
            code_hash=_hash(code),
            workspace_id=workspace_id,
            role=role,
            invited_by=by,
            expires_at=now + VALID,
        )
    )
    return code


def redeem(session: Session, code: str, now: datetime) -> Invite | None:
    """Use a code up; None if it is unknown, used or too old."""
    found = session.scalars(
        select(Invite).where(Invite.code_hash == _hash(code)).with_for_update()
    ).first()
    if found is None or found.used_at is not None or found.expires_at < now:
        return None
    found.used_at = now
    session.flush()
    return found


def _hash(code: str) -> str:
    return sha256(code.strip().encode()).hexdigest()
