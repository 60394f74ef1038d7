"""What deals come to together, kept as they change: by state, month, stage, owner and currency.

Triggers keep it (``storage.sums_kept``), in the transaction of whatever changes a deal. A month
here begins at the same time of the UTC day all year (``Workspace.month_shift``), so that it needs
no table of zones; what lies between it and the month of whoever asks is counted deal by deal
(``storage.together``), and the answer is exact in every zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    func,
    literal_column,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base

HALF = 32
"""Bits of an amount in its lower part: sums of the two parts apart never grow too large."""

_HIGH: ColumnElement[int] = literal_column(str(HALF))
_LOW: ColumnElement[int] = literal_column(str((1 << HALF) - 1))


def halves(amount: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """What amounts come to, the upper and the lower parts apart."""
    return func.sum(amount.op(">>")(_HIGH)), func.sum(amount.op("&")(_LOW))


def whole(high: int | None, low: int | None) -> int:
    """What the sums of two parts make together; 0 where there was nothing."""
    return (int(high or 0) << HALF) + int(low or 0)


class DealSum(Base):
    """Deals that are alike, together. ``month`` is the one in which they were closed ("2026-11"),
    empty for those that are open or of which nobody knows when; no currency is empty, too.

    ``part``: on PostgreSQL each change adds a part of its own, so that none waits for another,
    until ``fold`` makes one of them, of number 0; what counts is the sum of all parts. ``priced``
    have an amount; their worth in minor units is ``high * 2**32 + low``.
    """

    __tablename__ = "deal_sum"
    __table_args__ = (
        Index(
            "ix_deal_sum_workspace_id_part", "workspace_id", "part",
            sqlite_where=text("part <> 0"), postgresql_where=text("part <> 0"),
        ),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    status: Mapped[str] = mapped_column(String(10), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    stage: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    deals: Mapped[int]
    priced: Mapped[int]
    high: Mapped[int]
    low: Mapped[int]


ALIKE = ("workspace_id", "status", "month", "currency", "stage", "owner_id")
"""What deals of one sum have in common."""

ADDED = ("deals", "priced", "high", "low")


def shift_of(zone: str) -> int:
    """Minutes by which the usual time of a zone is ahead of UTC, outside of summer."""
    here = ZoneInfo(zone)
    offsets = [
        datetime(2026, month, 1, tzinfo=UTC).astimezone(here).utcoffset() for month in (1, 7)
    ]
    return min(offset or timedelta() for offset in offsets) // timedelta(minutes=1)


FOLDED = 5000
"""Parts that are made one at a go."""


def fold(session: Session, limit: int = FOLDED) -> int:
    """Make one of the parts that changes have left; how many went. On SQLite there are none.

    It keeps nobody from writing, and leaves what somebody else is folding.
    """
    if session.get_bind().dialect.name == "sqlite":
        return 0
    return int(session.execute(_FOLD, {"most": limit}).scalar_one())


def _fold() -> str:
    """In one statement, so that every look at the sums finds all parts or what they became."""
    key, summed = ", ".join(ALIKE), ", ".join(f"sum({each})" for each in ADDED)
    same = " AND ".join(f"deal_sum.{each} = parts.{each}" for each in (*ALIKE, "part"))
    return f"""
        WITH parts AS MATERIALIZED (
            SELECT {key}, part FROM deal_sum WHERE part <> 0
            LIMIT :most FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM deal_sum USING parts WHERE {same} RETURNING deal_sum.*
        ), kept AS (
            INSERT INTO deal_sum ({key}, part, {", ".join(ADDED)})
            SELECT {key}, 0, {summed} FROM gone GROUP BY {key} ORDER BY {key}
            {added_up()}
        )
        SELECT count(*) FROM gone
    """  # noqa: S608 - our own names


def added_up() -> str:
    """What an INSERT does where there is such a sum already."""
    more = ", ".join(f"{each} = deal_sum.{each} + excluded.{each}" for each in ADDED)
    return f"ON CONFLICT ({', '.join(ALIKE)}, part) DO UPDATE SET {more}"


_FOLD = text(_fold())
