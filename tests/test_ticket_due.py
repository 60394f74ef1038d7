"""By when a ticket is to be settled, told by hand: in words, in its thread, through all that
becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from rules.tickets import warned_of
from rules.workdays import Stretch, WorkDays
from rules.worktime import WorkTime
from storage.models import Ticket, TicketComment
from tests.conversation import Conversation, Heard, words

HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC) - 5 * HOUR
"""Five in the afternoon in Karachi; all begins there on Monday at ten."""


def only(chat: Conversation) -> Ticket:
    with chat.database.transaction() as session:
        row = session.scalars(select(Ticket)).one()
        session.expunge_all()
    return row


def comments(chat: Conversation) -> list[str]:
    with chat.database.transaction() as session:
        return list(session.scalars(select(TicketComment.text)))


def at(chat: Conversation, moment: datetime) -> list[Heard]:
    chat.clock.set(moment)
    return [each for each in chat.rings() if "icket" in words(each.reply)]


@pytest.fixture(autouse=True)
def _torn(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn")


# --- as it is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("ticket 1 is due friday 5pm", FRIDAY),
        ("fix #1 by friday 17:00", FRIDAY),
        ("ticket 1 jumma shaam 5 baje tak hal karna hai", FRIDAY),
        ("Bilal ke ticket ki deadline jumma 5 baje shaam", FRIDAY),
        ("ٹکٹ ۱ جمعے کی شام 5 بجے تک", FRIDAY),
        ("بلال کا مسئلہ جمعہ شام 5 بجے تک حل کرنا ہے", FRIDAY),
        ("#1 jumme tak", FRIDAY + HOUR),
        ("ٹکٹ ۱ جمعے تک", FRIDAY + HOUR),
        ("ticket 1 is due in 3 hours", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("needs a fix by tomorrow noon", datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ("kal dopahar 12 baje tak hal karna hai", datetime(2026, 11, 24, 7, tzinfo=UTC)),
    ],
)
def test_it_is_due_when_it_was_said(chat: Conversation, said: str, due: datetime) -> None:
    before = only(chat).due_at
    answer = words(chat.says(said))
    assert only(chat).due_at == due
    assert any(each in answer for each in ("due by hand", "khud tay kiya", "خود طے کیا"))
    assert comments(chat) == []
    chat.says("undo")
    assert only(chat).due_at == before
    assert only(chat).due_told_at is None


@pytest.mark.parametrize("said", ["#1 is due yesterday", "#1 aaj subah 9 baje tak hal karo"])
def test_what_is_over_is_refused(chat: Conversation, said: str) -> None:
    before = only(chat).due_at
    answer = words(chat.says(said))
    assert "#1" in answer
    assert "tomorrow 5pm" in answer or "kal shaam 5 baje" in answer
    assert only(chat).due_at == before


@pytest.mark.parametrize(
    "said", ["remove the deadline of #1", "#1 ki deadline hata do", "#1 کی ڈیڈ لائن ہٹا دو"]
)
def test_the_usual_time_again(chat: Conversation, said: str) -> None:
    before = only(chat).due_at
    chat.says("#1 is due friday 5pm")
    chat.says(said)
    assert only(chat).due_at == before
    chat.says(said)
    assert only(chat).due_at == before


@pytest.mark.parametrize(
    "said", ["when is #1 due?", "ticket 1 ki deadline kya hai", "ٹکٹ 1 کب تک حل ہونا ہے"]
)
def test_by_when_is_asked(chat: Conversation, said: str) -> None:
    chat.says("#1 is due friday 5pm")
    assert "27" in words(chat.says(said))
    assert comments(chat) == []


# --- through all that becomes of it ---------------------------------------------------------------


def test_it_stays_whatever_becomes_of_the_ticket(chat: Conversation) -> None:
    chat.says("#1 is due friday 5pm")
    for said in (
        "#1 urgent", "#1 waiting on customer", "#1 customer answered",
        "urgent tickets within 2 hours", "our working hours are 10am to 6pm",
        "#1 resolved", "reopen #1",
    ):  # fmt: skip
        chat.clock.set(chat.clock.now() + HOUR)
        chat.says(said)
        assert only(chat).due_at == FRIDAY, said
        assert only(chat).due_told_at, said


def test_reopened_after_it_the_usual_time_holds(chat: Conversation) -> None:
    chat.says("#1 is due friday 5pm")
    chat.says("resolve #1")
    chat.clock.set(FRIDAY + timedelta(days=3))
    assert "due by hand" not in words(chat.says("reopen #1"))
    row = only(chat)
    assert row.due_told_at is None
    assert row.due_at > FRIDAY + timedelta(days=3)
    chat.says("undo")
    assert only(chat).due_told_at
    assert only(chat).due_at == FRIDAY


def test_warned_of_by_it_and_again_when_it_moves(chat: Conversation) -> None:
    chat.says("#1 is due tuesday 10am")  # nine hours of work from now
    warned = datetime(2026, 11, 23, 11, 45, tzinfo=UTC)
    assert only(chat).warn_at == warned
    assert at(chat, warned - timedelta(minutes=1)) == []
    (told,) = at(chat, warned)
    assert "is due" in words(told.reply)
    chat.says("#1 is due friday 5pm")
    assert at(chat, datetime(2026, 11, 24, 6, tzinfo=UTC)) == []
    (again,) = at(chat, FRIDAY - HOUR)
    assert "is due" in words(again.reply)
    (late,) = at(chat, FRIDAY + timedelta(minutes=1))
    assert "is late" in words(late.reply)


def test_the_form_tells_and_takes_it(chat: Conversation) -> None:
    chat.says("#1 is due friday 5pm")
    assert "Solve by: 2026-11-27 17:00" in words(chat.says("edit #1"))
    chat.taps("Solve by")
    chat.says("thursday 5pm")
    assert only(chat).due_at == FRIDAY - timedelta(days=1)


# --- when its owner is warned ---------------------------------------------------------------------

MOMENTS = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
WORK = WorkTime(WorkDays(), (time(9), time(18)), "Asia/Karachi")


@given(MOMENTS, st.integers(1, 90 * 24 * 60))
def test_warned_after_three_quarters_of_the_work(told: datetime, minutes: int) -> None:
    due = told + timedelta(minutes=minutes)
    warned = warned_of(told, due, WORK)
    assert told <= warned <= due
    worked = WORK.between(told, due)
    if worked:
        assert WORK.between(told, warned) == worked * 0.75
    never = WorkTime(WorkDays([Stretch(frozenset())]), zone="Asia/Karachi")
    assert warned_of(told, due, never) - told == (due - told) * 0.75
