"""The inbox: what arrived is kept before the platform hears so, and handled exactly once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Executable, bindparam, delete, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.asking import asked, listed, made_once, one_of
from storage.models import Inbox
from storage.pace import Kept, is_early

TRIES = 5
"""How often a message is handled before it is set aside."""

KEPT = timedelta(days=7)
"""How long what is done is remembered: no platform sends anything again after that."""


Event = tuple[str, str, str, dict[str, Any]]
"""What makes it unique, its chat, its sender ("" for nobody in particular), and the payload."""


def keep(session: Session, door: str, events: Iterable[Event], now: datetime) -> list[Kept]:
    """Store events; those already there are dropped. The new ones.

    What comes again needs no second answer, either: the first one is a letter, written in the
    transaction that handled the event, and the outbox goes on until it arrived.
    """
    kept = _keeping(session.get_bind().dialect.name)
    new: list[Kept] = []
    for event, chat, sender, payload in events:
        row: dict[str, Any] = {"door": door, "event": _key(event, 120), "chat": _key(chat, 160)}
        whose = {"sender": _key(sender, 160) or None, "payload": _storable(payload)}
        row |= {**whose, "received_at": now, "turn_at": now}
        number = asked(session, kept, row).scalar()
        if number is not None:
            new.append((number, whose["sender"] or ""))
    return new


@made_once
def _keeping(dialect: str) -> Executable:
    table: Any = Inbox.__table__
    into = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    once = into.values(state="new", tries=0)
    names = ("door", "event", "chat", "sender", "payload", "received_at", "turn_at")
    once = once.values({name: bindparam(name) for name in names})
    return once.on_conflict_do_nothing(index_elements=["door", "event"]).returning(table.c.id)


def _key(text: str, longest: int) -> str:
    """As it is, or a print of it where no platform would make it so long."""
    text = str(_storable(text))
    return text if len(text) <= longest else sha256(text.encode()).hexdigest()


def _storable(value: Any) -> Any:
    """Without what PostgreSQL keeps in no text: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        text = value.replace("\0", "").encode("utf-16-le", "surrogatepass")
        return text.decode("utf-16-le", "replace")  # two halves that fit are one character
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value


class Waiting(NamedTuple):
    """An event that is to be handled."""

    id: int
    door: str
    event: str
    chat: str
    payload: dict[str, Any]


def waiting(
    session: Session, doors: Iterable[str], busy: Iterable[str], now: datetime, limit: int = 50
) -> list[Waiting]:
    """The oldest unhandled event of each chat that is not ``busy``, in order of arrival.

    What failed and waits to be tried again lets those behind it pass. A database that was away
    is no such failure: no try is counted, and every chat keeps its order.
    """
    told = {"doors": listed(doors), "busy": listed(busy), "now": now, "limit": limit}
    return [
        Waiting(*row) for row in asked(session, _waiting(session.get_bind().dialect.name), told)
    ]


@made_once
def _waiting(dialect: str) -> Executable:
    oldest = (
        select(func.min(Inbox.id))
        .where(
            Inbox.state == "new",
            one_of(Inbox.door, "doors", dialect),
            not_(one_of(Inbox.chat, "busy", dialect)),
            or_(Inbox.again_at.is_(None), Inbox.again_at <= bindparam("now")),
        )
        .group_by(Inbox.chat)
        .order_by(func.min(Inbox.id))
        .limit(bindparam("limit"))
    )
    columns = (Inbox.id, Inbox.door, Inbox.event, Inbox.chat, Inbox.payload)
    return select(*columns).where(Inbox.id.in_(oldest)).order_by(Inbox.id)


def done(session: Session, row_id: int, now: datetime) -> bool:
    """Call it handled, in the transaction that does so; False if it is, or is in other hands, or
    its turn is to come."""
    return asked(session, _DONE, {"this": row_id, "now": now}).scalar() is not None


_FREE = select(Inbox.id).where(
    Inbox.id == bindparam("this"), Inbox.state == "new", not_(is_early(bindparam("now")))
)
_DONE = (
    update(Inbox.__table__)  # type: ignore[arg-type]
    .where(Inbox.id == _FREE.with_for_update(skip_locked=True).scalar_subquery())
    .values(state="done", handled_at=bindparam("now"))
    .returning(Inbox.id)
)


def claim(session: Session, row_id: int) -> Inbox | None:
    """The event, locked for this transaction; None if it is handled or in other hands."""
    return session.scalars(
        select(Inbox)
        .where(Inbox.id == row_id, Inbox.state == "new")
        .with_for_update(skip_locked=True)
    ).first()


def failed(session: Session, row_id: int, error: str, now: datetime) -> bool:
    """Count a failed try; True if it was the last one and the event is set aside.

    ``error`` is its kind only: an error's own words may quote what somebody wrote.
    """
    row = claim(session, row_id)
    if row is None:
        return False
    row.tries += 1
    row.error = error
    if row.tries < TRIES:
        row.again_at = now + timedelta(seconds=4 ** (row.tries - 1))
        return False
    row.state = "failed"
    row.handled_at = now
    return True


def oldest(session: Session, doors: Iterable[str]) -> datetime | None:
    """Since when the event that waits longest by one of these doors could be handled.

    Later than now where only those are left whose turn is to come; None if none waits.
    """
    due = func.coalesce(Inbox.turn_at, Inbox.received_at)
    first = select(due).where(Inbox.state == "new", Inbox.door.in_(list(doors)))
    return session.scalars(first.order_by(due).limit(1)).first()


def count(session: Session, state: str) -> int:
    return len(session.scalars(select(Inbox.id).where(Inbox.state == state).limit(1000)).all())


# --- what an operator sees and does ---------------------------------------------------------------


def undone(session: Session, *, only_failed: bool = False) -> list[Inbox]:
    """What waits and what was set aside, oldest first."""
    states = ("failed",) if only_failed else ("new", "failed")
    return list(session.scalars(select(Inbox).where(Inbox.state.in_(states)).order_by(Inbox.id)))


def retry(session: Session, row_id: int) -> bool:
    """Have it handled now, with all its tries; False where nothing of that number is undone."""
    row = _undone_one(session, row_id)
    if row is None:
        return False
    row.state, row.tries = "new", 0
    row.again_at = row.turn_at = row.handled_at = None
    return True


def drop(session: Session, row_id: int, now: datetime) -> bool:
    """Let it be; it is still remembered, so that a repeat of it does nothing."""
    row = _undone_one(session, row_id)
    if row is None:
        return False
    row.state, row.handled_at = "done", now
    return True


def _undone_one(session: Session, row_id: int) -> Inbox | None:
    one = select(Inbox).where(Inbox.id == row_id, Inbox.state.in_(("new", "failed")))
    return session.scalars(one.with_for_update()).first()


def purge(session: Session, now: datetime, limit: int = 500) -> int:
    """Forget what was done long ago, at most ``limit`` of it; what is undone stays."""
    done = select(Inbox.id, Inbox.handled_at).where(Inbox.state == "done")
    oldest = done.order_by(Inbox.id).limit(limit).subquery()  # its cost is bounded by the index
    past = select(oldest.c.id).where(oldest.c.handled_at < now - KEPT)
    gone = session.execute(delete(Inbox).where(Inbox.id.in_(past)).returning(Inbox.id))
    return len(gone.all())
