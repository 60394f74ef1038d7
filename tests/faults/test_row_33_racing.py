"""Row 33, racing: eight members on the same deals from eight threads; no edit is lost."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from handlers import meanwhile
from handlers.library import the_book
from language.voice import Voice
from rules.money import Money
from storage.database import Database
from storage.models import Change, Turn
from tests.faults.racing import COMPANIES, Person, Race, as_told, lost_edits

OPERATIONS = 160


def test_row_33_no_edit_is_lost_in_a_race(database: Database) -> None:
    race = Race(database)
    race.run(OPERATIONS)
    assert lost_edits(race) == []
    assert race.counts["asked"] > 0


def test_row_33_without_the_guard_lost_edits_are_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meanwhile, "checked", lambda _turn, _call, reply, _since: reply)
    race = Race(database)
    race.run(OPERATIONS)
    assert lost_edits(race)


def test_row_33_of_those_who_set_one_sum_at_the_same_moment_one_is_done(
    database: Database,
) -> None:
    """Barrier threads: all are sent at once, so that one stands and each other is asked."""
    race = Race(database)
    race.run(0)
    barrier = threading.Barrier(len(race.people))

    def raises(person: Person, place: int) -> None:
        barrier.wait()
        race.sends(person, datetime.now(UTC), len(person.told), {
            "text": f"raise the {COMPANIES[0]} deal to {200_001 + place}"
        })  # fmt: skip

    threads = [
        threading.Thread(target=raises, args=(person, place))
        for place, person in enumerate(race.people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = [person for person in race.people if "Keep" in person.told[-1][1]]
    with database.transaction() as session:
        latest = session.scalars(select(Change).order_by(Change.id.desc()).limit(1)).one()
        winner = session.get_one(Turn, (latest.workspace_id, latest.turn_id))
        assert "raise" in (winner.said or "")
        assert f"{(latest.after or {})['amount_minor'] // 100}" in (winner.said or "")
    assert len(asked) == len(race.people) - 1
    assert race.problems == []


@pytest.mark.parametrize("rupees", [103_582, 104_000, 100_500, 110_000, 1_034_000, 1_035_820])
def test_the_judge_knows_a_sum_however_it_is_told(rupees: int) -> None:
    """A list tells 104,000 as Rs 1.04 lakh, and a card with the figures behind it."""
    voice = Voice(the_book().words, "en", "Asia/Karachi", datetime.now(UTC))
    known = as_told({"amount_minor": rupees * 100}, "amount_minor")
    money = Money(rupees * 100, "PKR")
    assert any(each in voice.money(money) for each in known)
    assert any(each in voice.exact_money(money) for each in known)
