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


@pytest.mark.parametrize(
    "said", ["call her tomorrow", "usko kal call karna hai", "کل انہیں فون کرنا ہے"]
)
def test_a_task_about_her_is_about_the_one_spoken_of(chat: Conversation, said: str) -> None:
    chat.says("met Mehwish Aslam of Shangrila Foods")
    chat.says(said)
    assert only(chat, "task")["contact"] == "Mehwish Aslam"


@pytest.mark.parametrize("said", ["call the bank tomorrow", "kal bill dena hai"])
def test_a_task_about_nobody_stays_so(chat: Conversation, said: str) -> None:
    chat.says("met Mehwish Aslam of Shangrila Foods")
    chat.says(said)
    assert only(chat, "task")["contact"] is None


@pytest.mark.parametrize(
    "said", ["list all my contacts", "saare customers dikhao", "سب گاہک دکھاؤ"]
)
def test_all_customers_are_listed(chat: Conversation, said: str) -> None:
    chat.says("met Mehwish Aslam of Shangrila Foods")
    assert "Mehwish Aslam" in words(chat.says(said))


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


# --- questions and lists --------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["the one from bata", "bata wala", "Ali Nawaz", "2"])
def test_a_question_is_answered_as_people_point(chat: Conversation, answer: str) -> None:
    chat.says("add Ali Nawaz from Bata")
    chat.says("add Ali Sher from Servis")
    chat.says("call ali tomorrow")
    chat.says(answer)
    assert only(chat, "task")["contact"] == "Ali Nawaz"


def test_a_deal_is_chosen_by_its_sum(chat: Conversation) -> None:
    chat.says("deal bata 5 lakh")
    chat.says("deal bata 9 lakh slippers")
    chat.says("won bata")
    chat.says("the 9 lakh one")
    assert [each["status"] for each in kept(chat, "deal")] == ["open", "won"]


@pytest.mark.parametrize("answer", ["neither", "no", "koi nahi"])
def test_none_of_the_choices_drops_the_question(chat: Conversation, answer: str) -> None:
    chat.says("add Ali Nawaz from Bata")
    chat.says("add Ali Sher from Servis")
    chat.says("met ali")
    chat.says(answer)
    chat.says("the one from bata")  # nothing waits any more
    assert not kept(chat, "activity")


def test_an_empty_day_says_what_comes_next(chat: Conversation) -> None:
    assert labels(chat.says("today")) == ["New task"]
    chat.says("call Zubair Lodhi friday 3pm")
    empty = words(chat.says("what do i have today"))
    assert "Next: Friday 27 Nov, 3 pm: call Zubair Lodhi" in empty
    assert "call Zubair Lodhi" in words(chat.taps("My tasks"))
    assert "call Zubair Lodhi" in words(chat.says("whats pending"))
    assert words(chat.says("what do i have tomorrow")).startswith(
        "Tomorrow, Tuesday 24 Nov: nothing to do."
    )


@pytest.mark.parametrize(
    "said",
    [
        "done check stock",
        "done with check stock",
        "check stock done",
        "Check stock is done.",
        "check stock ho gaya",
        "check stock ہو گیا",
    ],
)
def test_a_task_is_ticked_off_in_its_own_words(chat: Conversation, said: str) -> None:
    chat.says("remind me tomorrow 9am to check stock")
    chat.says("remind me tomorrow 9am to send the rates")
    chat.says(said)
    statuses = {task["text"]: task["status"] for task in kept(chat, "task")}
    assert statuses == {"check stock": "done", "send the rates": "open"}


@pytest.mark.parametrize("said", ["done cleaning my desk", "stock done", "lunch ho gaya"])
def test_done_with_something_else_ticks_nothing_off(chat: Conversation, said: str) -> None:
    chat.says("remind me tomorrow 9am to check stock")
    chat.says(said)
    assert "done" not in {task["status"] for task in kept(chat, "task")}


# --- another value for what was just written ------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then", "due"),
    [
        ("call Tariq Jamil tomorrow at 4", "actually make it 5", "2026-11-24T12:00:00Z"),
        ("call Tariq Jamil tomorrow at 4", "no 5:30", "2026-11-24T12:30:00Z"),
        ("call Tariq Jamil tomorrow at 4", "move it to friday", "2026-11-27T11:00:00Z"),
        ("kal 4 baje Tariq Jamil ko call karna hai", "nahi 5 baje", "2026-11-24T12:00:00Z"),
    ],
)
def test_another_time_for_what_was_just_written(
    chat: Conversation, first: str, then: str, due: str
) -> None:
    chat.says(first)
    before = only(chat, "task")
    chat.says(then)
    assert only(chat, "task")["due"] == due
    chat.says("undo")
    assert only(chat, "task") == before


@pytest.mark.parametrize(
    ("first", "then", "amount"),
    [
        ("deal Ghani Glass 3 lakh float glass", "no 4 lakh", "400000.00"),
        ("مہران میڈیکوز کو ۷۵ ہزار کی ڈیل", "نہیں، ۸۰ ہزار میں", "80000.00"),
        ("deal Ghani Glass 3 lakh float glass", "no", "300000.00"),
        ("deal Ghani Glass 3 lakh float glass", "no 2", "300000.00"),
    ],
)
def test_another_sum_for_what_was_just_written(
    chat: Conversation, first: str, then: str, amount: str
) -> None:
    chat.says(first)
    chat.says(then)
    assert only(chat, "deal")["amount"] == amount


def test_nobody_amends_what_is_another_members(chat: Conversation) -> None:
    chat.says("deal Ghani Glass 3 lakh float glass", place="Sales")
    chat.says("no 4 lakh", by="Bilal", place="Sales")
    assert only(chat, "deal")["amount"] == "300000.00"


@pytest.mark.parametrize(("first", "second"), [("done 2", "done 1"), ("2 ho gaya", "1 ho gaya")])
def test_a_task_is_ticked_off_by_its_number_in_the_list(
    chat: Conversation, first: str, second: str
) -> None:
    chat.says("remind me at 5pm to check stock")
    chat.says("remind me at 6pm to send the rates")
    chat.says("today")
    chat.says(first)
    statuses = {task["text"]: task["status"] for task in kept(chat, "task")}
    assert statuses == {"check stock": "open", "send the rates": "done"}
    chat.says(second)
    assert {task["status"] for task in kept(chat, "task")} == {"done"}


def test_a_number_of_no_list_ticks_nothing_off(chat: Conversation) -> None:
    chat.says("remind me at 5pm to check stock")
    chat.says("today")
    chat.says("done 7")
    assert only(chat, "task")["status"] == "open"


@pytest.mark.parametrize("said", ["no quiet hours", "turn off quiet hours"])
def test_quiet_hours_are_put_off_in_words(chat: Conversation, said: str) -> None:
    chat.says("quiet hours 9pm to 7am")
    assert "off" in words(chat.says(said))


def test_a_deal_of_nobody_known_can_be_started_from_the_answer(chat: Conversation) -> None:
    chat.says("deal with Zubair Lodhi is now 52 lakh")
    chat.taps("Start")
    assert only(chat, "deal")["amount"] == "5200000.00"
