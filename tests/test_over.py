"""What comes to nothing: tasks and orders called off, orders deleted, and the same once more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import LineItem, Order, Task
from tests.conversation import AYESHA, Conversation, words

USMAN = "Usman"
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    chat.says("hello", by=AYESHA)
    chat.says("add contact Hina Shah, 0300 1234567, Lahore", by=AYESHA)
    chat.says("add contact Bilal Khan, Lahore", by=AYESHA)
    return chat


def tasks(chat: Conversation) -> list[str]:
    with chat.database.transaction() as session:
        return [row.text for row in session.scalars(select(Task)) if row.status == "open"]


def orders(chat: Conversation) -> list[tuple[str | None, int | None, list[str | None]]]:
    """Of each its status, sum in minor units and goods."""
    with chat.database.transaction() as session:
        lines = session.scalars(select(LineItem).order_by(LineItem.id)).all()
        return [
            (row.status, row.amount_minor, [each.name for each in lines if each.order_id == row.id])
            for row in session.scalars(select(Order).order_by(Order.id))
        ]


DROPS = {
    "cancel that reminder": "Undo",
    "cancel the meeting with Hina": "Undo",
    "please call off my meeting with Hina Shah": "Undo",
    "delete Hina's meeting": "Undo",
    "remove the reminder for Hina": "Undo",
    "don't remind me about Hina": "Undo",
    "no need to meet Hina anymore": "Undo",
    "the meeting with Hina is off": "Undo",
    "Hina cancelled our meeting": "Undo",
    "hina wali meeting cancel kar do": "Wapas",
    "Hina ka reminder hata do": "Wapas",
    "ab hina se milne ki zaroorat nahi": "Wapas",
    "Hina ke saath meeting cancel ho gayi": "Wapas",
    "ہنا والی میٹنگ کینسل کر دو": "واپس",
    "ہنا کی یاد دہانی ہٹا دو": "واپس",
    "ہنا سے ملنے کی ضرورت نہیں": "واپس",
}


@pytest.mark.parametrize("said", DROPS)
def test_a_task_that_is_called_off_is_gone_until_undone(desk: Conversation, said: str) -> None:
    desk.says("call Bilal tomorrow", by=AYESHA)
    desk.says("meeting with Hina tomorrow 3pm", by=AYESHA)
    assert "meeting with Hina" in words(desk.says(said, by=AYESHA))
    assert tasks(desk) == ["call Bilal"]
    desk.taps(DROPS[said], by=AYESHA)
    assert sorted(tasks(desk)) == ["call Bilal", "meeting with Hina"]


def test_nobody_is_reminded_of_what_was_called_off(desk: Conversation) -> None:
    desk.says("meeting with Hina tomorrow 3pm", by=AYESHA)
    desk.says("send Hina the rates tomorrow 3pm", by=AYESHA)
    desk.says("cancel the meeting with Hina", by=AYESHA)
    desk.clock.set(MONDAY.replace(day=24, hour=10, minute=30))
    told = [words(letter.reply) for letter in desk.rings()]
    assert any("send Hina the rates" in each for each in told)
    assert not any("meeting with Hina" in each for each in told)


def test_of_several_it_is_asked_which(desk: Conversation) -> None:
    desk.says("call Hina tomorrow", by=AYESHA)
    desk.says("send Hina the rates on friday", by=AYESHA)
    asked = words(desk.says("cancel Hina's reminder", by=AYESHA))
    assert "Which task?" in asked
    assert len(tasks(desk)) == 2
    desk.says("1", by=AYESHA)
    assert len(tasks(desk)) == 1


def test_without_such_a_task_nothing_is_written(desk: Conversation) -> None:
    said = words(desk.says("cancel the meeting with Hina", by=AYESHA))
    assert "no open task about Hina" in said
    assert "no open task" not in words(desk.says("the meeting with Hina is off", by=AYESHA))
    assert tasks(desk) == []


def test_a_colleagues_task_is_theirs_or_a_managers(desk: Conversation) -> None:
    desk.says("hello", by=USMAN)
    desk.says("call Hina tomorrow", by=AYESHA)
    assert "Ayesha" in words(desk.says("cancel the call with Hina", by=USMAN))
    assert tasks(desk) == ["call Hina"]
    desk.says("call Bilal tomorrow", by=USMAN)
    desk.says("cancel the call with Bilal", by=AYESHA)
    assert tasks(desk) == ["call Hina"]


ALL = {"mark all tasks done": "yes", "saare kaam ho gaye": "haan", "سارے کام ہو گئے": "جی"}


@pytest.mark.parametrize("said", ALL)
def test_all_that_is_due_is_ticked_off_once_asked(desk: Conversation, said: str) -> None:
    desk.says("call Bilal today at 11am", by=AYESHA)
    desk.says("send Hina the rates today", by=AYESHA)
    desk.says("visit Hina on friday", by=AYESHA)
    assert "2" in words(desk.says(said, by=AYESHA))
    assert len(tasks(desk)) == 3
    desk.says(ALL[said], by=AYESHA)
    assert tasks(desk) == ["visit Hina"]
    desk.says("undo", by=AYESHA)
    assert len(tasks(desk)) == 3


CANCELS = {
    "cancel Bilal's order": "cancelled",
    "Bilal Khan cancelled his order": "cancelled",
    "cancel my last order": "cancelled",
    "Bilal ka order cancel karo": "mansookh",
    "bilal ka order wapas aa gaya": "mansookh",
    "بلال کا آرڈر کینسل کر دو": "منسوخ",
}


@pytest.mark.parametrize("said", CANCELS)
def test_a_cancelled_order_stays_and_counts_no_more(desk: Conversation, said: str) -> None:
    desk.says("Bilal ordered 10 bags sugar for 20000", by=AYESHA)
    desk.says(said, by=AYESHA)
    assert orders(desk) == [(CANCELS[said], 2_000_000, ["sugar"])]
    assert "20,000" not in words(desk.says("orders of Bilal", by=AYESHA))
    desk.says("undo", by=AYESHA)
    assert orders(desk) == [(None, 2_000_000, ["sugar"])]


DELETES = (
    "delete my last order", "delete Bilal's order", "Bilal ka order mita do", "بلال کا آرڈر مٹا دو",
)  # fmt: skip


@pytest.mark.parametrize("said", DELETES)
def test_a_deleted_order_is_gone_and_nothing_else_is_undone(desk: Conversation, said: str) -> None:
    desk.says("Bilal ordered 10 bags sugar for 20000", by=AYESHA)
    desk.says("call Hina tomorrow", by=AYESHA)
    desk.says(said, by=AYESHA)
    assert orders(desk) == []
    assert tasks(desk) == ["call Hina"]
    desk.says("undo", by=AYESHA)
    assert orders(desk) == [(None, 2_000_000, ["sugar"])]


def test_of_several_orders_it_is_asked_which_but_not_for_the_last(desk: Conversation) -> None:
    desk.says("Bilal ordered 10 bags sugar for 20000 on 2 November", by=AYESHA)
    desk.says("Bilal ordered 5 bags flour for 9000 on 9 November", by=AYESHA)
    assert "Which order?" in words(desk.says("cancel Bilal's order", by=AYESHA))
    desk.says("never mind", by=AYESHA)
    assert {status for status, _, _ in orders(desk)} == {None}
    desk.says("cancel Bilal's last order", by=AYESHA)
    assert orders(desk) == [(None, 2_000_000, ["sugar"]), ("cancelled", 900_000, ["flour"])]


AGAIN = (
    "repeat Bilal's last order", "Bilal ka pichla order dobara likh do",
    "بلال کا پچھلا آرڈر دوبارہ لکھ دو", "Bilal wants the same again",
)  # fmt: skip


@pytest.mark.parametrize("said", AGAIN)
def test_the_same_order_stands_there_anew(desk: Conversation, said: str) -> None:
    desk.says("Bilal ordered 10 bags sugar for 20000 on 2 November", by=AYESHA)
    told = words(desk.says(said, by=AYESHA))
    assert "20,000" in told
    assert "23" in told
    assert orders(desk) == [(None, 2_000_000, ["sugar"])] * 2
    desk.says("undo", by=AYESHA)
    assert len(orders(desk)) == 1


def test_nothing_to_repeat_or_to_cancel_is_said(desk: Conversation) -> None:
    for said in ("repeat Bilal's last order", "cancel Bilal's order"):
        assert "has not ordered anything yet" in words(desk.says(said, by=AYESHA))
    assert "order" in words(desk.says("delete my last order", by=AYESHA))
    assert orders(desk) == []


STANDS = {
    "Bilal's order is delivered": "delivered",
    "mark Bilal's order as delivered": "delivered",
    "delivered the order to Bilal": "delivered",
    "Bilal's order is late": "late",
    "bilal ka order deliver ho gaya": "pahunch gaya",
    "bilal ka order raste mein hai": "raste mein",
    "بلال کا آرڈر ڈیلیور ہو گیا": "پہنچ گیا",
}


@pytest.mark.parametrize("said", STANDS)
def test_how_an_order_stands_is_kept_with_it(desk: Conversation, said: str) -> None:
    desk.says("Bilal ordered 10 bags sugar for 20000", by=AYESHA)
    desk.says(said, by=AYESHA)
    assert orders(desk) == [(STANDS[said], 2_000_000, ["sugar"])]
    assert "20,000" in words(desk.says("orders of Bilal", by=AYESHA)), "it counts"
    desk.says("undo", by=AYESHA)
    assert orders(desk) == [(None, 2_000_000, ["sugar"])]


LARGE, SMALL = "Rs 20,000", "Rs 5,000"
ASKED = {
    "orders above 10000": {LARGE},
    "orders under 10k": {SMALL},
    "biggest order": {LARGE},
    "top 2 orders": {LARGE, SMALL},
    "10000 se zyada ke orders": {LARGE},
    "sab se bara order": {LARGE},
    "orders not delivered": {SMALL},
    "jo order deliver nahi hue": {SMALL},
    "orders above 10000 last month": set(),
}


@pytest.mark.parametrize("said", ASKED)
def test_orders_of_a_size_or_not_delivered_are_listed(desk: Conversation, said: str) -> None:
    desk.says("Bilal ordered 10 bags sugar for 20000", by=AYESHA)
    desk.says("Bilal's order is delivered", by=AYESHA)
    desk.says("Hina ordered 2 bags flour for 5000", by=AYESHA)
    before = orders(desk)
    told = words(desk.says(said, by=AYESHA))
    assert {worth for worth in (LARGE, SMALL) if worth in told} == ASKED[said]
    assert orders(desk) == before
