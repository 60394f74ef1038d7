"""What happened in a time, by whom: told newest first, and nothing is written down by asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.happened import SHOWN
from storage.models import Activity, Contact, Deal, Order, Task, Ticket
from tests.conversation import AYESHA, Conversation, words

BILAL = "Bilal"
FRIDAY, MONDAY = datetime(2026, 11, 20, 6, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)
WRITTEN = (Activity, Order, Ticket, Task, Contact, Deal)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    """On Friday Bilal called Sara; today Ayesha met her, she bought, complained, and a deal of
    Omar's was won by Bilal."""
    chat.says("hello", by=AYESHA)
    chat.clock.set(FRIDAY)
    chat.says("called Sara Malik, she wants new rates", by=BILAL)
    chat.says("deal with Omar Farooq for 5 lakh", by=BILAL)
    chat.clock.set(MONDAY)
    chat.says("met Sara Malik, she liked the looms", by=AYESHA)
    chat.says("Sara Malik ordered 5 looms for 100000", by=AYESHA)
    chat.says("Sara Malik complained that a loom is broken", by=AYESHA)
    chat.says("won the deal with Omar Farooq", by=BILAL)
    return chat


def written(chat: Conversation) -> list[int]:
    return chat.counts(*WRITTEN)


TODAY = ("What happened, today", "1 meeting, 1 deal won, 1 order, 1 ticket opened",
         "deal won: Omar Farooq, Rs 5 lakh, Bilal", "ticket #1 opened: Sara Malik",
         "order: Sara Malik, 5 looms, Rs 1 lakh, Ayesha",
         "meeting: Sara Malik, she liked the looms, Ayesha")  # fmt: skip
FRIDAYS = ("call: Sara Malik, she wants new rates", "new deal: Omar Farooq, Rs 5 lakh")
TOLD = {
    "what happened today?": TODAY,
    "what did we do today": TODAY,
    "what did the team get done today": TODAY,
    "what's new": TODAY,
    "any news?": TODAY,
    "today's activities": TODAY,
    "show me the activity log for today": TODAY,
    "bring me up to date": TODAY,
    "what happened since friday": (*FRIDAYS, *TODAY[2:]),
    "what did Bilal do last week": ("What happened, Bilal, last week", *FRIDAYS),
    "Bilal's activities last week": ("What happened, Bilal, last week", *FRIDAYS),
    "what did I do today": ("What happened, Ayesha, today", "1 meeting, 1 order"),
    "aaj kya hua": ("Kya hua, aaj", "1 mulaqat, 1 deal jeeti, 1 order, 1 ticket khula"),
    "Bilal ne pichle hafte kya kya kiya?": ("Kya hua, Bilal, pichle hafte", "call: Sara Malik"),
    "maine aaj kya kya kiya": ("Kya hua, Ayesha, aaj", "mulaqat: Sara Malik"),
    "is hafte ki karguzari dikhao": ("Kya hua, is hafte", "deal jeeti: Omar Farooq"),
    "deals created last week": ("New deals, last week", "Omar Farooq, Rs 5 lakh, Bilal"),
    "new deals since friday": ("New deals, since", "1 new deal"),
    "which deals were opened last week?": ("New deals, last week", "Omar Farooq"),
    "Bilal's new deals this month": ("New deals, Bilal, this month", "Omar Farooq"),
    "pichle hafte ki nayi deals dikhao": ("Nayi deals, pichle hafte", "Omar Farooq"),
    "پچھلے ہفتے کی نئی ڈیلز": ("نئی ڈیلز، پچھلے ہفتے", "Omar Farooq، 5 لاکھ روپے، Bilal"),
    "آج کیا ہوا؟": ("کیا ہوا، آج", "1 ملاقات، 1 ڈیل جیتی، 1 آرڈر، 1 ٹکٹ کھلا"),
    "ہم نے آج کیا کیا": ("کیا ہوا، آج", "ملاقات: Sara Malik"),
    "بلال نے پچھلے ہفتے کیا کیا": ("کیا ہوا، Bilal، پچھلے ہفتے", "نئی ڈیل: Omar Farooq"),
}


@pytest.mark.parametrize("said", TOLD)
def test_what_happened_is_told_and_nothing_is_written(desk: Conversation, said: str) -> None:
    before = written(desk)
    told = words(desk.says(said, by=AYESHA))
    assert [part for part in TOLD[said] if part not in told] == []
    assert written(desk) == before


def test_only_whoever_was_asked_about_is_told_of(desk: Conversation) -> None:
    mine = words(desk.says("what did I do this week", by=AYESHA))
    assert "Omar" not in mine
    assert "Sara Malik" in mine
    theirs = words(desk.says("what did Bilal do today", by=AYESHA))
    assert "deal won: Omar Farooq" in theirs
    assert "Sara" not in theirs


def test_the_newest_come_first_each_under_its_day(desk: Conversation) -> None:
    told = words(desk.says("what happened since friday", by=AYESHA)).split("\n")
    heads = [at for at, line in enumerate(told) if "23 Nov" in line or "20 Nov" in line]
    title, monday, friday = heads
    assert title == 0
    assert monday < told.index("meeting: Sara Malik, she liked the looms, Ayesha") < friday
    assert friday < told.index("call: Sara Malik, she wants new rates, Bilal")


def test_what_a_customer_did_stands_on_their_card(desk: Conversation) -> None:
    told = words(desk.says("what did Sara Malik do this week", by=AYESHA))
    assert told.startswith("Sara Malik")
    assert "she liked the looms" in told


def test_new_deals_are_only_those(desk: Conversation) -> None:
    told = words(desk.says("new deals this month"))
    assert "Omar Farooq, Rs 5 lakh, Bilal" in told
    assert [each for each in ("Sara", "call", "won", "order") if each in told] == []
    assert "Omar" not in words(desk.says("my new deals this month", by=AYESHA))
    assert "Omar" in words(desk.says("my new deals this month", by=BILAL))


def test_an_empty_day_says_so_and_a_tap_tells_of_the_week(desk: Conversation) -> None:
    desk.clock.set(MONDAY + timedelta(days=1))
    assert "No call, meeting, note, deal, order or ticket in that time." in words(
        desk.says("what did we do today?")
    )
    assert "What happened, this week" in words(desk.taps("this week"))
    assert "What happened, this month" in words(desk.taps("this month"))


def test_more_than_is_shown_is_counted(desk: Conversation) -> None:
    for number in range(SHOWN + 1):
        desk.says(f"called Omar Farooq about loom {number}")
    told = words(desk.says("what happened today"))
    assert f"{SHOWN + 1} calls, 1 meeting" in told
    assert "and 5 more" in told
    assert "about loom 0" not in told
    assert f"about loom {SHOWN}" in told


def test_an_order_that_was_called_off_is_none(desk: Conversation) -> None:
    with desk.database.transaction() as session:
        session.scalars(select(Order)).one().status = "cancelled"
    told = words(desk.says("what happened today"))
    assert "order" not in told
    assert "1 meeting" in told


def test_a_day_ends_where_the_member_lives(desk: Conversation) -> None:
    """At 20:30 UTC it is tomorrow in Karachi."""
    desk.clock.set(MONDAY + timedelta(hours=14, minutes=30))
    desk.says("won the deal with Omar Farooq")
    desk.says("deal with Hina Shah for 2 lakh")
    assert "Hina Shah" in words(desk.says("what happened today"))
    assert "Hina Shah" not in words(desk.says("what happened yesterday"))


def test_whom_others_may_not_see_is_not_told_of(desk: Conversation) -> None:
    desk.says("keep Sara Malik private", by=BILAL)
    assert "Sara Malik" in words(desk.says("what happened this month", by=BILAL))
    for by, place in ((BILAL, "Sales"), ("Hina", ""), ("Hina", "Sales")):
        told = words(desk.says("what happened this month", by=by, place=place))
        assert "deal won: Omar Farooq" in told
        assert [
            each for each in ("Sara", "meeting", "call", "order", "ticket") if each in told
        ] == []


@pytest.mark.parametrize(
    "said",
    ["what should I do today", "aaj kya karna hai", "what did Bilal say", "what happened",
     "what did the looms cost last week"],
)  # fmt: skip
def test_other_questions_are_other_questions(desk: Conversation, said: str) -> None:
    before = written(desk)
    assert "What happened" not in words(desk.says(said))
    assert written(desk) == before
