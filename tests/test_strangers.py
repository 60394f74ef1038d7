"""What people who know no rules type: half a thought, another subject, a word between friends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conversation import Conversation, labels, words
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


@pytest.mark.parametrize("when", ["wednesday", "budh ko", "budh ko kar do", "بدھ", "بدھ کو رکھ دو"])
def test_a_day_alone_is_that_of_the_task_spoken_of(chat: Conversation, when: str) -> None:
    chat.says("remind me to call Kamran Baig")
    chat.says(when)
    assert only(chat, "task")["due"] == "2026-11-25"


@pytest.mark.parametrize("sum_said", ["8 lakh", "8 lakh kar do", "آٹھ لاکھ", "آٹھ لاکھ کر دو"])
def test_a_sum_alone_is_that_of_the_deal_spoken_of(chat: Conversation, sum_said: str) -> None:
    chat.says("new deal for Bilal Traders")
    chat.says(sum_said)
    assert only(chat, "deal")["amount"] == "800000.00"


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("proposal", "proposal"),
        ("proposal me daal do", "proposal"),
        ("پروپوزل میں ڈال دو", "proposal"),
        ("next stage", "qualified"),
        ("won!", "won"),
        ("yes we won it!", "won"),
        ("jeet gaye", "won"),
        ("جیت گئے", "won"),
        ("haar gaye", "lost"),
    ],
)
def test_where_a_deal_stands_may_be_said_alone(chat: Conversation, said: str, stage: str) -> None:
    chat.says("new deal for Bilal Traders 5 lakh")
    chat.says(said)
    deal = only(chat, "deal")
    assert stage in (deal["stage"], deal["status"])


@pytest.mark.parametrize("said", ["tomorrow?", "2", "monday or tuesday", "kal chutti hai"])
def test_what_is_more_than_a_value_changes_nothing(chat: Conversation, said: str) -> None:
    chat.says("remind me to call Kamran Baig")
    chat.says(said)
    assert only(chat, "task")["due"] is None


def test_friends_who_say_a_day_put_nothing_off(chat: Conversation) -> None:
    chat.says("remind me to call Kamran Baig", place="Sales")
    assert chat.says("wednesday", place="Sales", overheard=True).silent


def test_why_tells_how_a_value_alone_was_taken(chat: Conversation) -> None:
    chat.says("new deal for Bilal Traders")
    chat.says("8 lakh")
    assert "Rs 8 lakh" in words(chat.says("why?"))


@pytest.mark.parametrize(
    "said",
    [
        "that was a great deal at the sale yesterday, bought shoes for 5k",
        "who is handling the Nishat account?",
        "remind me why we use slack",
        "help me move the table",
        "I'll be late tomorrow",
        "Sara called in sick",
        "main 10 min me aa raha",
        "شام کو ملتے ہیں",
    ],
)
def test_friends_who_talk_are_left_alone(chat: Conversation, said: str) -> None:
    assert chat.says(said, place="Sales/7", overheard=True).silent
    assert chat.says("let's do standup at 10", place="Sales/7", overheard=True).silent
    assert kept(chat, "deal") == kept(chat, "task") == kept(chat, "activity") == []


def test_in_a_thread_of_the_bots_what_is_named_is_asked_for(chat: Conversation) -> None:
    for company in ("Beta Foods", "Acme Ltd"):
        chat.runs("contact.add", contact="Ali Raza", company=company, is_new=True)
    asked = chat.says("call Ali Raza tomorrow", place="Sales/7", overheard=True)
    assert len(labels(asked)) > 2


@pytest.mark.parametrize("said", ["zorbix wali deal pakki ho gayi", "zorbix ki deal jeet gaye"])
def test_of_an_unknown_word_with_a_deal_won_it_is_asked_who_that_is(
    chat: Conversation, said: str
) -> None:
    assert labels(chat.says(said))[:2] == ["Koi shakhs", "Koi company"]
    chat.says("company")
    deal = only(chat, "deal")
    assert (deal["company"], deal["status"]) == ("Zorbix", "won")


@pytest.mark.parametrize(
    ("said", "win", "back", "then"),
    [
        ("deal for Faisal Textile, 2 lakh", "won it", "undo", "the deal is 2.5 lakh"),
        ("Faisal Textile ki deal 2 lakh", "jeet gaye", "undo", "deal dhai lakh ki hai"),
        ("فیصل ٹیکسٹائل کی ڈیل 2 لاکھ", "جیت گئے", "واپس کرو", "سودا ڈھائی لاکھ کا ہے"),
    ],
)
def test_a_deal_that_an_undo_leaves_is_still_spoken_of(
    chat: Conversation, said: str, win: str, back: str, then: str
) -> None:
    for each in (said, win, back):
        chat.says(each)
    asked = chat.says(then)
    assert len(kept(chat, "deal")) == 1
    assert len(labels(asked)) == 4
    chat.says("2")
    assert only(chat, "deal")["amount"] == "250000.00"


@pytest.mark.parametrize(
    ("said", "button", "kind"),
    [
        ("Adnan Baig", "New contact: Adnan Baig", "contact"),
        ("Nishat Mills", "New contact: Nishat Mills", "company"),
        ("عدنان بیگ", "نیا رابطہ: عدنان بیگ", "contact"),
    ],
)
def test_a_name_that_nobody_has_can_be_added(
    chat: Conversation, said: str, button: str, kind: str
) -> None:
    assert labels(chat.says(said)) == [button]
    chat.taps(button)
    assert only(chat, kind)["name"] == said


@pytest.mark.parametrize(
    "said", ["they paid the first half", "us ne bola soch ke bataunga", "انہوں نے کہا سوچیں گے"]
)
def test_what_is_said_of_them_is_kept_with_whom_was_spoken_of(
    chat: Conversation, said: str
) -> None:
    chat.says("add Adnan Baig")
    chat.says(said)
    chat.does("Ayesha", "", tap=chat.last().reply.buttons[0].token)
    note = only(chat, "activity")
    assert (note["contact"], note["text"]) == ("Adnan Baig", said)


@pytest.mark.parametrize("said", ["kaam ho gaya", "kam hogaya", "task done", "کام ہو گیا"])
def test_the_task_spoken_of_is_done(chat: Conversation, said: str) -> None:
    chat.says("remind me to send samples")
    chat.says("remind me to call Adnan Baig friday")
    chat.says(said)
    done = [task["text"] for task in kept(chat, "task") if task["status"] == "done"]
    assert done == ["call Adnan Baig"]


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("remind me", "call Naveed Khan tomorrow"),
        ("mujhe yaad dilana", "kal Naveed Khan ko call karna hai"),
        ("مجھے یاد دلانا", "کل Naveed Khan کو کال کرنی ہے"),
    ],
)
def test_what_to_remind_of_is_asked_and_the_answer_read(
    chat: Conversation, said: str, then: str
) -> None:
    chat.says(said)
    assert kept(chat, "task") == []
    chat.says(then)
    task = only(chat, "task")
    assert (task["contact"], task["due"]) == ("Naveed Khan", "2026-11-24")


def test_which_deal_may_be_answered_by_the_person(chat: Conversation) -> None:
    chat.says("deal with Naveed Khan of Orient Textile 5 lakh")
    chat.says("deal with Ali Raza 3 lakh")
    chat.clock.set(chat.clock.now() + timedelta(hours=3))
    chat.says("won")
    chat.says("naveed")
    won = [deal["company"] for deal in kept(chat, "deal") if deal["status"] == "won"]
    assert won == ["Orient Textile"]


def test_a_field_of_people_is_shown_with_a_person(chat: Conversation) -> None:
    assert "Ayesha Khan" in words(chat.says("add field favourite tea for people"))
    assert "Bilal Traders" in words(chat.says("add field NTN for companies"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Nishat Mills ki deal kahan tak pohnchi", "Nishat Mills"),
        ("نشاط ملز کی ڈیل کہاں تک پہنچی؟", "Nishat Mills"),
        ("kitni deals pending hain", "Aik khuli deal"),
        ("کتنی ڈیلز پینڈنگ ہیں", "ایک کھلی ڈیل"),
    ],
)
def test_how_a_deal_goes_and_how_many_are_open(chat: Conversation, said: str, told: str) -> None:
    chat.says("deal with Nishat Mills 5 lakh")
    assert words(chat.says(said)).splitlines()[0] == told
    assert len(kept(chat, "deal")) == 1
