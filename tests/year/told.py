"""A number as Rabta tells it, beside the one that the firm's own books come to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tests.year.doors import Doors, Seen


@dataclass(frozen=True)
class Number:
    """``told`` by Rabta, ``counted`` by the books."""

    name: str
    told: object
    counted: object

    @property
    def right(self) -> bool:
        return self.told == self.counted

    def __str__(self) -> str:
        mark = "" if self.right else "   <-- differ"
        return f"{self.name}: {self.told!r} by Rabta, {self.counted!r} by the books{mark}"


def asks(doors: Doors, text: str) -> Seen:
    """What Ayesha asks; what a picture beside it says is read, too."""
    told = doors.says("Ayesha", text)
    doors.settles()
    shown = told.where.answers
    alike = [file.alike for each in shown[shown.index(told.message) :] for file in each.files]
    return replace(told, text="\n".join([told.text, *alike]))


def numbers(line: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", line)]


def line_of(seen: Seen, begin: str) -> str:
    """The line that begins so, behind its dot; nothing where there is none."""
    lines = [line.removeprefix("• ") for line in seen.lines]
    return next((line for line in lines if line.startswith(begin)), "")


def number_of(seen: Seen, what: str) -> int:
    """The number at the beginning of the line that goes on like this; 0 where there is none."""
    found = re.search(rf"(?m)^(?:• )?(\d+) {what}", seen.text)
    return int(found[1]) if found else 0


def named(seen: Seen) -> dict[str, int]:
    """The first number that stands behind each name, of a table or of lines; of sums, the lakhs."""
    found: dict[str, int] = {}
    for line in seen.lines:
        if told := re.match(
            r"(?:• )?([^\d:|·]+?)(?: \| |: | · \w+: | {2,})\s*(?:Rs )?(\d+(?:\.\d+)?)( crore)?\b",
            line,
        ):
            found.setdefault(told[1], round(float(told[2]) * (100 if told[3] else 1)))
    return found


def months(seen: Seen) -> dict[str, int]:
    """Month by month, of a picture or of a single line; without those that have nothing."""
    found = {}
    for line in seen.lines:
        if told := re.search(r"^([A-Z][a-z]{2})(?: 2026)?\W+(?:Rs )?(\d+)(?: lakh)?\W*$", line):
            found[told[1]] = int(told[2])
    return {month: value for month, value in found.items() if value}
