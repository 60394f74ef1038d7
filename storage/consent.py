"""What customers agreed to: on which channel they may be written to, and how that is known.

A row is one word of theirs and stays; the latest on a channel is what holds. Whoever said nothing
agreed to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Boolean, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Recorded, belongs_to
from storage.types import new_id
from storage.writing import write_values

HOWS = ("said", "file", "link", "telegram", "reply", "tap")
"""How it is known: a member said so; a file said so; they used the link in a mail; they started the
bot; they wrote so; a member confirmed it at a button."""

THEIR_OWN = frozenset({"link", "telegram", "reply"})
"""What the customer did themselves."""

AT_ONCE = 500


class Consent(Recorded, Base):
    """A customer agreed to be written to on a ``channel``, or (not ``granted``) does not want it.

    ``by_id`` is the member who said so, None where the customer did it themselves; ``how`` one of
    ``HOWS``; ``words`` what was said.
    """

    __tablename__ = "consent"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        Index(None, "workspace_id", "contact_id", "channel"),
    )

    contact_id: Mapped[int]
    channel: Mapped[str] = mapped_column(String(10))
    granted: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime]
    by_id: Mapped[int | None]
    how: Mapped[str] = mapped_column(String(10))
    words: Mapped[str | None] = mapped_column(String(300))


def agree(
    session: Session,
    workspace_id: int,
    contact_id: int,
    channels: Collection[str],
    *,
    granted: bool,
    at: datetime,
    how: str,
    by_id: int | None = None,
    words: str | None = None,
) -> list[Consent]:
    """Keep what a customer agreed to, or wants no more; the rows that say anything new."""
    now = consents(session, workspace_id, [contact_id])
    fresh = []
    for channel in channels:
        there = now.get((contact_id, channel))
        if there is not None and there.granted == granted:
            continue
        row = Consent(
            workspace_id=workspace_id, contact_id=contact_id, channel=channel, granted=granted,
            at=at, by_id=by_id, how=how, words=words[:300] if words else None,
        )  # fmt: skip
        session.add(row)
        fresh.append(row)
    session.flush()
    return fresh


def consents(
    session: Session, workspace_id: int, contacts: Sequence[int]
) -> dict[tuple[int, str], Consent]:
    """The latest word of each of these contacts on each channel."""
    found: dict[tuple[int, str], Consent] = {}
    for row in _rows(session, workspace_id, contacts):
        key = (row.contact_id, row.channel)
        if key not in found or rank(row) > rank(found[key]):
            found[key] = row
    return found


def rank(row: Consent) -> tuple[datetime, int]:
    """Which of two words holds: the later one."""
    return row.at, row.id


def history_of(session: Session, workspace_id: int, contact_id: int) -> list[Consent]:
    """All that a contact ever said of it, the latest first."""
    return sorted(_rows(session, workspace_id, [contact_id]), key=rank, reverse=True)


def _rows(session: Session, workspace_id: int, contacts: Sequence[int]) -> Iterator[Consent]:
    for begin in range(0, len(contacts), AT_ONCE):
        some = contacts[begin : begin + AT_ONCE]
        query = select(Consent).where(
            Consent.workspace_id == workspace_id, Consent.contact_id.in_(some)
        )
        yield from session.scalars(query)


def agree_all(
    session: Session, workspace_id: int, said: Sequence[tuple[int, str, bool]],
    *, at: datetime, how: str, by_id: int,
) -> int:  # fmt: skip
    """What a file says: (contact, channel, granted), many at once; how many are news. Whoever
    wanted no messages is not made to want them by a file: that they must say themselves."""
    known = consents(session, workspace_id, list({contact for contact, _, _ in said}))
    rows = []
    for contact, channel, granted in dict.fromkeys(said):
        there = known.get((contact, channel))
        if there is not None and (there.granted == granted or granted):
            continue
        rows.append({
            "workspace_id": workspace_id, "id": new_id(), "contact_id": contact,
            "channel": channel, "granted": granted, "at": at, "by_id": by_id, "how": how,
            "words": None, "version": 1,
        })  # fmt: skip
    if rows:
        write_values(session, Consent, rows)
    return len(rows)
