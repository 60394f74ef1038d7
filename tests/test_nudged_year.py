"""A team's spring, simulated: seldom, never twice, never late at night, and better than silence."""

from __future__ import annotations

from storage.database import Database
from tests.nudged_year import HISTORY, Foreseeing, Team, World, silent_for_90_days


def test_a_spring_of_a_team_keeps_all_promises(database: Database) -> None:
    days = 90
    world = World.made(120, HISTORY + days, seed=7)
    year = Team(database, world, 3, days).lives(silent_for_90_days)
    assert year.faults == []
    assert year.restarts > 0
    assert len(year.letters) > 5


def test_who_is_foreseen_is_more_often_lost_than_who_is_silent() -> None:
    days = 120
    world = World.made(600, HISTORY + days, seed=7)
    foreseeing = Foreseeing()
    rates = []
    for judge in (foreseeing, silent_for_90_days):
        told = [
            world.lost[who] <= day
            for day in range(HISTORY, HISTORY + days)
            for who, _ in judge(world, day)
        ]
        rates.append(sum(told) / len(told))
    assert rates[0] > rates[1]
