"""Tickets: opened in words, listed, changed, warned of in time, settled in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from rules.tickets import USUAL, WARNED_AT, Within, times
from rules.workdays import Stretch, WorkDays
from rules.worktime import WorkTime
from storage.models import Company, Contact, Deal, Nudge, Rating, Ticket, TicketComment
from storage.service import served
from storage.ticket_nudges import ask_how_happy
from tests.conversation import AYESHA, Conversation, Heard, labels, user_id, words

HOUR = timedelta(hours=1)
SARA, BILAL = "Sara", "Bilal"


def tickets(chat: Conversation) -> list[Ticket]:
    with chat.database.transaction() as session:
        rows = list(session.scalars(select(Ticket).order_by(Ticket.number)))
        session.expunge_all()
    return rows


def only(chat: Conversation) -> Ticket:
    (row,) = tickets(chat)
    return row


def comments(chat: Conversation) -> list[str]:
    with chat.database.transaction() as session:
        return [
            row.text for row in session.scalars(select(TicketComment).order_by(TicketComment.id))
        ]


def goes_on(chat: Conversation, hours: float) -> list[Heard]:
    chat.clock.set(chat.clock.now() + hours * HOUR)
    return chat.rings()


def told(heard: list[Heard], *, of: str = "icket") -> list[str]:
    return [words(each.reply) for each in heard if of in words(each.reply)]


# --- the hours of work ----------------------------------------------------------------------------


def work(*, hours: tuple[time, time] = (time(9), time(18)), off: date | None = None) -> WorkTime:
    stretches = [Stretch(frozenset(), off, off)] if off else []
    return WorkTime(WorkDays(stretches), hours, "Asia/Karachi")


def karachi(said: str) -> datetime:
    return datetime.fromisoformat(f"{said}+05:00")


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-11-23T10:00", 4, "2026-11-23T14:00"),
        ("2026-11-23T16:00", 4, "2026-11-24T11:00"),
        ("2026-11-27T16:00", 4, "2026-11-30T11:00"),
        ("2026-11-28T12:00", 1, "2026-11-30T10:00"),
        ("2026-11-23T05:00", 1, "2026-11-23T10:00"),
        ("2026-11-23T14:00", 9, "2026-11-24T14:00"),
        ("2026-11-23T17:59", 1, "2026-11-24T09:59"),
        ("2026-11-23T18:00", 0, "2026-11-23T18:00"),
    ],
)
def test_work_is_counted_in_working_hours(begins: str, hours: int, ends: str) -> None:
    begin, end = karachi(begins), karachi(ends)
    assert work().after(begin, hours * HOUR) == end
    assert work().between(begin, end) == hours * HOUR


def test_holidays_and_nights_are_counted_as_the_team_works_them() -> None:
    tuesday_off = work(off=date(2026, 11, 24))
    assert tuesday_off.after(karachi("2026-11-23T17:00"), 2 * HOUR) == karachi("2026-11-25T10:00")
    nights = work(hours=(time(20), time(4)))
    assert nights.after(karachi("2026-11-23T22:00"), 5 * HOUR) == karachi("2026-11-24T03:00")
    assert nights.day == 8 * HOUR
    never = WorkTime(WorkDays([Stretch(frozenset())]), zone="Asia/Karachi")
    assert never.after(karachi("2026-11-23T10:00"), HOUR) == karachi("2026-11-23T11:00")


MOMENTS = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS, st.integers(0, 60 * 90), st.sampled_from(["Europe/Berlin", "Asia/Karachi"]))
def test_what_is_added_lies_between(begin: datetime, minutes: int, zone: str) -> None:
    span = timedelta(minutes=minutes)
    counted = WorkTime(WorkDays(), (time(9), time(18)), zone)
    assert counted.between(begin, counted.after(begin, span)) == span


@given(MOMENTS, st.integers(0, 9000), st.integers(0, 9000))
def test_stretches_add_up(begin: datetime, first: int, second: int) -> None:
    middle = begin + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    counted = work()
    parts = counted.between(begin, middle) + counted.between(middle, end)
    assert counted.between(begin, end) == parts


def test_three_quarters_of_the_time_are_a_warning() -> None:
    began = karachi("2026-11-23T10:00")
    found = times(began, timedelta(), USUAL["urgent"], work(), began)
    assert found.answer_due == karachi("2026-11-23T11:00")
    assert found.warned_at == karachi("2026-11-23T13:00")
    assert found.due == karachi("2026-11-23T14:00")
    assert WARNED_AT == 0.75
    waited = times(began, 2 * HOUR, USUAL["urgent"], work(), began)
    assert (waited.warned_at, waited.due) == (
        karachi("2026-11-23T15:00"), karachi("2026-11-23T16:00"),
    )  # fmt: skip


@pytest.mark.parametrize("said", ["4", "h", "0h", "-1h", "4w", "4 h", "999999d", ""])
def test_no_promise_can_be_made_of_that(said: str) -> None:
    with pytest.raises(ValueError, match=rf"^{said}$"):
        Within.parse(said)


# --- in words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "about", "text", "priority"),
    [
        ("Bilal complained that 3 rolls were torn, urgent", "Bilal", "3 rolls were torn", "urgent"),
        ("ticket for Nishat: invoice wrong", "Nishat", "invoice wrong", "normal"),
        ("حلال ڈیری کی شکایت: دودھ خراب نکلا", "حلال ڈیری", "دودھ خراب نکلا", "normal"),
        ("Bilal ki shikayat hai ke maal kharab nikla", "Bilal", "maal kharab nikla", "normal"),
        (
            "بلال ٹریڈرز نے شکایت کی کہ تین رول پھٹے ہوئے تھے", "بلال ٹریڈرز",
            "تین رول پھٹے ہوئے تھے", "normal",
        ),
        (
            "new ticket Nishat Mills: wrong invoice, high priority", "Nishat Mills",
            "wrong invoice", "high",
        ),
        (
            "log a complaint: Bilal Traders got the wrong colour", "Bilal Traders",
            "Bilal Traders got the wrong colour", "normal",
        ),
    ],
)  # fmt: skip
def test_a_ticket_is_opened_in_words(
    chat: Conversation, said: str, about: str, text: str, priority: str
) -> None:
    answer = words(chat.says(said))
    row = only(chat)
    assert (row.number, row.text, row.priority, row.status) == (1, text, priority, "open")
    assert "#1" in answer
    assert about in answer


def test_what_is_the_matter_is_asked(chat: Conversation) -> None:
    assert "What is the matter with Bilal?" in words(chat.says("complaint from Bilal"))
    assert "Ticket #1 opened: Bilal" in words(chat.says("3 rolls were torn"))
    assert only(chat).text == "3 rolls were torn"


def test_by_when_it_is_to_be_settled(chat: Conversation) -> None:
    answer = words(chat.says("Bilal complained that 3 rolls were torn, urgent"))
    assert "First answer by: today, Monday 23 Nov, 11 am" in answer
    assert "Solve by: today, Monday 23 Nov, 2 pm" in answer
    answer = words(chat.says("ticket for Nishat Mills: invoice wrong"))
    assert "Solve by: Wednesday 25 Nov, 10 am" in answer
    assert "Solve by: today, Monday 23 Nov, 2 pm" in words(chat.taps("Make it: urgent"))


def test_numbers_follow_each_other_and_an_undone_one_is_given_again(chat: Conversation) -> None:
    chat.says("ticket for Bilal: torn rolls")
    chat.says("ticket for Nishat Mills: invoice wrong")
    chat.taps("Undo")
    assert "#2" in words(chat.says("ticket for Gul Ahmed: late delivery"))
    assert [row.number for row in tickets(chat)] == [1, 2]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("open tickets", {1, 2}),
        ("show all tickets", {1, 2}),
        ("my tickets", {1, 2}),
        ("which tickets are late?", set()),
        ("urgent tickets", {1}),
        ("tickets of Nishat Mills", {2}),
        ("resolved tickets", {3}),
        ("khule tickets dikhao", {1, 2}),
        ("mere tickets", {1, 2}),
        ("Nishat Mills ke tickets dikhao", {2}),
        ("کھلے ٹکٹ دکھاؤ", {1, 2}),
        ("میرے ٹکٹ", {1, 2}),
        ("کون سے ٹکٹ کھلے ہیں؟", {1, 2}),
        ("حل شدہ ٹکٹ", {3}),
    ],
)
def test_lists(chat: Conversation, said: str, shown: set[int]) -> None:
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.says("ticket for Nishat Mills: invoice wrong")
    chat.says("ticket for Gul Ahmed: late delivery")
    chat.says("close #3")
    answer = words(chat.says(said))
    assert {n for n in (1, 2, 3) if f"#{n} " in answer or f"#{n}:" in answer} == shown


@pytest.mark.parametrize(
    "said", ["late tickets", "kaun se tickets late hain", "کون سے ٹکٹ لیٹ ہیں"]
)
def test_late_ones_are_listed(chat: Conversation, said: str) -> None:
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.says("ticket for Nishat Mills: invoice wrong")
    chat.clock.set(chat.clock.now() + 5 * HOUR)
    answer = words(chat.says(said))
    assert "#1" in answer
    assert "#2" not in answer


# --- what becomes of one --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "bilal ka masla hal ho gaya",
        "close Bilal's ticket",
        "#1 ho gaya",
        "resolve #1",
        "بلال کا مسئلہ حل ہو گیا",
        "#1 حل ہو گیا",
        "ticket 1 band karo",
        "mark #1 as resolved",
    ],
)
def test_it_is_settled_in_words(chat: Conversation, said: str) -> None:
    chat.says("Bilal complained that 3 rolls were torn")
    chat.clock.set(chat.clock.now() + 2 * HOUR)
    answer = words(chat.says(said))
    row = only(chat)
    assert row.status == "resolved"
    assert row.worked == 2 * 3600
    assert "#1" in answer
    assert {"1", "2", "3", "4", "5"} <= set(labels(chat.last().reply))


def test_settled_with_words_keeps_them(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn")
    chat.says("#1 resolved: sent three new rolls")
    assert comments(chat) == ["sent three new rolls"]
    assert only(chat).status == "resolved"
    assert "already" in words(chat.says("close #1"))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("note on #1: sent a replacement", "sent a replacement"),
        ("#1: sent a replacement", "sent a replacement"),
        ("#1 par note: naya maal bhej diya", "naya maal bhej diya"),
        ("#1 پر نوٹ: نیا مال بھیج دیا", "نیا مال بھیج دیا"),
        ("comment on ticket 1: they want a refund of 5 lakh", "they want a refund of 5 lakh"),
    ],
)
def test_a_comment(chat: Conversation, said: str, text: str) -> None:
    chat.says("Bilal complained that 3 rolls were torn")
    chat.clock.set(chat.clock.now() + HOUR)
    chat.says(said)
    assert comments(chat) == [text]
    assert only(chat).answer_worked == 3600
    assert text in words(chat.says("#1"))


def test_waiting_for_the_customer_stops_the_clock(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.clock.set(chat.clock.now() + HOUR)
    assert "waiting on the customer" in words(chat.says("#1 waiting on customer"))
    assert told(goes_on(chat, 6)) == []
    chat.clock.set(datetime(2026, 11, 24, 5, tzinfo=UTC))
    answer = words(chat.says("#1 customer answered"))
    assert "Solve by: today, Tuesday 24 Nov, 1 pm" in answer
    chat.clock.set(chat.clock.now() + HOUR)
    chat.says("resolve #1")
    assert only(chat).worked == 2 * 3600


@pytest.mark.parametrize(
    "said", ["#1 gahak ne jawab diya", "#1 گاہک نے جواب دیا", "#1 کسٹمر نے جواب دیا"]
)
def test_that_the_customer_answered_is_no_comment(chat: Conversation, said: str) -> None:
    chat.says("Bilal complained that 3 rolls were torn")
    chat.says("#1 waiting on customer")
    chat.says(said)
    assert only(chat).status == "open"
    assert comments(chat) == []


@pytest.mark.parametrize(
    ("said", "priority"),
    [
        ("بلال نے شکایت کی کہ تین رول پھٹے ہوئے تھے، کم اہم", "low"),
        ("بلال نے شکایت کی کہ تین رول پھٹے ہوئے تھے، اہم", "high"),
        ("Bilal ki shikayat hai ke maal kharab nikla, kam aham", "low"),
    ],
)
def test_less_important_is_not_important(chat: Conversation, said: str, priority: str) -> None:
    chat.says(said)
    assert only(chat).priority == priority


def test_given_raised_reopened_and_undone(chat: Conversation) -> None:
    chat.says("hello", by=SARA)
    chat.says("Bilal complained that 3 rolls were torn")
    assert "is Sara's now" in words(chat.says("give #1 to Sara"))
    assert "Ticket #1 of Bilal is yours now" in "".join(told(goes_on(chat, 0.1)))
    chat.says("raise #1")
    assert only(chat).priority == "high"
    assert "Priority: urgent" in words(chat.says("make #1 urgent"))
    chat.says("undo")
    assert only(chat).priority == "high"
    chat.says("resolve #1")
    assert "open again" in words(chat.says("reopen #1"))
    assert (only(chat).status, only(chat).reopened) == ("reopened", 1)
    chat.says("undo")
    assert only(chat).status == "resolved"


def test_promises_and_working_hours_move_what_is_open(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.says("urgent tickets within 2 hours")
    assert only(chat).due_at == karachi("2026-11-23T12:00")
    chat.says("undo")
    assert only(chat).due_at == karachi("2026-11-23T14:00")
    chat.says("our working hours are 9am to 12pm")
    assert only(chat).due_at == karachi("2026-11-24T11:00")
    chat.says("24 November is a holiday")
    assert only(chat).due_at == karachi("2026-11-25T11:00")
    assert "Managers" in words(chat.says("urgent tickets within 1 hour", by=BILAL)) or (
        "manager" in words(chat.last(BILAL).reply).lower()
    )


def test_it_stands_on_the_card_of_its_customer(chat: Conversation) -> None:
    chat.says("add company Bilal Traders")
    chat.says("Bilal Traders complained that 3 rolls were torn, urgent")
    card = words(chat.says("Bilal Traders"))
    assert "#1: 3 rolls were torn, urgent, by today, Monday 23 Nov, 2 pm" in card
    chat.says("resolve #1")
    card = words(chat.says("Bilal Traders"))
    assert "ticket #1 resolved, 3 rolls were torn" in card
    assert "ticket #1 opened, 3 rolls were torn" in card


# --- warned ---------------------------------------------------------------------------------------


def watched(chat: Conversation) -> Iterator[tuple[float, str, str]]:
    """What comes in the five hours after, looked at every quarter of an hour: when, to whom,
    what."""
    for step in range(1, 21):
        for each in goes_on(chat, 0.25):
            said = words(each.reply)
            if "is due" in said or "is late" in said:
                name = next(name for name in (AYESHA, BILAL, SARA) if user_id(name) == each.to)
                yield step / 4, name, said.splitlines()[0]


def test_its_owner_is_warned_once_and_then_the_manager_too(chat: Conversation) -> None:
    chat.says("hello")
    chat.says("speak english", by=BILAL)
    chat.says("Sara complained that 3 rolls were torn, urgent", by=BILAL)
    assert sorted(watched(chat)) == [
        (3.0, BILAL, "Ticket #1 of Sara is due today, Monday 23 Nov, 2 pm"),
        (4.0, AYESHA, "Ticket #1 of Sara is late: it was due today, Monday 23 Nov, 2 pm"),
        (4.0, BILAL, "Ticket #1 of Sara is late: it was due today, Monday 23 Nov, 2 pm"),
    ]


def test_nobody_is_warned_of_what_is_settled_or_waits(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.says("Nishat Mills complained that the invoice is wrong, urgent")
    chat.says("resolve #1")
    chat.says("#2 waiting on customer")
    assert list(watched(chat)) == []


def test_a_lower_priority_puts_the_warning_off_and_a_higher_one_brings_it(
    chat: Conversation,
) -> None:
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.says("#1 low priority")
    assert list(watched(chat)) == []
    chat.says("#1 urgent")
    (first,) = told(goes_on(chat, 0.01), of="is late")
    assert "Ticket #1 of Bilal is late" in first


def test_warned_though_the_budget_is_used_up(chat: Conversation) -> None:
    chat.says("nudge me at most 1 times a day")
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.says("Nishat Mills complained that the invoice is wrong, urgent")
    assert [each[0] for each in watched(chat)] == [3.0, 3.0, 4.0, 4.0]


def test_a_warning_has_its_buttons(chat: Conversation) -> None:
    chat.says("hello", by=SARA)
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    (heard,) = (each for each in goes_on(chat, 3) if "is due" in words(each.reply))
    assert labels(heard.reply) == ["Resolve", "Comment", "Give to…", "Snooze 1 h", "Stop these"]
    assert "come back at" in words(chat.taps("Snooze 1 h"))
    assert told(goes_on(chat, 0.5), of="is due") == []
    with chat.database.transaction() as session:
        assert session.scalars(select(Nudge.state).where(Nudge.kind == "ticket_due")).all() == [
            "later"
        ]


@pytest.mark.parametrize(
    ("label", "then"),
    [("Resolve", "resolved"), ("Comment", "What shall I note"), ("Give to…", "Who takes")],
)
def test_what_a_button_of_a_warning_does(chat: Conversation, label: str, then: str) -> None:
    chat.says("hello", by=SARA)
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    goes_on(chat, 3)
    assert then in words(chat.taps(label))


@pytest.mark.parametrize("said", ["resolve", "hal ho gaya", "حل ہو گیا"])
def test_right_after_its_warning_it_is_settled_in_a_word(chat: Conversation, said: str) -> None:
    chat.says("ticket for Nishat Mills: invoice wrong")
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    goes_on(chat, 3)
    chat.says(said)
    assert [row.status for row in tickets(chat)] == ["open", "resolved"]


def test_which_of_ones_own_is_settled_is_asked(chat: Conversation) -> None:
    chat.says("ticket for Nishat Mills: invoice wrong")
    chat.says("Bilal complained that 3 rolls were torn")
    goes_on(chat, 1.5)
    assert "Which ticket?" in words(chat.says("resolve"))
    chat.taps("#1 Nishat Mills")
    assert [row.status for row in tickets(chat)] == ["resolved", "open"]


def test_nobody_hears_of_anothers_private_contact(chat: Conversation) -> None:
    chat.says("hello")
    chat.says("speak english", by=BILAL)
    chat.says("add Sara Malik from Nishat Mills", by=BILAL)
    chat.says("keep Sara Malik private", by=BILAL)
    chat.says("Sara Malik complained that 3 rolls were torn, urgent", by=BILAL)
    assert "No ticket is open" in words(chat.says("open tickets"))
    assert "There is no ticket #1" in words(chat.says("resolve #1"))
    assert "Opened: 0" in words(chat.says("tickets this month"))
    assert "Ticket #2 opened" in words(chat.says("ticket for Gul Ahmed: late delivery"))
    assert [each[:2] for each in watched(chat)] == [(3.0, BILAL), (4.0, BILAL)]


# --- how happy they are ---------------------------------------------------------------------------


def test_how_happy_they_are_is_asked_once(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn")
    assert "How happy is Bilal now" in words(chat.says("resolve #1"))
    chat.says("reopen #1")
    assert "How happy" not in words(chat.says("resolve #1"))


def test_who_wrote_it_down_hears_that_it_is_settled_and_is_asked(chat: Conversation) -> None:
    chat.says("Nishat Mills complained that the invoice is wrong")
    chat.says("resolve #1", by=SARA)
    (letter,) = (each for each in goes_on(chat, 0.1) if "is resolved, by Sara" in words(each.reply))
    assert letter.to == chat.person(AYESHA).id
    assert "How happy is Nishat Mills" in words(letter.reply)
    assert "Nishat Mills: 4 of 5" in words(chat.taps("4"))
    ticket = only(chat)
    with chat.database.transaction() as session:
        (row,) = session.scalars(select(Rating))
        assert (row.score, row.ticket_id) == (4, ticket.id)


def test_after_a_sale_it_is_asked_the_same_way(chat: Conversation) -> None:
    chat.says("deal 5 lakh with Bilal Traders")
    chat.says("won Bilal Traders")
    with chat.database.transaction() as session:
        deal = session.scalars(select(Deal)).one()
        for _ in range(2):
            ask_how_happy(session, deal, chat.clock.now())
    (letter,) = (each for each in chat.rings() if "How happy" in words(each.reply))
    assert labels(letter.reply)[:5] == ["1", "2", "3", "4", "5"]
    assert "Bilal Traders: 3 of 5" in words(chat.taps("3"))
    with chat.database.transaction() as session:
        (row,) = session.scalars(select(Rating))
        assert row.deal_id is not None
        assert ask_how_happy(session, session.scalars(select(Deal)).one(), chat.clock.now()) is None


def test_a_happy_one_is_asked_for_a_referral_twice_a_year_at_most(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn")
    chat.says("resolve #1")
    assert "Ask Bilal for a referral?" in words(chat.taps("5"))
    chat.taps("Ask for a referral")
    assert "Ask for a referral" in words(chat.says("tasks"))
    assert "referral" not in words(chat.says("Bilal gave us 5 stars"))
    chat.clock.set(chat.clock.now() + timedelta(days=190))
    assert "referral" in words(chat.says("Bilal gave us 5 stars"))


def test_who_sent_whom_is_kept(chat: Conversation) -> None:
    chat.says("add company Bilal Traders")
    assert "Ali came to us by Bilal Traders" in words(
        chat.says("Ali was referred by Bilal Traders")
    )
    assert "Ali, by Bilal Traders" in words(chat.says("referrals"))
    card = words(chat.says("Ali"))
    assert "Source: referral" in card
    assert "Referred by: Bilal Traders" in card
    chat.says("undo")
    assert "No referral is kept yet" in words(chat.says("referrals"))


def test_what_was_taken_back_is_warned_of_again(chat: Conversation) -> None:
    chat.says("Bilal complained that 3 rolls were torn, urgent")
    chat.says("resolve #1")
    goes_on(chat, 1)
    chat.says("undo")
    assert [each[0] for each in watched(chat)] == [2.0, 3.0]


def test_what_service_tells_of_customers_is_asked_in_one_statement(chat: Conversation) -> None:
    chat.says("add Bilal Ahmed from Bilal Traders")
    chat.says("add company Nishat Mills")
    chat.says("Bilal Ahmed complained that 3 rolls were torn, urgent")
    chat.says("ticket for Bilal Traders: invoice wrong")
    chat.says("ticket for Nishat Mills: late delivery")
    chat.says("resolve #3")
    chat.taps("2")
    chat.clock.set(chat.clock.now() + 5 * HOUR)
    statements: list[str] = []
    with chat.database.transaction() as session:
        firms = {row.name: row.id for row in session.scalars(select(Company))}
        (person,) = session.scalars(select(Contact.id))
        space = session.scalars(select(Ticket.workspace_id)).first()
        event.listen(chat.database.engine, "before_cursor_execute", heard := _heard(statements))
        found = served(session, space or 0, [person], firms.values(), chat.clock.now())
        event.remove(chat.database.engine, "before_cursor_execute", heard)
    assert len(statements) == 1
    traders, nishat = (
        found["company", firms["Bilal Traders"]],
        found["company", firms["Nishat Mills"]],
    )
    assert (traders.open, traders.late, traders.score) == (2, 1, None)
    assert (nishat.open, nishat.late, nishat.score) == (0, 0, 2)
    assert found["contact", person].late == 1


def _heard(statements: list[str]) -> Any:
    def hear(_line: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    return hear
