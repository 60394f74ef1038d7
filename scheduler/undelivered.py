"""What may not have arrived is told to the owner, once a day: somebody should ask or tell again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from handlers.reply import Items, Line, Reply
from handlers.turn import Turn
from scheduler.drawing import Draw
from scheduler.letters import Address
from storage.models import Identity, Member, Outbox
from storage.scope import NOBODY, within

BATCH, SHOWN = 200, 10


_UNTOLD = (
    Outbox.state == "unknown",
    Outbox.told_at.is_(None),
    Outbox.workspace_id.is_not(None),
)


def is_any() -> ColumnElement[bool]:
    return select(Outbox.id).where(*_UNTOLD).exists()


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Tell the owners of each workspace; how many were told."""
    rows = session.scalars(
        select(Outbox)
        .where(*_UNTOLD)
        .order_by(Outbox.workspace_id, Outbox.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    told = 0
    for space, lost in groupby(rows, lambda row: row.workspace_id):
        with within(session, space or NOBODY):
            told += _tell(session, draw, space, list(lost), now)
    return told


def _tell(
    session: Session, draw: Draw, space: int | None, lost: Sequence[Outbox], now: datetime
) -> int:
    """Whose quiet hours hold is told later, and so is what comes later on the same day."""
    told = 0
    for owner in owners(session, space):
        if is_quiet(owner, now):
            continue
        turn = draw.turn(session, owner, now)
        told += draw.nudge(
            turn,
            _digest(turn, lost),
            kind="unknown",
            subject="letters",
            occasion=turn.today.isoformat(),
        )
    if told:
        for row in lost:
            row.told_at = now
    return told


def _digest(turn: Turn, lost: Sequence[Outbox]) -> Reply:
    lines = tuple(_lines(turn, lost[:SHOWN]))
    return Reply(
        (
            Line(turn.say("perhaps_lost", n=len(lost))),
            Items(lines),
            Line(turn.say("perhaps_ask"), quiet=True),
        )
    )


def _lines(turn: Turn, lost: Iterable[Outbox]) -> Iterator[str]:
    for row in lost:
        name = _name(turn, Address(**row.address))
        yield turn.say(f"lost_{row.kind}", name=name, at=row.created_at)


def _name(turn: Turn, address: Address) -> str:
    """Whose it was; the chat itself where nobody in particular was meant."""
    key = (address.platform, address.team, address.user or address.chat)
    identity = turn.session.get(Identity, key)
    return identity.member.name if identity else address.chat


def owners(session: Session, workspace_id: int | None) -> list[Member]:
    if workspace_id is None:
        return []
    found = select(Member).where(
        Member.workspace_id == workspace_id, Member.role == "owner", Member.active
    )
    return list(session.scalars(found.order_by(Member.id)))


def is_quiet(member: Member, now: datetime) -> bool:
    return bool(member.quiet and member.quiet.hold(now.astimezone(ZoneInfo(member.zone))))
