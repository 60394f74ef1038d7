"""Row 29: a thousand agendas at nine o'clock are spread before they reach a platform, and as many
reminders are raised by a handful of statements, each once, whoever raises them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection as PgConnection
from sqlalchemy import Connection, event, func, select, text, update

from bot.buttons import with_tokens
from bot.incoming import Sender
from bot.reception import House, new_member, workspace
from handlers.library import the_book
from handlers.reply import says
from scheduler.clock import Clockwork
from scheduler.drawing import A_SECOND, Draw
from storage.database import Database
from storage.migrate import migrate
from storage.models import Identity, Member, Nudge, Outbox, Task
from tests.conversation import Conversation
from tests.faults.mail import Mail
from tests.faults.test_workers import NOON, clocks, on_postgresql


def test_row_29_agendas_that_are_due_at_once_go_second_by_second(chat: Conversation) -> None:
    names = [f"Rep {number}" for number in range(50)]
    for name in names:
        chat._greet(chat.person(name), chat.place(chat.person(name)))
    draw = Draw(the_book(), lambda _session, reply, *_: reply)
    now = chat.clock.now()
    with chat.database.transaction() as session:
        for member in session.query(Member):
            turn = draw.turn(session, member, now)
            draw.nudge(turn, says("agenda"), kind="agenda", subject="day", occasion="today")
        reminded = session.query(Member).limit(1).one()
        turn = draw.turn(session, reminded, now)
        draw.nudge(turn, says("reminder"), kind="reminder", subject="task:1", occasion="now")
    rows = Mail(chat.database).rows()
    late = Counter(max(timedelta(), row.not_before - now).seconds for row in rows if at(row))
    assert late == {0: A_SECOND, 1: A_SECOND, 2: 50 - 2 * A_SECOND}
    (reminder,) = [row for row in rows if not at(row)]
    assert reminder.not_before <= now, "what has its time is not put off"


def at(row: Outbox) -> bool:
    return "agenda" in str(row.reply)


# --- reminders ------------------------------------------------------------------------------------


def due_at_noon(database: Database, people: int, each: int) -> None:
    """So many members, with so many tasks each."""
    with database.transaction() as session:
        space = workspace(session, House(timezone="UTC"), "herd", NOON)
        for n in range(people):
            member = new_member(
                session, space, Sender("telegram", "", f"9{n}", f"P{n}"), "rep", NOON
            )
            here = {"workspace_id": space.id, "member_id": member.id, "private_chat": f"9{n}"}
            session.add(Identity(platform="telegram", team="", user=f"9{n}", seen_at=NOON, **here))
            session.add_all(
                Task(
                    workspace_id=space.id, owner_id=member.id, text=f"{n}.{number}", zone="UTC",
                    due_day=NOON.date(), due_time=NOON.time(), due_at=NOON, remind_at=NOON,
                    status="open", created_at=NOON,
                )
                for number in range(each)
            )  # fmt: skip


def counted(database: Database) -> tuple[int, int, int, int]:
    """Letters, tasks that they are about, nudges, and tasks that are not told yet."""
    with database.transaction() as session:
        topics = session.scalars(select(Outbox.topic).where(Outbox.kind == "nudge")).all()
        nudges = session.scalar(select(func.count()).select_from(Nudge))
        left = session.scalar(select(func.count()).where(Task.remind_at.is_not(None)))
    return len(topics), len(set(topics)), nudges or 0, left or 0


def test_row_29_reminders_that_are_due_at_once_take_few_statements(
    chat: Conversation, database: Database
) -> None:
    due_at_noon(database, 120, 10)
    chat.clock.set(NOON)
    clockwork = Clockwork(database, chat.clock, Draw(the_book(), with_tokens))
    said: list[str] = []
    listen = (database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    event.listen(*listen)
    while clockwork.tick("reminders"):
        pass
    event.remove(*listen)
    assert counted(database) == (1200, 1200, 1200, 0)
    assert len(said) < 150, "some for each few hundred, none for each one"


@on_postgresql
def test_row_29_postgresql_measures_at_the_start_what_it_never_measured(
    database: Database,
) -> None:
    """As after a backup was brought back: of a table it knows nothing of it guesses, and reads
    all of it."""
    due_at_noon(database, 20, 10)
    measured = text("SELECT reltuples FROM pg_class WHERE oid = 'task'::regclass")
    with database.transaction() as session:
        forget = "UPDATE pg_class SET reltuples = -1 WHERE oid = 'task'::regclass"
        session.execute(text(forget))
        assert session.scalar(measured) == -1
    assert not migrate(database), "nothing to migrate"
    with database.transaction() as session:
        assert session.scalar(measured) == 200


@on_postgresql
def test_row_29_a_herd_is_looked_up_by_its_members_whatever_was_measured_last(
    database: Database, chat: Conversation
) -> None:
    """When nothing was due at all, what is due seemed to be nobody's, and all of it was read for
    each member."""
    due_at_noon(database, 300, 10)
    with database.transaction() as session:
        session.execute(update(Task).values(remind_at=None))
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
        session.execute(update(Task).values(remind_at=NOON))
    plans: list[str] = []

    def explain(connection: Connection, _cursor: object, said: str, told: Any, *_: object) -> None:
        if said.startswith("SELECT tasks.id"):
            assert isinstance(connection.connection.driver_connection, PgConnection)
            rows = connection.connection.driver_connection.execute(f"EXPLAIN {said}", told)
            plans.append("\n".join(row[0] for row in rows))

    chat.clock.set(NOON)
    clockwork = Clockwork(database, chat.clock, Draw(the_book(), with_tokens))
    event.listen(database.engine, "before_cursor_execute", explain)
    assert clockwork.tick("reminders")
    event.remove(database.engine, "before_cursor_execute", explain)
    assert plans
    assert "ix_task_workspace_id_remind_at" not in plans[0], plans[0]
    assert "Seq Scan on task" not in plans[0], plans[0]


@on_postgresql
def test_row_29_four_processes_share_a_herd_and_none_is_told_twice(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    due_at_noon(database, 120, 10)
    with clocks(4, database_url, tmp_path) as started:
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.wait(120) for process in started] == [0] * 4
    assert counted(database) == (1200, 1200, 1200, 0)
