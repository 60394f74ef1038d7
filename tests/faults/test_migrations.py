"""Row 35: a migration that is killed at any statement, and upgrades from every former shape."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, inspect, select, text
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Float, Integer, LargeBinary, Time

from storage.database import Database
from storage.migrate import alembic_config, differences, migrate
from storage.revisions import TooNew, is_current
from tests.conftest import BACKENDS
from tests.faults.shapes import Shapes, in_folder, on_server

REVISIONS = [
    each.revision
    for each in reversed([*ScriptDirectory.from_config(alembic_config()).walk_revisions()])
]
"""All shapes that the database ever had, the oldest first."""

OLDER = REVISIONS[:-1]
AT = datetime(2026, 11, 23, 5)  # noqa: DTZ001 - SQLite keeps no zone

KILLED = """
import os, sys
from sqlalchemy import event
from storage.database import Database
from storage.migrate import migrate

url, step = sys.argv[1], 0
for last in range(int(sys.argv[2]), 10_000, int(sys.argv[3])):
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            break
        print(last, flush=True)
        continue
    database = Database(url)

    def count(*_):
        global step
        step += 1
        if step == last:
            os._exit(9)

    event.listen(database.engine, "after_cursor_execute", count)
    migrate(database)
    os._exit(0)
"""
"""Migrates again and again, and is killed after each statement in turn until it gets through."""


def to(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def tables(connection: Connection) -> list[Table]:
    """As they are just now, those that are pointed to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [each for each in metadata.sorted_tables if each.name != "alembic_version"]


def fill(connection: Connection, number: int) -> None:
    """A row into every table there is, all of them about each other."""
    for table in tables(connection):
        row = {column.name: _value(column.type, column.name, number) for column in table.columns}
        for key in table.foreign_keys:
            row[key.parent.name] = number
        if table.name == "task":
            row |= {"zone": "Asia/Karachi", "status": "open"}
        connection.execute(table.insert().values(**row))


def _value(kind: Any, name: str, number: int) -> Any:
    if name == "timezone":  # a migration asks what time it is there
        return "Asia/Karachi"
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer | Float):
        return number
    if isinstance(kind, DateTime):
        return AT
    if isinstance(kind, Date):
        return date(2026, 11, 23)
    if isinstance(kind, Time):
        return time(9)
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, LargeBinary):
        return b"%d" % number
    length = getattr(kind, "length", None) or 40
    return f"{name}{number}"[-length:]


def kept(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables(connection)
    }


MADE_ANEW = {"contact_word", "company_word", "deal_sum", "outlook", "lead_score", "lead_model",
             "journey"}  # fmt: skip
"""An index of names, made of the names themselves, sums of deals, of the deals, what is expected of
whoever bought, who is to be scored, and who is on the journey."""


TOLD_ANEW = "month_shift"
"""What a workspace's sums know of its time zone: they are told it again after migrating."""


def missing(
    before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]
) -> list[object]:
    """Rows, with what they held, that are there no more."""
    lost: list[object] = []
    for name in before.keys() - MADE_ANEW:
        for row in before[name]:
            there = [
                each
                for each in after.get(name, [])
                if all(
                    each[column] == value
                    for column, value in row.items()
                    if column in each and column != TOLD_ANEW
                )
            ]
            if not there:
                lost.append((name, row))
    return lost


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    with closing(Database(blank_url)) as database:
        yield database


@pytest.fixture(scope="module", params=BACKENDS)
def shapes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shapes]:
    """Rows of the first shape that went on to a former one, and rows written there."""

    def grow(database: Database, revision: str, number: int) -> None:
        to(database, revision)
        with database.engine.begin() as connection:
            fill(connection, number)

    if request.param == "sqlite":
        yield Shapes(in_folder(tmp_path_factory.mktemp("shapes")), REVISIONS, grow)
        return
    with on_server(request.getfixturevalue("postgresql_server")) as copy:
        yield Shapes(copy, REVISIONS, grow)


@pytest.mark.parametrize("revision", OLDER)
def test_row_35_an_upgrade_keeps_every_row(shapes: Shapes, revision: str) -> None:
    with closing(Database(shapes.of(revision))) as database:
        with database.engine.begin() as connection:
            before = kept(connection)
        assert before["task"]
        assert migrate(database)
        assert differences(database) == []
        with database.engine.begin() as connection:
            assert missing(before, kept(connection)) == []
            names = inspect(connection).get_table_names()
            assert not [name for name in names if name.startswith("_alembic")]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("revision", [None, OLDER[0], OLDER[-1]])
def test_row_35_a_migration_killed_at_any_statement_goes_on(
    blank: Database, blank_url: str, revision: str | None, tmp_path: Path
) -> None:
    before: dict[str, list[dict[str, Any]]] = {}
    if revision:
        to(blank, revision)
        with blank.engine.begin() as connection:
            fill(connection, 1)
        with blank.engine.begin() as connection:
            before = kept(connection)
    blank.engine.dispose()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", KILLED, blank_url, "1", "1" if revision == OLDER[-1] else "7"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) >= 5, "it was killed a few times"
    assert is_current(blank)
    assert differences(blank) == []
    with blank.engine.begin() as connection:
        assert missing(before, kept(connection)) == []


def test_row_35_what_points_to_a_table_that_is_made_anew_stays(
    blank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite changes a table by making it anew, and with its keys on deletes what points there."""
    if not blank.is_sqlite:
        pytest.skip("PostgreSQL alters tables")
    to(blank, OLDER[0])
    with blank.engine.begin() as connection:
        fill(connection, 1)
        before = kept(connection)

    def makes_anew(config: Config, _revision: str) -> None:
        connection = config.attributes["connection"]
        upgrade(config, "head")
        operations = Operations(MigrationContext.configure(connection))
        for name in ("workspace", "member", "contact"):
            with operations.batch_alter_table(name, recreate="always"):
                pass

    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", makes_anew)
    assert migrate(blank)
    with blank.engine.begin() as connection:
        assert missing(before, kept(connection)) == []
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1, "on again"


def test_row_35_a_database_of_a_later_rabta_is_left_alone(blank: Database) -> None:
    migrate(blank)
    with blank.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(TooNew, match="newer Rabta"):
        migrate(blank)
