"""Which tests come by which line, as pytest-cov noted it, and how long each of them takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import Any

LEFT_OUT = ("tests/language", "tests/servers", "tests/faults/test_kills.py")
"""Tests of other rooms, and those that start whole programs, of which coverage sees nothing."""

PROGRAMS = (
    "tests/test_program.py", "tests/test_run.py", "tests/test_one_process.py",
    "tests/doors/test_one_poller.py", "tests/faults/test_shared_out.py",
    "tests/faults/test_logs.py", "tests/faults/test_row_32_no_room.py",
)  # fmt: skip
"""They start whole programs, of which coverage sees nothing: they are asked first of what no other
test comes by."""

SHAPE = (
    "tests/test_databases.py::test_a_blank_database_is_migrated_once_and_then_current",
    "tests/test_databases.py::test_the_keys_of_the_models_are_those_of_the_database",
)
"""They compare tables, columns and keys with the database's, and come by none of their lines: these
are run once, as they are imported."""

SLOW = "postgresql"
"""A server is asked what a file does not tell."""

Like = Callable[[str], float]

ROOMS = ("bot", "storage", "scheduler")


@dataclass
class Covering:
    """Tests by file and line; ``seconds`` by test; what stood in each file, and in those of tests
    a print of it, when that was so."""

    tests: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]
    sources: dict[str, str] = field(default_factory=dict)
    prints: dict[str, str] = field(default_factory=dict)

    def of(self, file: str, first: int, last: int, like: Like = lambda _: 0.0) -> list[str]:
        """The tests that come by these lines, or by the file where these are run as it is imported,
        or in a program of its own.

        Those that are most ``like`` the lines first, then those of the file's own name, then of
        each file of tests its quickest in turn; of a test that has several parameters one, before
        any has a second.
        """
        found = {each for line in range(first, last + 1) for each in self._at(file, line)}
        beside: list[str] = []
        if not found:
            found = {each for tests in self.tests.get(file, {}).values() for each in tests}
            beside = self._beside(file, first, last)
        own = Path(file).stem
        quick = sorted(found, key=lambda test: (SLOW in test, self.seconds.get(test, 1.0), test))
        seen: Counter[str] = Counter()
        ranked = []
        for test in quick:
            name = test.partition("[")[0]
            of_file = seen[name.partition("::")[0]]
            turn = seen[name], -round(like(test)), own not in test, of_file
            seen.update([name, name.partition("::")[0]])
            ranked.append((turn, test))
        return [*beside, *(test for _, test in sorted(ranked) if test not in beside)]

    def _beside(self, file: str, first: int, last: int) -> list[str]:
        """Tests that tell of lines which they do not come by in their own process."""
        is_run = any(line in self.tests.get(file, {}) for line in range(first, last + 1))
        wanted = SHAPE if is_run else PROGRAMS
        if is_run and not file.startswith("storage/"):
            return []
        every = sorted(self.seconds, key=lambda test: (self.seconds[test], test))
        return [test for test in every if test.startswith(wanted)]

    def _at(self, file: str, line: int) -> list[str]:
        return self.tests.get(file, {}).get(line, [])

    def keep(self, path: Path) -> None:
        """Tests by their number: a line that everything comes by has thousands."""
        names = sorted(
            {each for lines in self.tests.values() for at in lines.values() for each in at}
        )
        number = {name: at for at, name in enumerate(names)}
        tests = {
            file: {line: [number[each] for each in found] for line, found in lines.items()}
            for file, lines in self.tests.items()
        }
        path.write_text(json.dumps(asdict(self) | {"names": names, "tests": tests}))

    @classmethod
    def read(cls, path: Path) -> Covering:
        kept = json.loads(path.read_text())
        names = kept.pop("names")
        kept["tests"] = {
            file: {int(line): [names[at] for at in found] for line, found in lines.items()}
            for file, lines in kept["tests"].items()
        }
        return cls(**kept)

    def without(self, files: set[str]) -> None:
        """Nothing that tests of these files came by."""
        for lines in self.tests.values():
            for line, found in lines.items():
                lines[line] = [test for test in found if test.partition("::")[0] not in files]

    def add(self, more: Covering) -> None:
        for file, lines in more.tests.items():
            mine = self.tests.setdefault(file, {})
            for line, found in lines.items():
                mine[line] = sorted({*mine.get(line, ()), *found})
        self.seconds |= more.seconds

    def follow(self, file: str, source: str) -> None:
        """A file was changed: its lines have moved, and what was put among them is come by where
        those round it are."""
        was = self.sources.get(file, source).splitlines()
        if was != source.splitlines():
            lines, moved = self.tests.get(file, {}), defaultdict[int, set[str]](set)
            blocks = SequenceMatcher(None, was, source.splitlines(), autojunk=False).get_opcodes()
            for same, old, old_end, new, new_end in blocks:
                if same == "equal":
                    for number in range(old, old_end):
                        if number + 1 in lines:
                            moved[number - old + new + 1].update(lines[number + 1])
                    continue
                near = [lines[at] for at in range(old, old_end + 2) if at in lines]
                for number in range(new, new_end) if near else ():
                    moved[number + 1].update(*near)
            self.tests[file] = {line: sorted(found) for line, found in moved.items()}
        self.sources[file] = source


def covering(root: Path, folder: Path, tests: list[str]) -> Covering:
    """What was seen when the tests were last run, watched; those that are new or have changed
    since are run again."""
    path = folder / "covering.json"
    known = Covering.read(path) if path.exists() else Covering({}, {})
    for file in _code(root):
        known.follow(file, (root / file).read_text("utf-8"))
    now = _tests(root)
    changed = {
        file for file in known.prints.keys() | now if known.prints.get(file) != now.get(file)
    }
    known.without(changed)
    asked = sorted(file for file in changed & now.keys() if file.startswith(tuple(tests)))
    if asked:
        known.add(measured(root, folder, asked))
    known.prints = {file: its for file, its in now.items() if file not in changed or file in asked}
    known.keep(path)
    return known


def _code(root: Path) -> list[str]:
    return [
        each.relative_to(root).as_posix() for room in ROOMS for each in (root / room).rglob("*.py")
    ]


def _tests(root: Path) -> dict[str, str]:
    """The files of tests, each with a print of what it says."""
    return {
        file: sha256(each.read_bytes()).hexdigest()[:12]
        for each in sorted((root / "tests").rglob("test_*.py"))
        if not (file := each.relative_to(root).as_posix()).startswith(LEFT_OUT)
    }


def measured(root: Path, folder: Path, tests: list[str]) -> Covering:
    told = [f"--cov={room}" for room in ROOMS] + ["--cov-context=test", "--cov-report="]
    told += [f"--ignore={name}" for name in LEFT_OUT] + ["--durations=0", "--durations-min=0.01"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "worksteal",
        *told,
        *tests,
    ]
    data = folder / "coverage"
    environment = {**os.environ, "COVERAGE_FILE": str(data)}
    done = subprocess.run(  # noqa: S603 - our own tests
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    (folder / "coverage.txt").write_text(done.stdout + done.stderr)
    return from_files(root, data, done.stdout)


def from_files(root: Path, data: Path, told: str) -> Covering:
    import coverage

    kept: Any = coverage.CoverageData(str(data))
    kept.read()
    tests: dict[str, dict[int, list[str]]] = {}
    for file in kept.measured_files():
        lines: dict[int, set[str]] = defaultdict(set)
        for line, contexts in kept.contexts_by_lineno(file).items():
            lines[line] |= {context.rpartition("|")[0] for context in contexts if context}
        name = Path(file).relative_to(root).as_posix()
        tests[name] = {line: sorted(found) for line, found in lines.items()}
    seconds: dict[str, float] = defaultdict(float)
    for spent, test in re.findall(r"^([\d.]+)s \w+ +(\S.*)$", told, re.MULTILINE):
        seconds[test] += float(spent)
    return Covering(tests, dict(seconds))
