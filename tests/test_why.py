"""``/why`` tells how a message was read: each value with its words, what was assumed, how sure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.incoming import Incoming, Place
from handlers.reply import Reply
from storage.models import Outbox
from tests.conversation import Conversation, words

VISIT = "Nishat Mills ki Sara Malik se kal mulaqat hui, jumme ko 3 baje call karni hai, deal 5 lakh"


def sent_as(chat: Conversation, nth: int = -1) -> str:
    """The platform's number of one of the bot's messages."""
    with chat.database.transaction() as session:
        rows = session.scalars(select(Outbox.sent_as).order_by(Outbox.id)).all()
    return str(rows[nth])


def replied(chat: Conversation, to: str, text: str = "why?", **more: str) -> Reply:
    return chat.says(text, extra={"reply_to": to}, **more)


def test_each_value_stands_beside_its_words(chat: Conversation) -> None:
    chat.says("speak english")
    chat.says(VISIT)
    told = words(chat.says("why?"))
    assert told.startswith(f"How I read “{VISIT[:60]}")
    assert "1. Log a meeting\n" in told
    assert "When: yesterday, Sunday 22 Nov ← “kal” (gone by, as it was done already)" in told
    assert "2. New task\n" in told
    assert (
        "Due: Friday 27 Nov, 3 pm ← “jumme ko 3 baje” (still to come, as it is to be done)" in told
    )
    assert "Contact: Sara Malik (from what was said just before it)" in told
    assert "← “5 lakh” (no currency was said, so PKR)" in told
    assert told.count("I was sure of it.") == 3


def test_a_setting_is_told_by_its_own_name(chat: Conversation) -> None:
    chat.says("speak english")
    assert "Language: English" in words(chat.says("why?"))
    chat.says("اردو میں بات کرو")
    assert "زبان: اردو" in words(chat.says("کیوں"))


@pytest.mark.parametrize(
    ("said", "why", "head", "due"),
    [
        (
            "kal 4 baje Ali Khan ko call karni hai",
            "kyun aisa samjha",
            "ko main ne yun samjha",
            "“kal 4 baje” (aane wala din, kyunke kaam abhi karna hai)",
        ),
        (
            "جمعے کو علی خان کو فون کرنا ہے",
            "کیوں؟",
            "کو میں نے یوں سمجھا",
            "“جمعے” (آنے والا دن، کیونکہ کام ابھی کرنا ہے)",
        ),
    ],
)
def test_it_is_told_in_the_language_of_who_asks(
    chat: Conversation, said: str, why: str, head: str, due: str
) -> None:
    chat.says(said)
    told = words(chat.says(why))
    assert head in told.splitlines()[0]
    assert due in told


def test_a_slash_command_asks_as_well_and_is_itself_no_message(chat: Conversation) -> None:
    chat.says("won Nishat Mills 4.8 lakh")
    chat.commands("/pipeline")
    assert "“/pipeline”" in words(chat.says("why"))
    chat.says("met Sara Malik of Nishat Mills")
    first = words(chat.commands("/why"))
    assert "Log a meeting" in first
    assert words(chat.says("why")) == words(chat.commands("/why")) == first


def test_a_reply_asks_about_an_older_message(chat: Conversation) -> None:
    chat.says("met Ali Raza")
    older = sent_as(chat)
    chat.says("deal for Bilal Traders, 6 lakh")
    assert "“met Ali Raza”" in words(replied(chat, older))
    assert "6 lakh" in words(chat.says("why?"))


def test_a_reply_to_what_one_said_oneself_works_too(chat: Conversation) -> None:
    chat.says("met Ali Raza", message="77")
    chat.says("deal for Bilal Traders, 6 lakh", message="78")
    assert "“met Ali Raza”" in words(replied(chat, "77"))


def test_a_thread_has_its_own_last_message(chat: Conversation) -> None:
    chat.says("met Ali Raza", place="Sales")
    assert "“met Ali Raza”" in words(chat.says("why?", place="Sales"))
    chat.says("met Hina Aslam", by="Bilal", place="Sales")
    assert "“met Ali Raza”" in words(chat.says("why?", place="Sales"))
    assert "“met Hina Aslam”" in words(chat.says("why?", by="Bilal", place="Sales"))


def test_in_a_topic_all_reply_to_its_first_message(chat: Conversation) -> None:
    topic = Place("telegram", "", "-100", private=False, thread="5")
    asked = Incoming(
        "topic:1", chat.person("Ayesha"), topic, chat.clock.now(), text="met Ali Raza", message="6"
    )
    chat.receives(asked)
    chat.receives(
        replace(asked, event="topic:2", text="why?", message="7", extra={"reply_to": "5"})
    )
    assert "“met Ali Raza”" in words(chat.heard[-1].reply)


def test_who_was_meant_without_a_name_is_told(chat: Conversation) -> None:
    chat.says("met Sara Malik")
    chat.says("call her tomorrow")
    told = words(chat.says("why?"))
    assert "Nobody was named: I took Sara Malik, spoken of last here." in told


def test_an_answered_question_is_told_with_the_words_that_led_to_it(chat: Conversation) -> None:
    chat.says("Sara Malik 5 lakh")
    assert "several ways" in words(chat.says("why?"))
    chat.says("1")
    told = words(chat.says("why?"))
    assert "“Sara Malik 5 lakh”" in told
    assert "you chose: New deal: Sara Malik" in told
    chat.says("met zorbix")
    told = words(chat.says("why?"))
    assert "It was a guess. In doubt: a name that I do not know." in told


def test_an_undone_answer_is_named_by_the_words_that_led_to_it(chat: Conversation) -> None:
    chat.says("Sara Malik 5 lakh")
    chat.says("1")
    assert "Sara Malik 5 lakh" in words(chat.says("undo"))


def test_before_anything_was_said_there_is_nothing_to_tell(chat: Conversation) -> None:
    assert "no message of yours" in words(chat.says("why?"))
    chat.says("haha nice one")
    assert "nothing in it" in words(chat.says("why?"))


def test_what_colleagues_ask_each_other_is_left_alone(chat: Conversation) -> None:
    chat.says("met Sara Malik", place="Sales")
    assert chat.says("why?", place="Sales", overheard=True).silent


def test_nobody_is_told_of_another_chat(chat: Conversation) -> None:
    chat.says("met Sara Malik")
    private = sent_as(chat)
    chat.says("hello", by="Bilal", place="Sales")
    assert "Sara" not in words(replied(chat, private, by="Bilal", place="Sales"))
    assert "Sara" not in words(chat.says("why?", by="Bilal"))


def test_every_intent_that_words_may_have_has_a_name() -> None:
    from handlers.library import the_book
    from language.intents import rules
    from language.wordfiles import under

    book = the_book()
    read = {rule.intent for rule in rules()}
    read |= {intent for told in under("templates").values() for intent in told}
    read |= {"settings.set", "settings.show", "member.list", "member.invite", "learn.set"}
    kinds = {"activity.log": "_note"}
    nameless = {
        intent
        for intent in read
        if f"meant_{intent.replace('.', '_')}{kinds.get(intent, '')}" not in book.words
    }
    assert nameless == set()


def test_a_setting_is_told_by_its_name(chat: Conversation) -> None:
    chat.says("quiet hours 10pm to 7am")
    assert "Quiet hours: 22:00-07:00" in words(chat.says("why?"))
