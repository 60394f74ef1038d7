"""Customers looked at when something happened with them, or when time may have changed what they
are; in the night it is learned anew how they order.

What is learned is reckoned outside of any transaction: the writer is held only while some rows are
read, or what was learned is written.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from handlers.expecting import NIGHT, look_at, ready
from rules.calendar import next_at
from scheduler.aside import Run, in_space
from scheduler.drawing import Draw
from scheduler.one_by_one import Due
from storage import lease
from storage.models import Outlook, OutlookFit, Workspace
from storage.outlook import WEEKS, fit_of
from storage.scope import everywhere, within
from storage.types import AT_ONCE

BATCH = 40
"""Customers looked at in one transaction: between two of them, messages are answered."""

ENOUGH = 20
"""Customers who ordered more than once before anything is learned; until then the plain rule
holds."""

SAMPLE = 3000
"""Customers that it is learned from, at most."""

SLICE = 300
"""Rows that are read for it at once."""

AGAIN = timedelta(minutes=10)
"""When it is tried again where it went wrong."""

SOON = timedelta(seconds=5)
"""When it is tried again in a workspace whose customers are not all read yet."""

HELD = timedelta(minutes=10)
"""For how long one process has the learning of a workspace to itself."""

DIFFERS = 0.2
"""A change of the usual pause by this much is worth a new look at everybody."""

_OUTLOOK: Any = Outlook.__table__
_ME = f"{os.getpid()}.{secrets.token_hex(4)}"

log = logging.getLogger("rabta.clock")


DUE = Due(Outlook.next_check_at)
NIGHT_DUE = Due(OutlookFit.fit_at)


# --- customers whose moment has come --------------------------------------------------------------


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at customers who are due; how many there were. Those of a workspace whose tables are
    not ready yet wait until they are."""
    del draw
    return look_at_due(session, now)


def look_at_due(session: Session, now: datetime) -> int:
    """Look at some customers who are due; how many."""
    looked = 0
    for space, rows in _due(session, now).items():
        with within(session, space):
            fit = fit_of(session, space)
            if fit.learned is None or ready(fit, make=False):
                look_at(session, session.get_one(Workspace, space), rows, fit, now)
                looked += len(rows)
    return looked


def _due(session: Session, now: datetime) -> dict[int, list[Outlook]]:
    query = (
        select(Outlook)
        .where(*DUE.by(now))
        .order_by(Outlook.next_check_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Outlook]] = {}
    with everywhere(session):
        for row in session.scalars(query):
            found.setdefault(row.workspace_id, []).append(row)
    return found


def catch_up(run: Run, now: datetime) -> None:
    """All that the clock would do by now: everybody looked at, and what is there learned."""
    while run(lambda session: look_at_due(session, now)):
        pass
    if learn(run, lambda: now):
        while run(lambda session: look_at_due(session, now)):
            pass


# --- what is learned in the night -----------------------------------------------------------------


@dataclass
class Lesson:
    """What was read of a workspace's customers, of whom there are so ``many``: whose each order
    was and on which day; of each customer how many were priced, and at what on average."""

    many: int
    customers: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    averages: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def add(self, facts: dict[str, Any], priced: int, spent: int) -> None:
        days: list[int] = facts.get("days", [])
        self.customers += [len(self.counts)] * len(days)
        self.days += days
        self.counts.append(priced)
        self.averages.append(spent / priced if priced else 0.0)
        if len(days) > 1:
            self.pauses.append(float(median(then - day for day, then in pairwise(days))))


def learn(run: Run, now: Callable[[], datetime]) -> int:
    """Learn how the customers of each workspace order whose night it is, and make ready the tables
    that others wait for; how many were learned. Not in the database's own thread: it takes
    seconds, of which ``run`` is held for moments."""
    for space in run(lambda session: _waiting(session, now())):
        ready(in_space(run, space, fit_of))
    learned = 0
    for space in run(lambda session: _spaces(session, now())):
        try:
            learned += _learn(run, space, now())
        except Exception:
            log.exception("how customers order cannot be learned in workspace %s", space)
            in_space(run, space, _put_off, now() + AGAIN)
    return learned


def may_learn(now: Any) -> ColumnElement[bool]:
    """Whether there may be anything to learn, or to make ready."""
    return or_(NIGHT_DUE(now), select(OutlookFit.workspace_id).where(*_judged(now)).exists())


def _judged(now: Any) -> tuple[ColumnElement[bool], ...]:
    """Those with a customer who is due, and who is judged by what was learned."""
    due = select(Outlook.workspace_id).where(
        Outlook.workspace_id == OutlookFit.workspace_id, Outlook.next_check_at <= now
    )
    return OutlookFit.learned.is_not(None), due.exists()


def _waiting(session: Session, now: datetime) -> list[int]:
    """Workspaces with a customer who is due, and without the tables to judge them by."""
    with everywhere(session):
        fits = session.scalars(select(OutlookFit).where(*_judged(now)))
        return [fit.workspace_id for fit in fits if not ready(fit, make=False)]


def _spaces(session: Session, now: datetime) -> Sequence[int]:
    due = select(OutlookFit.workspace_id).where(*NIGHT_DUE.by(now))
    with everywhere(session):
        return session.scalars(due.order_by(OutlookFit.fit_at)).all()


def _put_off(session: Session, space: int, to: datetime) -> None:
    session.get_one(OutlookFit, space, with_for_update=True).fit_at = to


def _learn(run: Run, space: int, now: datetime) -> int:
    """One workspace, where anything changed since it was learned last."""
    if not in_space(run, space, _begin, now):
        return 0
    lesson = _read(run, space)
    kept, usual = learned_from(lesson, in_space(run, space, _today, now))
    in_space(run, space, _write, lesson, kept, usual, now)
    ready(in_space(run, space, fit_of))
    return 1


def _begin(session: Session, space: int, now: datetime) -> bool:
    """Whether there is anything to learn, and nobody else is at it."""
    fit = session.get_one(OutlookFit, space, with_for_update=True)
    workspace = session.get_one(Workspace, space)
    unread = select(Outlook.workspace_id).where(
        Outlook.workspace_id == space, Outlook.next_check_at == AT_ONCE, Outlook.stale
    )
    if fit.fitted_at is None and session.execute(unread.limit(1)).first():
        fit.fit_at = now + SOON
        return False
    fit.fit_at = next_at(time(NIGHT), workspace.timezone, now)
    if not fit.changes:
        return False
    if session.get_bind().dialect.name == "postgresql":
        return lease.take(session, f"outlook:{space}", _ME, HELD)
    return True


def _today(session: Session, space: int, now: datetime) -> date:
    return now.astimezone(ZoneInfo(session.get_one(Workspace, space).timezone)).date()


def _read(run: Run, space: int) -> Lesson:
    """Of all customers, or of so many of them, from places in their order that are drawn by lot."""
    many = in_space(run, space, _count)
    lesson = Lesson(many=many)
    if many <= SAMPLE:
        places = list(range(0, many, SLICE))
    else:
        dice = Random(space)
        places = sorted(dice.sample(range(0, many, SLICE), SAMPLE // SLICE))
    for place in places:
        for facts, priced, spent in in_space(run, space, _some, place):
            lesson.add(facts or {}, priced, spent)
    return lesson


def _count(session: Session, space: int) -> int:
    here = select(func.count()).select_from(Outlook).where(Outlook.workspace_id == space)
    return int(session.scalar(here) or 0)


def _some(session: Session, space: int, place: int) -> Sequence[Any]:
    some = (
        select(Outlook.company_id, Outlook.contact_id)
        .where(Outlook.workspace_id == space)
        .order_by(Outlook.company_id, Outlook.contact_id)
        .offset(place)
        .limit(SLICE)
        .subquery()
    )
    told: Select[Any] = select(Outlook.facts, Outlook.priced, Outlook.spent_minor).join(
        some,
        (Outlook.workspace_id == space)
        & (Outlook.company_id == some.c.company_id)
        & (Outlook.contact_id == some.c.contact_id),
    )
    return session.execute(told).all()


def learned_from(lesson: Lesson, today: date) -> tuple[dict[str, Any] | None, float | None]:
    """What is kept of a lesson: the parameters, or None where it is too little; and the usual
    pause."""
    usual = float(median(lesson.pauses)) if lesson.pauses else None
    if len(lesson.pauses) < ENOUGH:
        return None, usual
    import numpy as np

    from rules.foresight import spend
    from rules.foresight.kept import packed
    from rules.foresight.several import learned

    several = learned(
        np.array(lesson.customers, np.int64),
        np.array(lesson.days, np.int64),
        today.toordinal(),
        float(WEEKS),
    )
    worth = spend.fitted(np.array(lesson.counts, float), np.array(lesson.averages, float))
    return packed(several, worth), usual


def _write(
    session: Session,
    space: int,
    lesson: Lesson,
    kept: dict[str, Any] | None,
    usual: float | None,
    now: datetime,
) -> None:
    fit = session.get_one(OutlookFit, space, with_for_update=True)
    was_plain, before = fit.learned is None, fit.usual_days
    fit.learned, fit.usual_days, fit.fitted_at, fit.changes = kept, usual, now, 0
    fit.customers, fit.orders = lesson.many, len(lesson.days)
    if was_plain != (kept is None) or (kept is None and _differs(before, usual)):
        _look_at_all(session, space)
    if session.get_bind().dialect.name == "postgresql":
        lease.give_back(session, f"outlook:{space}", _ME)


def _differs(before: float | None, usual: float | None) -> bool:
    return usual is not None and (before is None or abs(usual - before) > DIFFERS * before)


def _look_at_all(session: Session, space: int) -> None:
    session.execute(
        update(_OUTLOOK).where(Outlook.workspace_id == space).values(next_check_at=AT_ONCE)
    )
