"""Column types that mean the same on SQLite and PostgreSQL, and ids that grow with time."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, DateTime, Dialect, types
from sqlalchemy.dialects.postgresql import JSONB

if TYPE_CHECKING:
    from storage.clock import Clock

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""Before any clock's now, however wrong it is."""


class Moment(types.TypeDecorator[datetime]):
    """An aware UTC moment. SQLite drops zones silently, so it is put on again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def bind_processor(self, dialect: Dialect) -> Any:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes a moment, in one step: each message writes and reads dozens."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:-6]


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


class Ids:
    """Numbers that sort by creation and stay exact in JSON (53 bits).

    40 bits of milliseconds since 2026, then 13 random bits; within one process strictly growing,
    and within a millisecond following each other. Two processes that hit the same number in the
    same table meet the primary key, and the transaction is run again.
    """

    START = 1_767_225_600_000  # 2026-01-01T00:00:00Z
    clock: Clock | None = None
    """Whose time counts; None: this machine's."""

    def __init__(self) -> None:
        self._last = -1
        self._lock = threading.Lock()

    def __call__(self) -> int:
        return self.several(1)[0]

    def several(self, count: int) -> range:
        """So many that follow each other."""
        now = self.clock.now().timestamp() if self.clock else time.time()
        ticks = max(0, int(now * 1000) - self.START)
        with self._lock:
            first = self._last + 1
            if self._last >> 13 < ticks:  # to ask for something random is a call to the system
                first = max(first, (ticks << 13) | secrets.randbelow(1 << 13))
            self._last = first + count - 1
            return range(first, first + count)


new_id: Any = Ids()
