"""What a mutant is: one place made wrong, everything else as it was, and always Python."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.mutants.changes import mutants
from tests.faults.mutants.copies import Copy
from tests.faults.mutants.covering import SHAPE, Covering
from tests.faults.mutants.wording import Wording

SIX = "one\ntwo\nthree\nfour\nfive\nsix\n"
SOURCE = '''"""A module's docstring, ۵ and all."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os


@dataclass(frozen=True)
class Row:
    number: int


@lru_cache(maxsize=1)
def held(rows: list[int], most: int = 3) -> bool:
    """Whether too many are there."""
    log.warning("so many: %s", len(rows) + 1)
    if not rows:
        raise LookupError("ڈیل" + "کل")
    for row, _ in zip(rows, rows, strict=True):
        if row < 0 and most:
            continue
        rows.append(row + 0)
    else:
        assert_never(rows)
    if len(rows) == most:
        return False
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
        "left out: rows.append(row + 0)",
        "never: len(rows) == most",
        "len(rows) == most  ->  len(rows) != most",
        "False  ->  True",
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


def test_tests_are_found_by_line_the_files_own_first_and_of_each_file_in_turn(
    tmp_path: Path,
) -> None:
    known = Covering(
        {
            "storage/inbox.py": {
                3: ["t.py::slow", "t.py::quick[1]", "t.py::quick[2]", "u.py::one"],
                4: ["tests/test_inbox.py::any"],
            }
        },
        {
            "t.py::slow": 2.0, "t.py::quick[1]": 0.1, "t.py::quick[2]": 0.2, "u.py::one": 3.0,
            "tests/test_inbox.py::any": 5.0,
        },
    )  # fmt: skip
    known.sources["storage/inbox.py"] = SIX
    known.keep(tmp_path / "kept.json")
    known = Covering.read(tmp_path / "kept.json")
    all_of_them = ["tests/test_inbox.py::any", "t.py::quick[1]", "u.py::one", "t.py::slow"]
    all_of_them += ["t.py::quick[2]"]
    assert known.of("storage/inbox.py", 3, 4) == all_of_them
    assert known.of("storage/inbox.py", 4, 4) == all_of_them[:1]
    assert known.of("storage/inbox.py", 9, 9) == all_of_them, "it is run as it is imported"
    assert known.of("storage/other.py", 9, 9) == []

    known.follow("storage/inbox.py", "one\nmore\n" + SIX.replace("four", "4"))
    assert known.of("storage/inbox.py", 5, 5) == known.of("storage/inbox.py", 5, 6)[1:]
    assert known.of("storage/inbox.py", 6, 6) == all_of_them, "what is new: those round it"
    known.without({"t.py", "tests/test_inbox.py"})
    assert known.of("storage/inbox.py", 5, 5) == ["u.py::one"]
    known.add(Covering({"storage/inbox.py": {5: ["v.py::new"]}}, {}))
    assert known.of("storage/inbox.py", 5, 5) == ["u.py::one", "v.py::new"]


def test_of_what_no_test_comes_by_those_are_asked_that_tell_of_it_from_outside() -> None:
    column, line = [each + "[sqlite]" for each in SHAPE], "tests/test_deals.py::any"
    program = ["tests/test_program.py::quick", "tests/test_run.py::slow"]
    known = Covering(
        {"storage/deals.py": {1: [], 3: [line]}, "bot/program.py": {1: []}},
        {line: 0.1, **dict.fromkeys(program, 3.0), **dict.fromkeys(column, 5.0)},
    )
    known.sources = {"storage/deals.py": SIX, "bot/program.py": SIX}
    assert known.of("storage/deals.py", 1, 1) == [*column, line], "a column stands in the database"
    assert known.of("storage/deals.py", 3, 3) == [line]
    assert known.of("bot/program.py", 1, 1) == [], "it is run as it is imported"
    assert known.of("bot/program.py", 4, 4) == program, "it runs where a whole program does"

    known.follow("bot/program.py", "zero\n" + SIX.replace("four", "4"))
    assert known.of("bot/program.py", 2, 2) == []
    assert known.of("bot/program.py", 5, 5) == program


@pytest.fixture
def copied() -> Iterator[Callable[[Path], Copy]]:
    made: list[Copy] = []

    def copy(folder: Path) -> Copy:
        made.append(Copy(folder))
        return made[-1]

    yield copy
    for each in made:
        each.close()


def test_those_that_speak_of_it_are_asked_first(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(
        "def test_outsiders():\n    assert place.external\n"
        "def test_place():\n    assert place\n"
        "def test_other():\n    assert other.place\n"
    )
    wording = Wording(tmp_path)
    names = [f"tests/test_a.py::test_{each}" for each in ("place[sqlite]", "other", "outsiders")]
    known = Covering({"bot/it.py": {1: names}}, {})
    about = partial(wording.likeness, "if place.external:")
    assert known.of("bot/it.py", 1, 1, about)[0] == names[2]
    assert wording.likeness("if place:", names[0]) == 0, "all of them speak of places"


def test_a_test_that_hangs_tells(
    copied: Callable[[Path], Copy], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.faults.mutants.copies.LONGEST", 1)
    (tmp_path / "it.py").write_text("WAIT = 0\n")
    tests = "import it, time\ndef test_quick(): assert True\ndef test_it(): time.sleep(it.WAIT)\n"
    (tmp_path / "test_it.py").write_text(tests)
    asked = ["test_it.py::test_quick", "test_it.py::test_it"]
    copy = copied(tmp_path)
    assert copy.judged("it.py", "WAIT = 30\n", asked) == ("hangs", "test_it.py::test_it")
    assert copy.judged("it.py", "WAIT = 0.1\n", asked) == ("survived", "")


def test_what_fails_where_nothing_is_wrong_tells_nothing(
    copied: Callable[[Path], Copy], tmp_path: Path
) -> None:
    (tmp_path / "it.py").write_text("VALUE = 1\n")
    tests = tmp_path / "test_it.py"
    tests.write_text(
        "import it\n"
        "def test_value(): assert it.VALUE == 1\n"
        "def test_other(): assert it.VALUE\n"
        "def test_always(): assert False\n"
    )
    copy = copied(tmp_path)
    right, wrong = "test_it.py::test_value", "VALUE = 2\n"
    assert copy.judged("it.py", wrong, [right]) == ("killed", right)
    assert copy.judged("it.py", "VALUE = 1 +\n", [right]) == ("killed", "it cannot be imported")
    assert copy.judged("it.py", wrong, ["test_it.py::test_other"]) == ("survived", "")
    assert copy.judged("it.py", wrong, ["test_it.py::test_always"]).name == "doubtful"
    assert copy.judged("it.py", wrong, ["test_it.py::test_that_is_gone"]).name == "doubtful"
    assert copy.judged("it.py", wrong, []) == ("untested", "")
    assert (tmp_path / "it.py").read_text() == "VALUE = 1\n"
