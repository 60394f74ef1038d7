"""When to kill: at any time, while it starts, just as something is sent, taken or written, or while
it waits to hear that something arrived which did."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.kills.program import Program
from tests.faults.kills.sides import Side

MOMENTS = ("start", "any", "any", "send", "held", "held", "take", "write", "write")
LATEST = 1.5
"""Seconds after which what was waited for is waited for no longer."""


@dataclass
class Killer:
    """Chooses a victim and a moment; ``strike`` is asked again and again until it is there."""

    programs: list[Program]
    side: Side
    dice: random.Random
    file: Path | None  # SQLite's log of what was written
    moments: Sequence[str] = MOMENTS

    def __post_init__(self) -> None:
        self._choose()

    def _choose(self) -> None:
        self.victim = self.dice.choice(self.programs)
        self.moment = self.dice.choice(self.moments)
        self.pause = self.dice.uniform(0, 0.6 if self.moment == "start" else 0.4)
        self.instant = self.dice.choice((0.0, 0.001, 0.004, 0.015))
        self._quiet = self.side.heard + self.side.taken
        self._armed: tuple[float, int] | None = None

    @property
    def hurries(self) -> bool:
        """Whether it looks at every moment now."""
        return self._armed is not None

    def strike(self) -> str:
        """Kill if it is time; the moment's name, or nothing yet."""
        if not self.victim.lives:
            return ""
        if not self._is_time():
            return ""
        if self.instant:
            time.sleep(self.instant)
        self.victim.kill()
        struck = self.moment
        self._choose()
        return struck

    def _is_time(self) -> bool:
        age = time.monotonic() - self.victim.since
        if self.moment == "start":
            return age > self.pause
        if self._armed is None:
            is_at_work = self.side.heard + self.side.taken > self._quiet or age > LATEST
            if not (is_at_work and self.victim.listens):
                return False
            self._armed = time.monotonic() + self.pause, -1
        since, seen = self._armed
        if time.monotonic() < since:
            return False
        if self.moment == "any" or time.monotonic() > since + LATEST:
            return True
        now = self._count()
        if seen < 0:
            self._armed = since, now
            if self.moment == "held":
                self.side.holds_an_answer()
        return 0 <= seen < now

    def _count(self) -> int:
        if self.moment in {"send", "held"}:
            return self.side.heard
        if self.moment == "take" or self.file is None:
            return self.side.taken
        try:
            return self.file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0
