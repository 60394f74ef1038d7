"""What was last spoken of in a chat or thread is what her, it, usko and اس کو mean."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.clock import SetClock
from tests.conversation import Conversation, labels, words
from tests.scenes import scene
from tests.test_day import kept


@scene
def chat(chat: Conversation) -> None:
    """Sara Malik of Nishat Mills is known, and Ali Raza of Beta Foods; each has an open deal."""
    for person, company in (("Sara Malik", "Nishat Mills"), ("Ali Raza", "Beta Foods")):
        chat.runs("contact.add", contact=person, company=company, phones=["+923005550101"])
        chat.runs("deal.add", contact=person, company=company, amount=500000)


SPOKEN = ("met Sara Malik today", "Sara Malik se mulaqat hui", "سارہ ملک سے ملاقات ہوئی")


@pytest.mark.parametrize("spoken", SPOKEN)
@pytest.mark.parametrize(
    "said", ["call her friday", "us ko jumme ko call karna hai", "اسے جمعے کو کال کرنی ہے"]
)
def test_a_task_is_about_the_one_spoken_of(chat: Conversation, spoken: str, said: str) -> None:
    chat.says("tell me about Ali Raza")
    chat.says(spoken)
    chat.says(said)
    (task,) = kept(chat, "task")
    assert (task["contact"], task["due"]) == ("Sara Malik", "2026-11-27")


@pytest.mark.parametrize("said", ["what did we last say to her?", "uska number?", "اس کا نمبر؟"])
def test_a_question_is_about_the_one_spoken_of(chat: Conversation, said: str) -> None:
    chat.says("met Sara Malik today")
    assert words(chat.says(said)).startswith("Sara Malik @ Nishat Mills")


@pytest.mark.parametrize(
    "said",
    ["move it to proposal", "uski deal proposal mein daal do", "اس کی ڈیل پروپوزل میں ڈال دو"],
)
def test_a_deal_is_that_of_the_one_spoken_of(chat: Conversation, said: str) -> None:
    chat.says("met Sara Malik today")
    chat.says(said)
    stages = {deal["contact"]: deal["stage"] for deal in kept(chat, "deal")}
    assert stages == {"Sara Malik": "proposal", "Ali Raza": "lead"}


def test_a_number_of_hers_is_kept_with_her(chat: Conversation) -> None:
    chat.says("met Sara Malik today")
    chat.says("her email is sara@nishat.example")
    assert [each["emails"] for each in kept(chat, "contact")] == [["sara@nishat.example"], []]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("call him friday", "Who is it about?"),
        ("his number?", "Who is it about?"),
        ("us ko kal call karni hai", "Kis ki baat hai?"),
        ("اس کا نمبر کیا ہے", "کس کی بات ہے؟"),
        ("met him today", "Who is it about?"),
        ("his number is 0333 2214567", "Who is it about?"),
    ],
)
def test_where_nobody_was_spoken_of_it_is_asked_who(
    chat: Conversation, said: str, question: str
) -> None:
    before = kept(chat, "contact")
    asked = chat.says(said, place="Sales")
    assert words(asked).startswith(question)
    assert labels(asked)[:2] == ["Ali Raza @ Beta Foods", "Sara Malik @ Nishat Mills"]
    assert kept(chat, "contact") == before
    assert "Ali Raza" in words(chat.taps("Ali Raza", place="Sales"))


def test_a_thing_to_do_may_be_about_nobody(chat: Conversation) -> None:
    chat.says("ask him about the meeting friday", place="Sales")
    chat.taps("Nobody in particular", place="Sales")
    (task,) = kept(chat, "task")
    assert (task["contact"], task["text"]) == (None, "ask him about the meeting")


def test_two_threads_do_not_mix(chat: Conversation) -> None:
    chat.says("met Sara Malik today", place="Sales/1")
    chat.says("met Ali Raza today", place="Sales/2")
    chat.says("call her friday", place="Sales/1")
    chat.says("call him thursday", place="Sales/2")
    assert [(t["contact"], t["due"]) for t in kept(chat, "task")] == [
        ("Sara Malik", "2026-11-27"),
        ("Ali Raza", "2026-11-26"),
    ]
    assert words(chat.says("call them saturday", place="Sales/3")).startswith("Who is it about?")


def test_two_who_speak_at_once_each_mean_their_own(chat: Conversation, clock: SetClock) -> None:
    for by, said in (
        ("Ayesha", "met Sara Malik today"),
        ("Bilal", "met Ali Raza today"),
        ("Ayesha", "call her friday"),
        ("Bilal", "call him thursday"),
        ("Hina", "email him saturday"),
    ):
        chat.says(said, by=by, place="Sales")
        clock.set(clock.now() + timedelta(seconds=1))
    assert [(task["contact"], task["owner"]) for task in kept(chat, "task")] == [
        ("Sara Malik", "Ayesha"),
        ("Ali Raza", "Bilal"),
        ("Ali Raza", "Hina"),
    ]


def test_what_was_spoken_of_long_ago_is_asked_about_first(
    chat: Conversation, clock: SetClock
) -> None:
    chat.says("met Sara Malik today")
    chat.says("add Hina Aslam, 0333 2214567", place="Sales")
    clock.set(clock.now() + timedelta(minutes=61))
    asked = chat.says("call her friday")
    assert labels(asked) == [
        "Sara Malik @ Nishat Mills", "Hina Aslam", "Ali Raza @ Beta Foods",
        "Nobody in particular", "Never mind",
    ]  # fmt: skip
    chat.says("sara")
    assert [task["contact"] for task in kept(chat, "task")] == ["Sara Malik"]


def test_a_deal_spoken_of_long_ago_is_asked_about_first(
    chat: Conversation, clock: SetClock
) -> None:
    chat.says("Sara Malik deal moved to proposal")
    clock.set(clock.now() + timedelta(minutes=61))
    asked = chat.says("move it to negotiation")
    assert [label.partition(",")[0] for label in labels(asked)[:2]] == [
        "Nishat Mills",
        "Beta Foods",
    ]


def test_what_was_undone_is_not_spoken_of_any_more(chat: Conversation) -> None:
    chat.says("met Ali Raza today", by="Bilal", place="Sales")
    chat.says("met Sara Malik today", place="Sales")
    chat.says("undo", place="Sales")
    chat.says("call him friday", place="Sales")
    assert [task["contact"] for task in kept(chat, "task")] == ["Ali Raza"]


def test_a_message_that_comes_late_knows_nothing_of_what_came_after_it(
    chat: Conversation, clock: SetClock
) -> None:
    sent = clock.now()
    clock.set(sent + timedelta(minutes=20))
    chat.says("met Sara Malik today")
    late = chat.says("call him friday", sent_at=sent)
    assert words(late).startswith("Who is it about?")
