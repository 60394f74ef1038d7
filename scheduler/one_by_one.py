"""A tick's rows, one after the other: what cannot be told holds up nobody else's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, inspect, select
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.exc import StaleDataError

from storage.asking import asked, made_once
from storage.models import Base, Workspace
from storage.scope import NOBODY, everywhere, within
from storage.types import Moment
from storage.writing import savepoint

LATER = timedelta(hours=1)
"""When a row that could not be told is looked at again."""

Row = TypeVar("Row", bound=Base)
Condition = ColumnElement[bool] | InstrumentedAttribute[bool]

log = logging.getLogger("rabta.clock")


class Due:
    """Rows of all workspaces whose ``moment`` has come, of those for which all of ``only`` holds.

    Called with a parameter for now it is the question whether there is any.
    """

    def __init__(self, moment: InstrumentedAttribute[datetime | None], *only: Condition) -> None:
        self.kind, self.moment, self.only = moment.class_, moment, only

    def __call__(self, now: Any) -> ColumnElement[bool]:
        return select(self.kind.workspace_id).where(*self.by(now)).exists()

    def by(self, now: Any) -> tuple[Condition, ...]:
        spaces = select(Workspace.id).scalar_subquery()  # the index is probed for each
        return (self.kind.workspace_id.in_(spaces), self.moment <= now, *self.only)


def due_one_by_one(
    session: Session,
    due: Due,
    now: datetime,
    most: int,
    tell: Callable[[Any], int],
    *,
    then: Sequence[InstrumentedAttribute[int]] = (),
    key_share: bool = False,
) -> int:
    """Tell the rows that are due, at most so many, but for those that another process holds just
    now; how many were told. ``then``: the order of those of one moment; ``key_share``: others may
    still point to them."""
    kind, moment = due.kind, due.moment
    query = (
        select(kind)
        .where(*due.by(now))
        .order_by(moment, *then)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=key_share, of=kind)
    )
    with everywhere(session):
        rows = session.scalars(query).all()

    def put_off(row: Base) -> None:
        setattr(row, moment.key, now + LATER)

    return one_by_one(session, rows, tell, put_off)


def due_by_space(
    session: Session, due: Due, number: InstrumentedAttribute[int], now: datetime, most: int
) -> dict[int, list[int]]:
    """The numbers of rows that are due, at most so many, by their workspaces, but for those that
    another process holds just now; from here on these are held."""
    found: dict[int, list[int]] = {}
    with everywhere(session):
        for space, each in asked(session, _numbers(due, number), {"now": now, "most": most}):
            found.setdefault(space, []).append(each)
    return found


@made_once
def _numbers(due: Due, number: InstrumentedAttribute[int]) -> Select[Any]:
    return (
        select(due.kind.workspace_id, number)
        .where(*due.by(bindparam("now", type_=Moment())))
        .order_by(due.moment)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


def one_by_one(
    session: Session,
    rows: Iterable[Row],
    tell: Callable[[Row], int],
    put_off: Callable[[Row], None],
) -> int:
    """Tell each in a savepoint of its own, with its workspace's rows only, and put off what fails;
    how many were told.

    What another process wrote at the same moment (even under the same number: ids are random
    in part) is no reason to put off anything: then it is told once more. Raises what is no row's
    fault: the database is away, full, or somebody else was in the way.
    """
    return sum(_told(session, row, tell, put_off) for row in rows)


def _told(
    session: Session, row: Row, tell: Callable[[Row], int], put_off: Callable[[Row], None]
) -> int:
    def saved() -> int:
        with savepoint(session):
            return int(tell(row))

    with within(session, getattr(row, "workspace_id", NOBODY)):
        try:
            try:
                return saved()
            except IntegrityError:
                return saved()
        except (OperationalError, InterfaceError, StaleDataError):
            raise
        except Exception:
            log.exception("%s %s cannot be told", type(row).__name__.lower(), inspect(row).identity)
            put_off(row)
            return 0
