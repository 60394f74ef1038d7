"""Places where nothing arrives any more, until somebody writes from there again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from storage.lasting import once, outdated
from storage.models import Chat, Identity, Member, Task, Unreachable
from storage.scope import everywhere, within

SKEW = timedelta(seconds=5)
"""How far a platform's clock may be behind ours."""


def mark(session: Session, platform: str, team: str, key: str, now: datetime) -> None:
    """Nothing arrives there; ``key`` is the chat, or the user of a direct message."""
    if session.get(Unreachable, (platform, team, key)) is None:
        session.add(Unreachable(platform=platform, team=team, key=key, since=now))
        session.flush()
        outdated(session)


def is_unreachable(session: Session, platform: str, team: str, key: str) -> bool:
    return (platform, team, key) in _all(session)


def _all(session: Session) -> set[tuple[str, str, str]]:
    """They are few: whom the bot lost and nobody has come back."""

    def look() -> set[tuple[str, str, str]]:
        query = select(Unreachable.platform, Unreachable.team, Unreachable.key)
        return {(platform, team, key) for platform, team, key in session.execute(query)}

    return once(session, "unreachable", look)


def identity_is_unreachable() -> ColumnElement[bool]:
    """For queries on Identity: nothing arrives in its direct message."""
    return exists().where(
        Unreachable.platform == Identity.platform,
        Unreachable.team == Identity.team,
        Unreachable.key == func.coalesce(Identity.private_chat, Identity.user),
    )


def revive(
    session: Session, platform: str, team: str, keys: Collection[str], sent_at: datetime
) -> None:
    """Somebody wrote from there; what was sent before the place was lost proves nothing.

    What stood on agendas that did not arrive comes on the next one.
    """
    if not any(is_unreachable(session, platform, team, key) for key in keys):
        return
    here = (Unreachable.platform == platform, Unreachable.team == team)
    rows = select(Unreachable).where(*here, Unreachable.key.in_(list(keys)))
    for row in session.scalars(rows.with_for_update()).all():  # two may write from there at once
        if sent_at < row.since - SKEW:
            continue
        identity = identity_at(session, row)
        if identity is not None:
            with within(session, identity.workspace_id):
                _carry_again(session, identity.member, row.since)
        session.delete(row)
        outdated(session)


def _carry_again(session: Session, member: Member, since: datetime) -> None:
    day = since.astimezone(ZoneInfo(member.zone)).date()
    tasks = select(Task).where(
        Task.workspace_id == member.workspace_id,
        Task.owner_id == member.id,
        Task.status == "open",
        Task.carried_day >= day,
    )
    for task in session.scalars(tasks):
        task.carried_day = None


def identity_at(session: Session, row: Unreachable) -> Identity | None:
    """Whose direct message it is; None for a shared chat."""
    return session.scalars(
        select(Identity)
        .where(Identity.platform == row.platform, Identity.team == row.team)
        .where(or_(Identity.private_chat == row.key, Identity.user == row.key))
        .limit(1)
    ).first()


def workspace_at(session: Session, row: Unreachable) -> int | None:
    """Whose shared chat it is."""
    query = (
        select(Chat.workspace_id)
        .where(Chat.platform == row.platform, Chat.team == row.team)
        .where(or_(Chat.key == row.key, Chat.key.startswith(f"{row.key}/", autoescape=True)))
        .limit(1)
    )
    with everywhere(session):
        return session.scalars(query).first()
