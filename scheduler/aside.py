"""Work that takes seconds, beside the database's own thread: what it asks of the database is done
in transactions of moments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from storage.scope import enter

Result = TypeVar("Result")
Run = Callable[[Callable[[Session], Any]], Any]
"""Runs something in a transaction of its own."""


def in_space(run: Run, space: int, work: Callable[..., Result], *args: Any) -> Result:
    """Some work for a workspace, in a transaction of its own."""

    def entered(session: Session) -> Result:
        enter(session, space)
        return work(session, space, *args)

    result: Result = run(entered)
    return result
