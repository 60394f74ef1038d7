"""What counts as a purchase: orders, and won deals that no order stands for, each once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.models import Company, Contact, Deal, Order
from storage.purchases import Customer, Purchase, purchases
from storage.scope import within
from tests.conversation import Conversation


def bought(chat: Conversation, **narrowed: Any) -> list[Purchase]:
    with chat.database.transaction() as session, within(session, 1):
        return purchases(session, 1, **narrowed)


def put_order(chat: Conversation, **values: Any) -> None:
    """An order as a file brings it."""
    now = chat.clock.now()
    usual = {"on_day": now.date(), "at": now, "owner_id": 1, "created_at": now}
    with chat.database.transaction() as session, within(session, 1):
        session.add(Order(workspace_id=1, **{**usual, **values}))


def number(chat: Conversation, kind: type[Company | Contact], name: str) -> int:
    with chat.database.transaction() as session, within(session, 1):
        return session.scalars(
            select(kind.id).where(kind.workspace_id == 1, kind.name == name)
        ).one()


def test_a_won_deal_is_a_purchase_once(chat: Conversation) -> None:
    chat.says("deal with Nishat Mills 2 lakh")
    assert bought(chat) == []
    chat.says("nishat deal won")
    nishat = number(chat, Company, "Nishat Mills")
    (once,) = bought(chat)
    assert once[:4] == ("company", nishat, date(2026, 11, 23), 20_000_000)
    chat.says("undo")
    assert bought(chat) == []
    chat.says("nishat deal won 3 lakh")
    assert [each.minor for each in bought(chat)] == [30_000_000]


def test_an_order_stands_for_the_deal_that_led_to_it(chat: Conversation) -> None:
    chat.says("deal with Nishat Mills 2 lakh")
    chat.says("nishat deal won")
    nishat = number(chat, Company, "Nishat Mills")
    with chat.database.transaction() as session, within(session, 1):
        deal = session.scalars(select(Deal.id).where(Deal.workspace_id == 1)).one()
    put_order(chat, company_id=nishat, amount_minor=5, currency="PKR", deal_id=deal)
    assert [each.minor for each in bought(chat)] == [5]


def test_all_who_buy_for_a_company_are_one_customer(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    chat.says("met Danish Butt")
    sara, danish = (number(chat, Contact, name) for name in ("Sara Malik", "Danish Butt"))
    nishat = number(chat, Company, "Nishat Mills")
    put_order(chat, contact_id=sara, amount_minor=1, currency="PKR")
    put_order(chat, company_id=nishat, amount_minor=2, currency="PKR")
    put_order(chat, contact_id=danish, amount_minor=3, currency="PKR")
    put_order(chat, amount_minor=4, currency="PKR")  # nobody's
    whose = {each.minor: each[:2] for each in bought(chat)}
    assert whose == {1: ("company", nishat), 2: ("company", nishat), 3: ("contact", danish)}
    assert {each.minor for each in bought(chat, customer=Customer("company", nishat))} == {1, 2}
    assert {each.minor for each in bought(chat, customer=Customer("contact", danish))} == {3}
    assert bought(chat, customer=Customer("contact", sara)) == []


def test_from_a_day_on_the_oldest_first(chat: Conversation) -> None:
    chat.says("met Danish Butt")
    danish, now = number(chat, Contact, "Danish Butt"), chat.clock.now()
    for days in (0, 30, 10):
        at = now - timedelta(days=days)
        put_order(chat, contact_id=danish, at=at, on_day=at.date())
    assert [(now.date() - each.day).days for each in bought(chat)] == [30, 10, 0]
    since = now.date() - timedelta(days=10)
    assert [(now.date() - each.day).days for each in bought(chat, since=since)] == [10, 0]


@pytest.mark.parametrize(
    ("status", "is_one"),
    [
        (None, True), ("paid", True), ("Shipped", True), ("Cancelled", False),
        ("refunded", False), ("partially_refunded", True), ("منسوخ", False),
    ],
)  # fmt: skip
def test_what_was_cancelled_was_not_bought(
    chat: Conversation, status: str | None, is_one: bool
) -> None:
    chat.says("met Danish Butt")
    danish = number(chat, Contact, "Danish Butt")
    put_order(chat, contact_id=danish, status=status)
    assert len(bought(chat)) == is_one


def test_another_currency_counts_by_the_rate_of_its_day(chat: Conversation) -> None:
    chat.says("met Danish Butt")
    danish = number(chat, Contact, "Danish Butt")
    put_order(chat, contact_id=danish, amount_minor=100_00, currency="USD")
    assert [each.minor for each in bought(chat)] == [None]
    chat.says("1 USD = 280 PKR")
    assert [each.minor for each in bought(chat)] == [28_000_00]
