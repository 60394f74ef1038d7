"""Rows 25 and 26: several clocks on one database, and clocks killed in the middle of a tick."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from storage.clock import SetClock
from storage.database import MODE, Database
from storage.models import Member, Nudge, Outbox, Task
from tests.conversation import Conversation
from tests.doors.waiting import until

NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)
PEOPLE = ("Ayesha", "Bilal", "Sara", "Omar")
EACH = 6
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

CLOCK = f"""
import sys
from bot.buttons import with_tokens
from handlers.library import the_book
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from storage.clock import SetClock
from storage.database import MODE, Database
from datetime import datetime, timezone
bell = Clockwork(Database(sys.argv[1]), SetClock(datetime.fromtimestamp({NOON.timestamp()}, timezone.utc)),
                 Draw(the_book(), with_tokens))
print("up", flush=True)
sys.stdin.readline()
while bell.tick("reminders"):
    pass
print("done", flush=True)
"""  # noqa: E501 - a program in a line


@pytest.fixture
def herd(chat: Conversation) -> Conversation:
    """Some people who all have some tasks due at noon."""
    for who in PEOPLE:
        chat.runs("task.add", who, text=f"{who} 0", due="2026-11-23T12:00")
    with chat.database.transaction() as session:
        for task in session.scalars(select(Task)).all():
            session.add_all(
                Task(
                    workspace_id=task.workspace_id, text=f"{task.text[:-2]} {n}", zone=task.zone,
                    due_day=task.due_day, due_time=task.due_time, due_at=task.due_at,
                    remind_at=task.remind_at, status="open", owner_id=task.owner_id,
                    created_at=task.created_at,
                )
                for n in range(1, EACH)
            )  # fmt: skip
    chat.clock.set(NOON)
    return chat


def bell(chat: Conversation) -> Clockwork:
    return Clockwork(chat.database, chat.clock, Draw(chat.book, with_tokens))


def told(database: Database) -> Counter[str]:
    """How often each task got a letter, by what the letter is about."""
    at_one_moment = database.engine.execution_options(**{MODE: "ISOLATION LEVEL REPEATABLE READ"})
    with Session(at_one_moment) as session:
        topics = Counter(session.scalars(select(Outbox.topic).where(Outbox.kind == "nudge")))
        nudges = Counter(session.scalars(select(Nudge.subject)))
        names = {f"task:{task.id}": task.text for task in session.scalars(select(Task))}
    assert topics == nudges
    return Counter({names[str(topic)]: count for topic, count in topics.items()})


EVERYTHING = Counter(f"{who} {n}" for who in PEOPLE for n in range(EACH))


def test_row_26_four_clocks_at_once_tell_each_once(herd: Conversation) -> None:
    together = Barrier(4)

    def ring(_: int) -> int:
        mine = bell(herd)
        together.wait()
        return sum(mine.tick("reminders") for _ in range(4))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(ring, range(4))) == EVERYTHING.total()
    assert told(herd.database) == EVERYTHING


def test_row_26_four_clocks_make_one_list_of_one_members_tasks(chat: Conversation) -> None:
    for n in range(14):
        chat.runs("task.add", text=f"rate list {n}", due="2026-11-23T12:00")
    chat.clock.set(NOON)
    together = Barrier(4)

    def ring(_: int) -> int:
        mine = bell(chat)
        together.wait()
        return sum(mine.tick("reminders") for _ in range(3))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(ring, range(4))) == 1


@on_postgresql
def test_row_26_whom_one_clock_tells_another_passes_by(herd: Conversation) -> None:
    """A clock that hangs in the middle holds up its own members only, and loses nothing."""
    with herd.database.transaction() as session:
        first = session.scalars(select(Member).where(Member.name == "Ayesha")).one()
        session.scalars(
            select(Member).where(Member.id == first.id).with_for_update(key_share=True)
        ).one()
        assert bell(herd).tick("reminders") == 3 * EACH
    assert bell(herd).tick("reminders") == EACH
    assert told(herd.database) == EVERYTHING


@on_postgresql
def test_row_26_a_message_is_answered_while_a_clock_tells_its_member(herd: Conversation) -> None:
    """The lock on a member holds up other clocks, not what members write."""
    holding, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with herd.database.transaction() as session:
            session.scalars(select(Member).with_for_update(key_share=True)).all()
            holding.set()
            let_go.wait(10)

    with ThreadPoolExecutor(1) as threads:
        threads.submit(hold)
        assert holding.wait(10)
        try:
            with herd.database.transaction() as session:
                session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
                mine = session.scalars(select(Member).where(Member.name == "Ayesha")).one()
                session.add(
                    Nudge(
                        workspace_id=mine.workspace_id, member_id=mine.id, kind="x", subject="x",
                        occasion="x", day=NOON.date(), raised_at=NOON,
                    )
                )  # fmt: skip
        finally:
            let_go.set()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@on_postgresql
def test_row_25_clocks_killed_in_the_middle_lose_and_double_nothing(
    herd: Conversation, database_url: str, tmp_path: Path
) -> None:
    with clocks(4, database_url, tmp_path) as started:
        for n, process in enumerate(started):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
            if n < 3:
                until(lambda: told(herd.database), 30) if n == 0 else None
                process.send_signal(signal.SIGKILL)
        assert started[-1].wait(60) == 0
    bell(herd).tick("reminders")  # what a killed one still held while the last one looked
    until(lambda: bell(herd).tick("reminders") or told(herd.database) == EVERYTHING, 10)
    assert told(herd.database) == EVERYTHING


@contextmanager
def clocks(count: int, database_url: str, home: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that tick once they are told to, and are all up when the block begins."""
    started = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", CLOCK, database_url],
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def test_row_25_a_tick_that_dies_before_its_commit_did_nothing(herd: Conversation) -> None:
    """Whatever statement it dies at, the next tick tells all."""
    left = 0

    def dies(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    def lives(last: int) -> bool:
        nonlocal left
        left = last
        event.listen(herd.database.engine, "before_cursor_execute", dies)
        try:
            bell(herd).tick("reminders")
        except KeyboardInterrupt:
            return False
        finally:
            event.remove(herd.database.engine, "before_cursor_execute", dies)
        return True

    for last in itertools.count(1):
        if lives(last):
            break
        assert told(herd.database) == Counter()
    assert last > 8, "it was killed at each of its statements"
    assert told(herd.database) == EVERYTHING


def test_row_25_a_clock_that_comes_back_after_hours_goes_on(herd: Conversation) -> None:
    herd.clock = SetClock(NOON + timedelta(hours=3))
    assert bell(herd).tick("reminders") == EVERYTHING.total()
    assert bell(herd).tick("reminders") == 0
