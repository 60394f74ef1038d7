"""Letters that were written in this very transaction: whoever claims them has no need to read them,
and nobody else can have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session

FRESH = "fresh"
"""Of a session's info: a transaction, and the letters that were written in it, by their numbers."""


def note(session: Session, row: Mapping[str, Any]) -> None:
    """``row``: all columns that are said when a letter is written."""
    now = session.get_transaction()
    if session.info.get(FRESH, (None,))[0] is not now:
        session.info[FRESH] = now, {}
    letter = SimpleNamespace(**row, attempts=0, marked=False, done=None)
    session.info[FRESH][1][row["id"]] = letter


def among(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    """Those of these numbers, as their rows would be read."""
    written_in, letters = session.info.get(FRESH, (None, {}))
    if written_in is not session.get_transaction():
        return {}
    return {number: letters[number] for number in ids if number in letters}
