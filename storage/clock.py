"""The time, as one object passed down: the system's, the database's, or one set by hand."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import Engine, func, select

from storage.types import new_id

SKEW = 2.0
"""Seconds that two clocks may differ before somebody should hear of it."""

log = logging.getLogger("rabta.clock")


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def _beat() -> float:
    """Seconds that pass evenly whoever sets the clock; where it can be had, sleep counts too."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class DatabaseClock:
    """What the database's clock shows, so that of many processes each has the same time.

    It is asked at the start and once a minute (``measure``), and carried on by an even beat in
    between: nobody pays a round trip, and what happens to this machine's own clock is no matter.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        beat: Callable[[], float] = _beat,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._engine, self._beat, self._wall = engine, beat, wall
        self._ahead: float | None = None
        self.skew = 0.0
        """Seconds that this machine's clock is ahead of the database's."""
        self.measure()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._beat() + (self._ahead or 0.0), UTC)

    def measure(self) -> None:
        """Ask the database; of three answers the quickest is the truest."""
        _, ahead, skew = min(self._asked() for _ in range(3))
        jump = 0.0 if self._ahead is None else ahead - self._ahead
        if abs(jump) > SKEW:
            log.warning("the database's clock was set by %+.0f s", jump)
        if abs(skew) > SKEW >= abs(self.skew):
            log.warning(
                "this machine's clock is %+.1f s off the database's, which counts; set both by NTP",
                skew,
            )
        if abs(self.skew) > SKEW >= abs(skew):
            log.warning("this machine's clock is in step with the database's again")
        self._ahead, self.skew = ahead, skew

    def _asked(self) -> tuple[float, float, float]:
        """How long it took, the database's time ahead of our beat, and our wall clock of it."""
        with self._engine.connect() as connection:
            connection.execute(select(1))  # what opening it takes is over
            before, wall = self._beat(), self._wall()
            there = connection.execute(select(func.clock_timestamp())).scalar_one().timestamp()
            took = self._beat() - before
        return took, there - before - took / 2, wall + took / 2 - there


def clock_of(engine: Engine) -> SystemClock | DatabaseClock:
    """The clock that decides: the database's where several processes may share it. New rows are
    numbered by it, too, so that they sort by age whoever made them."""
    if engine.dialect.name == "sqlite":
        return SystemClock()
    clock = DatabaseClock(engine)
    new_id.clock = clock
    return clock


def skew_of(clock: Clock) -> float:
    """Seconds that this machine's clock was ahead when it was last looked at."""
    return clock.skew if isinstance(clock, DatabaseClock) else 0.0


class SetClock:
    """A clock that goes on from where it was set: for demonstrations and tests."""

    def __init__(self, start: datetime, *, running: bool = False) -> None:
        self._offset = start - datetime.now(UTC) if running else None
        self._at = start.astimezone(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset if self._offset is not None else self._at

    def set(self, moment: datetime) -> None:
        if self._offset is not None:
            self._offset = moment - datetime.now(UTC)
        self._at = moment.astimezone(UTC)

    def skip(self, span: timedelta) -> None:
        self.set(self.now() + span)
