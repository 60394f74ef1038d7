"""Both databases are really there, fresh for every test, and shaped as the models say."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, select, text

from storage.database import Database
from storage.migrate import differences, is_current, migrate
from storage.models import Workspace
from tests import postgres

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)


def test_postgresql_is_there() -> None:
    """Without it half of what is promised is not tested: that is a failure, not a detail."""
    if os.environ.get(postgres.GIVEN) == "none" and not os.environ.get("CI"):
        pytest.skip("gone without on purpose")
    assert postgres.server_url().startswith("postgresql")


@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_begins_with_an_empty_database(database: Database, round_: int) -> None:
    with database.transaction() as session:
        assert session.scalars(select(Workspace)).all() == []
        space = Workspace(
            name="default", currency="PKR", region="PK", timezone="Asia/Karachi", language="en",
            created_at=MONDAY,
        )  # fmt: skip
        session.add(space)
        session.flush()
        assert space.id == 1


def test_a_blank_database_is_migrated_once_and_then_current(blank_url: str) -> None:
    with closing(Database(blank_url)) as database:
        assert inspect(database.engine).get_table_names() == []
        assert migrate(database)
        assert not migrate(database)
        assert is_current(database)
        assert differences(database) == []


def test_sqlite_keeps_what_it_confirmed(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has its own ways")
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
