"""Which tests show which fault: by their names, ``test_row_07_...`` or ``test_row_01_07_...``.

``python -m tests.faults.rows`` writes the table of ``docs/promises.md`` anew, and names the faults
that have no test yet, or none on one of the two databases.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
DOCUMENT = ROOT / "docs" / "promises.md"
BEGIN, END = "<!-- rows -->\n", "<!-- end of rows -->\n"

ROWS = {
    1: "Killed after it has fetched messages",
    2: "The platform delivers a message again",
    3: "Telegram's update numbers start anew after an idle week",
    4: "Two processes poll Telegram",
    5: "A message whose handling always fails",
    6: "Slack's retries, beside the first delivery",
    7: "Killed after it has acknowledged a message",
    8: "A socket is replaced, dies, or goes deaf",
    9: "A trigger_id or response_url is too old",
    10: "A tap is too old, or comes twice",
    11: "A message is edited or deleted",
    12: "Other bots, and two Rabtas in one channel",
    13: "Updates come out of order",
    14: "A message was delivered, though sending it timed out",
    15: "Killed again and again while sending",
    16: "The same on Slack, where the history tells",
    17: "Telegram says 429",
    18: "Slack says 429",
    19: "A group becomes a supergroup",
    20: "Blocked, kicked, archived",
    21: "A name that would break markup",
    24: "Reminders that came due while it was down",
    25: "Killed while reminders are raised",
    26: "Several processes ring the same clock",
    27: "Days on which clocks are changed",
    28: "A clock that jumps, or differs",
    29: "A thousand reminders at nine o'clock",
    30: "Reading that becomes writing, in eight threads",
    31: "SQLite's file after kills",
    32: "A full disk, a torn file",
    33: "Two people change one deal at once",
    34: "A serialization failure, a deadlock, a lost connection",
    35: "Killed while it migrates",
    36: "One team's records in another's hands",
    38: "A spoofed name, an anonymous admin, an invitation used twice",
    39: "Somebody else's button",
    40: "A private record in a shared place",
    41: "A forged call",
    42: "@channel and false links in what people write",
    45: "Texts that cost much time",
    46: "Bidi overrides; Arabic letters for Urdu ones",
    48: "Tokens in logs and in the database",
    50: "A flood of commands",
}
"""The faults that are listed for delivery, the clock, storage and access."""

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ONE_ALONE = {31: "sqlite"}
"""Faults that only one of the two can have."""

_NAME = re.compile(r"test_row((?:_\d+)+)_")


@dataclass
class Shown:
    """In which files the tests of a fault are, and on which databases they run."""

    files: set[str] = field(default_factory=set)
    databases: set[str] = field(default_factory=set)


def collected(tests: Path = TESTS) -> list[str]:
    """The ids that pytest gives to the tests of files in which there is one for a row."""
    paths = sorted(tests.rglob("test_*.py"))
    named = [path for path in paths if "def test_row_" in path.read_text("utf-8")]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "addopts="]
    command += ["-p", "no:cacheprovider", f"--rootdir={tests.parent}", *map(str, named)]
    done = subprocess.run(  # noqa: S603 - our own tests
        command, cwd=tests.parent, capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if "::" in line]


def shown(ids: Iterable[str]) -> dict[int, Shown]:
    """What shows which row, from ids like ``tests/test_a.py::test_row_07_b[sqlite-1]``."""
    found: dict[int, Shown] = {}
    for each in ids:
        file, _, name = each.partition("::")
        for row in numbers(name.rpartition("::")[2]):
            one = found.setdefault(row, Shown())
            one.files.add(file.removeprefix("tests/"))
            one.databases |= {database for database in DATABASES if database in name}
    return found


def numbers(name: str) -> list[int]:
    """The rows in a test's name."""
    named = _NAME.match(name)
    return [int(number) for number in named[1].split("_")[1:]] if named else []


def missing(found: dict[int, Shown]) -> list[str]:
    """What is not shown, or not on a database that can have that fault."""
    lacks = []
    for row, fault in ROWS.items():
        needed = {ONE_ALONE[row]} if row in ONE_ALONE else set(DATABASES)
        if row not in found:
            lacks.append(f"row {row} has no test: {fault}")
        elif lacking := needed - found[row].databases:
            names = " and ".join(DATABASES[each] for each in sorted(lacking))
            lacks.append(f"row {row} has no test on {names}: {fault}")
    return lacks


def table(found: dict[int, Shown]) -> str:
    lines = ["| row | fault | on | shown by, in `tests/` |", "|---:|---|---|---|"]
    for row, fault in ROWS.items():
        one = found.get(row, Shown())
        on = ", ".join(name for key, name in DATABASES.items() if key in one.databases)
        tests = "<br>".join(f"`{file}`" for file in sorted(one.files))
        lines.append(f"| {row} | {fault} | {on or '—'} | {tests or '—'} |")
    return "\n".join(lines) + "\n"


def written(document: str, found: dict[int, Shown]) -> str:
    """The document with the table as it is now."""
    head, _, rest = document.partition(BEGIN)
    return head + BEGIN + table(found) + END + rest.partition(END)[2]


def main() -> int:
    found = shown(collected())
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8"), found), "utf-8")
    lacks = missing(found)
    print("\n".join(lacks))
    return bool(lacks)


if __name__ == "__main__":
    sys.exit(main())
