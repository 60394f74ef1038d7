"""What a mutant is: one place made wrong, everything else as it was, and always Python."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.faults.mutants.changes import mutants
from tests.faults.mutants.covering import Covering

SOURCE = '''"""A module's docstring, ۵ and all."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os


def held(rows: list[int], most: int = 3) -> bool:
    """Whether too many are there."""
    log.warning("so many: %s", len(rows) + 1)
    if not rows:
        raise LookupError("ڈیل" + "کل")
    for row in rows:
        if row < 0 and most:
            continue
        rows.append(row)
    return len(rows) > most
'''


def test_each_place_is_made_wrong_alone() -> None:
    every = list(mutants("a.py", SOURCE))
    assert {each.what for each in every} == {
        "3  ->  4",
        "never: not rows",
        "not rows  ->  rows",
        "left out: raise LookupError('ڈیل' + 'کل')",
        "'ڈیل' + 'کل'  ->  'ڈیل' - 'کل'",
        "never: row < 0 and most",
        "row < 0 and most  ->  row < 0 or most",
        "row < 0  ->  row <= 0",
        "0  ->  1",
        "break for continue",
        "left out: rows.append(row)",
        "return len(rows) > most  ->  return None",
        "len(rows) > most  ->  len(rows) >= most",
    }
    for each in every:
        assert ast.dump(ast.parse(each.source)) != ast.dump(ast.parse(SOURCE))
        changed = each.source.splitlines()
        assert changed[: each.first - 1] == SOURCE.splitlines()[: each.first - 1]
        tail = len(SOURCE.splitlines()) - each.last
        assert changed[len(changed) - tail :] == SOURCE.splitlines()[each.last :]


@pytest.mark.parametrize("file", ["bot/desk.py", "storage/inbox.py", "scheduler/outbox.py"])
def test_our_own_files_have_many(file: str) -> None:
    source = (Path(__file__).parents[2] / file).read_text()
    assert len(list(mutants(file, source))) > 30


def test_tests_are_found_by_line_the_files_own_first_and_then_the_quickest(tmp_path: Path) -> None:
    known = Covering(
        {"storage/inbox.py": {3: ["t.py::slow", "t.py::quick"], 4: ["tests/test_inbox.py::any"]}},
        {"t.py::slow": 2.0, "t.py::quick": 0.1, "tests/test_inbox.py::any": 5.0},
    )
    known.keep(tmp_path / "kept.json")
    known = Covering.read(tmp_path / "kept.json")
    found = known.of("storage/inbox.py", 3, 4, most=3)
    assert found == ["tests/test_inbox.py::any", "t.py::quick", "t.py::slow"]
    assert known.of("storage/inbox.py", 3, 3, most=1) == ["t.py::quick"]
    assert known.of("storage/inbox.py", 9, 9, most=3) == []
