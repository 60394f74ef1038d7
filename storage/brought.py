"""What came in by one import: told in a few lines, however much it was, and taken back as one.

The ids of new rows follow each other, so that they are told by their first and their last, and no
``Change`` is written for each. A row of somebody else can stand between them, for another process
numbers rows at the same moment; but that one has a ``Change``, as all that is made in chat has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Index,
    Select,
    String,
    Table,
    and_,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage import names
from storage.base import Base, Workspaced
from storage.talk import Change, Turn

AT_ONCE = 2000
"""Rows that are taken back by one statement."""

NAMED = 5
"""Rows that are still there after an undo and are told of by name."""

PARTS = {
    "contact": ("contact_point", "contact_tag", "custom_value", "former"),
    "company": ("custom_value", "former"),
    "consent": (),
    "product": (),
    "deal": ("deal_move", "line_item", "deal_contact"),
    "label": (),
    "order": ("line_item",),
    "contract": (),
    "activity": (),
    "task": (),
    "ticket": ("ticket_comment",),
    "rating": (),
    "referral": (),
    "rate": (),
    "goal": (),
    "work_week": (),
    "score_rule": (),
    "lead_rule": (),
    "segment": (),
    "message_template": (),
    "campaign": (),
    "sequence": ("sequence_start",),
    "sequence_run": (),
    "message": (),
    "feedback": (),
}
"""The kinds that come in, and the tables of what belongs to each: parts go with their whole."""


class Brought(Workspaced, Base):
    """New rows of one table that a turn brought in: from ``first_id`` to ``last_id``."""

    __tablename__ = "brought"
    __table_args__ = (Index(None, "workspace_id", "turn_id"),)

    turn_id: Mapped[int]
    table_name: Mapped[str] = mapped_column(String(40))
    first_id: Mapped[int]
    last_id: Mapped[int]


class SourceRecord(Workspaced, Base):
    """What a record that came in was, where the row made of it does not tell: so the same file
    can come again. ``key``: a print of the record."""

    __tablename__ = "source_record"
    __table_args__ = (
        Index(None, "workspace_id", "key", unique=True),
        Index(None, "workspace_id", "turn_id"),
    )

    turn_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))


def brought_by(session: Session, turn: Turn) -> list[Brought]:
    """In the order in which they came."""
    here = select(Brought).where(
        Brought.workspace_id == turn.workspace_id, Brought.turn_id == turn.id
    )
    return list(session.scalars(here.order_by(Brought.id)))


def take_back(session: Session, turn: Turn) -> tuple[int, int]:
    """Remove what an import brought, the last first; how many rows went, and how many stay since
    somebody has changed them, or has built upon them, meanwhile."""
    gone = kept = 0
    for whole, parts in reversed(list(_wholes(brought_by(session, turn)))):
        gone += sum(_remove(session, whole, rows) for rows in _untouched(session, whole, parts))
        kept += session.scalar(_of(whole, func.count())) or 0
    session.execute(
        delete(SourceRecord).where(
            SourceRecord.workspace_id == turn.workspace_id, SourceRecord.turn_id == turn.id
        )
    )
    return gone, kept


def staying(session: Session, turn: Turn, table: str) -> list[int]:
    """The rows of that table that an import brought and that are still there, the first ones."""
    here = (each for each in brought_by(session, turn) if each.table_name == table)
    about = Base.metadata.tables[table].c.id
    return [
        row
        for each in here
        for row in session.scalars(_of(each, about).order_by(about).limit(NAMED))
    ][:NAMED]


def _wholes(brought: Sequence[Brought]) -> Iterator[tuple[Brought, list[Brought]]]:
    """Each with what was written as its parts, right after it."""
    whole, parts = None, list[Brought]()
    for each in brought:
        if whole and each.table_name in PARTS[whole.table_name]:
            parts.append(each)
            continue
        if whole:
            yield whole, parts
        whole, parts = each, []
    if whole:
        yield whole, parts


def _of(brought: Brought, *columns: Any) -> Select[Any]:
    """A question about those of its rows that are still there."""
    table = Base.metadata.tables[brought.table_name]
    made_in_chat = _changed(brought, table).where(Change.before.is_(None))
    return select(*columns).where(
        table.c.workspace_id == brought.workspace_id,
        table.c.id.between(brought.first_id, brought.last_id),
        not_(made_in_chat.exists()),
    )


def _changed(brought: Brought, table: Table) -> Select[Any]:
    return select(Change.id).where(
        Change.workspace_id == brought.workspace_id,
        Change.table_name == table.name,
        Change.row_id == table.c.id,
    )


def _untouched(
    session: Session, brought: Brought, parts: Sequence[Brought]
) -> Iterator[Sequence[Any]]:
    """Those that nobody has changed and nothing else leans on, some at a time."""
    table = Base.metadata.tables[brought.table_name]
    columns = [table.c.id, *([table.c.name_key] if "name_key" in table.c else [])]
    changed = _changed(brought, table).exists()
    rows = _of(brought, *columns).where(table.c.version == 1, not_(changed))
    for leaning, column in _leaning_on(table):
        leans = and_(
            leaning.c.workspace_id == brought.workspace_id, leaning.c[column] == table.c.id
        )
        for part in parts:
            if part.table_name == leaning.name:
                ours = leaning.c.id.between(part.first_id, part.last_id)
                leans = and_(leans, or_(leaning.c.version != 1, not_(ours)))
        rows = rows.where(not_(exists().where(leans)))
    while found := session.execute(rows.limit(AT_ONCE)).all():
        yield found


def _leaning_on(table: Table) -> Iterator[tuple[Table, str]]:
    """The columns that point to rows of a table, but for those that go with them by themselves."""
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_key_constraints:
            if key.referred_table is table and key.ondelete != "CASCADE":
                yield other, key.column_keys[-1]


def _remove(session: Session, brought: Brought, rows: Sequence[Any]) -> int:
    """Rows with all their parts; how many rows went."""
    kind, space = brought.table_name, brought.workspace_id
    ids = [row.id for row in rows]
    named = [
        {"workspace_id": space, "id": row.id, "name_key": row.name_key}
        for row in rows
        if hasattr(row, "name_key")
    ]
    names.forget(session, kind, named)
    for part in PARTS[kind]:
        table = Base.metadata.tables[part]
        session.execute(
            delete(table).where(table.c.workspace_id == space, table.c[f"{kind}_id"].in_(ids))
        )
    table = Base.metadata.tables[kind]
    session.execute(delete(table).where(table.c.workspace_id == space, table.c.id.in_(ids)))
    return len(ids)
