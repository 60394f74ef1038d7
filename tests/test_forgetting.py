"""What was sent long ago is forgotten; what somebody may still need of it is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.reply import says
from scheduler import forgetting
from scheduler.forgetting import IDLE, KEPT
from scheduler.letters import Address
from scheduler.outbox import post
from scheduler.pace import Limit, Toll, Windows
from storage.clock import SetClock
from storage.database import Database
from storage.models import Member, Outbox, Pace, WaitingFile, Workspace
from tests.conversation import AYESHA, Conversation, words

LONG_AGO = KEPT + timedelta(hours=1)


def letter(database: Database, at: datetime, name: str, **values: object) -> None:
    """As it stands in the outbox, written at that moment; it goes by its name as its problem."""
    address = Address("telegram", "", chat=name)
    with database.transaction() as session:
        post(session, address, says(name), at, workspace_id=None)
    with database.transaction() as session:
        row = session.scalars(select(Outbox).where(Outbox.place == address.place)).one()
        for key, value in values.items():
            setattr(row, key, value)
        row.problem = name


def left(database: Database) -> list[str]:
    with database.transaction() as session:
        return sorted(str(row.problem) for row in session.scalars(select(Outbox)))


def test_what_was_done_long_ago_goes_and_what_is_undone_never(
    database: Database, clock: SetClock
) -> None:
    now = clock.now()
    with database.transaction() as session:
        space = Workspace(
            name="x", currency="PKR", region="PK", timezone="UTC", language="en", created_at=now
        )
        session.add(space)
        session.flush()
        number = space.id
    for age, when in (("old", now - LONG_AGO), ("new", now - KEPT)):
        for state in ("waiting", "sending", "sent", "refused"):
            letter(database, when, f"{age} {state}", state=state)
        for told in (None, now):
            known = {"state": "unknown", "told_at": told, "workspace_id": number}
            letter(database, when, f"{age} unknown {'told' if told else 'untold'}", **known)
        letter(database, when, f"{age} unknown of nobody", state="unknown")
        letter(database, when, f"{age} nudge", state="sent", rank=1)
    before = left(database)
    assert len(before) == 16
    assert database.run(lambda session: forgetting.letters(session, now)) == 5
    gone = {f"old {name}" for name in (
        "sent", "refused", "unknown told", "unknown of nobody", "nudge"
    )}  # fmt: skip
    assert set(before) - set(left(database)) == gone


def test_at_one_go_only_so_many_are_forgotten(database: Database, clock: SetClock) -> None:
    now = clock.now()
    for number in range(5):
        letter(database, now - LONG_AGO, f"{number}", state="sent")
    counts = [database.run(lambda it: forgetting.letters(it, now, limit=2)) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


def test_a_reply_to_a_message_of_weeks_ago_still_tells_why(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    message = chat.last().message
    chat.clock.skip(KEPT - timedelta(days=1))
    chat.rings()
    why = chat.says("why?", by=AYESHA, extra={"reply_to": message})
    assert "met Sara Malik" in words(why)
    chat.clock.skip(timedelta(days=2))
    chat.rings()
    assert "met Sara Malik" not in words(chat.says("why?", extra={"reply_to": message}))


def taken(database: Database) -> set[str]:
    with database.transaction() as session:
        return set(session.scalars(select(Pace.name)))


def test_windows_that_are_long_empty_go_and_holds_stay(database: Database, clock: SetClock) -> None:
    short, long = Limit("short", 3, 3.0), Limit("long", 18, 60.0)

    def goes(*limits: Limit) -> None:
        with database.transaction() as session:
            windows = Windows.locked(session, clock, limits)
            windows.charge(Toll(limits))
            windows.write(session)

    def held(limit: Limit, until: float) -> None:
        with database.transaction() as session:
            windows = Windows.locked(session, clock, [limit])
            windows.hold(limit, until)
            windows.write(session)

    goes(short, long)
    held(Limit("held", 5, 0.2), (clock.now() + 2 * IDLE).timestamp())
    clock.skip(IDLE - timedelta(minutes=1))
    goes(long)
    clock.skip(timedelta(minutes=2))
    now = clock.now()
    assert database.run(lambda session: forgetting.paces(session, now)) == 1
    assert taken(database) == {"long", "held"}
    goes(short)
    assert taken(database) == {"short", "long", "held"}
    clock.skip(4 * IDLE)
    now = clock.now()
    counts = [database.run(lambda it: forgetting.paces(it, now, limit=2)) for _ in range(3)]
    assert counts == [2, 1, 0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_window_in_use_is_left_for_another_time(database: Database, clock: SetClock) -> None:
    limit = Limit("busy", 3, 3.0)
    with database.transaction() as session:
        windows = Windows.locked(session, clock, [limit])
        windows.charge(Toll((limit,)))
        windows.write(session)
    later = clock.now() + 2 * IDLE
    with database.transaction() as session:
        Windows.locked(session, clock, [limit])
        assert database.run(lambda it: forgetting.paces(it, later)) == 0
    assert database.run(lambda it: forgetting.paces(it, later)) == 1


def test_a_file_waits_a_week(chat: Conversation) -> None:
    chat.runs("settings")
    with chat.database.transaction() as session:
        ayesha = session.scalars(select(Member)).one()
        session.add(
            WaitingFile(
                workspace_id=ayesha.workspace_id, member_id=ayesha.id, name="google.csv",
                records=b"", count=1, created_at=chat.clock.now(),
            )
        )  # fmt: skip

    def waiting() -> int:
        with chat.database.transaction() as session:
            return len(session.scalars(select(WaitingFile.id)).all())

    for days, left_over in ((6, 1), (2, 0)):
        chat.clock.skip(timedelta(days=days))
        chat.database.run(lambda session: forgetting.files(session, chat.clock.now()))
        assert waiting() == left_over
