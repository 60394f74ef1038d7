"""A few kills of each kind in every run; ``make faults`` plays hundreds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.kills.round import Plan, judged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

ON_SQLITE = ("telegram-polling", "telegram-webhook", "slack-socket", "slack-http")
ON_POSTGRESQL = ("telegram-polling", "slack-http")


@pytest.mark.parametrize("door", ON_SQLITE)
def test_row_01_07_15_16_25_31_kills_on_sqlite(door: str, tmp_path: Path) -> None:
    history, found = judged(Plan(door, "sqlite", f"suite/{door}", kills=2), tmp_path)
    assert not found
    assert len(history.kills) == 2
    assert any(said.taken for said in history.said)


@pytest.mark.parametrize("door", ON_POSTGRESQL)
def test_row_01_07_15_16_25_kills_of_one_of_three_on_postgresql(
    door: str, tmp_path: Path, postgresql_server: str
) -> None:
    plan = Plan(door, "postgresql", f"suite/{door}", kills=2, hurried=True)
    history, found = judged(plan, tmp_path, postgresql_server)
    assert not found
    assert any(said.taken for said in history.said)


def test_what_acknowledges_before_it_has_kept_is_told(tmp_path: Path) -> None:
    plan = Plan(
        "telegram-webhook", "sqlite", "suite/broken", 2,
        broken="acknowledges_first", moments=("take",), trouble=0,
    )  # fmt: skip
    _, found = judged(plan, tmp_path)
    assert any("has 0 effects" in each for each in found)
