"""What becomes of a deal: how it ended is asked, what was none is deleted, and its worth goes up or
down by so much."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import Deal, DealMove, LineItem
from tests.conversation import AYESHA, Conversation, labels, words

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
BILAL = "Bilal"


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    chat.says("add contact Hina Shah, Lahore", by=AYESHA)
    chat.says("deal Hina Shah 3 lakh solar panels", by=AYESHA)
    return chat


def deals(chat: Conversation) -> list[tuple[str, int | None]]:
    """Of each its status and worth in minor units."""
    with chat.database.transaction() as session:
        return [
            (row.status, row.amount_minor)
            for row in session.scalars(select(Deal).order_by(Deal.id))
        ]


def there(chat: Conversation) -> list[int]:
    return chat.counts(Deal, DealMove, LineItem)


LAKH = 10_000_000
BY = {
    "add 50k to Hina's deal": 350_000_00,
    "increase the deal with Hina by 50,000": 350_000_00,
    "reduce Hina's deal by 50k": 250_000_00,
    "raise the Hina Shah deal by 10%": 330_000_00,
    "lower Hina's deal by 10 percent": 270_000_00,
    "hina ki deal mein 50 hazar barha do": 350_000_00,
    "Hina ki deal 50 hazar kam kar do": 250_000_00,
    "ہنا کی ڈیل میں 50 ہزار بڑھا دو": 350_000_00,
    "ہنا کی ڈیل 50 ہزار کم کرو": 250_000_00,
}


@pytest.mark.parametrize("said", BY)
def test_a_deal_is_worth_so_much_more_or_less(desk: Conversation, said: str) -> None:
    desk.says(said, by=AYESHA)
    assert deals(desk) == [("open", BY[said])]
    desk.says("undo", by=AYESHA)
    assert deals(desk) == [("open", 300_000_00)]


def test_what_would_leave_nothing_or_is_in_other_money_changes_nothing(desk: Conversation) -> None:
    assert "Rs 3 lakh" in words(desk.says("reduce Hina's deal by 3 lakh", by=AYESHA))
    assert "PKR" in words(desk.says("increase Hina's deal by $500", by=AYESHA))
    assert deals(desk) == [("open", 300_000_00)]
    desk.says("add contact Omar Ali", by=AYESHA)
    desk.says("new deal with Omar Ali", by=AYESHA)
    assert "no amount yet" in words(desk.says("increase Omar's deal by 50k", by=AYESHA))


ENDS = ("close the deal with Hina", "hina wali deal band kar do", "ہنا والی ڈیل بند کر دو")


@pytest.mark.parametrize("said", ENDS)
@pytest.mark.parametrize(("choice", "status"), [(0, "won"), (1, "lost")])
def test_how_it_ended_is_asked(desk: Conversation, said: str, choice: int, status: str) -> None:
    asked = desk.says(said, by=AYESHA)
    assert deals(desk) == [("open", 300_000_00)]
    desk.taps(labels(asked)[choice], by=AYESHA)
    assert deals(desk) == [(status, 300_000_00)]


DROPS = (
    "delete the deal with Hina", "cancel Hina's deal", "hina wali deal delete kar do",
    "ہنا والی ڈیل کینسل کر دو",
)  # fmt: skip


@pytest.mark.parametrize("said", DROPS)
def test_a_deal_that_was_none_goes_with_all_of_it_until_undone(
    desk: Conversation, said: str
) -> None:
    desk.says("add 10 inverters to Hina's deal", by=AYESHA)
    before = there(desk)
    asked = desk.says(said, by=AYESHA)
    assert there(desk) == before
    desk.taps(labels(asked)[1], by=AYESHA)
    assert there(desk) == [0, 0, 0]
    desk.says("undo", by=AYESHA)
    assert there(desk) == before


def test_or_it_was_lost(desk: Conversation) -> None:
    asked = desk.says("cancel the deal with Hina", by=AYESHA)
    desk.taps(labels(asked)[0], by=AYESHA)
    assert deals(desk) == [("lost", 300_000_00)]


def test_a_colleagues_deal_is_theirs_or_a_managers_to_delete(desk: Conversation) -> None:
    desk.says("hello", by=BILAL)
    asked = desk.says("delete the deal with Hina", by=BILAL)
    assert "somebody else's" in words(desk.taps(labels(asked)[1], by=BILAL))
    assert there(desk)[0] == 1


def test_a_deal_that_an_order_hangs_on_stays(desk: Conversation) -> None:
    desk.says("Hina deal won", by=AYESHA)
    desk.taps("Undo", by=AYESHA)
    desk.says("Hina ordered 10 solar panels for 300000", by=AYESHA)
    desk.taps("Deal won", by=AYESHA)
    before = there(desk)
    asked = desk.says("delete the deal with Hina", by=AYESHA)
    assert "stays" in words(desk.taps(labels(asked)[-2], by=AYESHA))
    assert there(desk) == before


TOP = {
    "top 2 deals": 2, "show my biggest 1 deals": 1, "biggest deal": 1,
    "sab se bari 2 deals dikhao": 2, "سب سے بڑی ڈیل کون سی ہے": 1,
}  # fmt: skip


@pytest.mark.parametrize("said", TOP)
def test_the_largest_of_all(desk: Conversation, said: str) -> None:
    for name, worth in (("Omar Ali", 5), ("Sara Malik", 4)):
        desk.says(f"deal {name} {worth} lakh", by=AYESHA)
    told = words(desk.says(said, by=AYESHA))
    named = [name for name in ("Omar Ali", "Sara Malik", "Hina Shah") if name in told]
    assert named == ["Omar Ali", "Sara Malik"][: TOP[said]]
