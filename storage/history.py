"""History, audit and undo as one mechanism: the session keeps each row before and after.

A handler writes no line for it. Inside a turn (``session.info["turn"]`` holds its id) every
change of a ``Recorded`` row becomes a ``Change``; ``undo`` reverts those of a turn. What the
clock does between turns is no turn and leaves no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any, TypeGuard

from sqlalchemy import Table, and_, delete, event, insert, inspect, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, UOWTransaction, object_session

from storage import names
from storage.asking import answered
from storage.attention import wake
from storage.base import Base, Recorded
from storage.brought import Brought, brought_by, take_back
from storage.lasting import outdated
from storage.pipelines import Pipeline
from storage.stages import Stage, astray
from storage.talk import Change, Turn
from storage.types import new_id
from storage.work import Task
from storage.writing import columns_of, savepoint, settle, write, wrote

AT_ONCE = 1000
"""Rows that are asked for by one statement."""


THE_CLOCKS = frozenset({"next_check_at", "look_at", "tour"})
"""Columns that say when the clock looks next, or how far a tour is: nothing that anybody did, and
so no history."""


class ChangedSince(Exception):
    """Somebody else has changed, or built upon, what the turn had written."""


@event.listens_for(Recorded, "after_insert", propagate=True)
def _made(_mapper: Any, _connection: Any, row: Recorded) -> None:
    _note(row, "new")


@event.listens_for(Recorded, "after_update", propagate=True)
def _changed(_mapper: Any, _connection: Any, row: Recorded) -> None:
    _note(row, "changed")


@event.listens_for(Recorded, "before_delete", propagate=True)
def _removed(_mapper: Any, _connection: Any, row: Recorded) -> None:
    _note(row, "removed")


def _note(row: Recorded, how: str) -> None:
    """Note a change as it is written: in an order in which, turned round, it can be reverted."""
    session = object_session(row)
    turn_id = session.info.get("turn") if session else None
    if session is None or turn_id is None:
        return
    change = _change(turn_id, row, how)
    if change["before"] != change["after"]:
        session.info.setdefault("changes", []).append(change)


def write_new(session: Session, row: Recorded) -> None:
    """Insert a row that nothing in this transaction looks at as an object again, and keep that it
    is new. What it refers to must be there, or wait in the session."""
    write(session, [row])
    wrote(session)
    turn_id = session.info.get("turn")
    if turn_id is not None:
        _keep(session, [_change(turn_id, row, "new")])


def noted(session: Session, since: int) -> list[dict[str, Any]]:
    """What this turn has changed after its first ``since`` changes; they are handed out once."""
    changes: list[dict[str, Any]] = session.info.get("noted", [])
    later = changes[since:]
    del changes[since:]
    return later


def count_noted(session: Session) -> int:
    return len(session.info.get("noted", ()))


def as_kept(row: Recorded) -> dict[str, Any]:
    """A row as a ``Change`` keeps it."""
    there = row.__dict__  # past what each attribute does when it is read
    return {
        key: _to_json(there[key] if key in there else getattr(row, key))
        for key in columns_of(row)
        if key not in THE_CLOCKS
    }


def row_as_kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of a row that is plain values."""
    return {key: _to_json(value) for key, value in row.items() if key not in THE_CLOCKS}


@event.listens_for(Session, "before_flush")
def _begin(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    session.info.pop("changes", None)  # of a flush that failed


@event.listens_for(Session, "after_flush")
def _keep_history(session: Session, _context: UOWTransaction) -> None:
    changes = session.info.pop("changes", None)
    if changes:
        _keep(session, changes)


def _keep(session: Session, changes: list[dict[str, Any]]) -> None:
    answered(session, _CHANGES, changes)
    session.info.setdefault("noted", []).extend(changes)


_CHANGES = insert(Change.__table__)  # type: ignore[arg-type]


def _change(turn_id: int, row: Recorded, how: str) -> dict[str, Any]:
    now = as_kept(row)
    return {
        "workspace_id": row.workspace_id,
        "id": new_id(),
        "turn_id": turn_id,
        "table_name": inspect(row).mapper.local_table.name,
        "row_id": row.id,
        "before": None if how == "new" else {**now, **_was(row)},
        "after": None if how == "removed" else now,
    }


def _was(row: Recorded) -> dict[str, Any]:
    """What stood, before this change, in the columns that it changes."""
    state = inspect(row)
    histories = ((key, state.attrs[key].history.deleted) for key in columns_of(row))
    return {
        key: _to_json(deleted[0]) for key, deleted in histories if deleted and key not in THE_CLOCKS
    }


def _to_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _from_json(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    return {key: _typed(table.c[key].type.python_type, value) for key, value in values.items()}


def _typed(kind: type, value: Any) -> Any:
    return kind.fromisoformat(value) if value and issubclass(kind, date | time) else value


def last_turn(session: Session, workspace_id: int, member_id: int) -> Turn | None:
    """The member's last turn that changed something and still stands."""
    changed = select(Change.id).where(
        Change.workspace_id == Turn.workspace_id,
        Change.turn_id == Turn.id,
        Change.undoes.is_(None),
    )
    brought = select(Brought.id).where(
        Brought.workspace_id == Turn.workspace_id, Brought.turn_id == Turn.id
    )
    return session.scalars(
        select(Turn)
        .where(
            Turn.workspace_id == workspace_id,
            Turn.member_id == member_id,
            Turn.undone_by.is_(None),
            or_(changed.exists(), brought.exists()),
        )
        .order_by(Turn.id.desc())
        .limit(1)
    ).first()


def changes_of(session: Session, turn: Turn) -> list[Change]:
    """What a turn changed, in order; without what it took back."""
    return list(session.scalars(_made_by(select(Change), turn)))


def _made_by(question: Any, turn: Turn) -> Any:
    return (
        question.where(Change.workspace_id == turn.workspace_id, Change.turn_id == turn.id)
        .where(Change.undoes.is_(None))
        .order_by(Change.id)
    )


def _touched_by(session: Session, turn: Turn) -> list[Any]:
    """The same without what the rows were: an import has changed very many."""
    places = select(Change.id, Change.table_name, Change.row_id)
    return list(session.execute(_made_by(places, turn)))


def _last_first(session: Session, turn: Turn, touched: Sequence[Any]) -> Iterator[Change]:
    """The whole changes of those, some at a time."""
    ids = reversed([each.id for each in touched])
    while some := list(islice(ids, AT_ONCE)):
        here = (Change.workspace_id == turn.workspace_id, Change.id.in_(some))
        yield from session.scalars(select(Change).where(*here).order_by(Change.id.desc())).all()


def undo(session: Session, turn: Turn, by_turn: int, *, around: bool = False) -> int:
    """Revert all that the turn changed, last first. Raises ChangedSince and changes nothing.

    An import is taken back as far as nobody has changed it since; how many rows of it stay.
    ``around``: what others changed since stays, value by value, and the rest is reverted.
    """
    session.flush()
    changes = _touched_by(session, turn)
    later = changed_since(session, turn, changes)
    touched = {(each.table_name, each.row_id) for each in later}
    imported = bool(brought_by(session, turn))
    if later and not (imported or (around and _can_stay(later))):
        raise ChangedSince
    removed = {(each.table_name, each.row_id) for each in later if each.after is None}
    left = touched if imported else removed
    changes = [each for each in changes if (each.table_name, each.row_id) not in left]
    stays = {} if imported else _altered_by(later)
    stay = len(touched)
    try:
        with savepoint(session):
            if imported:
                take_back(session, turn)
            for change in _last_first(session, turn, changes):
                _revert(session, change, by_turn, stays.get((change.table_name, change.row_id)))
            if imported:  # what only leaned on what is reverted now
                session.flush()
                stay += take_back(session, turn)[1]
            if _leaves_deals_astray(session, turn, changes):
                raise ChangedSince
    except IntegrityError as error:
        raise ChangedSince from error
    turn.undone_by = by_turn
    settle(session)
    session.expire_all()
    outdated(session)
    return stay


def changed_since(session: Session, turn: Turn, changes: Sequence[Any]) -> list[Change]:
    """What other turns that still stand have changed in these rows after this one did.

    Changes are numbered while their row is locked, so their order is that of the row's changes;
    turns are numbered when they begin, and one that began earlier may have written later.
    """
    last = {(change.table_name, change.row_id): change.id for change in changes}
    found: list[Change] = []
    rows = iter(last)
    while some := list(islice(rows, AT_ONCE)):
        later = session.scalars(
            select(Change)
            .outerjoin(
                Turn, and_(Turn.workspace_id == Change.workspace_id, Turn.id == Change.turn_id)
            )
            .where(
                Change.workspace_id == turn.workspace_id,
                Change.turn_id != turn.id,
                Change.table_name.in_({table for table, _ in some}),
                Change.row_id.in_({row_id for _, row_id in some}),
                Change.id > min(last.values()),
                Change.undoes.is_(None),
                Turn.undone_by.is_(None),
            )
            .order_by(Change.id)
        )
        found += [
            each for each in later if each.id > last.get((each.table_name, each.row_id), each.id)
        ]
    return found


def _can_stay(later: list[Change]) -> bool:
    """Whether each contact and company of which something was changed since is there yet."""
    return not any(change.after is None and change.table_name in names.POSTINGS for change in later)


_TOGETHER = ({"name", "name_key", "sound_key"}, {"value", "value_key", "day_key"})
"""Columns of which none stays without the others."""


def _altered_by(later: list[Change]) -> dict[tuple[str, int], set[str]]:
    """The columns that were changed since, by their row."""
    found: dict[tuple[str, int], set[str]] = {}
    for change in later:
        before, after = change.before or {}, change.after or {}
        altered = {key for key in after if before.get(key) != after[key]} - {"version"}
        for each in _TOGETHER:
            altered |= each if each & altered else set()
        found.setdefault((change.table_name, change.row_id), set()).update(altered)
    return found


def _leaves_deals_astray(session: Session, turn: Turn, changes: Sequence[Any]) -> bool:
    """Whether a stage goes in which deals stand that came there since, or a pipeline that got
    stages since."""
    ways = (Stage.__tablename__, Pipeline.__tablename__)
    stages = any(change.table_name in ways for change in changes)
    return stages and astray(session, turn.workspace_id)


def _revert(session: Session, change: Change, by_turn: int, stays: set[str] | None) -> None:
    """Put the row back, which is a change of its own: who set a value is always in the history.

    ``stays``: columns that keep the value which somebody gave them since.
    """
    if stays and change.before is None:
        return
    table = Base.metadata.tables[change.table_name]
    named = "name_key" not in (stays or ())
    if named and _names_it(change.after, change.before):
        names.forget(session, change.table_name, [change.after])
    here = and_(table.c.workspace_id == change.workspace_id, table.c.id == change.row_id)
    now: Any = None
    if change.before is None:
        session.execute(delete(table).where(here))
    elif change.after is None:
        session.execute(insert(table).values(_from_json(table, change.before)))
        now = change.before
    else:
        changed = {
            key: value
            for key, value in change.before.items()
            if value != change.after.get(key) and key not in {"version", *(stays or ())}
        }
        reverted = session.execute(
            update(table)
            .where(here)
            .values({**_from_json(table, changed), "version": table.c.version + 1})
            .returning(*table.c)
        ).first()
        if reverted is None:
            raise ChangedSince
        now = row_as_kept(reverted._asdict())
    was = change.after
    if now and was:
        was = {
            **now,
            **{key: was[key] for key in was if was[key] != (change.before or {}).get(key)},
        }
    session.execute(
        insert(Change).values(
            workspace_id=change.workspace_id,
            id=new_id(),
            turn_id=by_turn,
            undoes=change.turn_id,
            table_name=change.table_name,
            row_id=change.row_id,
            before=was,
            after=now,
        )
    )
    if named and _names_it(change.before, change.after):
        names.keep(session, change.table_name, [change.before])
    if change.table_name == Task.__tablename__:  # a deal has its next step again, or has it no more
        task = change.before or change.after or {}
        wake(session, change.workspace_id, task.get("contact_id"), task.get("company_id"))


def _names_it(
    row: dict[str, Any] | None, other: dict[str, Any] | None
) -> TypeGuard[dict[str, Any]]:
    """Whether the row is there with a name that it has not on the other side of the change."""
    return row is not None and (other is None or row.get("name_key") != other.get("name_key"))
