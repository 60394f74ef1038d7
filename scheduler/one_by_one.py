"""A tick's rows, one after the other: what cannot be told holds up nobody else's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from storage.models import Base
from storage.scope import NOBODY, within
from storage.writing import savepoint

LATER = timedelta(hours=1)
"""When a row that could not be told is looked at again."""

Row = TypeVar("Row", bound=Base)

log = logging.getLogger("rabta.clock")


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
