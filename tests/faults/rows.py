"""Which tests show which fault: by their names, ``test_row_07_...`` or ``test_row_01_07_...``.

``python -m tests.faults.rows`` writes the table of ``docs/promises.md`` anew, and names the faults
that have no test yet.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
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
    30: "SQLite: reading that becomes writing",
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

_NAME = re.compile(r"test_row((?:_\d\d)+)_")


def found(folder: Path = HERE) -> dict[int, list[str]]:
    """Tests by the row that they show, as file::name."""
    tests: dict[int, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for row in numbers(node.name):
                    tests[row].append(f"{path.relative_to(folder).as_posix()}::{node.name}")
    return dict(tests)


def numbers(name: str) -> list[int]:
    """The rows in a test's name."""
    named = _NAME.match(name)
    return [int(number) for number in named[1].split("_")[1:]] if named else []


def missing(tests: dict[int, list[str]]) -> list[int]:
    return [row for row in ROWS if not tests.get(row)]


def table(tests: dict[int, list[str]]) -> str:
    lines = ["| row | fault | shown by, in `tests/faults/` |", "|---:|---|---|"]
    for row, fault in ROWS.items():
        shown = "<br>".join(f"`{test}`" for test in tests.get(row, ())) or "—"
        lines.append(f"| {row} | {fault} | {shown} |")
    return "\n".join(lines) + "\n"


def written(document: str, tests: dict[int, list[str]]) -> str:
    """The document with the table as it is now."""
    head, _, rest = document.partition(BEGIN)
    return head + BEGIN + table(tests) + END + rest.partition(END)[2]


def main() -> int:
    tests = found()
    DOCUMENT.write_text(written(DOCUMENT.read_text(), tests))
    for row in missing(tests):
        print(f"row {row} has no test: {ROWS[row]}")
    return bool(missing(tests))


if __name__ == "__main__":
    sys.exit(main())
