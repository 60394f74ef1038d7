"""Questions about what was done, and about what is to come, asked in chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conversation import Conversation, words
from tests.scenes import scene


@scene
def busy(chat: Conversation) -> None:
    chat.says("called Nishat Mills")
    chat.says("called Gul Ahmed", by="Bilal")
    chat.says("met Gul Ahmed", by="Bilal")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("how many calls did Bilal make this week", "\n1"),
        ("how many calls did we make this week", "\n2"),
        ("is hafte kitni meetings huin", "\n1"),
        ("اس ہفتے کتنی کالز ہوئیں", "\n2"),
        ("who was most active this month", "Bilal: 2"),
        ("is mahine kaun sab se zyada active tha", "Bilal: 2"),
    ],
)
def test_what_was_done_is_counted(busy: Conversation, said: str, answer: str) -> None:
    assert answer in words(busy.says(said))


def test_who_was_not_spoken_to_is_told(busy: Conversation) -> None:
    busy.clock.set(busy.clock.now() + timedelta(days=70))
    busy.says("called Nishat Mills")
    told = words(busy.says("customers without contact for 60 days"))
    assert "Gul Ahmed" in told
    assert "Nishat" not in told


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("forecast for this quarter", "Open deals, by stage: Rs 1.5 lakh"),
        ("is quarter ki forecast", "marhale ke hisab se: Rs 1.5 lakh"),
        ("اس سہ ماہی میں کتنی سیل متوقع ہے", "1.5 لاکھ روپے"),
    ],
)
def test_what_is_to_come_is_weighted_by_stage(chat: Conversation, said: str, label: str) -> None:
    """Two lakh at 75 percent; with little history there is no range."""
    chat.says("deal 2 lakh with Gul Ahmed, closing tomorrow")
    chat.says("move Gul Ahmed deal to negotiation")
    told = words(chat.says(said))
    assert label in told
    assert "20" in told


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("how many deals did we win on 31 April", "31 April"),
        ("31 April 2026 ko kitni deals jeetin", "31 April 2026"),
        ("deals won in Q5 2026, how many", "Q5"),
    ],
)
def test_a_day_that_there_is_none_of_is_told(chat: Conversation, said: str, day: str) -> None:
    assert day in words(chat.says(said))
