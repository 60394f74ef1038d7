"""A team's spring, simulated: seldom, never twice, never at night, none lost."""

from __future__ import annotations

from storage.database import Database
from tests.nudged_year import HISTORY, Team, World, silent_for_90_days


def test_a_spring_of_a_team_keeps_all_promises(database: Database) -> None:
    days = 90
    world = World.made(120, HISTORY + days, seed=7)
    year = Team(database, world, 3, days).lives(silent_for_90_days)
    assert year.faults == []
    assert year.restarts > 0
    assert len(year.letters) > 5
