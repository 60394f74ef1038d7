"""Feedback, what was not understood, who uses Rabta, nudges worth it; the tour by doing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.guided import PATHS
from handlers.reply import Table
from language.improving import read_improving
from language.patterns import pattern_of
from scheduler import forgetting
from storage.models import Member, Miss, Nudge
from storage.scope import everywhere
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_day import kept


@pytest.mark.parametrize(
    ("said", "text", "answer"),
    [
        ("feedback: the reminders come too late", "the reminders come too late", "Kept"),
        ("Feedback - buttons are too small", "buttons are too small", "Kept"),
        ("my feedback for rabta: love it", "love it", "Kept"),
        ("feedback: reminder der se aata hai", "reminder der se aata hai", "Likh liya"),
        ("فیڈ بیک: بٹن چھوٹے ہیں", "بٹن چھوٹے ہیں", "لکھ لیا"),
        ("رائے: فہرست لمبی ہے", "فہرست لمبی ہے", "لکھ لیا"),
    ],
)
def test_feedback_is_kept_as_it_was_said(
    chat: Conversation, said: str, text: str, answer: str
) -> None:
    assert answer in words(chat.says(said, by="Bilal"))
    assert [(row["text"], row["by"]) for row in kept(chat, "feedback")] == [(text, "Bilal")]
    assert text in words(chat.says("show feedback"))


def test_undo_takes_feedback_back(chat: Conversation) -> None:
    chat.says("feedback: too slow")
    chat.says("undo")
    assert kept(chat, "feedback") == []


def test_feedback_is_read_by_owners_alone(chat: Conversation) -> None:
    chat.says("feedback: too slow", by="Bilal")
    told = words(chat.says("feedback", by="Bilal"))
    assert "too slow" not in told
    assert "feedback:" in told


@pytest.mark.parametrize(
    "said",
    [
        "feedback from Sara: fabric is torn",
        "Sara gave feedback on the denim",
        "call Sara for feedback",
    ],
)
def test_a_customers_feedback_is_none_on_rabta(chat: Conversation, said: str) -> None:
    chat.says(said)
    assert kept(chat, "feedback") == []


# --- what was not understood ----------------------------------------------------------------------


@scene
def puzzled(chat: Conversation) -> None:
    """Bilal asks for what there is not, with names and numbers."""
    chat.says("hello", by="Bilal")
    chat.says("please frobnicate the invoice 7", by="Bilal")
    chat.says("please frobnicate the invoice 9", by="Bilal")


@pytest.mark.parametrize(
    "said", ["what did you not understand", "kya samajh nahi aaya", "کیا سمجھ نہیں آیا"]
)
def test_managers_see_patterns_and_nobodys_words(puzzled: Conversation, said: str) -> None:
    told = words(puzzled.says(said))
    assert "please … invoice …" in told
    assert "2" in told
    assert "frobnicate" not in told
    assert "Bilal" not in told


def test_reps_do_not_see_it(puzzled: Conversation) -> None:
    assert "invoice" not in words(puzzled.says("what did you not understand", by="Bilal"))


def test_a_month_of_it_is_forgotten_after_ninety_days(puzzled: Conversation) -> None:
    def left(days: int) -> int:
        now = puzzled.clock.now() + timedelta(days=days)
        with puzzled.database.transaction() as session:
            forgetting.patterns(session, now)
            with everywhere(session):
                return len(session.scalars(select(Miss)).all())

    assert left(0) == 1
    assert left(89) == 1
    assert left(130) == 0


@pytest.mark.parametrize(
    "said",
    [
        "please send the invoice to Zarmina Durrani 0300 1234567",
        "where is the order of Zarmina",
        "the password is hunter2 and my card is 4111 1111",
    ],
)
def test_names_and_numbers_are_blanked(said: str) -> None:
    found = pattern_of(said) or ""
    assert "…" in found
    assert not {"zarmina", "durrani", "hunter2"} & set(found.split())
    assert not any(map(str.isdigit, found))


@settings(deadline=None)  # the first reads the words files
@given(st.text(max_size=120))
def test_a_pattern_holds_no_figure_and_is_short(text: str) -> None:
    found = pattern_of(text) or ""
    assert len(found) <= 160
    assert not any(map(str.isdigit, found))


# --- who uses it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["adoption", "who uses rabta", "who isn't using rabta", "kaun rabta istemal karta hai",
     "کون رابطہ استعمال کرتا ہے"],
)  # fmt: skip
def test_who_uses_it_for_what_is_counted(chat: Conversation, said: str) -> None:
    chat.says("deal 5 lakh with Nishat Mills", by="Bilal")
    chat.says("deal 3 lakh with Hilal Dairy", by="Bilal")
    chat.says("call Nishat Mills tomorrow", by="Bilal")
    chat.says("hello", by="Omar")
    told = chat.says(said)
    rows = {row[0]: row for row in part(told, Table).rows}
    assert rows["Bilal"][1] == "3"
    assert "2" in rows["Bilal"][2]
    assert rows["Omar"][1] == "0"
    assert "Nishat" not in words(told)


def test_who_uses_rabta_is_asked_in_english(chat: Conversation) -> None:
    assert "Who used Rabta" in words(chat.says("who uses rabta"))


def test_reps_see_no_adoption(chat: Conversation) -> None:
    assert "manager" in words(chat.says("adoption", by="Bilal"))


@pytest.mark.parametrize(
    "said",
    ["which nudges were worth it", "nudges worth it", "kaun si nudges kaam aayin",
     "کون سی یاد دہانیاں کام آئیں"],
)  # fmt: skip
def test_which_nudges_were_worth_it_is_counted_by_kind(chat: Conversation, said: str) -> None:
    chat.says("hello")
    day = chat.clock.now().date()
    with chat.database.transaction() as session:
        member = session.scalars(select(Member)).first()
        assert member is not None
        for number, answer in enumerate(["useful", "acted", "later", None]):
            session.add(
                Nudge(
                    workspace_id=1, member_id=member.id, kind="at_risk", subject=f"x:{number}",
                    occasion="1", day=day, raised_at=chat.clock.now(), state="sent", answer=answer,
                )
            )  # fmt: skip
    row = part(chat.says(said), Table).rows[0]
    assert row[1:] == ("4", "1", "1", "1", "0", "50%")


def test_once_a_month_managers_are_told_as_one_nudge(puzzled: Conversation) -> None:
    puzzled.says("deals")
    puzzled.says("deals", by="Bilal")
    puzzled.clock.set(puzzled.clock.now() + timedelta(days=11))
    came = [each for each in puzzled.rings() if "How Rabta was used" in words(each.reply)]
    assert len(came) == 1
    assert "please … invoice …" in words(came[0].reply)
    assert "Who uses it" in labels(came[0].reply)
    assert not [each for each in puzzled.rings() if "How Rabta was used" in words(each.reply)]
    with puzzled.database.transaction() as session:
        found = session.scalars(select(Nudge).where(Nudge.kind == "look")).all()
        assert len(found) == 1


# --- the tour -------------------------------------------------------------------------------------


def walked(chat: Conversation, by: str, asked: str, path: str, write: str) -> None:
    """Whoever writes what each step says comes to the end of the tour."""
    told = words(chat.says(asked, by=by))
    if path == "support":
        chat.taps({"Write": "Service", "Likhein": "Service", "لکھیں": "سروس"}[write], by=by)
        told = words(chat.last(by).reply)
    for _ in PATHS[path]:
        line = next(each for each in told.split("\n") if each.startswith(f"{write}:"))
        told = words(chat.says(line.partition(":")[2].strip(), by=by))
    assert not any(each.startswith(f"{write}:") for each in told.split("\n"))
    assert any(each in told for each in ("That was the tour", "Tour mukammal", "ٹور مکمل"))


TONGUES = [("tour", "Write"), ("mujhe rabta sikhao", "Likhein"), ("ٹور کراؤ", "لکھیں")]


@pytest.mark.parametrize(("asked", "write"), TONGUES)
@pytest.mark.parametrize(("by", "path"), [("Bilal", "rep"), ("Ayesha", "manager"),
                                          ("Bilal", "support")])  # fmt: skip
def test_each_role_is_led_through_its_own_steps(
    chat: Conversation, by: str, path: str, asked: str, write: str
) -> None:
    if path == "support":
        chat.says("met Sara Malik from Nishat Mills", by=by)
    walked(chat, by, asked, path, write)


def test_a_tour_can_be_skipped_and_ended(chat: Conversation) -> None:
    chat.says("tour", by="Bilal")
    assert "Step 2 of 6" in words(chat.taps("Skip", by="Bilal"))
    assert "over" in words(chat.taps("End the tour", by="Bilal"))
    assert "Step" not in words(chat.says("deal 5 lakh with Nishat Mills", by="Bilal"))


def test_undo_on_a_tour_takes_back_what_was_done(chat: Conversation) -> None:
    chat.says("tour", by="Bilal")
    chat.says("met Sara Malik from Nishat Mills", by="Bilal")
    chat.says("pipeline", by="Bilal")
    chat.says("undo", by="Bilal")
    assert kept(chat, "contact") == []


def test_something_else_does_not_move_the_tour(chat: Conversation) -> None:
    chat.says("tour", by="Bilal")
    assert "Step" not in words(chat.says("pipeline", by="Bilal"))


@pytest.mark.parametrize(
    "said",
    [
        "factory tour for Nishat tomorrow", "show Sara around tomorrow", "training with Bilal",
        "what did Sara not understand", "who uses our soap", "Sara is new here", "nudges",
        "samajh nahi aaya", "call Bilal about the training",
    ],
)  # fmt: skip
def test_other_things_are_not_taken_for_it(said: str) -> None:
    assert read_improving(said) is None
