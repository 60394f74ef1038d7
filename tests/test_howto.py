"""How something is done is shown by the examples of what can be said for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.models import Activity, Contact, Deal, Order, Task
from tests.conversation import Conversation, words

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
WRITTEN = (Activity, Contact, Deal, Order, Task)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    chat.says("add contact Hina Shah, Lahore")
    return chat


def written(chat: Conversation) -> list[int]:
    return chat.counts(*WRITTEN)


ASKED = {
    "how do I delete a customer?": "delete Bilal Khan",
    "how can I cancel a reminder": "don't remind me about Bilal",
    "help with cancelling an order": "cancel Bilal's order",
    "how do I invite a colleague": "invite a rep",
    "how to export customers": "export my contacts",
    "is there a way to set a goal": "goal 50 lakh this month",
    "gahak kaise delete karoon": "Bilal Khan ko delete kar do",
    "order kaise cancel karte hain": "Bilal ka order cancel kar do",
    "naya customer kaise add karun": "naya contact Ayesha Khan",
    "ڈیل کیسے ڈیلیٹ کروں": "بلال والی ڈیل ڈیلیٹ کر دو",
    "how do I import my contacts": "Send me the file here",
}


@pytest.mark.parametrize("said", ASKED)
def test_it_is_told_what_to_say(desk: Conversation, said: str) -> None:
    before = written(desk)
    assert ASKED[said] in words(desk.says(said))
    assert written(desk) == before


def test_what_nothing_here_is_about_gets_the_whole_help(desk: Conversation) -> None:
    assert "Write it as you would say it" in words(desk.says("how do I bake a cake"))


def test_what_is_asked_of_somebody_who_is_known_is_no_such_question(desk: Conversation) -> None:
    assert "Write it as you would say it" not in words(desk.says("how do I reach Hina Shah"))


GREETED = {"how are you?": "Hello", "aap kaise hain": "Ayesha", "آپ کیسے ہیں": "Ayesha"}


@pytest.mark.parametrize("said", GREETED)
def test_who_asks_how_one_is_gets_greeted(desk: Conversation, said: str) -> None:
    told = words(desk.says(said))
    assert GREETED[said] in told
    assert "?" in told or "؟" in told
