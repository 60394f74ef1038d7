"""The clock: reminders once and at their time, an agenda in the morning, and no noise."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.buttons import with_tokens
from handlers.reply import Reply
from handlers.tasks import reminder
from handlers.turn import Turn
from scheduler import reminding
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from storage import queries
from storage.clock import SetClock
from storage.models import Contact, Member, Nudge, Outbox, Task
from tests.conversation import AYESHA, Conversation, Heard, labels, user_id, words
from tests.test_day import kept

KARACHI = ZoneInfo("Asia/Karachi")
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def at(day: date, hour: str, zone: str = "Asia/Karachi") -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), ZoneInfo(zone))


def goes_to(chat: Conversation, day: date, hour: str) -> list[str]:
    """Set the clock (Karachi), let it ring; what it brought, without the morning agenda."""
    chat.clock.set(at(day, hour))
    return [words(heard.reply) for heard in chat.rings() if is_reminder(heard)]


def is_reminder(heard: Heard) -> bool:
    return words(heard.reply).startswith("⏰")


def mornings(heard: list[Heard]) -> list[str]:
    return [words(each.reply) for each in heard if not is_reminder(each)]


def clockwork(chat: Conversation) -> Clockwork:
    return Clockwork(chat.database, chat.clock, Draw(chat.book, with_tokens))


def due(chat: Conversation) -> list[str | None]:
    return [task["due"] for task in kept(chat, "task")]


def days_from(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(count))


# --- once -----------------------------------------------------------------------------------------


def test_a_reminder_comes_at_its_second_and_once(chat: Conversation) -> None:
    chat.runs("task.add", text="send rates", due="2026-11-27T15:00:20")
    assert goes_to(chat, FRIDAY, "15:00:19") == []
    (reminder,) = goes_to(chat, FRIDAY, "15:00:20")
    assert "send rates" in reminder
    assert chat.rings() == []
    assert goes_to(chat, FRIDAY, "15:00:21") == []
    assert goes_to(chat, FRIDAY + timedelta(days=30), "15:00") == []


def test_two_clocks_at_once_remind_once(chat: Conversation) -> None:
    for n in range(8):
        chat.runs("task.add", text=f"visit shop {n}", due="2026-11-23T15:00")
    chat.clock.set(at(MONDAY, "15:00"))
    together = Barrier(4)

    def ring(_: int) -> int:
        mine = clockwork(chat)
        together.wait()
        return mine.tick("reminders") + mine.tick("reminders")

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(ring, range(4))) == 8
    reminded = sorted(words(heard.reply).splitlines()[0] for heard in chat.delivers())
    assert reminded == sorted(f"⏰ visit shop {n}" for n in range(8))


def test_two_clocks_at_once_bring_one_agenda(chat: Conversation) -> None:
    chat.runs("task.add", text="count the stock", due="2026-11-24")
    chat.runs("task.add", "Sara", text="send samples", due="2026-11-24")
    chat.clock.set(at(date(2026, 11, 24), "09:00"))
    together = Barrier(4)

    def ring(_: int) -> int:
        mine = clockwork(chat)
        together.wait()
        return mine.tick("agenda")

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(ring, range(4))) == 2
    assert len(chat.delivers()) == 2


def test_after_a_week_of_silence_all_that_was_due_comes_once(chat: Conversation) -> None:
    for day in ("24", "26", "29"):
        chat.runs("task.add", text=f"on the {day}th", due=f"2026-11-{day}T11:00")
    chat.runs("task.add", text="close the till", due="2026-11-23T18:00", every="day")
    came = goes_to(chat, date(2026, 11, 30), "12:00")
    assert [text.splitlines()[0] for text in came] == [
        "⏰ close the till",
        "⏰ on the 24th",
        "⏰ on the 26th",
        "⏰ on the 29th",
    ]
    assert chat.rings() == []
    assert goes_to(chat, date(2026, 11, 30), "17:59") == []
    assert len(goes_to(chat, date(2026, 11, 30), "18:00")) == 1


def test_a_task_that_cannot_be_told_holds_up_nobody_else(
    chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    chat.runs("task.add", text="nowhere", due="2026-11-27T14:00")
    chat.runs("task.add", text="send rates", due="2026-11-27T15:00")
    chat.runs("task.add", "Sara", text="stock check", due="2026-11-24")
    with chat.database.transaction() as session:
        session.scalars(select(Task).where(Task.text == "nowhere")).one().zone = "Asia/Atlantis"
        session.scalars(select(Member).where(Member.name == "Ayesha")).one().timezone = "Atlantis"
    with caplog.at_level("CRITICAL"):
        chat.clock.set(at(date(2026, 11, 24), "09:00"))
        assert "stock check" in "".join(mornings(chat.rings()))
        with chat.database.transaction() as session:
            session.scalars(select(Member).where(Member.name == "Ayesha")).one().timezone = None
        assert len(goes_to(chat, FRIDAY, "15:00")) == 1


# --- again and again ------------------------------------------------------------------------------


@pytest.fixture
def weekly(chat: Conversation) -> Conversation:
    """Ayesha checks the stock of Bilal Traders every Friday at three."""
    chat.runs(
        "task.add", company="Bilal Traders", text="check stock", due="2026-11-27T15:00",
        every="weekday:fri",
    )  # fmt: skip
    return chat


def fridays(chat: Conversation, count: int, first: date = FRIDAY) -> list[int]:
    """How many reminders came at three on each of these Fridays."""
    return [len(goes_to(chat, first + timedelta(weeks=n), "15:00")) for n in range(count)]


def test_a_recurring_reminder_comes_every_time(weekly: Conversation) -> None:
    assert fridays(weekly, 4) == [1, 1, 1, 1]


def test_done_on_a_reminder_does_not_skip_the_next(weekly: Conversation) -> None:
    for n in range(3):
        assert len(goes_to(weekly, FRIDAY + timedelta(weeks=n), "15:00")) == 1
        assert "check stock" in words(weekly.taps("Done"))
    assert due(weekly) == ["2026-12-18T10:00:00Z"]
    assert kept(weekly, "task")[0]["status"] == "open"


def test_done_long_after_the_reminder_does_not_skip_the_next(weekly: Conversation) -> None:
    goes_to(weekly, FRIDAY, "15:00")
    goes_to(weekly, FRIDAY + timedelta(days=5), "08:00")
    weekly.taps("Done")
    assert fridays(weekly, 2, FRIDAY + timedelta(weeks=1)) == [1, 1]


def test_done_before_the_reminder_moves_on(weekly: Conversation) -> None:
    weekly.runs("task.done", company="Bilal Traders")
    assert due(weekly) == ["2026-12-04T10:00:00Z"]
    assert fridays(weekly, 3) == [0, 1, 1]


def test_log_call_on_a_reminder_writes_the_call_and_goes_on(weekly: Conversation) -> None:
    goes_to(weekly, FRIDAY, "15:00")
    weekly.taps("Log call")
    assert [(a["kind"], a["company"]) for a in kept(weekly, "activity")] == [
        ("call", "Bilal Traders")
    ]
    assert fridays(weekly, 1, FRIDAY + timedelta(weeks=1)) == [1]


def test_a_snoozed_reminder_comes_an_hour_later_and_then_as_ever(weekly: Conversation) -> None:
    goes_to(weekly, FRIDAY, "15:00")
    assert "4 pm" in words(weekly.taps("Snooze 1h"))
    assert goes_to(weekly, FRIDAY, "15:59") == []
    assert len(goes_to(weekly, FRIDAY, "16:00")) == 1
    assert fridays(weekly, 2, FRIDAY + timedelta(weeks=1)) == [1, 1]


def test_put_off_before_it_comes_only_this_once(weekly: Conversation) -> None:
    weekly.runs("task.snooze", company="Bilal Traders", due="2026-11-27T17:00")
    assert due(weekly) == ["2026-11-27T12:00:00Z"]
    assert "check stock" in words(weekly.runs("task.list", on="2026-11-27"))
    assert goes_to(weekly, FRIDAY, "15:00") == []
    assert "5 pm: check stock" in words(weekly.runs("task.list", period="today"))
    assert len(goes_to(weekly, FRIDAY, "17:00")) == 1
    assert due(weekly) == ["2026-12-04T10:00:00Z"]
    assert fridays(weekly, 2, FRIDAY + timedelta(weeks=1)) == [1, 1]


def test_brought_forward_it_comes_only_this_once(weekly: Conversation) -> None:
    weekly.runs("task.snooze", company="Bilal Traders", due="2026-11-26T11:00")
    assert len(goes_to(weekly, date(2026, 11, 26), "11:00")) == 1
    assert fridays(weekly, 2) == [0, 1]


def test_put_off_and_done_before_it_came_again_does_not_skip_the_next(
    weekly: Conversation,
) -> None:
    goes_to(weekly, FRIDAY, "15:00")
    weekly.taps("Snooze 1h")
    weekly.clock.set(at(FRIDAY, "15:30"))
    weekly.runs("task.done", company="Bilal Traders")
    assert goes_to(weekly, FRIDAY, "16:00") == []
    assert fridays(weekly, 2, FRIDAY + timedelta(weeks=1)) == [1, 1]


def test_put_off_over_the_next_time_it_comes_once(chat: Conversation) -> None:
    chat.runs("task.add", text="close the till", due="2026-11-24T18:00", every="day")
    assert len(goes_to(chat, date(2026, 11, 24), "18:00")) == 1
    chat.taps("Next week")
    came = [len(goes_to(chat, day, "18:00")) for day in days_from(date(2026, 11, 25), 7)]
    assert came == [0, 0, 0, 0, 0, 1, 1]


def test_a_day_without_a_time_goes_on_by_itself(chat: Conversation) -> None:
    chat.runs("task.add", text="count the stock", due="2026-11-27", every="week")
    goes_to(chat, FRIDAY + timedelta(days=1), "09:00")
    assert due(chat) == ["2026-12-04"]
    chat.runs("task.snooze", text="count the stock", due="2026-12-05T11:00")
    assert len(goes_to(chat, date(2026, 12, 5), "11:00")) == 1
    assert due(chat) == ["2026-12-11"]


def test_planned_anew_by_edit_it_counts_from_there(chat: Conversation) -> None:
    chat.runs("task.add", text="send the bill", due="2026-11-30T11:00", every="month")
    assert len(goes_to(chat, date(2026, 11, 30), "11:00")) == 1
    (task,) = kept(chat, "task")
    chat.runs("edit.save", values={f"task:{task['id']}:due": "2026-12-15 12:00"})
    chat.runs("task.done", text="send the bill")
    assert due(chat) == ["2027-01-15T07:00:00Z"]


# --- undo -----------------------------------------------------------------------------------------


def test_undo_of_done_opens_it_again_and_reminds_no_second_time(chat: Conversation) -> None:
    chat.runs("task.add", text="send rates", due="2026-11-23T15:00")
    goes_to(chat, MONDAY, "15:00")
    before = kept(chat)
    chat.taps("Done")
    assert kept(chat) != before
    chat.taps("Undo")
    assert kept(chat) == before
    assert goes_to(chat, MONDAY, "15:01") == []


def test_undo_of_done_before_its_time_lets_it_remind(chat: Conversation) -> None:
    chat.runs("task.add", text="send rates", due="2026-11-27T15:00")
    chat.runs("task.done", text="send rates")
    chat.taps("Undo")
    assert len(goes_to(chat, FRIDAY, "15:00")) == 1


def test_undo_of_a_snooze_brings_the_old_time_back(weekly: Conversation) -> None:
    before = kept(weekly)
    weekly.runs("task.snooze", company="Bilal Traders", due="2026-11-27T17:00")
    weekly.taps("Undo")
    assert kept(weekly) == before
    assert fridays(weekly, 2) == [1, 1]
    assert goes_to(weekly, FRIDAY + timedelta(weeks=1), "17:00") == []


# --- quiet hours and zones ------------------------------------------------------------------------


def test_quiet_hours_hold_a_reminder_until_their_end(chat: Conversation) -> None:
    chat.runs("settings.set", name="quiet", value="22:00-07:00")
    card = chat.runs("task.add", text="send rates", due="2026-11-27T23:30")
    assert "That is in your quiet hours; I will come at 7 am." in words(card)
    assert goes_to(chat, FRIDAY, "23:30") == []
    saturday = FRIDAY + timedelta(days=1)
    assert goes_to(chat, saturday, "06:59") == []
    assert len(goes_to(chat, saturday, "07:00")) == 1
    assert chat.rings() == []


def test_quiet_hours_hold_the_agenda_too(chat: Conversation) -> None:
    chat.runs("task.add", text="count the stock", due="2026-11-24")
    chat.runs("settings.set", name="quiet", value="22:00-10:30")
    assert goes_to(chat, date(2026, 11, 24), "09:00") == []
    chat.clock.set(at(date(2026, 11, 24), "10:30"))
    assert len(mornings(chat.rings())) == 1
    chat.clock.set(at(date(2026, 11, 24), "11:00"))
    assert chat.rings() == []


def test_an_hour_later_is_an_hour_later_wherever_one_is(chat: Conversation) -> None:
    """A task planned in Karachi, put off by somebody who has gone to Dubai since."""
    chat.runs("task.add", text="send rates", due="2026-11-23T15:00")
    chat.runs("settings.set", name="timezone", value="Asia/Dubai")
    goes_to(chat, MONDAY, "15:00")
    chat.taps("Snooze 1h")
    assert due(chat) == ["2026-11-23T11:00:00Z"]
    chat.runs("task.snooze", text="send rates", due="2026-11-23T18:00")
    assert due(chat) == ["2026-11-23T14:00:00Z"]


# --- the morning agenda ---------------------------------------------------------------------------


def test_the_agenda_comes_at_everybodys_own_hour_and_zone(chat: Conversation) -> None:
    chat.runs("settings.set", name="morning", value="08:00")
    chat.runs("settings.set", "Sara", name="timezone", value="America/New_York")
    for who in ("Ayesha", "Sara"):
        chat.runs("task.add", who, text=f"{who}'s task", due="2026-11-24")
    came: dict[str, list[datetime]] = {}
    for half_hours in range(48):
        chat.clock.set(datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=30 * half_hours))
        for heard in chat.rings():
            came.setdefault(heard.to, []).append(chat.clock.now())
    assert came == {
        user_id("Ayesha"): [at(date(2026, 11, 24), "08:00")],
        user_id("Sara"): [at(date(2026, 11, 24), "09:00", "America/New_York")],
    }


def test_no_agenda_comes_when_there_is_nothing(chat: Conversation) -> None:
    chat.runs("task.add", text="count the stock", due="2026-11-26")
    chat.runs("task.add", text="someday")
    for day, agendas in ((24, 0), (25, 0), (26, 1)):
        chat.clock.set(at(date(2026, 11, day), "09:00"))
        assert len(chat.rings()) == agendas
        assert chat.rings() == []


def test_what_was_ignored_comes_once_more_and_then_only_as_a_count(chat: Conversation) -> None:
    chat.runs("task.add", text="send rates", due="2026-11-23T15:00")
    chat.runs("task.add", text="count the stock", due="2026-11-25")
    assert len(goes_to(chat, MONDAY, "15:00")) == 1
    chat.clock.set(at(date(2026, 11, 24), "09:00"))
    (tuesday,) = mornings(chat.rings())
    assert "Still open" in tuesday
    assert "send rates" in tuesday
    chat.clock.set(at(date(2026, 11, 25), "09:00"))
    (wednesday,) = mornings(chat.rings())
    assert "count the stock" in wednesday
    assert "send rates" not in wednesday
    assert "one older task that is late" in wednesday
    chat.clock.set(at(date(2026, 11, 26), "09:00"))
    assert len(mornings(chat.rings())) == 1
    chat.clock.set(at(date(2026, 11, 27), "09:00"))
    assert chat.rings() == [], "nothing new is no news"


def test_what_was_put_off_and_ignored_again_comes_once_more_again(chat: Conversation) -> None:
    chat.runs("task.add", text="send rates", due="2026-11-23")
    chat.clock.set(at(date(2026, 11, 24), "09:00"))
    assert "send rates" in "".join(mornings(chat.rings()))
    chat.runs("task.snooze", text="send rates", due="2026-11-25")
    chat.clock.set(at(date(2026, 11, 26), "09:00"))
    (thursday,) = mornings(chat.rings())
    assert "Still open" in thursday
    assert "send rates" in thursday


def test_today_is_told_however_much_is_late(chat: Conversation) -> None:
    chat.runs("task.add", text="count the stock", due="2026-11-25")
    with chat.database.transaction() as session:
        like = session.scalars(select(Task)).one()
        session.add_all(
            Task(
                workspace_id=like.workspace_id, text=f"late {n}", zone=like.zone, status="open",
                due_day=date(2026, 11, 20), owner_id=like.owner_id, created_at=like.created_at,
            )
            for n in range(120)
        )  # fmt: skip
    chat.clock.set(at(date(2026, 11, 25), "09:00"))
    (agenda,) = mornings(chat.rings())
    assert "count the stock" in agenda


def test_tasks_of_a_day_stand_in_the_same_order_everywhere(chat: Conversation) -> None:
    for text, when in (("noon", "T12:00"), ("any time", ""), ("ten", "T10:00")):
        chat.runs("task.add", text=text, due=f"2026-11-24{when}", contact="Omar Farooq")
    listed = words(chat.runs("task.list", on="2026-11-24"))
    card = words(chat.runs("contact.show", contact="Omar Farooq"))
    with chat.database.transaction() as session:
        mine = queries.tasks_of_member(session, session.scalars(select(Member)).one())
        assert [task.text for task in mine] == ["ten", "noon", "any time"]
    for text in (listed, card):
        places = [text.index(word) for word in ("ten", "noon", "any time")]
        assert places == sorted(places)


# --- between raising and sending ------------------------------------------------------------------


@pytest.mark.parametrize("every", [None, "day"])
@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("task.done", {"text": "send rates"}),
        ("task.snooze", {"text": "send rates", "by": "tomorrow"}),
        ("task.snooze", {"text": "send rates", "by": "hour"}),
        ("undo", {}),
    ],
    ids=["done", "tomorrow", "hour", "undo"],
)
def test_what_was_settled_meanwhile_is_not_sent(
    chat: Conversation, every: str | None, intent: str, slots: dict[str, str]
) -> None:
    chat.runs("task.add", text="send rates", due="2026-11-23T15:00", every=every)
    chat.clock.set(at(MONDAY, "15:00"))
    assert clockwork(chat).tick("reminders") == 1
    before = len(chat.heard)
    chat.runs(intent, **slots)
    assert not any(is_reminder(heard) for heard in chat.heard[before:])
    with chat.database.transaction() as session:
        nudge = session.scalars(select(Outbox).where(Outbox.kind == "nudge")).one()
        assert (nudge.state, nudge.problem) == ("refused", "done meanwhile")


def raised(chat: Conversation, count: int = 1, letters: int = 1, **slots: str) -> None:
    """So many tasks of Ayesha's came due at three, and so many letters; nothing is sent yet."""
    for n in range(count):
        text = f"send rates {n}" if count > 1 else "send rates"
        chat.runs("task.add", text=text, due="2026-11-23T15:00", **slots)
    chat.clock.set(at(MONDAY, "15:00"))
    assert clockwork(chat).tick("reminders") == letters


def test_a_reminder_tells_how_its_task_stands_when_it_is_sent(chat: Conversation) -> None:
    raised(chat)
    with chat.database.transaction() as session:
        session.scalars(select(Task)).one().text = "send the new rates"
        session.scalars(select(Member)).one().language = "ur"
    (heard,) = chat.delivers()
    assert "send the new rates" in words(heard.reply)
    assert "ہو گیا" in words(heard.reply)


def test_what_is_private_to_another_meanwhile_is_not_told(chat: Conversation) -> None:
    chat.runs("task.add", "Sara", text="count", due="2026-12-23")
    raised(chat, contact="Omar Farooq")
    with chat.database.transaction() as session:
        sara = session.scalars(select(Member).where(Member.name == "Sara")).one()
        sara.workspace.keeps_private = True
        omar = session.scalars(select(Contact)).one()
        omar.private, omar.owner_id = True, sara.id
    assert chat.delivers() == []
    with chat.database.transaction() as session:
        letter = session.scalars(select(Outbox).where(Outbox.kind == "nudge")).one()
        assert letter.state == "refused"


def test_a_list_leaves_out_what_was_done_meanwhile(chat: Conversation) -> None:
    raised(chat, 12)
    with chat.database.transaction() as session:
        done = session.scalars(select(Task).where(Task.text == "send rates 3")).one()
        done.done(at=chat.clock.now())
    (heard,) = chat.delivers()
    assert words(heard.reply).startswith("⏰ 11 things are due")
    assert "send rates 3" not in words(heard.reply)


def test_what_cannot_be_worded_comes_later_and_holds_up_nobody_else(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chat.runs("task.add", "Sara", text="stock check", due="2026-11-23T15:00")
    raised(chat, letters=2)

    def fails(turn: Turn, task: Task) -> Reply:
        if task.text == "send rates":
            raise ValueError(task.text)
        return reminder(turn, task)

    monkeypatch.setattr(reminding, "reminder", fails)
    with caplog.at_level("CRITICAL"):
        (heard,) = chat.delivers()
    assert "stock check" in words(heard.reply)
    monkeypatch.undo()
    (again,) = goes_to(chat, MONDAY, "16:00")
    assert "send rates" in again


# --- whose it is ----------------------------------------------------------------------------------


def test_another_members_buttons_change_nothing(chat: Conversation) -> None:
    chat.runs("task.add", text="send rates", due="2026-11-23T15:00")
    assert len(goes_to(chat, MONDAY, "15:00")) == 1
    (mine,) = chat.heard[-1:]
    assert labels(mine.reply) == ["Done", "Snooze 1h", "Tomorrow", "Next week"]
    before = kept(chat)
    for each in mine.reply.buttons:
        answer = chat.does("Bilal", "", tap=each.token, message=mine.message)
        assert words(answer) == chat.book.words["not_your_button"]["en"].format(name="Ayesha")
    assert kept(chat) == before
    assert "Done: send rates" in words(chat.taps("Done")), "it is still hers"


def test_a_reminder_of_what_was_said_in_a_group_comes_in_private(chat: Conversation) -> None:
    chat.says("hello")
    chat.runs("task.add", AYESHA, "Sales", text="send rates", due="2026-11-23T15:00")
    chat.clock.set(at(MONDAY, "15:00"))
    (heard,) = chat.rings()
    assert heard.place.private
    assert heard.place.chat == heard.to == user_id("Ayesha")


def test_a_member_seen_only_in_a_group_is_reminded_alone_too(chat: Conversation) -> None:
    chat.runs("task.add", "Sara", "Sales", text="send rates", due="2026-11-23T15:00")
    chat.clock.set(at(MONDAY, "15:00"))
    (heard,) = chat.rings()
    assert heard.place.private
    assert heard.to == user_id("Sara")


def test_the_clock_leaves_one_nudge_for_each_occasion(weekly: Conversation) -> None:
    fridays(weekly, 3)
    with weekly.database.transaction() as session:
        kinds = session.execute(
            select(Nudge.kind, func.count()).group_by(Nudge.kind).order_by(Nudge.kind)
        ).all()
    assert [tuple(row) for row in kinds] == [("reminder", 3)]


def test_a_clock_that_stands_still_is_no_system_clock(clock: SetClock) -> None:
    before = clock.now()
    clock.skip(timedelta(hours=1))
    assert clock.now() - before == timedelta(hours=1)
