"""What is to be expected of customers: kept as things happen, asked for in three languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.models import (
    Activity,
    Company,
    Contact,
    Member,
    Nudge,
    Order,
    Outlook,
    Workspace,
)
from storage.outlook import outlook_of
from tests.conversation import AYESHA, Conversation, labels, words

TODAY = date(2026, 11, 23)


def bought(chat: Conversation, name: str, *days_ago: int, minor: int = 100_000_00) -> None:
    """A company that ordered so many days ago; made at once."""
    with chat.database.transaction() as session:
        space, owner = _owner(session)
        company = session.scalars(select(Company).where(Company.name == name)).first()
        if company is None:
            company = Company(
                workspace_id=space, name=name, name_key=name.lower(), owner_id=owner,
                created_at=datetime(2024, 1, 1, tzinfo=UTC),
            )  # fmt: skip
            session.add(company)
            session.flush()
        for ago in days_ago:
            day = TODAY - timedelta(days=ago)
            at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
            session.add(
                Order(
                    workspace_id=space, company_id=company.id, at=at, on_day=day, owner_id=owner,
                    amount_minor=minor, currency="PKR", created_at=at,
                )
            )  # fmt: skip


def _owner(session: Session) -> tuple[int, int]:
    member = session.scalars(select(Member).where(Member.name == AYESHA)).one()
    return member.workspace_id, member.id


def row_of(chat: Conversation, name: str) -> Outlook | None:
    with chat.database.transaction() as session:
        company = session.scalars(select(Company).where(Company.name == name)).one()
        return outlook_of(session, company.workspace_id, company=company.id)


@pytest.fixture
def shop(chat: Conversation) -> Conversation:
    """Steady customers, one that fell silent, one who bought once."""
    chat.says("hello")
    bought(chat, "Bilal Traders", 220, 199, 178, 157, 136, 115, 94, 80)
    bought(chat, "Nishat Mills", 160, 130, 100, 70, 40, 10, minor=500_000_00)
    bought(chat, "Gul Ahmed", 200)
    return chat


# --- kept -----------------------------------------------------------------------------------------


def test_whoever_buys_is_marked_and_looked_at_by_the_clock(shop: Conversation) -> None:
    row = row_of(shop, "Bilal Traders")
    assert row is not None
    assert (row.stale, row.state) == (True, "")
    shop.rings()
    row = row_of(shop, "Bilal Traders")
    assert row is not None
    assert (row.orders, row.last_day, row.stale) == (8, TODAY - timedelta(days=80), False)
    assert (row.state, row.plain) == ("risk", True)
    assert row.next_check_at is not None
    assert row.next_check_at > shop.clock.now()


def test_a_won_deal_is_a_purchase_until_it_is_undone(chat: Conversation) -> None:
    chat.says("deal 5 lakh with Sapphire")
    chat.says("won Sapphire")
    chat.rings()
    row = row_of(chat, "Sapphire")
    assert row is not None
    assert (row.orders, row.spent_minor) == (1, 500_000_00)
    chat.taps("Undo")
    chat.rings()
    assert row_of(chat, "Sapphire") is None


# --- asked for ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("who is at risk?", "Bilal Traders: They order every 3 weeks; it is 3 months now."),
        ("kaun se customers thande par gaye hain", "Bilal Traders: Yeh har 3 hafte baad order"),
        ("کون سے گاہک خطرے میں ہیں؟", "Bilal Traders: یہ ہر 3 ہفتے بعد آرڈر دیتے ہیں"),
        ("why is Bilal Traders at risk?", "Bilal Traders is at risk"),
        ("Bilal Traders khatre mein kyun hai?", "Bilal Traders khatre mein hai"),
        ("when will Nishat Mills order again?", "Nishat Mills will probably order again around"),
        ("نشاط ملز دوبارہ کب آرڈر دے گا؟", "Nishat Mills کا اگلا آرڈر غالباً"),
        ("what is Nishat Mills worth?", "Nishat Mills has brought Rs 30 lakh so far"),
        ("top customers by value", "Customers by what they have bought"),
        ("is Nishat Mills at risk?", "Nishat Mills is not at risk"),
        ("who should I call today?", "Bilal Traders: They order every 3 weeks"),
        ("aaj kis ko call karun", "Bilal Traders: Yeh har 3 hafte"),
        ("آج کس کو کال کروں؟", "Bilal Traders: یہ ہر 3 ہفتے"),
        ("churn this quarter", "Churn 66.7%: 2 of the 3 customers at the start"),
        ("is sehmahi kitne gahak chhor gaye", "Churn 66.7%: shuru ke 3 gahakon mein se 2"),
        ("churn by month", "Churn by month"),
        ("retention by cohort", "Customers by the quarter of their first order"),
        ("اس سال کتنے گاہک چھوڑ گئے", "اس عرصے سے پہلے کے سال میں کسی نے نہیں خریدا"),
    ],
)
def test_it_is_asked_in_words(shop: Conversation, asked: str, told: str) -> None:
    assert told in words(shop.says(asked))


# --- told to whoever's they are -------------------------------------------------------------------


def test_a_silence_is_raised_once_with_its_reason_and_what_helps(shop: Conversation) -> None:
    shop.rings()
    raised = nudges_of(shop)
    assert [(each.subject.partition(":")[0], each.occasion) for each in raised] == [
        ("company", f"silent {TODAY - timedelta(days=80)}"),
        ("company", f"silent {TODAY - timedelta(days=200)}"),
    ]
    about = raised[0].about
    assert about is not None
    assert about["told"] == [["because_risk_silent_weeks", {"n": 3, "day": {"day": "2026-09-04"}}]]
    assert [each[:2] for each in about["offers"]] == [
        ["log_call_button", "activity.log"], ["new_task_button", "risk.task"],
    ]  # fmt: skip
    assert raised[0].worth > 0
    shop.says("show Bilal Traders")
    shop.clock.set(shop.clock.now() + timedelta(days=60))
    shop.rings()
    assert len([each for each in nudges_of(shop) if each.subject == raised[0].subject]) == 1


def test_a_touch_leaves_a_customer_in_peace_and_one_that_reached_nobody_less(
    shop: Conversation,
) -> None:
    shop.rings()
    shop.says("called Bilal Traders, they are waiting for the season")
    assert "Bilal Traders" not in words(shop.says("who is at risk?"))
    shop.says("undo")
    assert "Bilal Traders" in words(shop.says("who is at risk?"))
    shop.says("called Bilal Traders, no answer")
    assert "Bilal Traders" not in words(shop.says("who is at risk?"))
    shop.clock.set(shop.clock.now() + timedelta(days=4))
    assert "Bilal Traders" in words(shop.says("who is at risk?"))


def test_a_complaint_tells_at_once_until_an_order_comes(shop: Conversation) -> None:
    assert "Nishat Mills" not in words(shop.says("who is at risk?"))
    shop.says("note Nishat Mills: complained that the rolls came late")
    assert "A complaint was noted (" in words(shop.says("why is Nishat Mills at risk?"))
    bought(shop, "Nishat Mills", -1)
    shop.clock.set(shop.clock.now() + timedelta(days=1))
    assert "Nishat Mills is not at risk" in words(shop.says("why is Nishat Mills at risk?"))


def test_a_ticket_that_is_late_tells_until_it_is_settled(shop: Conversation) -> None:
    shop.rings()
    shop.says("ticket for Nishat Mills: invoice wrong")
    assert "Nishat Mills" not in words(shop.says("who is at risk?"))
    shop.rings()
    due = re.search(r"Solve by: (\w+ \d+ \w+)", words(shop.says("ticket #1")))
    assert due
    shop.clock.set(shop.clock.now() + timedelta(days=5))
    shop.rings()
    assert f"ticket is late since {due[1]}." in words(shop.says("why is Nishat Mills at risk?"))
    shop.says("resolve the ticket of Nishat Mills")
    shop.rings()
    assert "Nishat Mills is not at risk" in words(shop.says("why is Nishat Mills at risk?"))


def test_who_is_not_happy_is_at_risk(shop: Conversation) -> None:
    shop.rings()
    shop.says("ticket for Nishat Mills: invoice wrong")
    shop.says("resolve the ticket of Nishat Mills")
    shop.taps("2")
    shop.rings()
    assert "They gave 2 of 5" in words(shop.says("why is Nishat Mills at risk?"))


def test_a_task_is_one_tap_away(shop: Conversation) -> None:
    shop.says("why is Bilal Traders at risk?")
    assert labels(shop.last().reply)[:2] == ["Log call", "New task"]
    assert "Bilal Traders" in words(shop.taps("New task"))


@pytest.mark.parametrize(
    ("language", "told", "button"),
    [
        ("en", "They order every 2 weeks; this order is late.", "What to offer"),
        ("ur", "یہ ہر 2 ہفتے بعد آرڈر دیتے ہیں؛ اس بار دیر ہو گئی ہے۔", "کیا پیش کریں"),
        ("roman", "Yeh har 2 hafte baad order dete hain; is baar der ho gayi hai.", "Kya offer"),
    ],
)
def test_a_late_order_is_told_once_and_says_what_to_offer(
    chat: Conversation, language: str, told: str, button: str
) -> None:
    learned_team(chat, late=20)
    with chat.database.transaction() as session:
        session.get_one(Member, _owner(session)).language = language
    (card,) = [each.reply for each in chat.rings() if "Nishat Mills" in words(each.reply)]
    assert told in words(card)
    assert any(each.startswith(button) for each in labels(card))
    chat.clock.set(chat.clock.now() + timedelta(days=1))
    assert not [each for each in chat.rings() if told in words(each.reply)]


def test_a_strange_silence_is_on_the_list_before_it_interrupts(chat: Conversation) -> None:
    """After a strange silence a customer is probably there yet; some days later hardly."""
    learned_team(chat, late=35)
    with chat.database.transaction() as session:
        session.execute(delete(Nudge))
    chat.rings()
    assert "Nishat Mills" in words(chat.says("who is at risk?"))
    row = row_of(chat, "Nishat Mills")
    assert row is not None
    assert row.subject not in {each.subject for each in nudges_of(chat)}
    for _ in range(9):
        chat.clock.set(chat.clock.now() + timedelta(days=10))
        chat.rings()
    assert row.subject in {each.subject for each in nudges_of(chat)}


def learned_team(chat: Conversation, late: int) -> None:
    """Customers who order about every two weeks, of whom some left; Nishat Mills last ordered so
    many days ago."""
    chat.says("hello")
    dice = Random(5)
    for number in range(30):
        day, days = 330 + dice.random() * 14, []
        until = 150 if number % 3 == 0 else 0
        while day > until:
            days.append(int(day))
            day -= dice.gauss(14, 4)
        bought(chat, f"Shop {number}", *days)
    bought(chat, "Nishat Mills", *(late + 14 * n for n in range(15)))
    chat.rings()  # everybody is read, and judged by the plain rule yet
    chat.clock.set(chat.clock.now() + timedelta(days=1))


def nudges_of(chat: Conversation) -> list[Nudge]:
    with chat.database.transaction() as session:
        rows = session.scalars(select(Nudge).where(Nudge.kind == "at_risk"))
        return sorted(rows, key=lambda row: row.occasion, reverse=True)


# --- for whose eyes -------------------------------------------------------------------------------


def test_what_hangs_on_a_private_contact_is_told_to_their_owner_alone(shop: Conversation) -> None:
    """Hamza's private contact bought for Nishat Mills, complained, and is a customer elsewhere."""
    shop.says("hello", by="Hamza")
    with shop.database.transaction() as session:
        space, _ = _owner(session)
        hamza = session.scalars(select(Member).where(Member.name == "Hamza")).one()
        company = session.scalars(select(Company).where(Company.name == "Nishat Mills")).one()
        session.get_one(Workspace, space).keeps_private = True
        for name, at in (("Sara Malik", company.id), ("Zoya Khan", None)):
            person = Contact(
                workspace_id=space, name=name, name_key=name.lower(), company_id=at, private=True,
                owner_id=hamza.id, created_at=shop.clock.now(),
            )  # fmt: skip
            session.add(person)
            session.flush()
            for ago in (130, 120, 110, 100, 90):
                day = TODAY - timedelta(days=ago)
                moment = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
                session.add(
                    Order(
                        workspace_id=space, company_id=at, contact_id=person.id, at=moment,
                        on_day=day, owner_id=hamza.id, amount_minor=999_00, currency="PKR",
                        created_at=moment,
                    )
                )  # fmt: skip
            session.add(
                Activity(
                    workspace_id=space, company_id=at, contact_id=person.id, kind="note",
                    text="complained about the quality", at=shop.clock.now(), on_day=TODAY,
                    by_id=hamza.id,
                )
            )  # fmt: skip
    shop.rings()
    row = row_of(shop, "Nishat Mills")
    assert row is not None
    assert (row.orders, row.state) == (6, "fine")
    for asked in ("who is at risk?", "top customers by value", "who should I call today?"):
        assert "Zoya" not in words(shop.says(asked))
    assert "Zoya Khan" in words(shop.says("who is at risk?", by="Hamza"))
    told = [each.member_id for each in nudges_of(shop) if each.subject.startswith("contact:")]
    assert told == [hamza.id]
