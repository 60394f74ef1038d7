"""What is only written goes straight into its table, past the session's bookkeeping.

That costs a fifth, and is for what comes with every message: rows that nobody looks at again, and
changes of rows that keep no history.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Executable,
    Insert,
    String,
    Table,
    Update,
    bindparam,
    cast,
    column,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import set_committed_value

from storage.asking import answered, asked, made_once
from storage.base import Base

MANY, MOST = 20, 500
"""Rows from which on they are told to PostgreSQL together, and up to which by one statement."""

PUT = "put"
"""Of a session's info: rows that were ``put``, and which of their columns."""


def writes(session: Session) -> int:
    """How often the session has written so far what a turn may have to take back."""
    return int(session.info.get("writes", 0))


def wrote(session: Session) -> None:
    session.info["writes"] = writes(session) + 1


def write(session: Session, rows: Sequence[Any]) -> None:
    """Insert rows of one table that nothing in this transaction looks at as objects again.

    What they refer to must be there already: nothing is put in order here.
    """
    if rows:
        asked(session, _insert(type(rows[0])), [_values(row) for row in rows])


def write_values(
    session: Session, kind: Any, rows: Sequence[dict[str, Any]], /, **all_say: Any
) -> None:
    """The same for rows that never were objects. All of them say the same columns, and ``all_say``
    the same in these."""
    if rows:
        session.flush()
        table = Base.metadata.tables[kind.__tablename__]
        usual = {name: value for name, value in _usual(kind).items() if name not in rows[0]}
        insert_all(session, table, rows, **usual | all_say)


def insert_all(
    session: Session, table: Table, rows: Sequence[dict[str, Any]], /, **all_say: Any
) -> None:
    """Insert rows, all of which say the same columns, while the session is writing or has written.

    Of many PostgreSQL is told in one text: it would take up each as a statement of its own.
    """
    if len(rows) < MANY or session.get_bind().dialect.name == "sqlite":
        whole = [{**all_say, **row} for row in rows] if all_say else list(rows)
        answered(session, _insert_into(table), whole)
        return
    statement = _insert_told(table, tuple(rows[0]), tuple(all_say))
    for start in range(0, len(rows), MOST):
        some = rows[start : start + MOST]
        told = json.dumps(some, ensure_ascii=False, default=_plain)
        answered(session, statement, {"rows": told, **all_say})


def insert_new(
    session: Session,
    kind: Any,
    by: tuple[str, ...],
    rows: Sequence[dict[str, Any]],
    /,
    **all_say: Any,
) -> set[int]:
    """Insert those rows that are not there yet ``by`` a unique key of the table; their numbers.

    They say the same columns, in values as JSON has them; ``all_say`` is of any type.
    """
    if not rows:
        return set()
    session.flush()
    dialect = session.get_bind().dialect.name
    statement = _insert_new(kind, by, dialect, tuple(rows[0]), tuple(all_say))
    told = json.dumps(rows, ensure_ascii=False)
    return set(answered(session, statement, {"rows": told, **all_say}).scalars().all())


def change_all(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Change rows of a table, each by its ``workspace_id`` and ``id``, which is told to nobody and
    kept in no history. All of them say the same columns, and they are locked: of those that count
    their versions the next one is said, too."""
    if not rows:
        return
    session.flush()
    names = tuple(name for name in rows[0] if name not in ("workspace_id", "id"))
    if len(rows) < MANY or session.get_bind().dialect.name == "sqlite":
        change = _change(table, names)
        answered(session, change, [{_ITS.get(n, f"its_{n}"): row[n] for n in row} for row in rows])
        return
    for start in range(0, len(rows), MOST):
        told = json.dumps(rows[start : start + MOST], ensure_ascii=False, default=_plain)
        answered(session, _change_told(table, names), {"rows": told})


_ITS = {"workspace_id": "its_space"}


def _plain(value: Any) -> str:
    """A day or moment as JSON has it."""
    return str(value.isoformat())


def put(session: Session, row: Any, **values: Any) -> None:
    """Change a row of a workspace that keeps no history: seen at once, written by ``settle``."""
    if row not in session or row in session.new:
        for key, value in values.items():
            setattr(row, key, value)
        return
    for key, value in values.items():
        set_committed_value(row, key, value)
    session.info.setdefault(PUT, {}).setdefault(row, set()).update(values)
    wrote(session)


def settle(session: Session) -> None:
    """Write all that is not written yet, as the workspace that is served."""
    session.flush()
    for row, names in session.info.pop(PUT, {}).items():
        said = {f"its_{name}": getattr(row, name) for name in names}
        key = {"its_space": row.workspace_id, "its_id": row.id}
        table = Base.metadata.tables[row.__tablename__]
        asked(session, _change(table, tuple(sorted(names))), {**key, **said})


def savepoint(session: Session) -> SessionTransaction:
    """What comes in it can be taken back alone."""
    settle(session)
    return session.begin_nested()


@event.listens_for(Session, "before_commit")
def _before_all_is_over(session: Session) -> None:
    if PUT in session.info:
        settle(session)


@event.listens_for(Session, "after_soft_rollback")
def _taken_back(session: Session, _previous: Any) -> None:
    for row in session.info.pop(PUT, {}):
        if row in session:
            session.expire(row)


@made_once
def _change(table: Table, names: tuple[str, ...]) -> Update:
    new = {name: bindparam(f"its_{name}", type_=table.c[name].type) for name in names}
    here = (table.c.workspace_id == bindparam("its_space"), table.c.id == bindparam("its_id"))
    return update(table).where(*here).values(new)


@made_once
def _insert_new(
    kind: Any, by: tuple[str, ...], dialect: str, names: tuple[str, ...], all_say: tuple[str, ...]
) -> Executable:
    table = Base.metadata.tables[kind.__tablename__]
    same = [bindparam(name, type_=table.c[name].type) for name in all_say]
    if dialect == "sqlite":
        each = func.json_each(bindparam("rows", type_=String)).table_valued("value").c.value
        said = select(*(func.json_extract(each, f"$.{name}") for name in names), *same)
        new: Any = sqlite.insert(table).from_select([*names, *all_say], said.where(text("1")))
    else:
        rows = _told(table, names)
        said = select(*(rows.c[name] for name in names), *same)
        new = postgresql.insert(table).from_select([*names, *all_say], said)
    return new.on_conflict_do_nothing(index_elements=by).returning(table.c.id)  # type: ignore[no-any-return]


@made_once
def _change_told(table: Table, names: tuple[str, ...]) -> Update:
    """Of rows that come as one JSON list of objects."""
    rows = _told(table, ("workspace_id", "id", *names))
    here = (table.c.workspace_id == rows.c.workspace_id, table.c.id == rows.c.id)
    return update(table).where(*here).values({name: rows.c[name] for name in names})


def columns_of(row: Any) -> dict[str, Column[Any]]:
    """Each attribute of a row that is a column."""
    return columns_of_kind(type(row))


@made_once
def _insert(kind: Any) -> Insert:
    return _insert_into(Base.metadata.tables[kind.__tablename__])


@made_once
def _insert_into(table: Table) -> Insert:
    return insert(table)


@made_once
def _insert_told(table: Table, names: tuple[str, ...], all_say: tuple[str, ...]) -> Insert:
    """Of rows that come as one JSON list of objects."""
    rows = _told(table, names)
    same = [bindparam(name, type_=table.c[name].type) for name in all_say]
    said = select(*(rows.c[name] for name in names), *same)
    return insert(table).from_select([*names, *all_say], said, include_defaults=False)


def _told(table: Table, names: tuple[str, ...]) -> Any:
    columns = [column(name, table.c[name].type) for name in names]
    told = func.jsonb_to_recordset(cast(bindparam("rows", type_=String), JSONB))
    return told.table_valued(*columns).render_derived(name="told", with_types=True)


@made_once
def columns_of_kind(kind: Any) -> dict[str, Column[Any]]:
    return {each.key: each.columns[0] for each in inspect(kind).column_attrs}


@made_once
def _usual(kind: Any) -> dict[str, Any]:
    """What stands where nothing is said."""
    defaults: Any = ((key, each.default) for key, each in columns_of_kind(kind).items())
    return {key: default.arg for key, default in defaults if default and default.is_scalar}


def _values(row: Any) -> dict[str, Any]:
    """What is to be written; the row has it then."""
    for key, value in _usual(type(row)).items():
        if row.__dict__.get(key) is None:
            setattr(row, key, value)
    given = row.__dict__
    return {each.name: given[key] for key, each in columns_of(row).items() if key in given}
