"""A team's spring, simulated: seldom, never twice, never at night, none lost."""

from __future__ import annotations

from storage.database import Database
from tests.nudged_year import HISTORY, Team, World, as_foreseen


def test_a_spring_of_a_team_keeps_all_promises(database: Database) -> None:
    days = 60
    world = World.made(120, HISTORY + days, seed=7, pause=25)
    year = Team(database, world, 3, days).lives(as_foreseen)
    assert year.faults == []
    assert year.restarts > 0
    assert year.of("at_risk")[0] > 3
    assert year.of("next_order")[0] > 3
