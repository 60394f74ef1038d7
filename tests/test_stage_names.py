"""What stages are called, now and then, and when a team's stages are still the usual ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rules.pipeline import USUAL
from storage.pipelines import MAIN
from storage.stages import FORMER, Stage, are_usual, usual_stages

JANUARY = datetime(2026, 1, 15, 9, tzinfo=UTC)
MONTH = timedelta(days=30)


def usual() -> list[Stage]:
    return usual_stages(1, MAIN, {key: key for key in USUAL})


def test_a_stage_is_called_in_the_past_as_it_was_then() -> None:
    stage = Stage(key="proposal")
    assert stage.name_at(JANUARY) is None
    stage.rename("Quotation", at=JANUARY)
    stage.rename("Offer", at=JANUARY + MONTH)
    stage.rename("Rate diya", at=JANUARY + 2 * MONTH)
    assert stage.name == "Rate diya"
    second = timedelta(seconds=1)
    called = [
        stage.name_at(JANUARY + month * MONTH + off)
        for month in range(3)
        for off in (-second, timedelta(), second)
    ]
    assert called == [
        None, "Quotation", "Quotation", "Quotation", "Offer", "Offer", "Offer", "Rate diya",
        "Rate diya",
    ]  # fmt: skip


def test_of_very_many_names_the_latest_are_remembered() -> None:
    stage = Stage(key="lead")
    for number in range(FORMER + 5):
        stage.rename(f"name {number}", at=JANUARY + number * MONTH)
    assert stage.formerly is not None
    assert len(stage.formerly) == FORMER == 50
    assert stage.name_at(JANUARY) == "name 4", "the oldest that is known"
    assert stage.name_at(JANUARY + (FORMER + 3) * MONTH) == "name 53"
    assert stage.name == "name 54"


@pytest.mark.parametrize(
    ("key", "name", "which"),
    [
        ("proposal", None, "proposal"),
        ("proposal_2", None, "proposal"),
        ("proposal2", None, "proposal"),
        ("proposal_12", None, "proposal"),
        ("proposal", "Offer", None),
        ("tour", None, None),
        ("tour_2", None, None),
    ],
)
def test_a_stage_without_a_name_of_its_own_is_one_of_the_usual(
    key: str, name: str | None, which: str | None
) -> None:
    assert Stage(key=key, name=name).usual == which


def test_the_usual_stages_stand_in_their_order_with_their_odds() -> None:
    made = usual_stages(7, "tours", {key: f"{key}_2" for key in USUAL})
    assert [stage.key for stage in made] == [f"{key}_2" for key in USUAL]
    assert [stage.position for stage in made] == list(range(len(USUAL)))
    assert [(stage.probability, stage.days) for stage in made] == list(USUAL.values())
    assert {(stage.workspace_id, stage.pipeline, stage.active) for stage in made} == {
        (7, "tours", True)
    }


def _with(**changed: Any) -> Callable[[list[Stage]], None]:
    def change(stages: list[Stage]) -> None:
        for name, value in changed.items():
            setattr(stages[1], name, value)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _with(name="Offer"),
        _with(active=False),
        _with(probability=99),
        _with(days=None),
        _with(pipeline="tours"),
        _with(key="offer"),
        list.reverse,
        list.pop,
    ],
)
def test_whatever_a_team_changes_they_are_the_usual_ones_no_more(
    change: Callable[[list[Stage]], None],
) -> None:
    stages = usual()
    assert are_usual(stages)
    change(stages)
    assert not are_usual(stages)
