"""The team's working days: told in words, dated, and kept to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from language.agreed.workdays import read_workdays
from language.sheet import lay_out
from rules.hijri import ramadan_after
from tests.conversation import Conversation, words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("our week is Monday to Saturday", "Monday to Saturday"),
        ("we work Monday to Friday", "Monday to Friday"),
        ("hum peer se hafta kaam karte hain", "Monday to Saturday"),
        ("ہم پیر سے ہفتہ تک کام کرتے ہیں", "Monday to Saturday"),
        ("جمعہ کو چھٹی ہوتی ہے", "Saturday to Thursday"),
        ("our weekend is Friday and Saturday", "Sunday to Thursday"),
        ("jumme aur hafte ko chutti hoti hai", "Sunday to Thursday"),
        ("we are closed on Sundays", "Monday to Saturday"),
        ("our working days are Monday, Wednesday and Friday", "Monday, Wednesday and Friday"),
    ],
)
def test_a_week_in_words(chat: Conversation, said: str, told: str) -> None:
    chat.says(said)
    chat.says("speak english")
    assert f"The team works {told}." in words(chat.says("working days"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("25 December chutti hai", "25 Dec 2026: holiday"),
        ("25 دسمبر کو چھٹی ہے", "25 Dec 2026: holiday"),
        ("we are closed on 14 August", "14 Aug 2027: holiday"),
        ("kal chutti hai", "24 Nov 2026: holiday"),
        ("office is closed tomorrow", "24 Nov 2026: holiday"),
        ("from 20 March to 23 March eid holidays", "20 Mar 2027 to 23 Mar 2027: eid"),
        (
            "from 18 Feb to 19 March we work Sunday to Thursday",
            "18 Feb 2027 to 19 Mar 2027: Sunday to Thursday",
        ),
        (
            "18 فروری سے 19 مارچ تک اتوار سے جمعرات کام ہوگا",
            "18 Feb 2027 to 19 Mar 2027: Sunday to Thursday",
        ),
        (
            "in Ramadan weekend is Friday only",
            "8 Feb 2027 to 9 Mar 2027: Ramadan, Saturday to Thursday",
        ),
        ("ramzan mein sirf jumme ki chutti", "Ramadan, Saturday to Thursday"),
    ],
)
def test_seasons_and_holidays_in_words(chat: Conversation, said: str, told: str) -> None:
    chat.says("hello")
    chat.says(said)
    chat.says("speak english")
    assert told in words(chat.says("working days"))


@pytest.mark.parametrize(
    "said",
    ["Bilal is off on Friday", "I am off tomorrow", "shop closed", "meeting with Ali on Friday",
     "call Sara monday to friday", "is tomorrow a holiday?"],
)  # fmt: skip
def test_what_is_about_people_is_no_working_day(chat: Conversation, said: str) -> None:
    chat.says(said)
    chat.says("speak english")
    assert "holiday:" not in (told := words(chat.says("working days")))
    assert "The team works Monday to Friday." in told


def test_they_count_for_the_pace_of_a_goal(chat: Conversation) -> None:
    assert "6 working days left" in words(chat.says("goal 50 lakh this month"))
    chat.says("our week is Monday to Saturday")
    assert "7 working days left" in words(chat.says("how is my goal"))
    chat.says("from 26 Nov to 27 Nov holidays")
    assert "5 working days left" in words(chat.says("how is my goal"))
    chat.says("remove the holiday of 26 November")
    assert "7 working days left" in words(chat.says("how is my goal"))
    chat.says("undo")
    assert "5 working days left" in words(chat.says("how is my goal"))


def test_only_managers_and_owners_tell_them(chat: Conversation) -> None:
    assert "manager" in words(chat.says("our week is Monday to Saturday", by="Bilal"))
    assert "Monday to Friday" in words(chat.says("working days", by="Bilal"))


def test_on_a_day_off_nothing_is_carried_to_the_morning(chat: Conversation) -> None:
    chat.says("call Ayesha Khan today")
    chat.says("24 November is a holiday")
    for day, comes in ((24, False), (25, True)):
        chat.clock.set(datetime(2026, 11, day, 4, 5, tzinfo=UTC))
        told = [words(each.reply) for each in chat.rings()]
        assert any("Ayesha Khan" in each for each in told) is comes, told


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 2, 18), date(2026, 3, 19)),
        (date(2026, 3, 19), date(2026, 2, 18), date(2026, 3, 19)),
        (date(2026, 3, 20), date(2027, 2, 8), date(2027, 3, 9)),
        (date(2030, 6, 1), date(2030, 12, 26), date(2031, 1, 24)),
    ],
)
def test_ramadan(day: date, first: date, last: date) -> None:
    assert ramadan_after(day) == (first, last)


@pytest.mark.parametrize(
    "said",
    [
        "bilal ki dukan band hai aaj",
        "بلال کی دکان آج بند ہے",
        "Bilal's factory is closed tomorrow",
        "his shop is closed tomorrow",
        "uski dukan kal band hai",
    ],
)
def test_somebody_elses_shut_shop_is_no_holiday_of_the_team(said: str) -> None:
    assert read_workdays(lay_out(said), date(2026, 11, 23)) == []


def test_our_own_shut_factory_is_one() -> None:
    (told,) = read_workdays(lay_out("our factory is closed tomorrow"), date(2026, 11, 23))
    assert told.intent == "workdays.holiday"
