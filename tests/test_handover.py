"""Handover: what the clock would tell of one's customers goes to a colleague, and comes back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from storage.handover import Handover, stand_in, stood_in_for
from storage.models import Contact, Member, Workspace
from tests.conversation import AYESHA, Conversation, Heard, labels, user_id, words
from tests.test_nudges import begin, member, raises

KARACHI = ZoneInfo("Asia/Karachi")
MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)

GIVE = {
    "en": "my customers to Sara until Monday",
    "ur": "میرے کسٹمر پیر تک سارہ کو",
    "roman": "mere customers Monday tak Sara ko",
}
GIVEN = {
    "en": "Sara has your customers through Monday 30 Nov",
    "ur": "پیر 30 نومبر کے آخر تک آپ کے گاہک Sara کے پاس ہیں",
    "roman": "Peer 30 Nov ke aakhir tak aap ke customers Sara ke paas hain",
}
SPEAK = {"en": "speak english", "ur": "اردو میں بات کرو", "roman": "roman urdu mein bolo"}


@pytest.fixture
def team(chat: Conversation) -> Conversation:
    """Ayesha has Nishat Mills; Sara is there, too. It is Thursday noon."""
    begin(chat, "Nishat Mills")
    chat.says("hello", by="Sara")
    chat.clock.set(datetime.combine(date(2026, 11, 26), time(12), KARACHI))
    return chat


def at(chat: Conversation, day: date, hour: str = "10:00") -> list[Heard]:
    chat.clock.set(datetime.combine(day, time.fromisoformat(hour), KARACHI))
    return chat.rings()


def to(heard: list[Heard], name: str) -> list[str]:
    return [words(each.reply) for each in heard if each.to == user_id(name)]


def reminders(heard: list[Heard], name: str) -> list[str]:
    return [told for told in to(heard, name) if told.startswith("⏰")]


@pytest.mark.parametrize("tongue", GIVE)
def test_it_is_given_in_every_language_and_shown_to_both(team: Conversation, tongue: str) -> None:
    team.says(SPEAK[tongue])
    assert GIVEN[tongue] in words(team.says(GIVE[tongue]))
    (told,) = to(team.rings(), "Sara")
    assert "You have the customers of Ayesha through Monday 30 Nov." in told
    assert "You have the customers of Ayesha" in words(team.says("who has my customers", by="Sara"))


def test_nudges_go_there_and_come_back(team: Conversation) -> None:
    team.says(GIVE["en"])
    team.rings()
    raises(team, "Nishat Mills")
    heard = at(team, date(2026, 11, 27))
    assert to(heard, AYESHA) == []
    (told,) = to(heard, "Sara")
    assert "Nishat Mills" in told
    assert "You stand in for Ayesha." in told
    assert [words(each.reply) for each in at(team, MONDAY + DAY, "00:00")] == [
        "Your customers are with you again; Sara had them.",
        "The customers of Ayesha are with Ayesha again. Thank you.",
    ]
    raises(team, "Nishat Mills", occasion="2026-11-30")
    heard = at(team, MONDAY + DAY)
    assert (len(to(heard, AYESHA)), to(heard, "Sara")) == (1, [])


def test_what_was_told_to_who_stood_in_is_not_told_again_when_it_is_over(
    team: Conversation,
) -> None:
    team.says(GIVE["en"])
    team.rings()
    raises(team, "Nishat Mills")
    assert len(to(at(team, date(2026, 11, 27)), "Sara")) == 1
    at(team, MONDAY + DAY, "00:00")
    raises(team, "Nishat Mills")
    assert at(team, MONDAY + DAY) == []


def test_reminders_about_customers_go_there_and_errands_stay(team: Conversation) -> None:
    team.says("remind me to call Nishat Mills tomorrow at 11am")
    team.says("remind me to fetch the suit tomorrow at 11am")
    team.says(GIVE["en"])
    at(team, date(2026, 11, 27), "09:00")
    heard = at(team, date(2026, 11, 27), "11:00")
    (to_sara,), (to_ayesha,) = reminders(heard, "Sara"), reminders(heard, AYESHA)
    assert "Nishat Mills" in to_sara
    assert "You stand in for Ayesha." in to_sara
    assert "suit" in to_ayesha
    assert "done" in words(team.taps("Done", by="Sara")).lower()


def test_the_agenda_goes_along(team: Conversation) -> None:
    team.says("remind me to call Nishat Mills tomorrow")
    team.says(GIVE["en"])
    team.rings()
    heard = at(team, date(2026, 11, 27), "09:00")
    assert to(heard, AYESHA) == []
    assert any("Nishat Mills" in told for told in to(heard, "Sara"))


@pytest.mark.parametrize("by", [AYESHA, "Sara"])
def test_either_ends_it_early_and_both_know(team: Conversation, by: str) -> None:
    team.says(GIVE["en"])
    team.rings()
    other = "Sara" if by == AYESHA else AYESHA
    said = team.says("my customers back") if by == AYESHA else team.taps("End it now", by="Sara")
    assert "again" in words(said)
    (told,) = to(team.rings(), other)
    assert "again" in told
    raises(team, "Nishat Mills")
    heard = at(team, date(2026, 11, 27))
    assert (len(to(heard, AYESHA)), to(heard, "Sara")) == (1, [])
    assert at(team, MONDAY + DAY, "00:00") == [], "its end was told already"


def test_undo_takes_it_back(team: Conversation) -> None:
    team.says(GIVE["en"])
    team.taps("Undo")
    raises(team, "Nishat Mills")
    heard = at(team, date(2026, 11, 27))
    assert (len(to(heard, AYESHA)), to(heard, "Sara")) == (1, [])


def test_a_private_contact_is_never_told_to_who_stands_in(team: Conversation) -> None:
    team.says("met Umar Farooq")
    with team.database.transaction() as session:
        contact = session.scalars(select(Contact)).one()
        contact.private, contact.owner_id = True, member(session).id
        session.scalars(select(Workspace)).one().keeps_private = True
    team.says("remind me to call Umar Farooq tomorrow at 11am")
    team.says(GIVE["en"])
    team.rings()
    heard = at(team, date(2026, 11, 27), "11:00")
    assert reminders(heard, "Sara") == []
    assert len(reminders(heard, AYESHA)) == 1


def test_only_who_stands_in_is_told_for_whom(team: Conversation) -> None:
    team.says("remind me to call Nishat Mills tomorrow at 11am")
    team.says(GIVE["en"])
    team.rings()
    (told,) = reminders(at(team, date(2026, 11, 27), "11:00"), "Sara")
    assert "You stand in for Ayesha." in told
    at(team, MONDAY + DAY, "00:00")
    team.says("remind me to visit Nishat Mills at 11am")
    (told,) = reminders(at(team, MONDAY + DAY, "11:00"), AYESHA)
    assert "visit Nishat Mills" in told
    assert "stand in" not in told


def test_the_day_is_asked_for_and_a_stranger_is_refused(team: Conversation) -> None:
    asked = team.says("my customers to Sara")
    assert "Until when does Sara have them?" in words(asked)
    assert "through Wednesday 2 Dec" in words(team.says("wednesday"))
    assert "Zubair" in words(team.says("my customers to Zubair until Monday"))


def test_who_is_away_themselves_passes_it_on_and_a_circle_is_refused(team: Conversation) -> None:
    team.says("hello", by="Bilal")
    team.says(GIVE["en"])
    team.says("my customers to Bilal until Sunday", by="Sara")
    assert "away" in words(team.says("my customers to Ayesha until Sunday", by="Bilal"))
    team.rings()
    raises(team, "Nishat Mills")
    heard = at(team, date(2026, 11, 27))
    assert [len(to(heard, name)) for name in (AYESHA, "Sara", "Bilal")] == [0, 0, 1]
    with team.database.transaction() as session:
        now = team.clock.now()
        people = {name: member(session, name) for name in (AYESHA, "Sara", "Bilal")}
        assert stand_in(session, people[AYESHA], now) is people["Bilal"]
        assert {each.name for each in stood_in_for(session, people["Bilal"], now)} == {
            AYESHA, "Sara",
        }  # fmt: skip


def test_one_that_begins_later_waits_for_its_day(team: Conversation) -> None:
    team.says("hand over my customers to Sara from Saturday to Monday")
    assert to(team.rings(), "Sara") == []
    raises(team, "Nishat Mills")
    assert len(to(at(team, date(2026, 11, 27)), AYESHA)) == 1
    (told,) = to(at(team, date(2026, 11, 28), "00:00"), "Sara")
    assert "through Monday 30 Nov" in told


def test_a_handover_is_kept_with_its_last_day(team: Conversation) -> None:
    team.says(GIVE["en"])
    with team.database.transaction() as session:
        row = session.scalars(select(Handover)).one()
        assert row.last_day == MONDAY
        assert row.ends_at == datetime.combine(MONDAY + DAY, time(), KARACHI)
        assert session.get_one(Member, (row.workspace_id, row.to_id)).name == "Sara"
        assert labels(team.last().reply) == ["Undo", "End it now"]


ON_LEAVE = [
    "main chutti par hoon, Sara dekhegi",
    "sara sambhal legi jab tak main chutti par hoon",
    "سارہ دیکھے گی، میں چھٹی پر ہوں",
    "im on leave, sara will cover",
]
HOME = [
    "I am back",
    "back from leave",
    "main wapas aa gaya hun",
    "chutti khatam ho gayi",
    "میں چھٹی سے واپس آ گئی ہوں",
]


@pytest.mark.parametrize("said", ON_LEAVE)
def test_whoever_is_on_leave_says_only_who_looks_after_it(team: Conversation, said: str) -> None:
    asked = team.says(said)
    assert "Sara" in words(asked)
    assert len(labels(asked)) >= 3, "until when?"
    with team.database.transaction() as session:
        assert session.scalars(select(Handover)).first() is None


@pytest.mark.parametrize("said", HOME)
def test_it_is_over_when_they_are_back(team: Conversation, said: str) -> None:
    team.says(GIVE["en"])
    team.says(said)
    with team.database.transaction() as session:
        (row,) = session.scalars(select(Handover))
        assert row.ends_at <= team.clock.now()
