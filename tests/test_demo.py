"""The sample year is believable, the same every time, and can be talked about."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from bot.demo import furnish
from bot.reception import House
from language.sounds import sound_key
from storage.clock import SetClock
from storage.database import Database
from storage.export import KINDS, reading, records, workspaces
from storage.models import Company, Contact

Records = list[dict[str, Any]]


def exported(database: Database) -> Records:
    with reading(database.engine) as session:
        return list(records(session, workspaces(session), list(KINDS)))


@pytest.fixture
def year(database: Database, clock: SetClock) -> Records:
    furnish(database, clock.now(), House(currency="USD", timezone="Europe/London"))
    return exported(database)


def test_a_team_with_customers_and_a_pipeline(year: Records, clock: SetClock) -> None:
    count = Counter(record["type"] for record in year)
    assert (count["company"], count["contact"], count["deal"]) == (40, 80, 120)
    assert 350 <= count["activity"] <= 500
    assert 50 <= count["task"] <= 70
    assert {record["owner"] for record in year if "owner" in record} >= {"Ayesha", "Hamza", "Sana"}

    deals = [record for record in year if record["type"] == "deal"]
    how = Counter(deal["status"] for deal in deals)
    assert min(how["open"], how["won"], how["lost"]) >= 10
    assert all(deal["reason"] for deal in deals if deal["status"] == "lost")
    assert {deal["stage"] for deal in deals if deal["status"] == "open"} >= {"lead", "proposal"}
    assert {deal["currency"] for deal in deals} == {"PKR"}
    closed = [deal["closed_at"] for deal in deals if deal["closed_at"]]
    assert max(closed) <= f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"

    names = Counter(record["name"] for record in year if record["type"] == "contact")
    assert names.most_common(1)[0][1] == 1
    due = [task["due"] for task in year if task["type"] == "task" and task["status"] == "open"]
    assert sum(day.startswith("2026-11-23") for day in due) >= 6


def test_the_same_dice_give_the_same_year(clock: SetClock, sqlite_twins: list[Database]) -> None:
    years = []
    for database in sqlite_twins:
        furnish(database, clock.now(), House())
        numbers = ("id", "contact_id", "company_id")
        years.append(
            [
                {name: value for name, value in record.items() if name not in numbers}
                for record in exported(database)
            ]
        )
    assert years[0] == years[1]


@pytest.fixture
def sqlite_twins(database: Database, tmp_path: Any, sqlite_template: Any) -> Any:
    """The test's database, and a second one beside it."""
    if not database.is_sqlite:
        pytest.skip("dice know no database")
    (tmp_path / "twin.db").write_bytes(sqlite_template.read_bytes())
    twin = Database(f"sqlite:///{tmp_path / 'twin.db'}")
    yield [database, twin]
    twin.close()


def test_nothing_is_due_twice_on_the_first_day(
    database: Database, year: Records, clock: SetClock
) -> None:
    """Ayesha's three timed tasks of today come once each, and late ones not as reminders."""
    from bot.buttons import with_tokens
    from handlers.library import the_book
    from scheduler.clock import Clockwork
    from scheduler.drawing import Draw

    clockwork = Clockwork(database, clock, Draw(the_book(), with_tokens))
    assert clockwork.tick("reminders") == 0
    clock.skip(timedelta(hours=9))
    timed = [t for t in year if t["type"] == "task" and t["due"] and "2026-11-23T" in t["due"]]
    open_today = [t for t in timed if t["status"] == "open"]
    assert clockwork.tick("reminders") == len(open_today) > 0
    assert clockwork.tick("reminders") == 0


def test_the_sample_people_are_found_by_their_sound(database: Database, year: Records) -> None:
    """As those entered in chat are: a name in Urdu letters finds one in Latin ones."""
    del year
    with database.transaction() as session:
        people = list(session.scalars(select(Contact)))
        companies = list(session.scalars(select(Company)))
    assert people
    assert companies
    assert all(person.sound_key == sound_key(person.name) for person in people)
    assert all(company.sound_key == sound_key(company.name) for company in companies)


TOLD = (
    "type", "name", "city", "company", "contact", "owner", "by", "title", "quantity", "amount",
    "stage", "status", "reason", "close", "closed_at", "kind", "text", "at", "due", "every",
)  # fmt: skip


def test_it_is_the_year_that_it_always_was(year: Records) -> None:
    """Whoever changes it on purpose puts the new print here; nobody does so by the way."""
    told = [[record.get(name) for name in TOLD] for record in year]
    assert sha256(str(told).encode()).hexdigest()[:16] == "87b90dd783dca99b"
