"""Row 24: nobody rang the clock for a while. What was due comes when it rings again, each once."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from handlers.reply import Items
from scheduler import outbox
from storage.models import Member, Nudge, Outbox, Task
from storage.types import new_id
from tests.conversation import AYESHA, Conversation, Heard, labels, part, user_id, words

KARACHI = ZoneInfo("Asia/Karachi")
MONDAY = date(2026, 11, 23)


def at(day: int, hour: str) -> datetime:
    """So many days after Monday, in Karachi."""
    return datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(hour), KARACHI)


def planned(chat: Conversation, count: int, day: int = 0, who: str = AYESHA) -> None:
    """Tasks "rate list 1", "rate list 2" ..., a minute after each other from noon on."""
    for n in range(count):
        due = f"{MONDAY + timedelta(days=day)}T12:{n:02}"
        chat.runs("task.add", who, text=f"rate list {day}.{n + 1}", due=due)


def back(chat: Conversation, day: int, hour: str) -> list[Heard]:
    """It is later, the clock rings for the first time since, and again a second later."""
    chat.clock.set(at(day, hour))
    came = chat.rings()
    chat.clock.skip(timedelta(seconds=1))
    assert chat.rings() == [], "each once"
    return came


def reminders(came: list[Heard], who: str = AYESHA) -> list[str]:
    return [
        words(each.reply)
        for each in came
        if each.to == user_id(who) and words(each.reply).startswith("⏰")
    ]


def test_row_24_an_hour_of_silence_is_caught_up(chat: Conversation) -> None:
    planned(chat, 3)
    came = reminders(back(chat, 0, "13:02"))
    assert [text.splitlines()[0] for text in came] == [f"⏰ rate list 0.{n}" for n in (1, 2, 3)]


def test_row_24_a_number_that_another_process_hit_too_puts_off_nothing(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(chat, 2)
    with chat.database.transaction() as session:
        theirs = session.scalars(select(Outbox.id).limit(1)).one()
    numbers = itertools.chain([theirs], iter(new_id, None))
    monkeypatch.setattr(outbox, "new_id", lambda: next(numbers))
    assert len(reminders(back(chat, 0, "13:02"))) == 2


@pytest.mark.parametrize(("count", "letters"), [(10, 10), (11, 1)])
def test_row_24_more_than_ten_are_one_list(chat: Conversation, count: int, letters: int) -> None:
    planned(chat, count)
    chat.runs("task.add", "Sara", text="stock check", due=f"{MONDAY}T12:30")
    came = back(chat, 1, "08:00")
    assert len(reminders(came)) == letters
    assert [text.splitlines()[0] for text in reminders(came, "Sara")] == ["⏰ stock check"]
    with chat.database.transaction() as session:
        told = session.scalar(select(func.count()).select_from(Nudge))
        assert told == count + 1, "each task has its own mark, so that it never comes again"


def test_row_24_the_list_is_short_and_its_numbers_are_understood(chat: Conversation) -> None:
    chat.says("hello")
    planned(chat, 30)
    (came,) = back(chat, 0, "14:00")
    assert words(came.reply).startswith("⏰ 30 things are due")
    assert len(part(came.reply, Items).lines) == 12
    assert "18 more" in words(came.reply)
    assert labels(came.reply) == ["Done 1", "Done 2", "Done 3", "All late ones"]
    assert "Done: rate list 0.2" in words(chat.does(AYESHA, "", tap=came.reply.buttons[1].token))
    chat.says("done 3")
    with chat.database.transaction() as session:
        done = session.scalars(select(Task.text).where(Task.status == "done").order_by(Task.text))
        assert len(done.all()) == 2


@pytest.mark.parametrize(
    ("tongue", "title"),
    [("ur", "⏰ 11 کاموں کا وقت ہو گیا"), ("roman", "⏰ 11 kaamon ka waqt")],
)
def test_row_24_the_list_speaks_the_members_language(
    chat: Conversation, tongue: str, title: str
) -> None:
    chat.runs("settings.set", name="language", value=tongue)
    planned(chat, 11)
    (came,) = back(chat, 0, "14:00")
    assert words(came.reply).startswith(title)
    assert "rate list 0.11" in words(came.reply)


def test_row_24_after_seven_days_it_is_listed_with_its_day(chat: Conversation) -> None:
    planned(chat, 1)
    planned(chat, 2, day=5)
    came = reminders(back(chat, 8, "08:00"))
    assert [text.splitlines()[0] for text in came] == [
        "⏰ rate list 5.1", "⏰ rate list 5.2", "⏰ One thing is due",
    ]  # fmt: skip
    assert "23 Nov, 12 pm: rate list 0.1" in came[-1]


def test_row_24_up_to_seven_days_it_comes_by_itself(chat: Conversation) -> None:
    planned(chat, 1)
    (came,) = reminders(back(chat, 7, "12:00"))
    assert came.startswith("⏰ rate list 0.1")


def test_row_24_what_is_on_the_list_and_recurs_goes_on(chat: Conversation) -> None:
    planned(chat, 11)
    chat.runs("task.add", text="close the till", due=f"{MONDAY}T18:00", every="day")
    (came,) = reminders(back(chat, 3, "08:00"))
    assert "12 things" in came
    assert "23 Nov, 6 pm: close the till" in came, "it is told for when it was due"
    (again,) = reminders(back(chat, 3, "18:00"))
    assert again.startswith("⏰ close the till")


def test_row_24_quiet_hours_hold_the_list_until_they_end(chat: Conversation) -> None:
    chat.runs("settings.set", name="quiet", value="22:00-07:00")
    planned(chat, 11)
    assert back(chat, 0, "23:00") == []
    assert back(chat, 1, "06:59") == []
    assert len(reminders(back(chat, 1, "07:00"))) == 1


def test_row_24_a_late_agenda_does_not_repeat_what_a_reminder_brings(chat: Conversation) -> None:
    planned(chat, 2)
    chat.runs("task.add", text="count the stock", due=str(MONDAY))
    chat.runs("task.add", text="send samples", due=str(MONDAY + timedelta(days=3)))
    came = back(chat, 3, "10:00")
    (agenda,) = [words(each.reply) for each in came if not words(each.reply).startswith("⏰")]
    assert len(reminders(came)) == 2
    assert "count the stock" in agenda
    assert "send samples" in agenda
    assert "rate list" not in agenda
    (agenda,) = [words(each.reply) for each in back(chat, 4, "09:00")]
    assert "rate list 0.1" in agenda, "it was ignored for a day"


def test_row_24_one_agenda_comes_for_all_the_mornings_missed(chat: Conversation) -> None:
    for day in range(5):
        chat.runs("task.add", text=f"day {day}", due=str(MONDAY + timedelta(days=day)))
    (agenda,) = [words(each.reply) for each in back(chat, 4, "10:30")]
    assert all(f"day {day}" in agenda for day in range(5))


def test_row_24_a_task_that_cannot_be_listed_holds_up_no_other(
    chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    planned(chat, 12)
    planned(chat, 1, who="Sara")
    with chat.database.transaction() as session:
        session.scalars(select(Task).where(Task.text == "rate list 0.5")).one().every = "fortnight"
        session.scalars(select(Member).where(Member.name == "Sara")).one().timezone = "Atlantis"
    with caplog.at_level("CRITICAL"):
        (came,) = reminders(back(chat, 0, "14:00"))
    assert "11 things are due" in came
    assert "rate list 0.5" not in came
    with chat.database.transaction() as session:
        session.scalars(select(Task).where(Task.text == "rate list 0.5")).one().every = None
        session.scalars(select(Member).where(Member.name == "Sara")).one().timezone = None
    came_later = back(chat, 0, "15:01")
    assert len(reminders(came_later)) == 1
    assert len(reminders(came_later, "Sara")) == 1
