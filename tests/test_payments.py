"""What is said of a customer's payments is a note on them; what is asked is answered with those."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from storage.models import Activity, Contact, Deal, Order, Task, Ticket
from tests.conversation import Conversation, words

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
WRITTEN = (Order, Ticket, Task, Contact, Deal)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    chat.says("add contact Bilal Khan, 0300 1234567")
    chat.says("add contact Sara Malik from Nishat Mills")
    return chat


def notes(chat: Conversation) -> list[Activity]:
    with chat.database.transaction() as session:
        rows = session.scalars(select(Activity).order_by(Activity.id)).all()
        session.expunge_all()
        return list(rows)


def others(chat: Conversation) -> list[int]:
    with chat.database.transaction() as session:
        return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in WRITTEN]


SAID = (
    "Bilal paid late", "Bilal Khan paid 5000", "bilal has paid half in advance",
    "bilal still hasn't paid", "received Rs 20,000 from Bilal", "Bilal's cheque bounced",
    "got a payment of 5 lakh from Bilal Khan", "the payment from bilal is overdue",
    "bilal owes us 12,000", "Nishat Mills paid Rs 5 lakh by cheque",
    "bilal ne paise de diye", "bilal ne late paise diye", "bilal se 5000 mile",
    "bilal ki payment abhi tak nahi aayi", "bilal ke 20 hazar baqi hain", "bilal ka udhaar 5000",
    "bilal ne advance de diya", "bilal ka cheque bounce ho gaya",
    "بلال نے 5000 دیے", "بلال نے دیر سے پیسے دیے", "بلال سے ادائیگی مل گئی",
    "بلال کے 5000 باقی ہیں", "بلال کی پیمنٹ لیٹ ہے",
)  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_what_is_said_of_payments_is_a_note_and_nothing_else(desk: Conversation, said: str) -> None:
    before = others(desk)
    told = words(desk.says(said))
    (note,) = notes(desk)
    assert (note.kind, note.text, note.more) == ("note", said, {"about": "payment"})
    assert said in told
    assert others(desk) == before
    desk.taps(next(each for each in ("Undo", "Wapas", "واپس") if f"[{each}]" in told))
    assert notes(desk) == []


def test_it_counts_for_the_day_that_was_said(desk: Conversation) -> None:
    assert "Sunday 22 Nov" in words(desk.says("Bilal paid 5000 yesterday"))
    assert [each.on_day for each in notes(desk)] == [date(2026, 11, 22)]


def test_whoever_was_spoken_of_is_meant(desk: Conversation) -> None:
    desk.says("Sara Malik")
    assert "Payment noted: Sara Malik" in words(desk.says("she paid 5000"))
    assert "Adaigi ka note: Sara Malik" in words(desk.says("usne 2000 diye"))


ASKED = {
    "has Bilal paid?": "Payments noted: Bilal Khan",
    "did bilal pay us yet": "Payments noted: Bilal Khan",
    "bilal paid?": "Payments noted: Bilal Khan",
    "how much does Bilal Khan owe us": "Payments noted: Bilal Khan",
    "when did bilal last pay": "Payments noted: Bilal Khan",
    "kya bilal ne paise diye": "Likhi gayi adaigiyan: Bilal Khan",
    "bilal ke kitne paise baqi hain": "Likhi gayi adaigiyan: Bilal Khan",
    "کیا بلال نے پیسے دیے؟": "لکھی گئی ادائیگیاں: Bilal Khan",
    "بلال کے ذمے کتنے باقی ہیں": "لکھی گئی ادائیگیاں: Bilal Khan",
}


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_is_told_from_the_notes(desk: Conversation, asked: str) -> None:
    desk.says("Bilal paid 5000 in cash")
    desk.says("note Bilal Khan: likes tea")
    told = words(desk.says(asked))
    assert ASKED[asked] in told
    assert "Bilal paid 5000 in cash" in told
    assert "tea" not in told
    assert len(notes(desk)) == 2


def test_where_nothing_is_noted_it_says_how(desk: Conversation) -> None:
    told = words(desk.says("has Sara Malik paid?"))
    assert "Nothing about payments is noted with Sara Malik." in told
    assert "Bilal paid 5000 in cash" in told
    assert notes(desk) == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [("bilal paid a visit to the factory", "visit"), ("bilal se mulaqat hui", "meeting")],
)
def test_other_things_are_what_they_were(desk: Conversation, said: str, kind: str) -> None:
    desk.says(said)
    assert [each.kind for each in notes(desk)] == [kind]


def test_a_payment_that_is_to_come_is_a_task(desk: Conversation) -> None:
    desk.says("jumme ko bilal se payment leni hai")
    assert notes(desk) == []
    assert others(desk)[WRITTEN.index(Task)] == 1


def test_of_whom_nobody_knows_it_is_asked_what_it_is(desk: Conversation) -> None:
    before = others(desk)
    desk.says("Kamran paid 5000")
    assert others(desk) == before
    assert notes(desk) == []
