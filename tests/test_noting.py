"""What is to be remembered of a customer is a note, where they are found stands on their card, and
who wants to write to all of them is told how."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.models import (
    Activity,
    Contact,
    CustomValue,
    Order,
    Outbox,
    Task,
)
from tests.conversation import Conversation, words

WRITTEN = (Contact, CustomValue, Order, Task)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.says("add contact Rashid Ali, 0345 1234567")
    return chat


def written(chat: Conversation) -> list[int]:
    return chat.counts(*WRITTEN)


LIKED = (
    "Rashid likes tea", "rashid ali prefers cash", "Rashid doesn't like visits",
    "remember that Rashid loves cricket", "rashid ko chai pasand hai",
    "rashid ko meetha pasand nahi", "yaad rakhna ke rashid ko chai pasand hai",
    "rashid ke liye yaad rakhna ke usko chai pasand hai", "راشد کو چائے پسند ہے",
)  # fmt: skip


@pytest.mark.parametrize("said", LIKED)
def test_what_somebody_likes_is_a_note(desk: Conversation, said: str) -> None:
    before = written(desk)
    desk.says(said)
    with desk.database.transaction() as session:
        (note,) = session.scalars(select(Activity)).all()
        assert (note.kind, note.text) == ("note", said)
    assert written(desk) == before


ADDRESSES = {
    "Rashid's address is shop 12, Saddar": "shop 12, Saddar",
    "the address of Rashid Ali is 5 Mall Road, Lahore": "5 Mall Road, Lahore",
    "rashid ka pata Saddar, shop 12": "Saddar, shop 12",
    "rashid ka address shop 12 Saddar hai": "shop 12 Saddar",
    "راشد کا پتہ دکان 12، صدر ہے": "دکان 12، صدر",
}


@pytest.mark.parametrize("said", ADDRESSES)
def test_an_address_stands_on_the_card_and_is_taken_back(desk: Conversation, said: str) -> None:
    told = words(desk.says(said))
    with desk.database.transaction() as session:
        assert session.scalars(select(CustomValue.value)).all() == [ADDRESSES[said]]
    assert ADDRESSES[said] in words(desk.says("Rashid Ali"))
    assert any(f"[{each}]" in told for each in ("Undo", "Wapas", "واپس"))
    desk.says("undo")
    with desk.database.transaction() as session:
        assert session.scalars(select(CustomValue.value)).all() == []


def test_a_new_address_takes_its_place(desk: Conversation) -> None:
    desk.says("Rashid's address is shop 12, Saddar")
    told = words(desk.says("Rashid's address is shop 14, Saddar"))
    assert "shop 14, Saddar (was shop 12, Saddar)" in told


@pytest.mark.parametrize(
    "said", ["rashid ka pata kya hai", "rashid ka pata nahi", "rashid ka pata karo",
             "what is Rashid's address", "rashid ka pata chala"],
)  # fmt: skip
def test_what_is_asked_sets_none(desk: Conversation, said: str) -> None:
    desk.says(said)
    with desk.database.transaction() as session:
        assert session.scalars(select(CustomValue.value)).all() == []


TO_ALL = {
    "send eid mubarak to all customers": "template News: eid mubarak",
    "send a message to all customers": "template News: Dear {first_name|friend}, ...",
    "send a message to everyone saying shop is closed tomorrow":
        "template News: shop is closed tomorrow",
    "message all customers: shop closed tomorrow": "template News: shop closed tomorrow",
    "sab gahakon ko eid mubarak bhejo": "template News: eid mubarak",
    "sab gahakon ko message bhejo": "template News: Mohtaram {first_name|dost}, ...",
    "sab ko whatsapp karo ke dukan kal band hai": "template News: dukan kal band hai",
    "سب گاہکوں کو عید مبارک بھیجو": "ٹیمپلیٹ خبر: عید مبارک",
}  # fmt: skip


@pytest.mark.parametrize("said", TO_ALL)
def test_who_wants_to_write_to_all_is_told_how(desk: Conversation, said: str) -> None:
    before = written(desk)
    assert TO_ALL[said] in words(desk.says(said))
    assert written(desk) == before
    with desk.database.transaction() as session:
        assert session.scalars(select(Outbox.kind).where(Outbox.kind == "campaign")).all() == []


@pytest.mark.parametrize(
    ("save", "send"),
    [("template News: eid mubarak", "send News to all customers"),
     ("template News: eid mubarak", "News sab gahakon ko bhejo"),
     ("ٹیمپلیٹ خبر: عید مبارک", "خبر سب گاہکوں کو بھیجو")],
)  # fmt: skip
def test_the_two_steps_that_are_told_are_understood(
    desk: Conversation, save: str, send: str
) -> None:
    desk.says(save)
    told = words(desk.says(send))
    assert "News" in told or "خبر" in told
    assert "template News" not in told
    assert any(f"[{no}]" in told for no in ("Do not send", "Na bhejein", "نہ بھیجیں"))


THERE = {
    "reached Rashid's shop": "Visited Rashid Ali",
    "I'm at Rashid's office now": "Visited Rashid Ali",
    "rashid ki dukan pahunch gaya": "Rashid Ali ke haan visit",
    "راشد کی دکان پہنچ گیا ہوں": "Rashid Ali کے ہاں چکر",
}


@pytest.mark.parametrize("said", THERE)
def test_who_is_there_pays_a_visit(desk: Conversation, said: str) -> None:
    assert THERE[said] in words(desk.says(said))
