"""A deal that was won or lost goes on where it stood; undo ends it again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.models import Deal
from tests.conversation import Conversation, words


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.says("met Sara Malik from Nishat Mills, deal 5 lakh")
    chat.says("nishat moved to proposal")
    return chat


def deal(chat: Conversation) -> tuple[str, str, str | None, bool]:
    with chat.database.transaction() as session:
        row = session.scalars(select(Deal)).one()
        return row.status, row.stage, row.reason, row.closed_at is None


SAID = (
    "reopen the Nishat deal", "please reopen the deal with Nishat Mills",
    "nishat is back, reopen the deal", "nishat wali deal dobara khol do",
    "نشاط والی ڈیل دوبارہ کھول دو",
)  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_a_deal_that_was_lost_goes_on_where_it_stood(desk: Conversation, said: str) -> None:
    desk.says("lost nishat, price too high")
    assert deal(desk)[0] == "lost"
    told = words(desk.says(said))
    assert "Nishat Mills" in told
    assert deal(desk) == ("open", "proposal", None, True)
    desk.says("undo")
    assert deal(desk) == ("lost", "proposal", "price too high", False)


def test_a_deal_that_was_won_is_sold_no_more(desk: Conversation) -> None:
    desk.says("won nishat")
    assert "Rs 5 lakh from one deal won" in words(desk.says("sales this month")).replace(
        "1 deal", "one deal"
    )
    desk.says("reopen the Nishat deal")
    assert "from 0 deals won" in words(desk.says("sales this month"))
    assert "proposal" in words(desk.says("pipeline"))
    assert "Won: Nishat Mills" in words(desk.says("won nishat 6 lakh"))


def test_the_card_of_a_closed_deal_opens_it_by_a_tap(desk: Conversation) -> None:
    desk.says("lost nishat, price too high")
    desk.says("nishat deal")
    assert "Open again: Nishat Mills" in words(desk.taps("Reopen"))
    assert deal(desk)[0] == "open"


def test_one_that_is_open_is_left_alone(desk: Conversation) -> None:
    assert "is open already" in words(desk.says("reopen the Nishat deal"))
    assert deal(desk)[:2] == ("open", "proposal")


def test_where_there_never_was_one_it_says_so(desk: Conversation) -> None:
    desk.says("add contact Omar Farooq")
    assert "no open deal with Omar Farooq" in words(desk.says("reopen the deal with Omar Farooq"))
