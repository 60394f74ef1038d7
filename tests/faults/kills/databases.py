"""A round's database, and a look into it that shares nothing with Rabta's own way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text

from storage.database import Database
from storage.migrate import migrate


class Look:
    """Plain SQL, read only, beside the processes that write."""

    def __init__(self, url: str) -> None:
        where = make_url(url)
        if where.get_backend_name() == "sqlite":
            where = make_url(f"sqlite:///file:{where.database}?mode=ro&uri=true")
        self.engine = create_engine(where, poolclass=NullPool)

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with self.engine.connect() as connection:
            found = [dict(row) for row in connection.execute(text(statement)).mappings()]
        return [{name: _parsed(name, value) for name, value in row.items()} for row in found]

    def number(self, statement: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())

    def changes(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))


def _parsed(name: str, value: Any) -> Any:
    """SQLite gives JSON as text."""
    return json.loads(value) if name in {"address", "reply"} and isinstance(value, str) else value


@contextmanager
def sqlite(home: Path) -> Iterator[str]:
    """A migrated file; the first in a folder is kept for the next ones to be copied from."""
    template = home.parent / "template.db"
    if not template.exists():
        made = home / "made.db"
        _migrate(f"sqlite:///{made}")
        made.replace(template)
    shutil.copy(template, home / "rabta.db")
    yield f"sqlite:///{home / 'rabta.db'}"


@contextmanager
def postgresql(server: str, name: str) -> Iterator[str]:
    """A migrated database of that name, dropped afterwards."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        _migrate(url)
        yield url
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()
