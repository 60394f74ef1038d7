"""What counts toward a goal: whose deals, orders, activities, of which days, in which currency."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from language.sounds import name_keys
from rules.rates import Quote
from storage.database import Database
from storage.models import Activity, Company, Contact, Deal, Goal, Member, Order, Workspace
from storage.progress import Progress, Progressing
from storage.rates import put_rate
from storage.scope import within

ZONE = "Asia/Karachi"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
NOVEMBER = (FIRST, LAST)
F = Fraction


def at(day: date, hour: time = time(12)) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(ZONE)).astimezone(UTC)


@dataclass
class Books:
    """A team of two with two firms and a person, and what is entered for them."""

    session: Session
    space: int
    ayesha: int
    bilal: int
    nishat: int
    sapphire: int
    sara: int

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def deal(
        self, amount: int | None, closed: datetime | None, status: str = "won", **more: Any
    ) -> None:
        given = {"owner_id": self.ayesha, "company_id": self.nishat, "currency": "PKR", **more}
        self.add(
            Deal(
                workspace_id=self.space,
                stage="lead",
                status=status,
                closed_at=closed,
                amount_minor=amount and amount * 100,
                created_at=at(date(2025, 1, 1)),
                **given,
            )
        )

    def order(self, day: datetime, **whose: Any) -> None:
        given = {"owner_id": self.ayesha, "company_id": self.nishat, **whose}
        self.add(Order(workspace_id=self.space, at=day, on_day=day.date(), created_at=day, **given))

    def activity(self, day: date, kind: str = "call", **more: Any) -> None:
        given = {"by_id": self.ayesha, "at": at(day), **more}
        self.add(Activity(workspace_id=self.space, kind=kind, text="x", on_day=day, **given))

    def of(self, measure: str, member: int | None = None, **more: Any) -> Progress:
        goal = Goal(measure=measure, member_id=member, currency="PKR", **more)
        return Progressing(self.session, self.space, ZONE).of(goal, NOVEMBER)


@pytest.fixture
def books(database: Database) -> Iterator[Books]:
    began = datetime(2025, 1, 1, tzinfo=UTC)
    with database.transaction() as session:
        spaces = [
            Workspace(
                name=name, currency="PKR", region="PK", timezone=ZONE, language="en",
                created_at=began,
            )
            for name in ("default", "another team")
        ]  # fmt: skip
        session.add_all(spaces)
        session.flush()
        here = spaces[0].id
        with within(session, here):
            known: list[Any] = [
                Member(workspace_id=here, name=name, role="rep", created_at=began)
                for name in ("Ayesha", "Bilal")
            ]
            known += [
                Company(workspace_id=here, **name_keys(name), created_at=began)
                for name in ("Nishat Mills", "Sapphire")
            ]
            known.append(
                Contact(workspace_id=here, **name_keys("Sara Malik"), owner_id=1, created_at=began)
            )
            for row in known:
                session.add(row)
                session.flush()
            yield Books(session, here, *(row.id for row in known))


# --- money --------------------------------------------------------------------------------------


def test_what_is_won_in_its_days_counts_from_first_midnight_to_last(books: Books) -> None:
    for amount, closed in (
        (1, at(FIRST, time())),
        (2, at(LAST, time(23, 59, 59))),
        (4, at(FIRST, time()) - timedelta(seconds=1)),
        (8, at(LAST + timedelta(days=1), time())),
    ):
        books.deal(amount, closed)
    books.deal(16, at(FIRST), status="lost")
    books.deal(32, None, status="open")
    books.deal(None, at(FIRST))
    assert books.of("amount").reached == 3


def test_of_a_member_only_their_own_counts(books: Books) -> None:
    books.deal(10, at(FIRST))
    books.deal(5, at(FIRST), owner_id=books.bilal)
    assert books.of("amount").reached == 15
    assert books.of("amount", books.ayesha).reached == 10
    assert books.of("amount", books.bilal).reached == 5


def test_other_currencies_count_at_the_rate_of_their_day_or_are_left_out(books: Books) -> None:
    for day, rate in ((date(2026, 10, 1), "280"), (date(2026, 11, 10), "300")):
        put_rate(books.session, books.space, Quote(day, "USD", "PKR", Decimal(rate)))
    books.deal(1000, at(FIRST))
    books.deal(10, at(date(2026, 11, 9), time(23)), currency="USD")
    books.deal(1, at(date(2026, 11, 10), time(1)), currency="USD")
    books.deal(7, at(FIRST), currency="EUR")
    books.deal(7, at(LAST), currency="EUR")
    books.deal(7, at(LAST), currency="GBP")
    found = books.of("amount")
    assert found.reached == 1000 + 10 * 280 + 300
    assert found.left_out == {"EUR": 2, "GBP": 1}


@pytest.mark.parametrize(
    ("sizes", "usual"),
    [
        ([], None),
        ([70], 70),
        ([70, 10], 40),
        ([10, 100, 20], 20),
        ([10, 20, 90, 30], 25),
        ([0, 50], 50),
    ],
)
def test_the_usual_size_is_the_middle_one_of_a_year(
    books: Books, sizes: list[int], usual: int | None
) -> None:
    for number, size in enumerate(sizes):
        books.deal(size, at(LAST - timedelta(days=number * 50)))
    books.deal(1, at(LAST - timedelta(days=366)))
    books.deal(1, at(LAST + timedelta(days=1)))
    books.deal(1, at(LAST), currency="USD")
    books.deal(1, at(LAST), status="lost")
    assert books.of("amount").usual == usual


def test_the_year_of_the_usual_size_begins_with_its_first_day(books: Books) -> None:
    books.deal(9, at(LAST - timedelta(days=365), time()))
    assert books.of("amount").usual == 9


def test_who_won_nothing_yet_is_told_the_teams_usual_size(books: Books) -> None:
    books.deal(40, at(FIRST))
    assert books.of("amount", books.bilal).usual == 40
    books.deal(6, at(FIRST), owner_id=books.bilal)
    assert books.of("amount", books.bilal).usual == 6
    assert books.of("amount").usual == 23


# --- counts -------------------------------------------------------------------------------------


def test_deals_won_and_the_share_of_them(books: Books) -> None:
    assert books.of("win_rate") == Progress(None, 0, 0)
    for status in ("won", "won", "lost", "open"):
        books.deal(1, None if status == "open" else at(FIRST), status=status)
    books.deal(1, at(FIRST), status="lost", owner_id=books.bilal)
    books.deal(1, at(FIRST) - timedelta(days=2))
    won = books.of("won")
    assert won == Progress(F(2), usual=F(1))
    assert books.of("won", books.bilal).reached == 0
    assert books.of("win_rate") == Progress(F(1, 2), 2, 4)
    assert books.of("win_rate", books.ayesha) == Progress(F(2, 3), 2, 3)
    assert books.of("win_rate", books.bilal) == Progress(F(0), 0, 1)


@pytest.mark.parametrize("kind", ["call", "meeting", "visit", "email", "message"])
def test_whoever_was_in_touch_counts(books: Books, kind: str) -> None:
    books.activity(FIRST, kind)
    books.activity(LAST, kind, by_id=books.bilal)
    books.activity(FIRST - timedelta(days=1), kind)
    books.activity(LAST + timedelta(days=1), kind)
    books.activity(FIRST, "note")
    for measured in (None, kind):
        assert books.of("activity", kind=measured).reached == 2
        assert books.of("activity", books.bilal, kind=measured).reached == 1
    assert books.of("activity", kind="note").reached == 1
    other = "visit" if kind == "call" else "call"
    assert books.of("activity", kind=other).reached == 0
    assert books.of("activity").usual == 1


def test_the_day_of_an_activity_is_the_day_of_who_did_it(books: Books) -> None:
    """It may be another by our zone, on either side of the earth."""
    books.activity(FIRST, at=at(FIRST) - timedelta(hours=26))
    books.activity(LAST, at=at(LAST) + timedelta(hours=26))
    assert books.of("activity").reached == 2


# --- customers that stay ------------------------------------------------------------------------


def test_of_who_bought_in_the_year_before_those_count_who_buy_or_are_in_touch(books: Books) -> None:
    assert books.of("retention") == Progress(None)
    earlier = at(FIRST - timedelta(days=1), time(23))
    books.deal(1, earlier)
    books.order(at(FIRST - timedelta(days=365)), company_id=books.sapphire)
    books.order(earlier, company_id=None, contact_id=books.sara)
    assert books.of("retention") == Progress(F(0), 0, 3)
    books.order(at(LAST), company_id=books.sapphire, owner_id=books.bilal)
    assert books.of("retention") == Progress(F(1, 3), 1, 3)
    books.activity(FIRST, "visit", contact_id=books.sara)
    books.activity(FIRST, "note", company_id=books.nishat)
    books.activity(FIRST - timedelta(days=2), "call", company_id=books.nishat)
    books.activity(LAST + timedelta(days=2), "call", company_id=books.nishat)
    assert books.of("retention") == Progress(F(2, 3), 2, 3)
    books.deal(1, at(FIRST), owner_id=books.bilal)
    assert books.of("retention") == Progress(F(1), 3, 3)


def test_customers_of_longer_ago_new_ones_and_lost_deals_are_none_at_the_start(
    books: Books,
) -> None:
    books.deal(1, at(FIRST - timedelta(days=366), time(23)))
    books.order(at(FIRST, time()), company_id=books.sapphire)
    books.deal(1, at(FIRST - timedelta(days=9)), status="lost", company_id=books.sapphire)
    assert books.of("retention").reached is None


def test_of_a_members_customers_it_does_not_matter_who_sells_to_them_next(books: Books) -> None:
    books.deal(1, at(FIRST - timedelta(days=9)), owner_id=books.bilal)
    books.order(at(FIRST - timedelta(days=9)), company_id=books.sapphire)
    books.order(at(LAST))
    assert books.of("retention", books.bilal) == Progress(F(1), 1, 1)
    assert books.of("retention", books.ayesha) == Progress(F(0), 0, 1)


def test_a_company_is_one_customer_however_many_buy_for_it(books: Books) -> None:
    books.order(at(FIRST - timedelta(days=9)), contact_id=books.sara)
    books.order(at(FIRST - timedelta(days=8)))
    books.order(at(FIRST - timedelta(days=8)), company_id=None)
    assert books.of("retention").basis == 1
    books.activity(LAST, contact_id=books.sara, company_id=books.nishat)
    assert books.of("retention").part == 1


@pytest.mark.parametrize("measure", ["amount", "won", "win_rate", "activity", "retention"])
def test_another_team_counts_for_itself(
    books: Books, measure: str, count: Callable[[Books, str], Fraction | None]
) -> None:
    books.deal(5, at(FIRST))
    books.deal(5, at(FIRST - timedelta(days=9)))
    books.activity(FIRST)
    assert count(books, measure) in (None, 0)


@pytest.fixture
def count() -> Callable[[Books, str], Fraction | None]:
    """What another workspace of the database has of a measure."""

    def counted(books: Books, measure: str) -> Fraction | None:
        with within(books.session, books.space + 1):
            progressing = Progressing(books.session, books.space + 1, ZONE)
            return progressing.of(Goal(measure=measure, currency="PKR"), NOVEMBER).reached

    return counted
