"""How fast letters may go: each platform's limits, counted in rows that all processes share.

A limit is "at most so many in so many seconds", counted over a window that slides. Its row holds
the moments of what went lately, by the database's clock. What a platform asks to wait for (its
429) is written into the same row as moments still to come: it holds everybody, and afterwards
lets through one after the other, not all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Executable, Float, Select, bindparam, extract, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.asking import asked, listed, made_once, one_of
from storage.base import Base
from storage.clock import Clock
from storage.models import Pace
from storage.moments import is_shared, now_of

LATE = 0.2
"""Seconds by which somebody who waited for what all share may come late, and still count from when
it was free: else a long queue loses a little at each turn."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` messages in ``seconds``, for all who use the same ``name``."""

    name: str
    most: int
    seconds: float

    def free_at(self, taken: Sequence[float], count: int) -> float:
        """From when on so many more fit in; more than ever fit go when none are left."""
        behind = len(taken) - self.most + min(count, self.most) - 1
        return taken[behind] + self.seconds if behind >= 0 else 0.0

    def with_more(self, taken: Sequence[float], count: int, now: float) -> list[float]:
        """What is remembered once so many went; those beyond the limit count for later windows."""
        fresh = [now + number // self.most * self.seconds for number in range(count)]
        return sorted([*(each for each in taken if each > now - self.seconds), *fresh])

    def held(self, until: float) -> list[float]:
        """Nothing until then, and from then on one after the other."""
        apart = self.seconds / self.most
        return [until - self.seconds + number * apart for number in range(self.most)]


@dataclass(frozen=True, slots=True)
class Toll:
    """What a letter uses up: so many ``messages`` of its chat's limits and of the ``shared`` one,
    under which all letters of its platform go."""

    limits: tuple[Limit, ...] = ()
    shared: Limit | None = None
    messages: int = 1

    @property
    def all(self) -> tuple[Limit, ...]:
        return (*self.limits, self.shared) if self.shared else self.limits


@dataclass
class Windows:
    """The rows of some limits, locked until the transaction ends, and the moment since then."""

    now: float
    taken: dict[str, list[float]]
    changed: set[str] = field(default_factory=set)

    @classmethod
    def locked(cls, session: Session, clock: Clock, limits: Iterable[Limit]) -> Windows:
        names = {"names": listed(sorted({limit.name for limit in limits}))}
        dialect = session.get_bind().dialect.name
        if not is_shared(session, clock):
            known = asked(session, _rows(dialect), names).all()
            return cls(clock.now().timestamp(), {row.name: row.taken for row in known})
        found = asked(session, _rows_and_moment(dialect), names).all()
        taken = {row.name: row.taken for row in found}
        if found:
            return cls(max(row.moment for row in found), taken)
        return cls(now_of(session, clock).timestamp(), taken)

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def wait(self, limits: Iterable[Limit], count: int) -> float:
        """Seconds until so many messages may go under all of these."""
        free = (limit.free_at(self.taken.get(limit.name, ()), count) for limit in limits)
        return max(0.0, max(free, default=0.0) - self.now)

    def recent(self, limit: Limit) -> list[float]:
        """What went under the limit lately, and what holds it."""
        return [each for each in self.taken.get(limit.name, ()) if each > self.now - limit.seconds]

    def charge(self, toll: Toll) -> None:
        for limit in toll.all:
            before = self.taken.get(limit.name, ())
            free = limit.free_at(before, toll.messages)
            since = free if limit == toll.shared and 0 < self.now - free <= LATE else self.now
            self.taken[limit.name] = limit.with_more(before, toll.messages, since)
            self.changed.add(limit.name)

    def hold(self, limit: Limit, until: float) -> None:
        """Let nothing go under the limit until then; a longer hold that is there stays."""
        if limit.free_at(self.taken.get(limit.name, ()), 1) < until:
            self.taken[limit.name] = limit.held(until)
            self.changed.add(limit.name)

    def write(self, session: Session) -> None:
        rows = [{"name": name, "taken": self.taken[name]} for name in sorted(self.changed)]
        if rows:
            asked(session, _put(session.get_bind().dialect.name), rows)


_pace = Base.metadata.tables[Pace.__tablename__]


@made_once
def _rows(dialect: str) -> Select[*tuple[Any, ...]]:
    rows = select(_pace.c.name, _pace.c.taken).where(one_of(_pace.c.name, "names", dialect))
    return rows.order_by(_pace.c.name).with_for_update()


@made_once
def _rows_and_moment(dialect: str) -> Select[*tuple[Any, ...]]:
    """The clock stands outside, so that it is read when the rows are locked already."""
    ours = _rows(dialect).cte("ours")
    moment = extract("epoch", func.clock_timestamp()).cast(Float)
    return select(ours.c.name, ours.c.taken, moment.label("moment"))


@made_once
def _put(dialect: str) -> Executable:
    into = sqlite.insert(_pace) if dialect == "sqlite" else postgresql.insert(_pace)
    into = into.values(name=bindparam("name"), taken=bindparam("taken"))
    return into.on_conflict_do_update(index_elements=["name"], set_={"taken": into.excluded.taken})


def hold(session: Session, clock: Clock, limits: Sequence[Limit], seconds: float) -> None:
    """What a platform asked for: nothing under these limits for so many seconds, by anybody."""
    windows = Windows.locked(session, clock, limits)
    for limit in limits:
        windows.hold(limit, windows.now + seconds)
    windows.write(session)
