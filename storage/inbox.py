"""The inbox: what arrived is kept before the platform hears so, and handled exactly once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models import Inbox

TRIES = 3
"""How often a message is handled before it is set aside."""


def keep(
    session: Session, door: str, events: Iterable[tuple[str, str, dict[str, Any]]], now: datetime
) -> int:
    """Store events as (event, chat, payload); those already there are dropped. Count of new."""
    rows = [
        {
            "door": door,
            "event": event,
            "chat": chat,
            "payload": _storable(payload),
            "received_at": now,
        }
        for event, chat, payload in events
    ]
    if not rows:
        return 0
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    into = sqlite.insert(Inbox) if is_sqlite else postgresql.insert(Inbox)
    once = into.on_conflict_do_nothing(index_elements=["door", "event"]).returning(Inbox.id)
    return sum(session.scalar(once.values(state="new", tries=0, **row)) is not None for row in rows)


def _storable(value: Any) -> Any:
    """Without what PostgreSQL keeps in no text: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        text = value.replace("\0", "").encode("utf-16-le", "surrogatepass")
        return text.decode("utf-16-le", "replace")  # two halves that fit are one character
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value


def waiting(
    session: Session, doors: Iterable[str], busy: Iterable[str], limit: int = 50
) -> list[Inbox]:
    """The oldest unhandled event of each chat that is not ``busy``, in order of arrival."""
    oldest = (
        select(func.min(Inbox.id))
        .where(Inbox.state == "new", Inbox.door.in_(list(doors)), Inbox.chat.not_in(list(busy)))
        .group_by(Inbox.chat)
        .order_by(func.min(Inbox.id))
        .limit(limit)
    )
    return list(session.scalars(select(Inbox).where(Inbox.id.in_(oldest)).order_by(Inbox.id)))


def claim(session: Session, row_id: int) -> Inbox | None:
    """The event, locked for this transaction; None if it is handled or in other hands."""
    return session.scalars(
        select(Inbox)
        .where(Inbox.id == row_id, Inbox.state == "new")
        .with_for_update(skip_locked=True)
    ).first()


def failed(session: Session, row_id: int, error: str, now: datetime) -> bool:
    """Count a failed try; True if it was the last one and the event is set aside."""
    row = claim(session, row_id)
    if row is None:
        return False
    row.tries += 1
    row.error = error[:2000]
    if row.tries < TRIES:
        return False
    row.state = "failed"
    row.handled_at = now
    return True


def oldest(session: Session, doors: Iterable[str]) -> datetime | None:
    """When the event that waits longest arrived by one of these doors; None if none waits."""
    first = select(Inbox.received_at).where(Inbox.state == "new", Inbox.door.in_(list(doors)))
    return session.scalars(first.order_by(Inbox.received_at).limit(1)).first()


def count(session: Session, state: str) -> int:
    return len(session.scalars(select(Inbox.id).where(Inbox.state == state).limit(1000)).all())
