"""Each listed fault has a guard that can be taken out; ``make mutants GUARDS=1`` does so."""

from __future__ import annotations

import ast

import pytest

from tests.faults.mutants.guards import GUARDS, Guard
from tests.faults.rows import ROWS


def test_every_fault_has_a_guard() -> None:
    assert {each.row for each in GUARDS if not each.beside} == ROWS.keys()


@pytest.mark.parametrize("guard", GUARDS, ids=lambda each: f"{each.row} {each.what}")
def test_a_guard_stands_where_it_is_said_to(guard: Guard) -> None:
    """Once, and what is left without it can be run, so that it is a test that fails."""
    ast.parse(guard.taken_out())
