"""Deals told together by the database, where no single one matters: how many, and worth how much.

What the kept sums have is read from them (``storage.sums``); the rest is counted in the same way,
by one grouped question. Months of the sums begin at a fixed time of UTC's day, those of whoever
asks where their zone says: the deals between the two are added or taken off, and no more than
these are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from storage.models import Deal, DealSum, Workspace
from storage.sums import ADDED, halves, whole

Sum: TypeAlias = tuple[int, int, int]
"""Deals, those of them that have an amount, and their worth in minor units."""

Sums: TypeAlias = Mapping[tuple[Any, ...], Sum]
"""By what the deals have in common."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deals, told apart by which columns. ``fits`` gives the conditions on ``Deal`` or, if
    they are ``kept``, on ``DealSum``; ``moment`` is the column of ``Deal`` that puts them into
    time. The kept sums know when deals were closed, of no other time."""

    columns: Sequence[str]
    fits: Callable[[Any], Sequence[ColumnElement[bool]]]
    kept: bool
    moment: Any = Deal.closed_at


class Together:
    """The deals of a workspace, by ``Asked.columns``."""

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id

    @cached_property
    def _shift(self) -> timedelta:
        query = select(Workspace.month_shift).where(Workspace.id == self.workspace_id)
        return timedelta(minutes=self.session.scalars(query).one())

    @property
    def is_kept(self) -> bool:
        """Whether the sums hold for whoever asks: where some deals are others' secret, not."""
        return "sight" not in self.session.info

    def whenever(self, asked: Asked) -> Sums:
        """Of all time."""
        kind = DealSum if asked.kept else Deal
        return self._read(asked, self._summed(asked, kind))

    def months(self, asked: Asked, begin: datetime | None, end: datetime | None) -> Months:
        """By months, so that of any stretch between these two moments can be told."""
        first = _month(begin + self._shift) if begin else None
        last = _month(end + self._shift) if end else None
        query = self._by_month(asked, first, last)
        found: dict[int, dict[tuple[Any, ...], Sum]] = {}
        for (month, *key), these in self._read(asked, query, 1).items():
            year, number = map(int, month.split("-"))
            found.setdefault(year * 12 + number - 1, {})[tuple(key)] = these
        return Months(self, asked, found, self._shift)

    def between(self, asked: Asked, begin: datetime, end: datetime) -> Sums:
        """Looked at one by one."""
        within = (asked.moment >= begin, asked.moment < end)
        return self._read(asked, self._summed(asked, Deal).where(*within))

    def _by_month(self, asked: Asked, first: int | None, last: int | None) -> Select[Any]:
        """Those of the months from the first to the last, as far as these are known."""
        if asked.kept:
            month: Any = DealSum.month
            query = self._summed(asked, DealSum, month).where(month != "")
            if first is not None:
                query = query.where(month >= _named(first))
            return query if last is None else query.where(month <= _named(last))
        query = self._summed(asked, Deal, self._month_of(asked.moment))
        query = query.where(asked.moment.is_not(None))
        if first is not None:
            query = query.where(asked.moment >= _begin(first, self._shift))
        return query if last is None else query.where(asked.moment < _begin(last + 1, self._shift))

    def _month_of(self, moment: Any) -> ColumnElement[str]:
        """As the kept sums have it."""
        minutes = int(self._shift / timedelta(minutes=1))
        if self.session.get_bind().dialect.name == "sqlite":
            cut = func.substr(moment, 1, 19)
            return func.coalesce(func.strftime("%Y-%m", cut, f"{minutes} minutes"), "9999-12")
        local = func.timezone("UTC", moment) + timedelta(minutes=minutes)
        return func.to_char(local, "YYYY-MM")

    def _summed(self, asked: Asked, kind: Any, *before: Any) -> Select[Any]:
        apart = [*before, *(getattr(kind, each) for each in asked.columns)]
        told: list[ColumnElement[Any]]
        if kind is DealSum:
            apart.append(kind.currency)
            told = [func.sum(getattr(kind, each)) for each in ADDED]
        else:
            apart.append(func.coalesce(kind.currency, ""))
            amount = kind.amount_minor
            told = [func.count(), func.count(amount), *halves(amount)]
        named = [each.label(f"apart_{number}") for number, each in enumerate(apart)]
        return (
            select(*named, *told)
            .where(kind.workspace_id == self.workspace_id, *asked.fits(kind))
            .group_by(*(literal_column(each.name) for each in named))
        )

    def _read(self, asked: Asked, query: Select[Any], before: int = 0) -> Sums:
        """The currency is the last of what they have in common."""
        width = before + len(asked.columns) + 1
        return {
            tuple(row[:width]): (
                int(row[width]),
                int(row[width + 1]),
                whole(row[width + 2], row[width + 3]),
            )
            for row in self.session.execute(query)
            if row[width]
        }


class Months:
    """What was found month by month, and what lies between these months and others."""

    def __init__(
        self,
        together: Together,
        asked: Asked,
        found: Mapping[int, Sums],
        shift: timedelta,
    ) -> None:
        self._together, self._asked, self._found, self._shift = together, asked, found, shift
        self._edges: dict[datetime, tuple[int, int, Sums]] = {}

    def all(self) -> Sums:
        return _added((1, sums) for sums in self._found.values())

    def days(self) -> Iterable[datetime]:
        """A moment in the middle of each month that there is something in."""
        return [_begin(month, self._shift) + timedelta(days=14) for month in sorted(self._found)]

    def of(self, begin: datetime | None, end: datetime | None) -> Sums:
        """From a moment to, but not including, another."""
        low, before, near = self._edge(begin) if begin else (min(self._found, default=0), 0, {})
        high, after, far = self._edge(end) if end else (max(self._found, default=0) + 1, 0, {})
        whole = [(1, sums) for month, sums in self._found.items() if low <= month < high]
        return _added([*whole, (-before, near), (after, far)])

    def _edge(self, moment: datetime) -> tuple[int, int, Sums]:
        """The month that begins nearest to a moment, and the deals between: they are added (1) to
        all that were before that month, or taken off (-1)."""
        if moment not in self._edges:
            month = _month(moment + self._shift)
            here, after = (_begin(each, self._shift) for each in (month, month + 1))
            later = after - moment < moment - here
            there = self._asked_of(month, *((moment, after) if later else (here, moment)))
            self._edges[moment] = (month + later, -1 if later else 1, there)
        return self._edges[moment]

    def _asked_of(self, month: int, begin: datetime, end: datetime) -> Sums:
        if month not in self._found or begin == end:
            return {}
        return self._together.between(self._asked, begin, end)


def _added(parts: Iterable[tuple[int, Sums]]) -> Sums:
    total: dict[tuple[Any, ...], Sum] = {}
    for sign, sums in parts:
        for key, (deals, priced, minor) in sums.items():
            before = total.get(key, (0, 0, 0))
            total[key] = (
                before[0] + sign * deals, before[1] + sign * priced, before[2] + sign * minor,
            )  # fmt: skip
    return {key: these for key, these in total.items() if these[0]}


def _month(local: datetime) -> int:
    """Months since the year 0."""
    return local.year * 12 + local.month - 1


def _named(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _begin(month: int, shift: timedelta) -> datetime:
    year = min(max(month // 12, 2), 9998)  # beyond, a zone leads out of all years
    return datetime(year, month % 12 + 1, 1, tzinfo=UTC) - shift
