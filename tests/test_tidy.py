"""What is known of people is looked after: who lacks something, one tap each, and a figure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rules import quality
from rules.quality import Fault, Known
from storage.clock import SetClock
from storage.database import Database
from storage.models import Activity, Contact
from tests.conversation import Conversation, labels, words

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phone", "rings"),
    [("+923001234567", True), ("+92300", False), ("ext 12", False), ("+999123456789", False)],
)
def test_numbers_that_nobody_gives_out(phone: str, rings: bool) -> None:
    assert quality.can_ring(phone) is rings


@pytest.mark.parametrize(
    ("email", "arrives"),
    [
        ("sara@nishat.example", True),
        ("sara@nishat", False),
        ("sara at nishat", False),
        ("@x.y", False),
    ],
)
def test_addresses_that_cannot_be(email: str, arrives: bool) -> None:
    assert quality.can_arrive(email) is arrives


def test_what_is_to_be_mended_the_worst_first() -> None:
    known = Known(("+92300",), (), True, False, True, NOW - timedelta(days=200))
    assert quality.faults(known, NOW) == [
        Fault("wrong", "phone", "+92300"),
        Fault("stale"),
        Fault("lacks", "email"),
        Fault("lacks", "city"),
    ]
    assert [each.kind for each in quality.worst(quality.faults(known, NOW), 2)] == [
        "wrong",
        "stale",
    ]
    whole = Known(("+923001234567",), ("a@b.example",), True, True, True, NOW)
    assert quality.faults(whole, NOW) == []


def test_how_complete_all_is() -> None:
    assert quality.completeness({}, 0) == 1
    assert quality.completeness({}, 4) == 0
    assert quality.completeness(dict.fromkeys(quality.WORTH, 4), 4) == 1
    assert quality.completeness({"phone": 2}, 4) == pytest.approx(0.15)


@pytest.fixture
def chat(database: Database, clock: SetClock) -> Conversation:
    chat = Conversation(database, clock)
    chat.says("add Sara Malik, buyer at Nishat Mills, Lahore, 0300 1234567, sara@nishat.example")
    chat.says("add Umar Farooq, Karachi, 0321 7654321")
    chat.says("add Bilal Ahmed, Lahore")
    chat.says("deal 2 lakh with Bilal Ahmed")
    return chat


@pytest.mark.parametrize(
    "said",
    ["what should I tidy?", "5 to tidy today", "contacts theek karo", "ڈیٹا کی صفائی"],
)
def test_asked_in_every_language(chat: Conversation, said: str) -> None:
    assert "Bilal Ahmed" in words(chat.says(said))


def test_who_is_worth_most_comes_first(chat: Conversation) -> None:
    told = words(chat.says("what should I tidy?"))
    assert told.index("Bilal Ahmed: missing phone number") < told.index(
        "Umar Farooq: missing e-mail"
    )
    assert "Sara Malik" not in told, "nothing is amiss there"
    assert "of 3 contacts" in told
    assert "0 stale, 0 wrong" in told


def test_what_lacks_is_added_after_one_question(chat: Conversation) -> None:
    chat.says("what should I tidy?")
    assert "Bilal Ahmed: what is the phone number?" in words(chat.taps("1: Add phone"))
    told = words(chat.says("0333 1112223"))
    assert "Tidied: Bilal Ahmed" in told
    assert "+923331112223" in told
    assert "[Undo]" in told
    assert "1: Add e-mail" in labels(chat.taps("Next"))


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Add e-mail", "bilal@ahmed.example"),
        ("Add company", "Nishat Mills"),
        ("Add title", "Director"),
    ],
)
def test_other_fields_are_asked_for_as_well(chat: Conversation, label: str, said: str) -> None:
    who = chat.says("what should I tidy?")
    del who
    field = {"Add e-mail": "email", "Add company": "company", "Add title": "title"}[label]
    with chat.database.transaction() as session:
        number = session.query(Contact).filter_by(name="Bilal Ahmed").one().id
    chat.runs("tidy.add", contact=number, field=field)
    assert said in words(chat.says(said))
    assert said in words(chat.says("show Bilal Ahmed"))


def test_a_wrong_number_is_dropped_and_brought_back(chat: Conversation) -> None:
    with chat.database.transaction() as session:
        session.query(Contact).filter_by(name="Sara Malik").one().reach_by("phone", "+92300")
    told = words(chat.says("data quality"))
    assert "1 wrong" in told
    assert "+92300 is no number that can be rung" in told
    number = next(each for each in labels(chat.last().reply) if each.endswith("Drop this number"))
    assert "+92300, dropped" in words(chat.taps(number))
    assert "0 wrong" in words(chat.says("data quality"))
    chat.says("undo")
    assert "1 wrong" in words(chat.says("data quality"))


def test_what_is_old_is_confirmed_by_a_tap(chat: Conversation, clock: SetClock) -> None:
    clock.skip(timedelta(days=200))
    told = words(chat.says("what should I tidy?"))
    assert "3 stale" in told
    assert "Still at Nishat Mills" in told
    number = next(each for each in labels(chat.last().reply) if "Still at Nishat" in each)
    chat.taps(number)
    assert "2 stale" in words(chat.says("what should I tidy?"))
    assert "Sara Malik" not in words(chat.last().reply)
    with chat.database.transaction() as session:
        assert session.query(Activity).one().text == "Checked: all of it is still right"


def test_not_now_shows_the_next_ones(chat: Conversation, clock: SetClock) -> None:
    chat.says("what should I tidy?")
    assert "Nothing to tidy" in words(chat.taps("Not now"))
    clock.skip(timedelta(days=29))
    assert "Nothing to tidy" in words(chat.says("what should I tidy?"))
    clock.skip(timedelta(days=1))
    assert "Bilal Ahmed" in words(chat.says("what should I tidy?"))


def test_a_team_and_a_member_have_figures_of_their_own(chat: Conversation) -> None:
    chat.says("add Kamran Shah, 0333 1112223", by="Bilal")
    told = words(chat.says("data quality", by="Bilal"))
    assert "The team: " in told
    assert "of 4 contacts" in told
    assert "Yours: 30% complete" in told
    mine = words(chat.says("my data quality", by="Bilal"))
    assert "Kamran Shah" in mine
    assert "Umar Farooq" not in mine


def test_others_private_contacts_are_not_told_of(chat: Conversation) -> None:
    chat.says("keep Bilal Ahmed private")
    told = words(chat.says("what should I tidy?", by="Omar"))
    assert "Bilal Ahmed" not in told
    assert "of 2 contacts" in told
