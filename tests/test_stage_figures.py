"""What follows from the moves of deals, asked in chat: who stood where, how long, how many on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.reply import Table
from tests.conversation import Conversation, part, words
from tests.scenes import scene


def on(chat: Conversation, day: int, month: int, *said: str) -> None:
    """Say things at ten in the morning of a day of 2026."""
    chat.clock.set(datetime(2026, month, day, 5, tzinfo=UTC))
    for each in said:
        chat.says(each)


@scene
def autumn(chat: Conversation) -> None:
    """Three deals with two customers, on their way since September; it is 10 October."""
    on(chat, 1, 9, "deal 5 lakh with Nishat Mills", "deal 1 lakh with Gul Ahmed")
    on(chat, 5, 9, "move Gul Ahmed to qualified")
    on(chat, 11, 9, "move Nishat Mills to proposal")
    on(chat, 20, 9, "new deal with Gul Ahmed 3 lakh, 20 looms")
    on(chat, 25, 9, "move Nishat Mills to negotiation")
    on(chat, 2, 10, "Nishat Mills deal is now 6 lakh")
    on(chat, 4, 10, "won Nishat Mills")
    chat.clock.set(datetime(2026, 10, 10, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("pipeline on 1 October", "Pipeline, 1 Oct 2026"),
        ("what was the pipeline on 1 october?", "Pipeline, 1 Oct 2026"),
        ("1 october ko pipeline kaisi thi", "Pipeline, 1 Oct 2026"),
        ("یکم اکتوبر کو پائپ لائن کیا تھی", "پائپ لائن، 1 اکتوبر 2026"),
        ("یکم اکتوبر کو ہر مرحلے میں کتنے گاہک تھے", "پائپ لائن، 1 اکتوبر 2026"),
        ("how many customers were in each stage on 1 october", "Pipeline, 1 Oct 2026"),
    ],
)
def test_where_deals_stood_on_a_day_that_is_past(
    autumn: Conversation, said: str, first: str
) -> None:
    """With what they were worth then: Nishat's sum was raised a day later."""
    answer = autumn.says(said)
    assert words(answer).splitlines()[0] == first
    rows = [row[1:3] for row in part(answer, Table).rows]
    assert rows == [("1", "1"), ("1", "1"), ("1", "1"), ("2", "3")], "two customers, three deals"
    assert "9" in part(answer, Table).rows[-1][3], "9 lakh in all"


def test_yesterday_and_before_the_first_deal(autumn: Conversation) -> None:
    assert "Total | 1 | 2 | Rs 4 lakh" in words(autumn.says("pipeline yesterday"))
    assert "9 Oct" in words(autumn.says("pipeline kal kaisi thi"))
    assert "No open deal stood there." in words(autumn.says("pipeline on 1 January 2026"))


def test_customers_are_counted_and_not_deals(autumn: Conversation) -> None:
    autumn.says("move Gul Ahmed to qualified")
    autumn.taps("Gul Ahmed, 20 looms")
    for said in ("kitne customers har stage mein hain", "how many customers in each stage",
                 "ہر مرحلے میں کتنے گاہک ہیں"):  # fmt: skip
        rows = part(autumn.says(said), Table).rows
        assert [row[1:3] for row in rows] == [("1", "2"), ("1", "2")]
    assert "One customer" in words(autumn.says("how many customers are in qualified"))


def test_how_long_deals_stay(autumn: Conversation) -> None:
    for said in ("how long do deals stay in proposal", "proposal mein deal kitne din rehti hai",
                 "پروپوزل میں ڈیل کتنے دن رہتی ہے"):  # fmt: skip
        assert "14" in words(autumn.says(said)), said
    assert words(autumn.says("which stage is the slowest")).splitlines()[1] == "proposal: 14 days"
    assert "14 " in words(autumn.says("sab se sust stage kaun si hai"))
    answer = words(autumn.says("how long do deals stay in each stage"))
    assert "lead | 7.0 | 7 | 2" in answer, "ten days and four"
    assert "negotiation | 9.0 | 14 | 1" in answer


def test_how_many_go_on(autumn: Conversation) -> None:
    answer = words(autumn.says("conversion from lead to qualified this quarter"))
    assert "Nothing to count" in answer, "none came to lead in this quarter"
    answer = words(autumn.says("conversion from lead to qualified last quarter"))
    assert "lead → qualified: 66.7%" in answer
    assert "2 of 3 deals; 1 of the others are open yet." in answer
    assert "100.0%" in words(autumn.says("proposal se negotiation conversion kya hai"))
    assert "lead → won | 3 | 1 | 33.3%" in words(autumn.says("conversion by stage"))


def test_velocity_of_a_stage(autumn: Conversation) -> None:
    assert "Rs 42,857.14 a day" in words(autumn.says("velocity of the proposal stage"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("pipeline on 1 October", "what they were worth then"),
        ("how long do deals stay in proposal", "on average, of the deals that left"),
        ("conversion by stage", "a won deal has come past all"),
    ],
)
def test_how_it_is_counted(autumn: Conversation, said: str, told: str) -> None:
    autumn.says(said)
    assert told in words(autumn.taps("How is this counted?"))


def test_the_past_speaks_of_a_stage_as_it_was_called(autumn: Conversation) -> None:
    autumn.says("rename stage lead to Inquiry")
    autumn.clock.set(datetime(2026, 10, 12, 5, tzinfo=UTC))
    assert "lead | 1 | 1" in words(autumn.says("pipeline on 1 October"))
    assert "Inquiry | 1 | 1" in words(autumn.says("pipeline yesterday"))


def test_a_stage_that_is_no_more_is_in_the_past(autumn: Conversation) -> None:
    autumn.says("remove stage negotiation")
    assert "negotiation | 1 | 1 | Rs 5 lakh" in words(autumn.says("pipeline on 1 October"))


def test_undo_takes_a_move_out_of_the_figures(autumn: Conversation) -> None:
    before = words(autumn.says("which stage is the slowest"))
    on(autumn, 20, 10, "move Gul Ahmed to negotiation")
    autumn.taps("Gul Ahmed, 20 looms")
    autumn.says("undo")
    assert words(autumn.says("which stage is the slowest")) == before


@pytest.mark.parametrize(
    "said",
    ["move Gul Ahmed to proposal", "Gul Ahmed moved to proposal yesterday", "pipeline",
     "how many deals did we win last month", "average deal size", "show my open deals"],
)  # fmt: skip
def test_what_is_no_question_about_stages_is_none(autumn: Conversation, said: str) -> None:
    answer = words(autumn.says(said))
    assert "Customers" not in answer
    assert "Days in a stage" not in answer
