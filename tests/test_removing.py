"""A customer who was written down by mistake is taken out, once asked; undo brings all back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import (
    Activity,
    Company,
    Contact,
    ContactPoint,
    ContactTag,
    CustomValue,
    Task,
)
from tests.conversation import AYESHA, Conversation, words

BILAL = "Bilal"
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
KINDS = (Activity, Company, Contact, ContactPoint, ContactTag, CustomValue, Task)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    chat.says("hello", by=AYESHA)
    chat.says("add contact Hina Shah, 0300 1234567, Lahore", by=AYESHA)
    chat.says("Hina Shah's birthday is 3 December", by=AYESHA)
    chat.says("tag Hina Shah vip", by=AYESHA)
    chat.says("called Hina Shah, she wants tea", by=AYESHA)
    chat.says("call Hina Shah tomorrow", by=AYESHA)
    return chat


def there(chat: Conversation) -> list[int]:
    return chat.counts(*KINDS)


SAID = {
    "delete Hina Shah": ("Delete", "Undo"),
    "please remove the contact Hina Shah from my list": ("Delete", "Undo"),
    "forget Hina Shah": ("Delete", "Undo"),
    "hina ko delete kar do": ("Delete karein", "Wapas"),
    "Hina Shah ko list se hata do": ("Delete karein", "Wapas"),
    "ہنا شاہ کو ڈیلیٹ کر دو": ("مٹا دیں", "واپس"),
}


@pytest.mark.parametrize("said", SAID)
def test_it_is_asked_first_and_undo_brings_all_of_it_back(desk: Conversation, said: str) -> None:
    delete, undo = SAID[said]
    before = there(desk)
    assert "2" in words(desk.says(said, by=AYESHA))
    assert there(desk) == before
    assert "Hina Shah" in words(desk.taps(delete, by=AYESHA))
    assert there(desk) == [0] * len(KINDS)
    desk.taps(undo, by=AYESHA)
    assert there(desk) == before
    told = words(desk.says("Hina Shah", by=AYESHA))
    assert "+923001234567" in told
    assert "vip" in told
    assert "she wants tea" in told


def test_yes_is_enough_and_no_leaves_them(desk: Conversation) -> None:
    before = there(desk)
    desk.says("delete Hina Shah", by=AYESHA)
    desk.says("no", by=AYESHA)
    assert there(desk) == before
    desk.says("delete Hina Shah", by=AYESHA)
    assert "Deleted: Hina Shah" in words(desk.says("yes", by=AYESHA))
    assert "I know nobody called Hina Shah" in words(desk.says("Hina Shah", by=AYESHA))
    desk.rings()


HELD = {
    "a deal": "deal with Hina Shah for 5 lakh",
    "an order": "Hina Shah ordered 5 looms for 100000",
    "a complaint": "Hina Shah complained that a loom is broken",
    "a consent": "Hina Shah agreed to e-mails",
}


@pytest.mark.parametrize("what", HELD)
def test_whoever_bought_or_agreed_to_something_stays(desk: Conversation, what: str) -> None:
    desk.says(HELD[what], by=AYESHA)
    before = there(desk)
    assert "Hina Shah stays" in words(desk.says("delete Hina Shah", by=AYESHA))
    assert there(desk) == before


def test_what_came_between_the_question_and_the_answer_holds_them(desk: Conversation) -> None:
    desk.says("delete Hina Shah", by=AYESHA)
    desk.says("Hina Shah ordered 5 looms for 100000", by=BILAL)
    before = there(desk)
    assert "Hina Shah stays" in words(desk.taps("Delete", by=AYESHA))
    assert there(desk) == before


def test_only_whose_they_are_and_managers_take_them_out(desk: Conversation) -> None:
    before = there(desk)
    told = words(desk.says("delete Hina Shah", by=BILAL))
    assert "looked after by somebody else" in told
    assert there(desk) == before


def test_a_company_goes_only_when_nobody_is_there(desk: Conversation) -> None:
    desk.says("add contact Omar Farooq from Al Madina Store", by=AYESHA)
    assert "Al Madina Store stays" in words(desk.says("delete Al Madina Store", by=AYESHA))
    desk.says("delete Omar Farooq", by=AYESHA)
    desk.taps("Delete", by=AYESHA)
    desk.says("delete Al Madina Store", by=AYESHA)
    assert "Deleted: Al Madina Store" in words(desk.taps("Delete", by=AYESHA))
    with desk.database.transaction() as session:
        assert session.scalars(select(Company)).all() == []


@pytest.mark.parametrize("said", ["delete Kamran", "delete the task", "hatao", "remove tag vip"])
def test_other_wishes_take_nobody_out(desk: Conversation, said: str) -> None:
    desk.says(said, by=AYESHA)
    with desk.database.transaction() as session:
        assert session.scalars(select(Contact.name)).all() == ["Hina Shah"]
