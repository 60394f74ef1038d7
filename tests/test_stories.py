"""What strangers typed on their first day, and what must come of it."""

from __future__ import annotations

import pytest

from storage import export
from storage.export import Record
from tests.conversation import Conversation, labels, words


def kept(chat: Conversation, kind: str) -> list[Record]:
    """The records of a kind, as they are exported."""
    with export.reading(chat.database.engine) as session:
        return list(export.records(session, export.workspaces(session), [kind]))


def only(chat: Conversation, kind: str) -> Record:
    (record,) = kept(chat, kind)
    return record


# --- who is meant ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "zubair's number is 0333-2214567",
        "zubair ka number 0333 2214567 save karo",
        "زبیر کا نمبر ۰۳۳۳۲۲۱۴۵۶۷ ہے",
    ],
)
def test_a_first_name_with_a_number_means_the_one_who_is_known(
    chat: Conversation, said: str
) -> None:
    chat.says("met Zubair Lodhi of Alkaram Textile")
    chat.says(said)
    assert only(chat, "contact")["phones"] == ["+923332214567"]
    chat.says("undo")
    assert only(chat, "contact")["phones"] == []


def test_a_number_that_would_replace_another_is_asked_about(chat: Conversation) -> None:
    chat.says("add Zubair Lodhi 0333 2214567")
    asked = chat.says("zubair's number is 0321 5552222")
    assert labels(asked) == ["Zubair Lodhi", "Somebody new", "Never mind"]
    chat.says("1")
    assert only(chat, "contact")["phones"] == ["+923215552222"]


def test_a_bare_number_shows_whose_it_is_or_asks(chat: Conversation) -> None:
    chat.says("add Zubair Lodhi 0333 2214567")
    assert "Zubair Lodhi" in words(chat.says("whose number is 03332214567"))
    assert "name" in words(chat.says("0300-9876543"))
    chat.says("Imran Qadri")
    assert [each["name"] for each in kept(chat, "contact")] == ["Zubair Lodhi", "Imran Qadri"]


# --- small talk -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("shukria bhai", "You are welcome"),
        ("bye", "Bye"),
        ("ok", "All right"),
        ("🙏", "All right"),
        ("ٹھیک ہے", "ٹھیک ہے"),
        ("???", "nothing to write down"),
        (". . .", "nothing to write down"),
    ],
)
def test_small_talk_gets_a_small_answer(chat: Conversation, said: str, answer: str) -> None:
    assert answer in words(chat.says(said))
