"""A customer is given to somebody of the team, with what is open with them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import Contact, Deal, Member, Task
from tests.conversation import AYESHA, Conversation, words

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
SANA, OMAR = "Sana", "Omar"


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    for member in (AYESHA, SANA, OMAR):
        chat.says("hello", by=member)
    chat.says("add contact Hina Shah, 0300 1234567, Lahore", by=AYESHA)
    chat.says("deal Hina Shah 5 lakh", by=AYESHA)
    chat.says("call Hina Shah tomorrow", by=AYESHA)
    return chat


def owners(chat: Conversation) -> list[str]:
    """Whose the customer, the deal and the task are."""
    with chat.database.transaction() as session:
        names = {row.id: row.name for row in session.scalars(select(Member))}
        whose = (Contact.owner_id, Deal.owner_id, Task.owner_id)
        return [names[session.scalar(select(each)) or 0] for each in whose]


SAID = {
    "assign Hina Shah to Sana": "Undo",
    "please transfer Hina to Sana": "Undo",
    "Sana will look after Hina from now on": "Undo",
    "give Hina to Sana": "Undo",
    "Hina ko Sana ke hawale kar do": "Wapas",
    "Hina Sana ko de do": "Wapas",
    "ab Hina ko Sana dekhegi": "Wapas",
    "حنا کو ثنا کے حوالے کر دو": "واپس",
}


@pytest.mark.parametrize("said", SAID)
def test_they_go_with_what_is_open_and_undo_brings_all_back(desk: Conversation, said: str) -> None:
    told = words(desk.says(said, by=AYESHA))
    assert "Hina Shah" in told
    assert owners(desk) == [SANA] * 3
    desk.taps(SAID[said], by=AYESHA)
    assert owners(desk) == [AYESHA] * 3


def test_whoever_gets_them_is_told(desk: Conversation) -> None:
    desk.says("assign Hina Shah to Sana", by=AYESHA)
    desk.clock.set(MONDAY.replace(minute=1))
    told = [words(letter.reply) for letter in desk.rings()]
    assert any("Ayesha has given you a customer: Hina Shah" in each for each in told)


def test_nobody_of_that_name_is_on_the_team(desk: Conversation) -> None:
    told = words(desk.says("assign Hina Shah to Zubair", by=AYESHA))
    assert "Zubair" in told
    assert "Sana" in told
    assert owners(desk) == [AYESHA] * 3
    assert (
        "Zubair" not in words(desk.says("Hina paise Zubair ko de do", by=AYESHA)).partition("\n")[0]
    )


def test_others_customers_are_given_by_managers_alone(desk: Conversation) -> None:
    assert "manager" in words(desk.says("assign Hina Shah to Omar", by=SANA))
    assert owners(desk) == [AYESHA] * 3
    desk.says("assign Hina Shah to Sana", by=AYESHA)
    desk.says("assign Hina Shah to Omar", by=AYESHA)
    assert owners(desk) == [OMAR] * 3
    assert "already" in words(desk.says("assign Hina Shah to Omar", by=AYESHA))


def test_one_takes_them_oneself(desk: Conversation) -> None:
    desk.says("assign Hina Shah to Sana", by=AYESHA)
    desk.says("Hina mujhe de do", by=AYESHA)
    assert owners(desk) == [AYESHA] * 3
