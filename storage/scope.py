"""Whose rows a transaction may touch: one workspace's, nobody's yet, or everybody's.

``Database.run`` begins as ``NOBODY``: only who is who and which letters wait can be seen, until
``enter`` says whom the transaction serves. What is for all workspaces at once (the clock's look at
what is due) says so with ``everywhere``, and serves each that it finds ``within`` it.

Row-level security keeps to it on PostgreSQL, ``storage.pinned`` on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

from sqlalchemy.orm import Session

from storage.writing import settle

NOBODY: Final = ""
EVERYWHERE: Final = "*"

Scope = int | Literal["", "*"]
"""The number of a workspace, or one of the two above."""

OPTION = "rabta_scope"
"""The execution option that says how a connection's transactions begin; without it, everywhere
and as the role that owns the tables: that is for migrations."""


class Astray(Exception):
    """A statement reached, or a row came, from outside of the workspace that is served."""


def enter(session: Session, scope: Scope) -> None:
    """From here on the transaction touches no other rows. One statement on PostgreSQL."""
    settle(session)  # what was changed so far belongs to the scope it was changed in
    connection = session.connection()
    if connection.info["scope"] == scope:
        return
    connection.info["scope"] = scope
    if connection.dialect.name == "postgresql":
        said = scope if scope in (NOBODY, EVERYWHERE) else int(scope)
        connection.exec_driver_sql(f"SET LOCAL rabta.workspace = '{said}'")


@contextmanager
def within(session: Session, scope: Scope) -> Iterator[None]:
    """For a while. After an error the scope stays: a transaction that failed sees no more."""
    before: Scope = session.connection().info["scope"]
    enter(session, scope)
    yield
    enter(session, before)


@contextmanager
def everywhere(session: Session) -> Iterator[None]:
    """For what looks at all workspaces at once, which no message ever does."""
    with within(session, EVERYWHERE):
        yield
