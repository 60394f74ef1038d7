"""A number or an address that is said with a first meeting is kept with the person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.models import Contact
from tests.conversation import Conversation, words

SAID = {
    "met Sara Malik from Nishat Mills, 0300 1234567": (["+923001234567"], []),
    "called Omar of Kohinoor, 0321-7654321, omar@kohinoor.example, wants 5 looms":
        (["+923217654321"], ["omar@kohinoor.example"]),
    "Nishat Mills se Zain se mulaqat hui, 0333 1112223": (["+923331112223"], []),
    "met Ali Raza from Indus Motors, they sold 1234567890 parts": ([], []),
}  # fmt: skip


def reached(chat: Conversation) -> list[tuple[list[str], list[str]]]:
    with chat.database.transaction() as session:
        return [(each.phones, each.emails) for each in session.scalars(select(Contact))]


@pytest.mark.parametrize("said", SAID)
def test_it_is_theirs_and_undo_takes_it_back(chat: Conversation, said: str) -> None:
    told = words(chat.says(said))
    assert all(each in told for some in SAID[said] for each in some)
    assert reached(chat) == [SAID[said]]
    chat.taps("Undo" if "Undo" in told else "Wapas")
    assert reached(chat) == []


def test_a_number_that_is_known_stays(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills, 0300 1234567")
    chat.says("called Sara Malik of Nishat Mills, 0300 9999999")
    assert reached(chat) == [(["+923001234567"], [])]
