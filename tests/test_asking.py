"""What is asked directly says the same as what SQLAlchemy asks, and is watched as closely."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from storage.asking import asked
from storage.database import Database
from storage.models import Chat, Inbox, Outbox, Task, Workspace
from storage.prepared import TOGETHER, DirectSession
from storage.scope import Astray, enter
from storage.writing import put, savepoint, write_values

NOON = datetime(2026, 11, 23, 7, 0, 0, 123456, tzinfo=UTC)
inbox: Any = Inbox.__table__
OF_DOOR = (
    select(inbox.c.event, inbox.c.payload, inbox.c.received_at, inbox.c.sender, inbox.c.tries)
    .where(inbox.c.door == bindparam("door"), inbox.c.received_at <= bindparam("until"))
    .order_by(inbox.c.id)
)
KEPT = insert(inbox)
LATER = update(inbox).where(inbox.c.event == bindparam("this")).values(tries=bindparam("now"))
TASKS = select(Task.__table__).where(Task.__table__.c.workspace_id == bindparam("space"))


def row(event_id: str, **more: Any) -> dict[str, Any]:
    at = {"received_at": NOON, "state": "new", "tries": 0}
    return {"door": "d", "event": event_id, "chat": "c", "payload": {"text": "سارہ"}, **at, **more}


def keep(session: Session, *events: str) -> None:
    asked(session, KEPT, [row(each) for each in events])


def test_values_and_rows_are_converted_as_always(database: Database) -> None:
    said = {"door": "d", "until": NOON + timedelta(seconds=1)}

    def both(session: Session) -> tuple[Any, Any]:
        keep(session, "1", "2")
        directly = asked(session, OF_DOOR, said).all()
        return directly, session.connection().execute(OF_DOOR, said).all()

    directly, always = database.run(both)
    assert [tuple(each) for each in directly] == [tuple(each) for each in always]
    assert [each.event for each in directly] == ["1", "2"]
    assert directly[0].payload == {"text": "سارہ"}
    assert directly[0].received_at == NOON


def test_an_answer_tells_how_many_rows_it_changed(database: Database) -> None:
    def change(session: Session) -> tuple[int, int]:
        keep(session, "1", "2", "3")
        none = asked(session, LATER, {"this": "9", "now": 4}).rowcount
        return none, asked(session, LATER, {"this": "2", "now": 4}).rowcount

    assert database.run(change) == (0, 1)
    said = {"door": "d", "until": NOON}
    tries = database.run(lambda session: [each.tries for each in asked(session, OF_DOOR, said)])
    assert tries == [0, 4, 0]


@pytest.mark.parametrize("many", [TOGETHER, TOGETHER + 1, 2 * TOGETHER, 3 * TOGETHER - 1])
def test_many_rows_are_all_there_in_their_order_and_counted(database: Database, many: int) -> None:
    names = [f"{number:03}" for number in range(many)]

    def both(session: Session) -> tuple[int, Any]:
        said = [row(each, tries=int(each)) for each in names]
        said[-1]["received_at"] = NOON + timedelta(seconds=1)
        count = asked(session, KEPT, said).rowcount
        until = NOON + timedelta(seconds=1)
        return count, asked(session, OF_DOOR, {"door": "d", "until": until}).all()

    count, found = database.run(both)
    assert count == many or not database.is_sqlite
    assert [(each.event, each.tries) for each in found] == [(each, int(each)) for each in names]
    assert found[0].payload == {"text": "سارہ"}
    assert found[-1].received_at > NOON


def test_of_many_rows_one_that_is_refused_leaves_none(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.run(lambda session: keep(session, *"abcdefghijklmnopqrstuvwxyza"))
    said = {"door": "d", "until": NOON}
    assert database.run(lambda session: asked(session, OF_DOOR, said).all()) == []


def test_what_the_session_has_not_written_is_written_first(database: Database) -> None:
    def wait(session: Session) -> list[Any]:
        session.add(Inbox(**row("1")))
        found: list[Any] = asked(session, OF_DOOR, {"door": "d", "until": NOON}).all()
        return found

    assert len(database.run(wait)) == 1


def test_an_error_is_the_one_that_is_always_raised_and_quotes_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError) as problem:
        database.run(lambda session: keep(session, "1", "1"))
    assert isinstance(problem.value, DBAPIError)
    assert "سارہ" not in str(problem.value)
    said = {"door": "d", "until": NOON}
    assert database.run(lambda session: asked(session, OF_DOOR, said).all()) == []


@pytest.mark.parametrize("scope", ["", 7])
def test_nothing_of_another_workspace_is_asked_for(database: Database, scope: Any) -> None:
    """Whom it serves was not said, or it is another one."""

    def stray(session: Session) -> Any:
        enter(session, scope)
        return asked(session, TASKS, {"space": 1}).all()

    with pytest.raises(Astray):
        database.run(stray)


def test_who_watches_what_is_sent_sees_all_of_it(database: Database) -> None:
    """An operator's tracing, and whatever makes faults on purpose."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    said = {"door": "d", "until": NOON}
    database.run(lambda session: asked(session, OF_DOOR, said).all())
    event.listen(database.engine, "before_cursor_execute", note)
    database.run(lambda session: asked(session, OF_DOOR, said).all())
    event.remove(database.engine, "before_cursor_execute", note)
    assert sum("FROM inbox" in each for each in seen) == 1


def test_sqlite_is_asked_directly() -> None:
    """In memory, where there is one connection."""
    database = Database("sqlite://")
    assert database.run(lambda session: isinstance(session, DirectSession))
    database.close()


# --- rows that are put ----------------------------------------------------------------------------


def chat_of(session: Session) -> Chat:
    space = Workspace(
        name="default", currency="PKR", region="PK", timezone="Asia/Karachi", language="en",
        created_at=NOON,
    )  # fmt: skip
    session.add(space)
    session.flush()
    enter(session, space.id)
    chat = Chat(workspace_id=space.id, platform="telegram", team="", key="1", private=True)
    session.add(chat)
    session.flush()
    return chat


def focus_of(database: Database) -> Any:
    with database.transaction() as session:
        return session.scalars(select(Chat.focus)).one()


def test_what_is_put_is_seen_at_once_and_written_at_the_end(database: Database) -> None:
    def work(session: Session) -> None:
        chat = chat_of(session)
        put(session, chat, focus={"1": {"deal": 5}})
        assert chat.focus == {"1": {"deal": 5}}
        assert not session.dirty

    database.run(work)
    assert focus_of(database) == {"1": {"deal": 5}}


def test_what_is_put_goes_with_its_savepoint(database: Database) -> None:
    def work(session: Session) -> None:
        chat = chat_of(session)
        put(session, chat, focus={"1": {"deal": 5}})
        tried = savepoint(session)
        put(session, chat, focus={"1": {"deal": 6}})
        tried.rollback()
        assert chat.focus == {"1": {"deal": 5}}

    database.run(work)
    assert focus_of(database) == {"1": {"deal": 5}}


def test_values_that_nobody_says_are_the_usual_ones(database: Database) -> None:
    letter: dict[str, Any] = {
        "id": 1, "workspace_id": None, "kind": "reply", "rank": 0, "platform": "slack",
        "place": "p", "address": {}, "reply": {}, "not_before": NOON, "created_at": NOON,
    }  # fmt: skip
    database.run(lambda session: write_values(session, Outbox, [letter]))
    with database.transaction() as session:
        kept = session.scalars(select(Outbox)).one()
    assert (kept.state, kept.attempts, kept.marked) == ("waiting", 0, False)
