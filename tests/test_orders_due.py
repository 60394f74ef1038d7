"""Whose next order is due within a time, by what is learned of their rhythm."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation, labels, words
from tests.test_kept_and_grown import intents_of
from tests.test_outlook import bought


@pytest.fixture
def shop(chat: Conversation) -> Conversation:
    """Two whose order is due tomorrow, one who is silent for too long, one due in a month."""
    chat.says("hello")
    bought(chat, "Bilal Traders", 157, 136, 115, 94, 80)
    bought(chat, "Nishat Mills", *range(19, 240, 21))
    bought(chat, "Halal Dairy", *range(12, 200, 14))
    bought(chat, "Soap Stop", *range(1, 240, 40))
    return chat


WEEK = {
    "en": "who should order this week",
    "roman": "is hafte kis kis ka order aana chahiye",
    "ur": "اس ہفتے کس کس کا آرڈر آنا چاہیے",
}


@pytest.mark.parametrize("said", WEEK.values())
def test_whoever_is_due_in_a_time_is_told_and_nobody_else(shop: Conversation, said: str) -> None:
    told = words(shop.says(said))
    assert "Nishat Mills" in told
    assert "Halal Dairy" in told
    assert "Soap Stop" not in told


def test_when_with_the_rhythm_and_what_to_do(shop: Conversation) -> None:
    reply = shop.says("whose order is due")
    assert "Nishat Mills: about" in words(reply)
    assert "every 3 weeks" in words(reply)
    assert labels(reply)[0].startswith("Called ")
    assert "Call with" in words(shop.taps(labels(reply)[0]))


def test_whoever_is_too_late_is_told_to_be_at_risk(shop: Conversation) -> None:
    reply = shop.says("who should order this week")
    assert "Bilal Traders" not in words(reply)
    assert "Bilal Traders" in words(shop.says("who is at risk"))


def test_nobody_is_due_in_a_time_without_anybody(chat: Conversation) -> None:
    chat.says("hello")
    assert "nobody's order is due" in words(chat.says("who should order tomorrow"))


@pytest.mark.parametrize(
    "said",
    [
        "which customers should order next week", "orders expected this month",
        "which of my customers should order today", "who is due to reorder",
        "kal kis kis ka order aana chahiye",
        "agle hafte kaun order dega", "is mahine kis ka order aana hai", "kis ka order due hai",
        "اگلے ہفتے کون آرڈر دے گا", "اس مہینے کس کا آرڈر آنا ہے",
    ],
)  # fmt: skip
def test_it_is_asked_in_many_ways(shop: Conversation, said: str) -> None:
    assert intents_of(shop, said) == ["order.due"]


@pytest.mark.parametrize(
    "said", ["who should I call today", "aaj kis ko call karun", "آج کس کو کال کروں"]
)
def test_whom_to_call_is_another_question(shop: Conversation, said: str) -> None:
    assert intents_of(shop, said) == ["call.list"]
