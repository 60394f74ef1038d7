"""Her, it, usko, اس کو: where something was spoken of before, they count as a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from language.reader import read
from language.setting import Setting

NOW = datetime.fromisoformat("2026-11-23T10:00:00+05:00")  # a Monday
TALK, NEW_CHAT, NO_CHAT = Setting(spoken=True), Setting(spoken=False), Setting()


def meant(text: str, setting: Setting = TALK) -> list[tuple[str, dict[str, Any]]]:
    """Intent and slots of each action, without free text."""
    return [
        (a.intent, {k: v for k, v in a.slots.items() if k not in {"text", "reason", "query"}})
        for a in read(text, NOW, setting)
    ]


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("call her friday", "task.add", {"due": "2026-11-27"}),
        ("us ko kal call karni hai", "task.add", {"due": "2026-11-24"}),
        ("اسے پیر کو کال کرنا", "task.add", {"due": "2026-11-30"}),
        ("انہیں کل ریٹ بھیجنے ہیں", "task.add", {"due": "2026-11-24"}),
        ("what did we last say to him?", "contact.show", {}),
        ("when did I last meet him?", "contact.show", {}),
        ("uska number?", "contact.show", {}),
        ("اس کا نمبر؟", "contact.show", {}),
        ("اس کا نمبر کیا ہے", "contact.show", {}),
        ("tell me about her", "contact.show", {}),
        ("who is she?", "contact.show", {}),
        ("move it to proposal", "deal.move", {"stage": "proposal"}),
        ("uski deal proposal mein daal do", "deal.move", {"stage": "proposal"}),
        ("انہیں کوٹیشن بھیج دی", "deal.move", {"stage": "proposal"}),
        ("uski deal jeet gaye", "deal.win", {}),
        ("اس کی ڈیل جیت گئے", "deal.win", {}),
        ("won it", "deal.win", {}),
        ("we won it for 5 lakh", "deal.win", {"amount": 500000, "currency": "PKR"}),
        ("lost it, price too high", "deal.lose", {}),
        ("change it to 6 lakh", "deal.update", {"amount": 600000, "currency": "PKR"}),
        ("he called today", "activity.log", {"kind": "call", "on": "2026-11-23"}),
        ("unse baat hui", "activity.log", {"kind": "call"}),
        ("اس نے کال کی", "activity.log", {"kind": "call"}),
        ("move it to friday", "task.snooze", {"due": "2026-11-27"}),
        ("usko kal pe daal do", "task.snooze", {"due": "2026-11-24"}),
        ("her number is 0333 2214567", "contact.add", {"phone": "+923332214567"}),
        ("uska number 0333 2214567 hai", "contact.add", {"phone": "+923332214567"}),
        ("tag him vip", "contact.update", {"tags": ["vip"]}),
    ],
)
def test_what_is_said_of_somebody_spoken_of(text: str, intent: str, slots: dict[str, Any]) -> None:
    assert meant(text) == [(intent, slots)]


@pytest.mark.parametrize("text", ["won it", "lost it", "he called today", "change it to 6 lakh"])
def test_he_and_it_mean_nothing_before_anything_was_spoken_of(text: str) -> None:
    assert meant(text, NEW_CHAT) == [("none", {})]


@pytest.mark.parametrize("text", ["uska number?", "tell me about her", "اس کا نمبر؟"])
def test_who_her_is_can_be_asked_in_a_chat(text: str) -> None:
    (action,) = read(text, NOW, NEW_CHAT)
    assert (action.intent, action.of_them) == ("contact.show", True)
    assert meant(text, NO_CHAT) == [("none", {})]


def test_who_is_named_in_the_message_is_who_is_meant() -> None:
    met, call = read("met Sara today, call her friday", NOW, TALK)
    assert (met.slots["contact"], call.slots["contact"]) == ("Sara", "Sara")
    assert not met.of_them
    assert not call.of_them


def test_only_what_speaks_of_somebody_asks_who() -> None:
    list_, call = read("send price list tomorrow. call him friday", NOW, NEW_CHAT)
    assert [list_.of_them, call.of_them] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "it is raining",
        "is it monday today",
        "will it be hot on friday",
        "he is a nice man",
        "woh bohat acha hai",
        "وہ اچھا ہے",
    ],
)
def test_talk_that_is_none_stays_none(text: str) -> None:
    assert meant(text) == [("none", {})]
