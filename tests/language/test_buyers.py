"""Who an order begins with, whatever the words of the name mean; and a tag said last."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from language.reader import read
from tests.conversation import Conversation, words

NOON = datetime(2026, 11, 24, 7, tzinfo=UTC)


def slots(text: str) -> tuple[str, dict[str, Any]]:
    action = read(text, NOON)[0]
    return action.intent, action.slots


@pytest.mark.parametrize(
    ("text", "buyer"),
    [
        ("Soap Stop ordered 10 rolls lawn for 50k", "Soap Stop"),
        ("soap stop ordered 10 rolls lawn for 50k", "soap stop"),
        ("Call Point ordered 6 handsets for 90k", "Call Point"),
        ("Deal House ordered 3 sofas for 1.2 lakh", "Deal House"),
        ("Target Mart has ordered 5 boxes", "Target Mart"),
        ("soap stop ne 10 roll lawn 50 hazar mein mangwaye", "soap stop"),
        ("aaj soap stop ne 10 roll lawn 50 hazar mein mangwaye", "soap stop"),
        ("سوپ اسٹاپ نے ۱۰ رول لان ۵۰ ہزار میں منگوائے", "سوپ اسٹاپ"),
        ("آج کال پوائنٹ نے ۶ فون منگوائے", "کال پوائنٹ"),
    ],
)
def test_a_buyer_whose_name_means_something_else(text: str, buyer: str) -> None:
    intent, said = slots(text)
    assert (intent, said.get("company")) == ("order.add", buyer)


@pytest.mark.parametrize(
    "text",
    ["the supplier ordered 5 rolls", "he just ordered 5 rolls", "which customers ordered 5 rolls",
     "hum ne 10 roll bheje", "Note Bilal ordered 5 rolls", "unhon ne 10 roll mangwaye"],
)  # fmt: skip
def test_whoever_is_not_named_is_no_buyer(text: str) -> None:
    assert "company" not in slots(text)[1]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("which customers bring most money", "stats.show"),
        ("who brings us the most money", "stats.show"),
        ("any calls i need to make today?", "call.list"),
        ("aaj kin logo se baat karni chahiye", "call.list"),
        ("آج کن لوگوں سے بات کرنی چاہیے", "call.list"),
        ("why do you say bilal traders will leave", "risk.show"),
        ("bilal traders ko khatre mein kyun bol rahe ho", "risk.show"),
    ],
)
def test_what_is_asked_of_customers(text: str, intent: str) -> None:
    assert slots(text)[0] == intent


@pytest.mark.parametrize("tag", ["wholesale", "retail"])
def test_a_tag_said_last(tag: str) -> None:
    assert slots(f"tag kashif {tag}") == ("contact.update", {"contact": "kashif", "tags": [tag]})


def test_an_order_of_a_stranger_is_not_put_to_whoever_was_spoken_of(chat: Conversation) -> None:
    chat.says("Bilal Traders ordered 5 cartons for 75k")
    assert "Call Point" in words(chat.says("Call Point ordered 6 handsets for 90k"))
