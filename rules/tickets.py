"""How soon a customer's trouble is to be answered and settled, and when somebody is warned of it.

What each number stands for is told in docs/numbers.md, under "Tickets".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rules.worktime import WorkTime

Unit = Literal["m", "h", "d"]

PRIORITIES = ("low", "normal", "high", "urgent")
STATES = ("open", "waiting", "resolved", "reopened")

WARNED_AT = 0.75
"""The share of its time after which the owner of a ticket is warned."""

LONGEST = {"m": 60 * 24 * 60, "h": 24 * 60, "d": 365}
"""More than this nobody promises."""

_SHAPE = re.compile(r"(\d{1,5})([mhd])")


@dataclass(frozen=True, slots=True)
class Within:
    """So many minutes, hours or days of work: a day is as long as the team's."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, said: str) -> Within:
        """``4h``, ``30m``, ``2d``. Raises ValueError for anything else."""
        found = _SHAPE.fullmatch(said.strip().lower())
        if found is None:
            raise ValueError(said)
        count, unit = int(found[1]), found[2]
        if not 0 < count <= LONGEST[unit]:
            raise ValueError(said)
        return cls(count, "m" if unit == "m" else "h" if unit == "h" else "d")

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def span(self, day: timedelta) -> timedelta:
        each = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": day}[self.unit]
        return self.count * each


@dataclass(frozen=True, slots=True)
class Promise:
    """Within how much work a ticket is answered first, and settled."""

    answer: Within
    solve: Within


USUAL: Mapping[str, Promise] = {
    "urgent": Promise(Within(1, "h"), Within(4, "h")),
    "high": Promise(Within(2, "h"), Within(1, "d")),
    "normal": Promise(Within(4, "h"), Within(2, "d")),
    "low": Promise(Within(1, "d"), Within(5, "d")),
}
"""By priority, until a team says otherwise."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a ticket is to be answered and settled, and when its owner is warned."""

    answer_due: datetime
    warned_at: datetime
    due: datetime


def warned_of(told: datetime, due: datetime, work: WorkTime) -> datetime:
    """When the owner of a ticket is warned that somebody promised by a moment: after that share of
    the work, or, where nobody works in between, of the time, that lies between."""
    worked = work.between(told, due)
    warned = work.after(told, worked * WARNED_AT) if worked else told + (due - told) * WARNED_AT
    return min(warned, due)


def times(
    began: datetime, waited: timedelta, promise: Promise, work: WorkTime, created: datetime
) -> Times:
    """Of a ticket whose clock began then and stood still for ``waited`` of working time since; its
    first answer counts from when it was ``created``."""
    allowed = promise.solve.span(work.day)
    return Times(
        answer_due=work.after(created, promise.answer.span(work.day)),
        warned_at=work.after(began, waited + allowed * WARNED_AT),
        due=work.after(began, waited + allowed),
    )
