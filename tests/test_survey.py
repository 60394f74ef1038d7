"""An import that fills tables: PostgreSQL looks at them on the way, and waits for nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from storage.clock import SetClock
from storage.database import Database
from storage.models import Workspace
from storage.scope import enter
from storage.survey import Survey
from tests.conversation import Conversation
from tests.test_intake import comes

NOON = datetime(2026, 11, 25, 8, tzinfo=UTC)
MANY = 2500


@pytest.fixture
def chat(database: Database) -> Conversation:
    if database.is_sqlite:
        pytest.skip("SQLite plans alike whatever a table holds")
    return Conversation(database, SetClock(NOON))


def people() -> list[dict[str, Any]]:
    return [
        {"type": "contact", "name": f"Sara Malik {n}", "phones": [f"+92300{n:07}"]}
        for n in range(MANY)
    ]


def counted(line: Connection, table: str) -> float:
    """The rows that PostgreSQL thinks a table has; -1 where it never looked."""
    asked = "SELECT reltuples FROM pg_class WHERE oid = %s::regclass"
    return float(line.exec_driver_sql(asked, (table,)).scalar() or 0)


def test_tables_that_an_import_fills_are_looked_at(chat: Conversation) -> None:
    assert comes(chat, people()).of("new") == MANY
    with chat.database.engine.connect() as line:
        assert counted(line, "contact") > 1000
        assert counted(line, "contact_point") > 1000
        assert counted(line, "deal") <= 0


def test_nobody_waits_for_somebody_else_who_looks(chat: Conversation) -> None:
    with chat.database.engine.connect() as other, other.begin():
        other.exec_driver_sql('ANALYZE "contact"')
        assert comes(chat, people()).of("new") == MANY


def test_the_role_that_owns_nothing_serves_before_and_after(chat: Conversation) -> None:
    chat.says("hello")

    def work(session: Session) -> None:
        enter(session, session.scalars(select(Workspace.id)).one())
        line = session.connection()
        before = line.exec_driver_sql("SELECT current_user").scalar()
        assert str(before).startswith("rabta_app_")
        line.exec_driver_sql(
            "INSERT INTO activity (workspace_id, id, version, kind, text, at, on_day, by_id) "  # noqa: S608
            f"SELECT 1, n, 1, 'note', 'x', now(), now(), 1 FROM generate_series(1, {MANY}) AS n"
        )
        Survey(session).after(MANY)
        assert counted(line, "activity") == MANY
        assert line.exec_driver_sql("SELECT current_user").scalar() == before

    chat.database.run(work)
