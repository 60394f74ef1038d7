"""Which tests come by which line, as pytest-cov noted it, and how long each of them takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

LEFT_OUT = ("tests/language", "tests/servers", "tests/faults/test_kills.py")
"""Tests of other rooms, and those that start whole programs, of which coverage sees nothing."""

ROOMS = ("bot", "storage", "scheduler")


@dataclass
class Covering:
    """Tests by file and line; ``seconds`` by test."""

    tests: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def of(self, file: str, first: int, last: int) -> list[str]:
        """The tests that come by these lines, or by the file where these are run as it is imported.

        Those of the file's own name first, then of each file of tests its quickest in turn; of a
        test that has several parameters one, before any has a second.
        """
        found = {each for line in range(first, last + 1) for each in self._at(file, line)}
        if not found:
            found = {each for tests in self.tests.get(file, {}).values() for each in tests}
        own = Path(file).stem
        quick = sorted(found, key=lambda test: (self.seconds.get(test, 1.0), test))
        seen: Counter[str] = Counter()
        ranked = []
        for test in quick:
            name = test.partition("[")[0]
            turn = seen[name], own not in test, seen[name.partition("::")[0]]
            seen.update([name, name.partition("::")[0]])
            ranked.append((turn, test))
        return [test for _, test in sorted(ranked)]

    def _at(self, file: str, line: int) -> list[str]:
        return self.tests.get(file, {}).get(line, [])

    def keep(self, path: Path) -> None:
        path.write_text(json.dumps({"tests": self.tests, "seconds": self.seconds}))

    @classmethod
    def read(cls, path: Path) -> Covering:
        kept = json.loads(path.read_text())
        tests = {
            file: {int(line): found for line, found in lines.items()}
            for file, lines in kept["tests"].items()
        }
        return cls(tests, kept["seconds"])


def covering(root: Path, folder: Path, tests: list[str]) -> Covering:
    """Run the tests once, watched; what it gave is kept for as long as nothing is changed."""
    kept = folder / f"covering-{_print_of(root, tests)}.json"
    if not kept.exists():
        measured(root, folder, tests).keep(kept)
    return Covering.read(kept)


def _print_of(root: Path, tests: list[str]) -> str:
    found = sha256(repr(tests).encode())
    for room in (*ROOMS, "exchange", "handlers", "language", "rules", "tests"):
        for path in sorted((root / room).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


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
            lines[line] |= {context.partition("|")[0] for context in contexts if context}
        name = Path(file).relative_to(root).as_posix()
        tests[name] = {line: sorted(found) for line, found in lines.items()}
    seconds: dict[str, float] = defaultdict(float)
    for spent, test in re.findall(r"^([\d.]+)s \w+ +(\S.*)$", told, re.MULTILINE):
        seconds[test] += float(spent)
    return Covering(tests, dict(seconds))
