"""What is said of several people at once is done for each; what was paid beside an order is no part
of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import Activity, Contact, Order, Task
from tests.conversation import Conversation, words

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    for name in ("Bilal Khan", "Sara Malik", "Hina Shah"):
        chat.says(f"add contact {name}")
    return chat


def whose(chat: Conversation, kind: type[Activity | Task]) -> list[tuple[str, str]]:
    """Whose, and what is written."""
    with chat.database.transaction() as session:
        names = {row.id: row.name for row in session.scalars(select(Contact))}
        rows = session.execute(select(kind.contact_id, kind.text).order_by(kind.id))
        return [(names[number or 0], said or "") for number, said in rows]


BOTH = ("Bilal Khan", "Sara Malik")
DONE = {
    "met Bilal and Sara today": BOTH,
    "called both Bilal and Sara": BOTH,
    "visited Bilal, Sara and Hina": (*BOTH, "Hina Shah"),
    "Bilal aur Sara dono ko call kiya": BOTH,
    "bilal aur sara se mulaqat hui": BOTH,
    "بلال اور سارہ سے ملاقات ہوئی": BOTH,
}


@pytest.mark.parametrize("said", DONE)
def test_what_was_done_with_several_is_written_with_each(desk: Conversation, said: str) -> None:
    desk.says(said)
    assert tuple(name for name, _ in whose(desk, Activity)) == DONE[said]
    assert whose(desk, Task) == []
    desk.says("undo")
    assert whose(desk, Activity) == []


def test_what_they_said_is_with_each_too(desk: Conversation) -> None:
    desk.says("met Bilal Khan and Sara Malik, they want new rates")
    assert whose(desk, Activity) == [(name, "they want new rates") for name in BOTH]


TO_DO = ("call Bilal and Sara tomorrow", "Bilal aur Sara ko kal call karna hai")


@pytest.mark.parametrize("said", TO_DO)
def test_what_is_to_be_done_is_to_be_done_with_each(desk: Conversation, said: str) -> None:
    desk.says(said)
    assert tuple(name for name, _ in whose(desk, Task)) == BOTH
    assert whose(desk, Activity) == []


APART = {
    "met Bilal, Sara wants rates": [("Bilal Khan", "Sara wants rates")],
    "met Bilal and Sara wants rates": [("Bilal Khan", "Sara wants rates")],
    "met Bilal and discussed the deal": [("Bilal Khan", "discussed the deal")],
}


@pytest.mark.parametrize("said", APART)
def test_who_says_something_of_another_is_met_alone(desk: Conversation, said: str) -> None:
    desk.says(said)
    assert whose(desk, Activity) == APART[said]


PAID = {
    "Bilal ordered 10 bags sugar and paid 5000": "paid 5000",
    "Bilal ordered 10 bags sugar for 20000, paid 5000": "paid 5000",
    "Bilal ne 10 bori sugar li aur 5000 diye": "5000 diye",
    "بلال نے 10 بوری چینی لی اور 5000 دیے": "5000 دیے",
}


@pytest.mark.parametrize("said", PAID)
def test_what_was_paid_beside_an_order_is_a_note(desk: Conversation, said: str) -> None:
    assert "Bilal Khan" in words(desk.says(said))
    with desk.database.transaction() as session:
        order = session.scalars(select(Order)).one()
        assert order.amount_minor == (2_000_000 if "20000" in said else None)
        assert [line.quantity for line in order.lines] == ["10"]
    assert whose(desk, Activity) == [("Bilal Khan", PAID[said])]
