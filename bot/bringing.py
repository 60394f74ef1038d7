"""Records of files brought in from the command line, as one turn of somebody of the workspace."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.operate import beside, is_missing, migrated
from bot.reception import workspace
from exchange.columns import is_named
from handlers.intake import Intake, Report
from handlers.intake.intake import Progress, nobody
from storage import history
from storage.heads import keep_heads, known_heads
from storage.models import Member, Turn, Workspace
from storage.scope import within

if TYPE_CHECKING:
    from bot.settings import Settings

FROM_FILES = 0
"""The chat of what did not come by one."""


def bring_in(
    settings: Settings,
    name: str,
    records: Iterable[Mapping[str, Any]],
    said: str,
    progress: Progress = nobody,
    heads: Mapping[str, str] = MappingProxyType({}),
) -> Report:
    """Take them in, all or none; ``said`` names the files, ``heads`` are columns of them of which
    somebody said what they mean, to be remembered. Held in one transaction: what is
    written in chat meanwhile waits for its end."""
    with _much_in(settings, name) as (session, space, now):
        member = _bringer(session, space, now)
        turn = Turn(
            workspace_id=space.id, member_id=member.id, chat_id=FROM_FILES, at=now, said=said
        )
        session.add(turn)
        session.flush()
        keep_heads(session, space.id, {head: heads[head] for head in heads if is_named(head)})
        report = Intake(session, space, member, turn.id, now, operator=True).take_in(
            records, progress
        )
        if not report.of("new") + report.of("updated"):
            session.delete(turn)  # there is nothing to take back
        return report


@contextmanager
def _much_in(
    settings: Settings, name: str, *, savepoints: bool = False
) -> Iterator[tuple[Session, Workspace, datetime]]:
    """A transaction that writes very much in one workspace, and what time it is."""
    migrated(settings)
    now = datetime.now(UTC)
    with (
        _seldom_swept(),
        beside(settings.database_url) as database,
        database.much(savepoints=savepoints) as session,
    ):
        space = workspace(session, settings.house(), name, now)
        with within(session, space.id):
            yield session, space, now


@contextmanager
def _seldom_swept() -> Iterator[None]:
    """Records are many and none is part of a ring: to look for rings as often as for a message
    costs a third of an import."""
    usual = gc.get_threshold()
    gc.set_threshold(1_000_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def heads_of(settings: Settings, name: str) -> dict[str, str]:
    """What the workspace said of columns before; nothing where there is no such workspace yet."""
    if is_missing(settings.database_url):
        return {}
    with beside(settings.database_url) as database, database.transaction() as session:
        try:
            space = session.scalars(select(Workspace).where(Workspace.name == name)).first()
            if space is None:
                return {}
            with within(session, space.id):
                return known_heads(session, space.id)
        except DBAPIError:  # not of this shape yet
            session.rollback()
            return {}


def _bringer(session: Session, space: Workspace, now: datetime) -> Member:
    """The owner, else whoever has most to say; in an empty workspace, one who is nobody yet."""
    rank = case({"owner": 0, "manager": 1}, value=Member.role, else_=2)
    here = select(Member).where(Member.workspace_id == space.id)
    member = session.scalars(here.order_by(Member.active.desc(), rank, Member.id).limit(1)).first()
    if member is None:
        member = Member(
            workspace_id=space.id, name="import", role="rep", active=False, created_at=now
        )
        session.add(member)
        session.flush()
    return member


def take_back(settings: Settings, name: str) -> tuple[str, int] | None:
    """Undo the last import into a workspace that still stands: what it was, and how many rows stay
    since they were changed meanwhile. None where there is none. Raises history.ChangedSince."""
    with _much_in(settings, name, savepoints=True) as (session, space, now):
        last = session.scalars(
            select(Turn)
            .where(Turn.workspace_id == space.id, Turn.chat_id == FROM_FILES)
            .where(Turn.undone_by.is_(None), Turn.said.like("import %"))
            .order_by(Turn.id.desc())
            .limit(1)
        ).first()
        if last is None:
            return None
        by = Turn(
            workspace_id=space.id, member_id=last.member_id, chat_id=FROM_FILES, at=now,
            said="undo",
        )  # fmt: skip
        session.add(by)
        session.flush()
        return last.said or "", history.undo(session, last, by.id)
