"""The time, as one object passed down: the system's, or one that is set by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


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
