"""What nobody sells is left alone; the same words, sold, are a CRM's business."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from language.reader import read

NOW = datetime(2026, 12, 2, 11, tzinfo=ZoneInfo("Asia/Karachi"))


@pytest.mark.parametrize(
    "text",
    [
        "dim the hallway lamps",
        "turn on the heater at 6",
        "find me a cheap flight to madrid",
        "should i take a coat today",
        "how much do i earn a year",
        "what is organic chemistry",
        "i gotta pay my water bill",
        "what's the time zone of new york",
        "bedroom ki batti band karo",
        "aaj mausam kaisa hai",
        "کمرے کی بتی بند کرو",
        "سارے پنکھے چلا دو",
        "دروازے کا تالا کھولو",
    ],
)
def test_the_house_and_the_world_are_left_alone(text: str) -> None:
    assert [action.intent for action in read(text, NOW)] == ["none"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("new deal with Ayesha: 40 lamps, 3 lakh", "deal.add"),
        ("Bilal Traders ordered 30 heaters", "order.add"),
        ("remind me to book a hotel for the expo", "task.add"),
        ("call Ayesha about the hotel booking tomorrow", "task.add"),
        ("Ayesha ne 20 pankhe order kiye", "order.add"),
        ("بلال ٹریڈرز نے ۵۰ پنکھے آرڈر کیے", "order.add"),
        ("عائشہ کی ڈیل جیت گئے، ۴۰ لائٹیں", "deal.win"),
    ],
)
def test_the_same_things_sold_are_read(text: str, intent: str) -> None:
    assert [action.intent for action in read(text, NOW)] == [intent]
