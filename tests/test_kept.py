"""Rates, goals and working days as they are kept: which counts on a day, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.rates import Quote
from storage.database import Database
from storage.goals import Goal, goals_of
from storage.models import Member, Workspace
from storage.rates import Rate, Rates, put_rate, rate_on
from storage.scope import enter
from storage.workdays import WorkWeek, work_days, works_on

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """In the first of two workspaces, 1 and 2."""
    with database.transaction() as session:
        for name in ("default", "another team"):
            more = {"timezone": "Asia/Karachi", "language": "en", "created_at": BEGAN}
            session.add(Workspace(name=name, currency="PKR", region="PK", **more))
            session.flush()
        enter(session, 1)
        yield session


def usd(rate: str, day: date = MONDAY, base: str = "PKR") -> Quote:
    return Quote(day, "USD", base, Decimal(rate))


# --- rates --------------------------------------------------------------------------------------


def test_of_two_currencies_there_is_one_rate_a_day_whichever_way_it_is_told(
    session: Session,
) -> None:
    assert put_rate(session, 1, usd("280")) is None
    assert put_rate(session, 1, usd("281.50")) == usd("280")
    other_way = Quote(MONDAY, "PKR", "USD", Decimal("0.0035"))
    assert put_rate(session, 1, other_way) == usd("281.50")
    assert put_rate(session, 1, other_way) == other_way
    assert put_rate(session, 1, usd("282", MONDAY + timedelta(days=1))) is None
    assert put_rate(session, 1, usd("3.67", base="AED")) is None
    here = select(Rate).where(Rate.workspace_id == 1)
    kept = session.scalars(here.order_by(Rate.on_day, Rate.base)).all()
    assert [(row.currency, row.base, row.rate) for row in kept] == [
        ("USD", "AED", "3.67"), ("PKR", "USD", "0.0035"), ("USD", "PKR", "282"),
    ]  # fmt: skip


def test_a_rate_is_kept_exactly_and_plainly(session: Session) -> None:
    put_rate(session, 1, usd("2.8E+2"))
    put_rate(session, 1, usd("0.00000001", base="BTC"))
    kept = session.scalars(select(Rate.rate).where(Rate.workspace_id == 1))
    assert set(kept) == {"280", "0.00000001"}


def test_the_rate_of_a_day_is_that_days_and_that_teams(session: Session) -> None:
    put_rate(session, 1, usd("280"))
    for one, other in (("USD", "PKR"), ("PKR", "USD")):
        found = rate_on(session, 1, one, other, MONDAY)
        assert found is not None
        assert found.quote == usd("280")
    assert rate_on(session, 1, "USD", "PKR", MONDAY + timedelta(days=1)) is None
    assert rate_on(session, 1, "USD", "EUR", MONDAY) is None
    assert rate_on(session, 1, "USD", "USD", MONDAY) is None
    enter(session, 2)
    assert rate_on(session, 2, "USD", "PKR", MONDAY) is None
    assert Rates(session, 2).worth(100, "USD", "PKR", MONDAY) is None


def test_an_amount_is_worth_what_the_latest_rate_before_it_says(session: Session) -> None:
    put_rate(session, 1, usd("280", MONDAY))
    put_rate(session, 1, usd("290", MONDAY + timedelta(days=2)))
    rates = Rates(session, 1)
    assert rates.worth(150, "PKR", "PKR", MONDAY - timedelta(days=9)) == 150
    assert (rates.used, rates.missing) == ({}, {})
    assert rates.worth(100, "USD", "PKR", MONDAY + timedelta(days=1)) == 28_000
    assert list(rates.used) == [usd("280")]
    assert rates.worth(100, "USD", "PKR", MONDAY + timedelta(days=2)) == 29_000
    assert rates.worth(1, "PKR", "USD", MONDAY) == Fraction(1, 280)
    assert list(rates.used) == [usd("280"), usd("290", MONDAY + timedelta(days=2))]


def test_what_has_no_rate_is_missing_as_of_the_last_day_that_wanted_it(session: Session) -> None:
    put_rate(session, 1, usd("280"))
    rates = Rates(session, 1)
    for days in (3, 9, 5):
        assert rates.worth(100, "EUR", "PKR", MONDAY + timedelta(days=days)) is None
    assert rates.worth(100, "USD", "PKR", MONDAY - timedelta(days=1)) is None
    assert rates.missing == {
        "EUR": MONDAY + timedelta(days=9),
        "USD": MONDAY - timedelta(days=1),
    }
    assert rates.used == {}


# --- goals --------------------------------------------------------------------------------------


def goal(**more: Any) -> Goal:
    given = {"measure": "amount", "target": "5000000", "first_day": MONDAY, "by_id": 1, **more}
    return Goal(workspace_id=1, created_at=BEGAN, **given)


def test_the_time_of_a_goal() -> None:
    friday = MONDAY + timedelta(days=4)
    assert goal(last_day=friday).period(date(2027, 1, 1)) == (MONDAY, friday)
    assert goal().period(friday) == (MONDAY, MONDAY), "of one day alone"
    weekly = goal(every="week", first_day=date(2026, 11, 25))
    first = (MONDAY, MONDAY + timedelta(days=6))
    assert weekly.period(date(2026, 1, 1)) == first, "not before its first time"
    assert weekly.period(MONDAY + timedelta(days=6)) == first
    assert weekly.period(MONDAY + timedelta(days=7))[0] == MONDAY + timedelta(days=7)
    assert goal(every="day").period(friday) == (friday, friday)


def test_what_is_to_be_reached_is_exact() -> None:
    assert goal(target="0.35").value == Fraction(7, 20)
    rates = {name: goal(measure=name).is_rate for name in ("win_rate", "retention", "won")}
    assert rates == {"win_rate": True, "retention": True, "won": False}


def test_goals_of_a_day_the_teams_first(session: Session) -> None:
    team = [
        Member(workspace_id=1, name=name, role="rep", created_at=BEGAN)
        for name in ("Ayesha", "Bilal")
    ]
    for member in team:
        session.add(member)
        session.flush()
    ayesha, bilal = (member.id for member in team)
    later = MONDAY + timedelta(days=7)
    rows = {
        "bilal's": goal(member_id=bilal),
        "ayesha's later": goal(member_id=ayesha, first_day=later),
        "ayesha's": goal(member_id=ayesha),
        "the team's": goal(),
        "over": goal(last_day=MONDAY - timedelta(days=1)),
        "on its last day": goal(last_day=MONDAY, first_day=later),
        "removed": goal(active=False),
    }
    for row in rows.values():
        session.add(row)
        session.flush()

    def named(members: list[int] | None = None, day: date = MONDAY) -> list[str]:
        found = goals_of(session, 1, day, members)
        return [name for each in found for name, row in rows.items() if row is each]

    teams = ["the team's", "on its last day"]
    ayeshas = ["ayesha's", "ayesha's later"]
    assert named() == [*teams, *ayeshas, "bilal's"]
    assert named([bilal]) == [*teams, "bilal's"]
    assert named([]) == teams
    assert "on its last day" not in named(day=MONDAY + timedelta(days=1))
    enter(session, 2)
    assert goals_of(session, 2, MONDAY) == []


# --- working days -------------------------------------------------------------------------------


def test_a_team_works_on_the_days_that_it_told_and_on_all_where_it_told_none(
    session: Session,
) -> None:
    sunday = MONDAY - timedelta(days=1)
    assert works_on(session, 1, sunday)
    told = {"workspace_id": 1, "created_at": BEGAN}
    session.add(WorkWeek(days="1111110", **told))
    holiday = {"days": "0000000", "name": "Iqbal Day"}
    later = BEGAN + timedelta(days=1)
    session.add(
        WorkWeek(workspace_id=1, created_at=later, first_day=MONDAY, last_day=MONDAY, **holiday)
    )
    session.flush()
    assert not works_on(session, 1, sunday)
    assert not works_on(session, 1, MONDAY)
    assert works_on(session, 1, MONDAY + timedelta(days=1))
    assert work_days(session, 1).next(sunday) == MONDAY + timedelta(days=1)
    enter(session, 2)
    assert works_on(session, 2, sunday), "another team's week is its own"


def test_a_week_is_told_from_monday_on() -> None:
    week = WorkWeek(days="1010001")
    assert week.weekdays == {0, 2, 6}
    assert week.stretch.days == {0, 2, 6}
