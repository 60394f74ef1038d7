"""Row 30: eight threads read and then write; on SQLite, too, none is told "locked" at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from bot.door import Raw
from bot.incoming import Incoming
from storage.models import Inbox
from tests.conversation import Conversation, packed
from tests.test_day import kept

THREADS, EACH = 8, 6
PEOPLE = ("Ayesha", "Bilal", "Hina", "Omar", "Sara", "Usman", "Kiran", "Tariq")


def at_once(work: Callable[[int], object]) -> list[Exception]:
    """Each thread does its work as often as EACH says, all from one moment on; what failed."""
    together, errors = Barrier(THREADS), list[Exception]()

    def repeat(thread: int) -> None:
        together.wait()
        for number in range(EACH):
            try:
                work(thread * EACH + number)
            except Exception as error:
                errors.append(error)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(repeat, range(THREADS)))
    return errors


def test_row_30_eight_threads_handle_messages_and_none_fails(chat: Conversation) -> None:
    """Each message is read for: who wrote it, whom it names. Then it is written what it says."""
    for name in PEOPLE:
        chat.says(f"met {name} from Nishat Mills", by=name)
    people = [chat.person(name) for name in PEOPLE for _ in range(EACH)]
    said = [
        Incoming(f"e{n}", who, chat.place(who), chat.clock.now(), text=f"note {who.name}: line {n}")
        for n, who in enumerate(people)
    ]
    chat.desk.keep("telegram", [Raw(e.event, e.place.chat, packed(e)) for e in said])
    with chat.database.transaction() as session:
        new = select(Inbox.id).where(Inbox.state == "new").order_by(Inbox.id)
        rows = list(session.scalars(new))
    assert at_once(lambda n: chat.desk.handle(rows[n], said[n])) == []
    with chat.database.transaction() as session:
        assert set(session.execute(select(Inbox.state, Inbox.tries))) == {("done", 0)}
    texts = [str(row["text"]) for row in kept(chat, "activity")]
    assert sorted(text for text in texts if "line" in text) == sorted(
        f"line {n}" for n in range(THREADS * EACH)
    )


@pytest.mark.parametrize(("begin", "fails"), [("BEGIN", True), ("BEGIN IMMEDIATE", False)])
def test_row_30_on_sqlite_the_usual_begin_would_fail(
    tmp_path: Path, begin: str, fails: bool
) -> None:
    """What is guarded against is there: who has read a state that is past may never write."""
    path = tmp_path / "till.db"
    with closing(sqlite3.connect(path)) as till:
        till.executescript("PRAGMA journal_mode=WAL; CREATE TABLE till AS SELECT 0 AS counted")

    def count(_: int) -> None:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as till:
            till.execute(begin)
            (counted,) = till.execute("SELECT counted FROM till").fetchone()
            time.sleep(0.002)  # others read meanwhile, if they can
            till.execute("UPDATE till SET counted = ?", (counted + 1,))
            till.execute("COMMIT")

    errors = at_once(count)
    assert all("locked" in str(error) for error in errors)
    assert bool(errors) == fails
    with closing(sqlite3.connect(path)) as till:
        (counted,) = till.execute("SELECT counted FROM till").fetchone()
    assert counted == THREADS * EACH - len(errors)
