"""After a sale: customers are asked how they are; what members did about nudges counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from language.loyalty import read_loyalty
from language.sheet import lay_out
from rules.after_sale import LATEST, asked_on
from storage.models import Nudge
from tests.conversation import Conversation, labels, words

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)


def check_ins(chat: Conversation) -> list[str]:
    told = [words(each.reply) for each in chat.rings()]
    return [each for each in told if "nobody has talked with them since" in each]


def after(chat: Conversation, days: int) -> None:
    chat.clock.set(MONDAY + timedelta(days=days, hours=2))


def test_a_won_deal_is_followed_up_once(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders 5 lakh, 12 looms")
    chat.says("won bilal traders")
    after(chat, 4)
    assert check_ins(chat) == []
    after(chat, 7)
    (told,) = check_ins(chat)
    assert "How is Bilal Traders doing with the 12 looms?" in told
    last = chat.heard[-1].reply
    assert labels(last)[:2] == ["Called", "New task"]
    assert "Not now" in labels(last)
    after(chat, 8)
    assert check_ins(chat) == []


def test_whoever_was_spoken_with_since_is_left_in_peace(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders 5 lakh, 12 looms")
    chat.says("won bilal traders")
    after(chat, 3)
    chat.says("called Bilal Traders, all is well")
    after(chat, 7)
    assert check_ins(chat) == []


def test_a_first_order_is_followed_up_and_a_second_is_not(chat: Conversation) -> None:
    chat.says("Nishat Mills ordered 40 rolls for 2 lakh")
    after(chat, 7)
    assert "40 rolls" in check_ins(chat)[0]
    chat.says("Nishat Mills ordered 10 rolls for 50000")
    after(chat, 14)
    assert check_ins(chat) == []


def test_a_sale_that_was_undone_is_not_followed_up(chat: Conversation) -> None:
    chat.says("Nishat Mills ordered 40 rolls for 2 lakh")
    chat.taps("Undo")
    after(chat, 7)
    assert check_ins(chat) == []


def test_the_days_are_the_teams_to_say(chat: Conversation) -> None:
    chat.says("Nishat Mills ordered 40 rolls for 2 lakh")
    chat.rings()
    assert "3 days after" in words(chat.says("check in 3 days after a sale"))
    after(chat, 3)
    assert len(check_ins(chat)) == 1
    chat.says("Gul Ahmed ordered 40 rolls for 2 lakh")
    chat.runs("check_in.days", days=0)
    after(chat, 11)
    assert check_ins(chat) == []


@pytest.mark.parametrize(
    "said",
    [
        "check in 10 days after a sale",
        "ask customers how they are doing 10 days after a sale",
        "sale ke 10 din baad haal poocho",
        "فروخت کے 10 دن بعد حال پوچھو",
    ],
)
def test_the_days_are_told_in_words(said: str) -> None:
    (action,) = read_loyalty(lay_out(said))
    assert (action.intent, action.slots) == ("check_in.days", {"days": 10})


@given(some.integers(0, 120), some.integers(0, 200))
def test_it_is_asked_neither_early_nor_late(days: int, gone: int) -> None:
    sold = date(2026, 1, 1)
    day = asked_on(sold, days, sold + timedelta(days=gone))
    assert (day is None) == (days == 0 or gone > days + LATEST)
    assert day is None or day == sold + timedelta(days=days)


# --- what was done about a nudge without its buttons ----------------------------------------------


def test_a_call_in_the_days_after_counts_as_acted(chat: Conversation) -> None:
    chat.says("Nishat Mills ordered 40 rolls for 2 lakh")
    chat.says("Gul Ahmed ordered 10 rolls for 1 lakh")
    after(chat, 7)
    assert len(check_ins(chat)) == 2
    after(chat, 9)
    chat.says("called Nishat Mills, all is well")
    chat.says("Karim Traders ordered 10 rolls for 1 lakh")
    after(chat, 10)
    chat.rings()  # the agenda of a morning
    after(chat, 16)
    assert len(check_ins(chat)) == 1
    assert answers(chat) == {"Nishat": "acted", "Gul": None}


def test_a_call_long_after_does_not(chat: Conversation) -> None:
    chat.says("Nishat Mills ordered 40 rolls for 2 lakh")
    after(chat, 7)
    chat.says("Karim Traders ordered 10 rolls for 1 lakh")
    assert len(check_ins(chat)) == 1
    after(chat, 11)
    chat.says("called Nishat Mills, all is well")
    after(chat, 14)
    assert len(check_ins(chat)) == 1
    assert answers(chat) == {"Nishat": None}


def answers(chat: Conversation) -> dict[str, str | None]:
    """What came of the check-ins that were told a week ago and more, by the name in them."""
    with chat.database.transaction() as session:
        rows = session.scalars(select(Nudge).where(Nudge.kind == "check_in", Nudge.state == "sent"))
        told = {str((row.about or {})["told"][0][1]["name"]).split()[0]: row.answer for row in rows}
    told.pop("Karim", None)
    return told
