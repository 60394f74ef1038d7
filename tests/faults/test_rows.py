"""Every listed fault has a test that shows it, and the table of them in the docs is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.rows import DOCUMENT, ROWS, found, missing, numbers, table, written

ALL_ARE_HERE = False
"""Set once the tests of every row are in ``tests/faults/``, after ``python -m tests.faults.rows``:
it writes the table."""

then = pytest.mark.skipif(not ALL_ARE_HERE, reason="tests of some rows are still to come")


@then
def test_every_listed_fault_has_a_test() -> None:
    assert missing(found()) == []


@then
def test_the_table_in_the_docs_is_true() -> None:
    assert DOCUMENT.read_text() == written(DOCUMENT.read_text(), found())


def test_no_test_names_a_row_that_is_not_listed() -> None:
    assert found().keys() <= ROWS.keys()


def test_rows_are_read_from_names() -> None:
    assert numbers("test_row_07_kills") == [7]
    assert numbers("test_row_01_07_15_kills") == [1, 7, 15]
    assert numbers("test_rows_are_read") == numbers("test_row_of_7_things") == []


def test_what_has_no_test_is_told_and_the_rest_stands_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "test_it.py").write_text(
        "def test_row_07_a(): ...\nclass T:\n    async def test_row_08_10_b(self): ...\n"
    )
    tests = found(tmp_path)
    assert missing(tests) == [row for row in ROWS if row not in {7, 8, 10}]
    assert "`deep/test_it.py::test_row_08_10_b`" in table(tests)
    document = written("before\n<!-- rows -->\nstale words\n<!-- end of rows -->\nafter\n", tests)
    assert document.startswith("before\n<!-- rows -->\n| row |")
    assert document.endswith("<!-- end of rows -->\nafter\n")
    assert "stale words" not in document
