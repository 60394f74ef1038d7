"""Both databases are really there, fresh for every test, and shaped as the models say."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Index, Table, UniqueConstraint, inspect, make_url, select, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import ColumnCollectionConstraint

from storage.database import Database
from storage.migrate import alembic_config, differences, migrate
from storage.models import Base, Deal, Outbox, Workspace
from storage.revisions import is_current, newest
from storage.row_security import DIRECTORY
from storage.stages import astray, stages_of
from tests import postgres
from tests.doors.waiting import until

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)


def test_postgresql_is_there() -> None:
    """Without it half of what is promised is not tested: that is a failure, not a detail."""
    if os.environ.get(postgres.GIVEN) == "none" and not os.environ.get("CI"):
        pytest.skip("gone without on purpose")
    assert postgres.server_url().startswith("postgresql")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_url_as_others_write_it_leads_to_the_driver_that_we_have(scheme: str) -> None:
    url = make_url("postgresql://rabta@127.0.0.1/rabta").set(drivername=scheme)
    with closing(Database(url.render_as_string())) as database:
        assert database.engine.driver == "psycopg"


def test_who_is_done_with_a_database_holds_no_connection_to_it(postgresql_url: str) -> None:
    database, mine = Database(postgresql_url), Database(postgresql_url)
    process = mine.run(lambda session: session.scalar(text("SELECT pg_backend_pid()")))
    served = text("SELECT 1 FROM pg_stat_activity WHERE pid = :pid")

    def is_there() -> bool:
        with database.transaction() as session:
            return session.scalar(served, {"pid": process}) is not None

    assert is_there()
    mine.close()
    until(lambda: not is_there())
    database.close()


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


WORKSPACED = [
    table
    for table in Base.metadata.sorted_tables
    if "id" in table.primary_key.columns and "workspace_id" in table.primary_key.columns
    if table.name not in DIRECTORY  # is asked before it is known whose it is
]


@pytest.mark.parametrize("table", WORKSPACED, ids=lambda table: table.name)
def test_every_key_is_led_by_the_workspace(table: Table) -> None:
    """So that a distributed database can shard on it, and no question crosses workspaces."""
    keys: list[Index | ColumnCollectionConstraint] = [table.primary_key, *table.indexes]
    keys += table.foreign_key_constraints
    keys += [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    leading = {str(key.name): next(iter(key.columns)).name for key in keys}
    assert set(leading.values()) == {"workspace_id"}, leading


@pytest.mark.parametrize(("table", "column"), [("task", "remind_at"), ("member", "agenda_at")])
def test_a_tick_costs_what_is_due_and_not_what_is_stored(
    database: Database, table: str, column: str
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL plans by the size of its tables, which are empty here")
    question = (
        f"EXPLAIN QUERY PLAN SELECT id FROM {table} "  # noqa: S608 - our own names
        f"WHERE workspace_id IN (SELECT id FROM workspace) AND {column} <= '2026'"
    )
    with database.engine.begin() as connection:
        plan = str(connection.exec_driver_sql(question).all())
    assert f"USING COVERING INDEX ix_{table}_workspace_id_{column}" in plan or (
        f"USING INDEX ix_{table}_workspace_id_{column}" in plan
    )


def test_a_blank_database_is_migrated_once_and_then_current(blank_url: str) -> None:
    with closing(Database(blank_url)) as database:
        assert inspect(database.engine).get_table_names() == []
        assert migrate(database)
        assert not migrate(database)
        assert is_current(database)
        assert differences(database) == []


def test_alembic_holds_the_same_shape_to_be_the_newest() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == newest()


def test_the_keys_of_the_models_are_those_of_the_database(database: Database) -> None:
    """Alembic compares columns, indexes and foreign keys, but no primary keys."""
    looked = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        there = looked.get_pk_constraint(table.name)["constrained_columns"]
        assert there == [column.name for column in table.primary_key], table.name


def test_a_database_of_the_first_shape_keeps_its_deals(blank_url: str) -> None:
    """Up with data in place: every workspace goes on with the stages it had. And down again."""
    with closing(Database(blank_url)) as database:
        _to(database, "0001")
        with database.engine.begin() as connection:
            for statement in OLD_ROWS:
                connection.execute(text(statement), {"at": MONDAY.replace(tzinfo=None)})
        assert migrate(database)
        assert differences(database) == []
        with database.transaction() as session:
            for space in (1, 2):
                stages = [stage.key for stage in stages_of(session, space)]
                assert stages == ["lead", "qualified", "proposal", "negotiation"]
                assert not astray(session, space)
            assert session.get_one(Deal, (1, 7)).stage == "proposal"
        _to(database, "0001", down=True)
        assert not {"stage", "custom_field"} & set(inspect(database.engine).get_table_names())
        assert migrate(database)
        with database.transaction() as session:
            assert len(stages_of(session, 1)) == 4
            assert session.get_one(Deal, (1, 7)).stage == "proposal"


def test_letters_that_wait_keep_their_chat_and_their_turn(blank_url: str) -> None:
    with closing(Database(blank_url)) as database:
        _to(database, "0005")
        with database.engine.begin() as connection:
            for statement in OLD_LETTERS:
                connection.execute(text(statement), {"at": MONDAY.replace(tzinfo=None)})
        assert migrate(database)
        with database.transaction() as session:
            letters = session.scalars(select(Outbox).order_by(Outbox.id)).all()
            assert [(each.place, each.rank) for each in letters] == [
                ("telegram::101", 1),
                ("slack:T1:U7", 0),
                ("", 0),
            ]
            assert letters[0].address["chat"] == "101"
        _to(database, "0005", down=True)
        with database.engine.begin() as connection:
            states = connection.execute(text("SELECT state FROM outbox ORDER BY id")).scalars()
            assert list(states) == ["waiting", "sending", "sent"]


OLD_LETTERS = tuple(
    f"""INSERT INTO outbox (id, kind, platform, address, reply, state, attempts, not_before,
                            created_at, marked)
        VALUES ({number}, '{kind}', '{platform}', '{address}', '{{}}', '{state}', 1, :at, :at,
                false)"""  # noqa: S608 - our own rows
    for number, kind, platform, state, address in (
        (1, "nudge", "telegram", "waiting",
         '{"platform"\\: "telegram", "team"\\: "", "chat"\\: "101", "user"\\: "101"}'),
        (2, "reply", "slack", "sending",
         '{"platform"\\: "slack", "team"\\: "T1", "chat"\\: "", "user"\\: "U7"}'),
        (3, "reply", "telegram", "sent",
         '{"platform"\\: "telegram", "team"\\: "", "chat"\\: "5", "user"\\: "5"}'),
    )
)  # fmt: skip


def test_private_contacts_come_and_go_without_a_loss(blank_url: str) -> None:
    """The workspace's own table changes: whoever makes it anew on SQLite loses all that hangs on
    it."""
    with closing(Database(blank_url)) as database:
        _to(database, "0001")
        with database.engine.begin() as connection:
            for statement in OLD_ROWS:
                connection.execute(text(statement), {"at": MONDAY.replace(tzinfo=None)})
        assert migrate(database)
        before = _counts(database)
        assert before["stage"] == 8
        assert before["deal"] == 1
        _to(database, "0005", down=True)
        assert _counts(database) == before
        assert migrate(database)
        assert _counts(database) == before


def _counts(database: Database) -> dict[str, int]:
    with database.engine.begin() as connection:
        return {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
            for name in ("workspace", "stage", "deal")
        }


OLD_ROWS = (
    """INSERT INTO workspace (id, name, currency, region, timezone, language, created_at)
       VALUES (1, 'default', 'PKR', 'PK', 'Asia/Karachi', 'en', :at),
              (2, 'slack:T1', 'PKR', 'PK', 'Asia/Karachi', 'en', :at)""",
    """INSERT INTO deal (workspace_id, id, title, stage, status, owner_id, created_at, version)
       VALUES (1, 7, 'looms', 'proposal', 'open', 3, :at, 1)""",
)


def _to(database: Database, revision: str, *, down: bool = False) -> None:
    with database.engine.begin() as connection:
        (command.downgrade if down else command.upgrade)(alembic_config(connection), revision)


def test_sqlite_keeps_what_it_confirmed(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has its own ways")
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_sqlite_waits_for_the_disk_where_it_is_not_told_otherwise(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has its own ways")

    def level(session: Session) -> Any:
        return session.connection().exec_driver_sql("PRAGMA synchronous").scalar()

    assert database.run(level, synced=False) == 1
    assert database.run(level) == 2
    assert database.run(level) == 2
