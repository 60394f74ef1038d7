"""Birthdays: said in a sentence, asked for, listed as they come round, told on their morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.birthdays import SHOWN
from handlers.reply import Form
from storage.models import Contact, CustomField, CustomValue, Task
from tests.conversation import AYESHA, Conversation, part, words

BILAL = "Bilal"
FRIDAY = datetime(2026, 11, 27, 6, tzinfo=UTC)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(FRIDAY)
    chat.says("add contact Sara Malik from Nishat Mills", by=AYESHA)
    chat.says("add contact Omar Farooq", by=AYESHA)
    return chat


def known(chat: Conversation) -> dict[str, str]:
    with chat.database.transaction() as session:
        rows = session.execute(
            select(Contact.name, CustomValue.value).where(CustomValue.contact_id == Contact.id)
        )
        return {str(name): str(value) for name, value in rows}


SAID = {
    "Sara Malik's birthday is 29 November": "--11-29",
    "sara's bday is on 3 December 1985": "1985-12-03",
    "the birthday of Sara Malik is on 5 March": "--03-05",
    "Sara Malik was born on 29/11/1990": "1990-11-29",
    "save Sara's birthday as 1 Jan 1980": "1980-01-01",
    "tomorrow is Sara's birthday": "--11-28",
    "Sara ki salgirah 29 november ko hai": "--11-29",
    "sara ki birthday kal hai": "--11-28",
    "aaj Sara Malik ki salgirah hai": "--11-27",
    "سارہ کی سالگرہ 29 نومبر کو ہے": "--11-29",
    "سارہ ملک 3 دسمبر 1990 کو پیدا ہوئی": "1990-12-03",
}


@pytest.mark.parametrize("said", SAID)
def test_a_birthday_is_said_and_taken_back(desk: Conversation, said: str) -> None:
    told = words(desk.says(said))
    assert known(desk) == {"Sara Malik": SAID[said]}
    with desk.database.transaction() as session:
        assert session.scalars(select(Task)).all() == []
    desk.taps(next(each for each in ("Undo", "Wapas", "واپس") if f"[{each}]" in told))
    assert known(desk) == {}


def test_another_day_takes_its_place_and_a_year_once_known_stays(desk: Conversation) -> None:
    desk.says("Sara's birthday is 3 December 1985")
    desk.says("Sara's birthday is 3 December")
    assert known(desk) == {"Sara Malik": "1985-12-03"}
    told = words(desk.says("her birthday is 4 December"))
    assert "4 Dec (was Tuesday 3 Dec 1985)" in told
    assert known(desk) == {"Sara Malik": "--12-04"}
    with desk.database.transaction() as session:
        assert len(session.scalars(select(CustomField)).all()) == 1


def test_it_stands_on_the_card_without_a_year_that_nobody_said(desk: Conversation) -> None:
    desk.says("Sara's birthday is 29 November")
    assert "Birthday: 29 Nov\n" in words(desk.says("Sara Malik"))


@pytest.mark.parametrize(
    ("asked", "told"),
    [("when is Sara's birthday?", "Birthday: 29 Nov"),
     ("sara ki salgirah kab hai", "Salgirah: 29 Nov"),
     ("سارہ کی سالگرہ کب ہے؟", "سالگرہ: 29 نومبر"),
     ("when was Omar Farooq born", "I do not know Omar Farooq's birthday yet.")],
)  # fmt: skip
def test_one_is_asked_for(desk: Conversation, asked: str, told: str) -> None:
    desk.says("Sara's birthday is 29 November")
    assert told in words(desk.says(asked))


LISTED = {
    "birthdays this month": ("Birthdays, this month", "Sunday 29 Nov: Sara Malik"),
    "whose birthday is on 29 november": ("Sunday 29 Nov: Sara Malik",),
    "is it anyone's birthday today": ("Nobody's birthday", "[Upcoming birthdays]"),
    "upcoming birthdays": ("Sunday 29 Nov: Sara Malik", "Thursday 3 Dec: Omar Farooq, turns 41"),
    "who has a birthday next month": ("Dec 2026", "Thursday 3 Dec: Omar Farooq, turns 41"),
    "is mahine kis ki salgirah hai": ("Salgirahein, is mahine", "Itwar 29 Nov: Sara Malik"),
    "agle hafte kis kis ki salgirah hai": ("Jumerat 3 Dec: Omar Farooq, 41 saal",),
    "اگلے ہفتے کن کی سالگرہ ہے": ("جمعرات 3 دسمبر: Omar Farooq، 41 سال",),
}


@pytest.mark.parametrize("asked", LISTED)
def test_those_of_some_days_are_listed_in_their_order(desk: Conversation, asked: str) -> None:
    desk.says("Omar Farooq's birthday is 3 December 1985")
    desk.says("Sara's birthday is 29 November")
    told = words(desk.says(asked))
    at = [told.find(part) for part in LISTED[asked]]
    assert -1 not in at
    assert at == sorted(at)


def test_a_year_goes_round(desk: Conversation) -> None:
    desk.clock.set(datetime(2026, 12, 20, 6, tzinfo=UTC))
    desk.says("Omar Farooq's birthday is 2 January 1990")
    desk.says("Sara's birthday is 30 December")
    told = words(desk.says("upcoming birthdays"))
    assert "Wednesday 30 Dec: Sara Malik\nSaturday 2 Jan: Omar Farooq, turns 37" in told


def test_the_29th_of_february_is_kept_on_the_28th(desk: Conversation) -> None:
    desk.says("Sara was born on 29 February 1988")
    told = words(desk.says("birthdays in february"))
    assert "Sunday 28 Feb: Sara Malik, turns 39" in told


def test_more_than_are_shown_are_counted(desk: Conversation) -> None:
    names = ("Ali", "Bano", "Carim", "Dua", "Ehsan", "Farid", "Gul", "Hadi", "Iqra", "Javed",
             "Kiran", "Laila", "Moin", "Naila")  # fmt: skip
    for name in names[: SHOWN + 2]:
        desk.clock.set(desk.clock.now() + timedelta(minutes=1))
        desk.says(f"add contact {name} Sheikh")
        desk.says(f"{name} Sheikh's birthday is 3 December")
    assert "and 2 more" in words(desk.says("upcoming birthdays"))


@pytest.mark.parametrize("value", ["0000-00-00", "1990-13-45", "--02-30", "--00-10"])
def test_a_day_that_no_year_has_stops_nothing(desk: Conversation, value: str) -> None:
    """As address books bring them."""
    desk.says("Omar Farooq's birthday is 3 December")
    desk.says("Sara's birthday is 4 December")
    with desk.database.transaction() as session:
        kept = session.scalars(select(CustomValue).order_by(CustomValue.id)).all()
        kept[1].value = value
    assert value in words(desk.says("Sara Malik"))
    for asked in ("birthdays this year", "upcoming birthdays", "birthdays in february"):
        assert "Sara" not in words(desk.says(asked))
    assert value in words(desk.says("when is Sara's birthday"))
    assert "5 Dec (was " in words(desk.says("Sara's birthday is 5 December"))


def test_it_can_be_edited_as_it_is_said(desk: Conversation) -> None:
    desk.says("Sara's birthday is 29 November")
    desk.says("Sara Malik moved to Lahore")
    form = part(desk.taps("Edit"), Form)
    (field,) = [each for each in form.fields if each.value == "--11-29"]
    same = {each.name: each.value or "" for each in form.fields}
    desk.fills({**same, field.name: "30 November"})
    assert known(desk) == {"Sara Malik": "--11-30"}
    assert "Birthday: 30 Nov" in words(desk.says("when is Sara's birthday"))


def test_a_company_has_none(desk: Conversation) -> None:
    assert "Nishat Mills is a company." in words(desk.says("Nishat Mills's birthday is 3 December"))
    assert known(desk) == {}


def test_its_morning_tells_of_it(desk: Conversation) -> None:
    desk.says("hello", by=AYESHA)
    desk.says("Sara's birthday is 1 December 1990")
    desk.clock.set(datetime(2026, 12, 1, 4, 0, tzinfo=UTC))
    heard = "\n".join(words(each.reply) for each in desk.rings())
    assert "Turns 36: today, Tuesday 1 Dec" in heard


def test_whom_others_may_not_see_is_not_told_of(desk: Conversation) -> None:
    desk.says("Sara's birthday is 29 November", by=AYESHA)
    desk.says("Omar Farooq's birthday is 3 December", by=AYESHA)
    desk.says("keep Sara Malik private", by=AYESHA)
    assert "Sara Malik" in words(desk.says("upcoming birthdays", by=AYESHA))
    for by, place in ((AYESHA, "Sales"), (BILAL, ""), (BILAL, "Sales")):
        told = words(desk.says("upcoming birthdays", by=by, place=place))
        assert "Omar Farooq" in told
        assert "Sara" not in told


@pytest.mark.parametrize(
    "said",
    [
        "happy birthday Sara!!",
        "wish Sara on her birthday",
        "Sara's birthday is a big day for us",
        "Sara ki salgirah mubarak",
    ],
)
def test_other_words_of_birthdays_set_none(desk: Conversation, said: str) -> None:
    desk.says(said)
    assert known(desk) == {}


def test_before_any_is_known_it_says_how_to_tell_one(desk: Conversation) -> None:
    told = words(desk.says("birthdays this month"))
    assert "No birthday is known yet." in told
    desk.clock.set(FRIDAY + timedelta(minutes=1))
    desk.says("Sara's birthday is 29 November")
    assert "Sara Malik" in words(desk.says("birthdays this month"))
