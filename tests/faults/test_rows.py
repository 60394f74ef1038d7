"""Every listed fault has tests that show it, and the table of them in the docs is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.rows import (
    DOCUMENT,
    ROWS,
    Shown,
    collected,
    missing,
    numbers,
    shown,
    table,
    written,
)


@pytest.fixture(scope="module")
def found() -> dict[int, Shown]:
    return shown(collected())


def test_every_listed_fault_is_shown_on_every_database_that_can_have_it(
    found: dict[int, Shown],
) -> None:
    assert missing(found) == []


def test_the_table_in_the_docs_is_true(found: dict[int, Shown]) -> None:
    assert DOCUMENT.read_text("utf-8") == written(DOCUMENT.read_text("utf-8"), found)


def test_no_test_names_a_row_that_is_not_listed(found: dict[int, Shown]) -> None:
    assert found.keys() <= ROWS.keys()


def test_rows_are_read_from_names() -> None:
    assert numbers("test_row_07_kills") == numbers("test_row_7_kills") == [7]
    assert numbers("test_row_01_07_15_kills") == [1, 7, 15]
    assert numbers("test_rows_are_read") == numbers("test_row_of_7_things") == []


def test_what_has_no_test_is_told_and_the_rest_stands_in_the_table() -> None:
    found = shown(
        (
            "tests/deep/test_it.py::test_row_07_a[sqlite-1]",
            "tests/deep/test_it.py::test_row_07_a[sqlite-2]",
            "tests/deep/test_it.py::Told::test_row_07_08_b[postgresql]",
            "tests/test_other.py::test_row_08_on_postgresql",
            "tests/test_other.py::test_row_31_c[sqlite]",
            "tests/test_other.py::test_none",
        )
    )
    lacks = missing(found)
    assert not [each for each in lacks if each.startswith(("row 7 ", "row 31 "))]
    assert f"row 8 has no test on SQLite: {ROWS[8]}" in lacks
    assert f"row 10 has no test: {ROWS[10]}" in lacks
    assert f"| 7 | {ROWS[7]} | SQLite, PostgreSQL | `deep/test_it.py` |\n" in table(found)
    document = written("before\n<!-- rows -->\nstale words\n<!-- end of rows -->\nafter\n", found)
    assert document.startswith("before\n<!-- rows -->\n| row |")
    assert document.endswith("<!-- end of rows -->\nafter\n")
    assert "stale words" not in document


def test_tests_are_found_wherever_they_stand(tmp_path: Path) -> None:
    tests = tmp_path / "tests" / "deep"
    tests.mkdir(parents=True)
    (tests / "test_it.py").write_text("def test_row_07_a(): ...\n")
    (tests / "test_more.py").write_text("def test_other(): ...\n")
    assert collected(tmp_path / "tests") == ["tests/deep/test_it.py::test_row_07_a"]
