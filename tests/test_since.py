"""A time that only begins, or is a day of the week, counts just so in whatever is asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.conversation import Conversation, words

BEFORE, MONDAY = datetime(2026, 11, 19, 6, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 6, tzinfo=UTC)


@pytest.fixture
def week(chat: Conversation) -> Conversation:
    """What was done on a Thursday, on the Monday after it, and today, a Thursday again."""
    for now, who in (
        (BEFORE, "Alpha Textiles"),
        (MONDAY, "Hilal Dairy"),
        (THURSDAY, "Indus Motors"),
    ):
        chat.clock.set(now)
        chat.says(f"{who} ordered 5 looms for 100000")
        chat.says(f"met {who}")
        chat.says(f"{who} complained that the looms are broken")
    return chat


ASKED = {
    "orders since monday": "2 orders, Rs 2 lakh",
    "how many orders since thursday": "1 order, Rs 1 lakh",
    "orders from monday to wednesday": "1 order, Rs 1 lakh",
    "orders before monday": "1 order, Rs 1 lakh",
    "show me orders since 19 november": "3 orders, Rs 3 lakh",
    "peer se kitne order aaye": "2 orders, Rs 2 lakh",
    "پیر سے کتنے آرڈر آئے": "2 آرڈر",
}


@pytest.mark.parametrize("said", ASKED)
def test_orders_of_days_of_the_week(week: Conversation, said: str) -> None:
    assert ASKED[said] in words(week.says(said))


COUNTED = {
    "meetings since monday": "2",
    "how many meetings did I have on monday": "1",
    "meetings last thursday": "1",
    "how many meetings since 19 november": "3",
    "peer se ab tak kitni meetings hui": "2",
    "پیر سے کتنی ملاقاتیں ہوئیں": "2",
}


@pytest.mark.parametrize("said", COUNTED)
def test_what_was_done_since(week: Conversation, said: str) -> None:
    assert COUNTED[said] in words(week.says(said)).splitlines()


TICKETS = {
    "tickets opened since monday": ("since 23 Nov 2026", "Opened: 2"),
    "how many tickets since 19 november": ("since 19 Nov 2026", "Opened: 3"),
    "tickets raised before monday": ("until 22 Nov 2026", "Opened: 1"),
    "how many tickets came in on monday": ("23 Nov 2026", "Opened: 1"),
    "peer se kitne ticket aaye": ("23 Nov 2026 se", "Khule: 2"),
}


@pytest.mark.parametrize("said", TICKETS)
def test_tickets_since(week: Conversation, said: str) -> None:
    told = words(week.says(said))
    assert all(each in told for each in TICKETS[said]), told


def test_the_journey_and_who_was_kept_since(week: Conversation) -> None:
    assert "1 Nov 2026 to 26 Nov 2026" in words(week.says("how many moved since november"))
    assert "1 Jan 2026 to today" in words(week.says("churn since january"))
    assert "this month" not in words(week.says("how much did we sell since monday"))


def test_an_agenda_of_a_day_of_the_week_is_of_the_one_that_comes(week: Conversation) -> None:
    week.says("meet Hilal Dairy on monday at 3pm")
    assert "Hilal Dairy" in words(week.says("meetings on monday"))
