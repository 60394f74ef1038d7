"""What is unclear is asked with the likeliest readings; before the answer nothing is written."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation, labels, words
from tests.test_stories import kept, only

SUM = "Sara Malik 5 lakh"


def test_a_name_and_a_sum_may_be_several_things(chat: Conversation) -> None:
    asked = chat.says(SUM)
    assert labels(asked) == [
        "New deal: Sara Malik, Rs 5 lakh (500,000)",
        "Deal won: Sara Malik, 500,000",
        "New order: Sara Malik, Rs 5 lakh (500,000)",
        "Keep as a note",
        "Never mind",
    ]
    assert kept(chat, "contact") == kept(chat, "deal") == []
    chat.taps("New deal")
    assert only(chat, "deal")["amount"] == "500000.00"
    assert only(chat, "contact")["name"] == "Sara Malik"


@pytest.mark.parametrize("answer", ["1", "new deal", "the first", "pehla wala", "پہلا", "1st one"])
def test_the_answer_may_be_a_number_or_words(chat: Conversation, answer: str) -> None:
    chat.says(SUM)
    chat.says(answer)
    assert only(chat, "deal")["status"] == "open"


@pytest.mark.parametrize(
    ("said", "deal", "note", "never"),
    [
        (SUM, "New deal: Sara Malik", "Keep as a note", "Never mind"),
        ("bhai Sara Malik ka 5 lakh hai", "Nayi deal: Sara Malik", "Note likh lein", "Rehne dein"),
        ("علی خان 5 لاکھ", "نئی ڈیل: علی خان", "نوٹ لکھ لیں", "رہنے دیں"),
    ],
)
def test_it_is_asked_in_the_language_of_who_is_asked(
    chat: Conversation, said: str, deal: str, note: str, never: str
) -> None:
    shown = labels(chat.says(said))
    assert shown[0].startswith(deal)
    assert shown[-2:] == [note, never]


def test_the_words_are_kept_as_they_were_said(chat: Conversation) -> None:
    chat.says(SUM)
    chat.taps("Keep as a note")
    note = only(chat, "activity")
    assert (note["kind"], note["text"]) == ("note", SUM)
    assert kept(chat, "deal") == []


def test_a_correction_is_read_as_any_message(chat: Conversation) -> None:
    chat.says(SUM)
    chat.says("deal for Sara Malik, 6 lakh")
    assert only(chat, "deal")["amount"] == "600000.00"


def test_never_mind_writes_nothing(chat: Conversation) -> None:
    chat.says(SUM)
    chat.taps("Never mind")
    assert kept(chat, "contact") == kept(chat, "deal") == kept(chat, "activity") == []


def test_an_unknown_word_is_a_person_or_a_company(chat: Conversation) -> None:
    asked = chat.says("met zorbix")
    assert words(asked).startswith("I do not know zorbix yet.")
    assert labels(asked) == ["A person", "A company", "Keep as a note", "Never mind"]
    chat.says("a company")
    assert only(chat, "company")["name"] == "Zorbix"
    assert kept(chat, "contact") == []
    chat.says("met zorbix again tomorrow?")
    assert "Who is that" not in words(chat.says("called zorbix"))
    assert len(kept(chat, "activity")) == 2


def test_what_is_clear_is_done_and_the_rest_asked(chat: Conversation) -> None:
    reply = chat.says("won Bilal Traders 5 lakh. met zorbix")
    assert "A person" in labels(reply)
    chat.taps("A person")
    assert {each["kind"] for each in kept(chat, "activity")} == {"meeting"}


def test_after_a_restart_the_question_still_waits(chat: Conversation) -> None:
    chat.says(SUM)
    again = Conversation(chat.database, chat.clock, house=chat.house)
    again.says("1")
    assert only(again, "deal")["status"] == "open"


def test_in_a_group_it_asks_only_whom_it_was_addressed_by(chat: Conversation) -> None:
    asked = chat.says(SUM, place="Sales")
    assert "New deal" in words(asked)
    chat.says("never mind", place="Sales")
    assert chat.says(SUM, place="Sales", overheard=True).silent
    assert chat.says("met zorbix", place="Sales", overheard=True).silent
    assert chat.says("haha nice one", place="Sales", overheard=True).silent
    assert kept(chat, "contact") == []
    chat.says("met Sara Malik", place="Sales", overheard=True)
    assert only(chat, "activity")["kind"] == "meeting"


def test_what_only_looks_is_shown_and_not_asked_about(chat: Conversation) -> None:
    chat.says("deal for Sara Malik, 6 lakh")
    assert "Did you mean" not in words(chat.says("deals"))
    assert words(chat.says("agenda")).startswith("You have no open tasks")


def test_small_talk_is_not_asked_about(chat: Conversation) -> None:
    for said in ("hello", "thanks", "yaar bohat garmi hai", "👍", "nice weather today"):
        assert "Keep as a note" not in labels(chat.says(said))


def test_what_can_be_done_here_is_offered_first(chat: Conversation) -> None:
    chat.says("deal for Acme Ltd, 5 lakh")
    shown = labels(chat.says("acme ltd 6 lakh"))
    assert shown[0] == "Change the deal: acme ltd, 600,000"
    assert shown.index("Deal won: acme ltd, 600,000") < shown.index(
        "New deal: acme ltd, Rs 6 lakh (600,000)"
    )
    chat.says("1")
    assert only(chat, "deal")["amount"] == "600000.00"


def test_goods_are_counted_on_the_button(chat: Conversation) -> None:
    goods = {"company": "Bilal Traders", "quantity": 20, "text": "pumps"}
    order = {"company": "Bilal Traders", "quantity": 20, "product": "pumps"}
    asked = chat.runs("unclear", choices=[["deal.add", goods], ["order.add", order]])
    assert labels(asked)[:2] == [
        "New deal: Bilal Traders, 20 pumps",
        "New order: Bilal Traders, 20 pumps",
    ]


def test_somebody_new_may_have_bought_already(chat: Conversation) -> None:
    chat.says(SUM)
    chat.taps("Deal won")
    assert only(chat, "deal")["status"] == "won"


def test_a_known_name_and_nothing_else_is_shown(chat: Conversation) -> None:
    chat.says("add Ali Raza 0300 1234567")
    assert "+923001234567" in words(chat.says("ali raza"))
    assert "Keep as a note" in labels(chat.says("ali raza payment"))
