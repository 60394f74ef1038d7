"""A tick's rows, one after the other: what cannot be told holds up nobody else's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from storage.models import Recorded

LATER = timedelta(hours=1)
"""When a row that could not be told is looked at again."""

Row = TypeVar("Row", bound=Recorded)

log = logging.getLogger("rabta.clock")


def one_by_one(
    session: Session,
    rows: Iterable[Row],
    tell: Callable[[Row], bool],
    put_off: Callable[[Row], None],
) -> int:
    """Tell each in a savepoint of its own, and put off what fails; how many were told."""
    return sum(_told(session, row, tell, put_off) for row in rows)


def _told(
    session: Session, row: Row, tell: Callable[[Row], bool], put_off: Callable[[Row], None]
) -> bool:
    try:
        with session.begin_nested():
            return tell(row)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("%s %s cannot be told", type(row).__name__.lower(), row.id)
        put_off(row)
        return False
