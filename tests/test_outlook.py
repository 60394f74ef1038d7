"""What is to be expected of customers: kept as things happen, asked for in three languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.models import Company, Order, Outlook
from storage.outlook import outlook_of
from tests.conversation import AYESHA, Conversation, words

TODAY = date(2026, 11, 23)


def bought(chat: Conversation, name: str, *days_ago: int, minor: int = 100_000_00) -> None:
    """A company that ordered so many days ago; made at once."""
    with chat.database.transaction() as session:
        space, owner = _owner(chat, session)
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


def _owner(chat: Conversation, session: object) -> tuple[int, int]:
    from storage.models import Member

    member = session.scalars(select(Member).where(Member.name == AYESHA)).one()  # type: ignore[attr-defined]
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
