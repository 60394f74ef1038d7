"""What people who know no rules type: half a thought, another subject, a word between friends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conversation import Conversation
from tests.test_stories import kept, only

ASKED = ("deal 5 lakh for looms", "us ki deal 5 lakh ki likh lo", "اس کی ڈیل 5 لاکھ کی لکھ لو")


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "said", ["uska kya scene hai", "i dont know", "let's do standup at 10", "مجھے نہیں پتا"]
)
def test_what_is_no_name_is_no_answer_to_who(chat: Conversation, asked: str, said: str) -> None:
    chat.says(asked)
    chat.says(said)
    assert kept(chat, "deal") == kept(chat, "contact") == kept(chat, "company") == []


@pytest.mark.parametrize(
    ("said", "name"), [("Rafiq sahib", "Rafiq"), ("rafiq se", "Rafiq"), ("رفیق صاحب کی", "رفیق")]
)
def test_an_answer_names_without_courtesy(chat: Conversation, said: str, name: str) -> None:
    chat.says("deal 5 lakh for looms")
    chat.says(said)
    assert only(chat, "contact")["name"] == name


def test_what_is_said_an_hour_later_is_no_answer(chat: Conversation) -> None:
    chat.says("deal 5 lakh for looms")
    chat.clock.set(chat.clock.now() + timedelta(hours=2))
    chat.says("Zubair Khan")
    assert kept(chat, "deal") == []
