"""Row 34: deadlocks, serialization failures and lost connections. The whole is done again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import TRIES, Database
from storage.models import Company, Inbox, Outbox
from tests.conversation import Conversation, words

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextmanager
def cut(database: Database, before: str, times: int) -> Iterator[list[int]]:
    """The server ends our connection just before a statement that begins so; how often it did."""
    done = [0]

    def end(connection: Any, _u: Any, statement: str, *_: Any) -> None:
        if statement.startswith(before) and done[0] < times:
            done[0] += 1
            ours = connection.connection.driver_connection.info.backend_pid
            with killer.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": ours})

    killer = Database(database.url.render_as_string(hide_password=False)).engine
    event.listen(database.engine, "before_cursor_execute", end)
    yield done
    event.remove(database.engine, "before_cursor_execute", end)
    killer.dispose()


def count(database: Database, table: Any) -> int:
    with database.transaction() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


@pytest.mark.parametrize("statement", ["INSERT INTO company", "INSERT INTO outbox", "UPDATE inbox"])
def test_row_34_a_connection_lost_in_the_middle_of_a_message(
    chat: Conversation, statement: str
) -> None:
    chat.says("hello")
    answers = count(chat.database, Outbox)
    with cut(chat.database, statement, TRIES - 1) as cuts:
        answer = chat.says("met Sara Malik from Nishat Mills")
    assert cuts == [TRIES - 1]
    assert "Sara Malik" in words(answer)
    assert count(chat.database, Company) == 1
    assert count(chat.database, Outbox) == answers + 1
    with chat.database.transaction() as session:
        assert set(session.execute(select(Inbox.state, Inbox.tries))) == {("done", 0)}


def test_row_34_after_five_tries_it_is_told_and_nothing_is_half_done(chat: Conversation) -> None:
    chat.says("hello")

    def work(session: Session) -> None:
        session.execute(text("UPDATE workspace SET name = 'half'"))
        session.execute(text("SELECT 34"))

    with cut(chat.database, "SELECT 34", 99) as cuts, pytest.raises(OperationalError):
        chat.database.run(work)
    assert cuts == [TRIES] == [5]
    with chat.database.transaction() as session:
        assert session.scalar(text("SELECT name FROM workspace")) == "default"


def test_row_34_of_two_that_wait_for_each_other_both_get_through(chat: Conversation) -> None:
    """Two transactions that lock two rows the other way round: PostgreSQL ends one of them."""
    chat.runs("company.add", company="Nishat Mills")
    with chat.database.transaction() as session:
        space = session.scalars(text("SELECT id FROM workspace")).one()
        session.execute(text("CREATE TABLE IF NOT EXISTS till (id int PRIMARY KEY, sum int)"))
        session.execute(text("GRANT ALL ON till TO PUBLIC"))  # those who count own nothing
        session.execute(text("INSERT INTO till VALUES (1, 0), (2, 0)"))
    assert space

    def add(first: int, second: int) -> None:
        def work(session: Session) -> None:
            for till in (first, second):
                session.execute(text("UPDATE till SET sum = sum + 1 WHERE id = :id"), {"id": till})
                session.execute(text("SELECT pg_sleep(0.05)"))

        chat.database.run(work)

    try:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(add, (1, 2), (2, 1)))
        with chat.database.transaction() as session:
            assert session.scalars(text("SELECT sum FROM till")).all() == [2, 2]
    finally:
        with chat.database.transaction() as session:
            session.execute(text("DROP TABLE till"))


def test_row_34_of_two_that_saw_the_same_both_count(database: Database) -> None:
    """SERIALIZABLE on purpose: one of two is refused with 40001, and counts the second time."""
    with database.transaction() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS till (id int PRIMARY KEY, sum int)"))
        session.execute(text("GRANT ALL ON till TO PUBLIC"))  # those who count own nothing
        session.execute(text("INSERT INTO till VALUES (1, 0)"))

    def add(_: int) -> None:
        def work(session: Session) -> None:
            session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
            sum_ = session.scalar(text("SELECT sum FROM till"))
            session.execute(text("SELECT pg_sleep(0.05)"))
            session.execute(text("UPDATE till SET sum = :sum"), {"sum": (sum_ or 0) + 1})

        database.run(work)

    try:
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(add, range(3)))
        with database.transaction() as session:
            assert session.scalar(text("SELECT sum FROM till")) == 3
    finally:
        with database.transaction() as session:
            session.execute(text("DROP TABLE till"))
