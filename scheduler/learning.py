"""What a workspace's own won and lost deals teach of its leads, learned anew in the night.

It is reckoned outside of any transaction, as in ``scheduler.outlook``: the writer is held only
while some deals are read, or what was learned is written.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.chances import Said, facts_of, packed
from handlers.scoring import lead_of, scales
from rules.calendar import next_at
from scheduler.aside import Run, in_space
from scheduler.one_by_one import Due
from storage import lease
from storage.deal_pasts import Decided, decided, pasts
from storage.models import LeadModel, Workspace
from storage.scope import everywhere

if TYPE_CHECKING:
    from rules.chances import Case, Chances, Trial

NIGHT = 3
"""From this hour of the workspace's night on."""

SLICE = 50
"""Deals that are read at once."""

AGAIN = timedelta(minutes=10)
"""When it is tried again where it went wrong."""

NIGHT_DUE = Due(LeadModel.fit_at)

HELD = timedelta(minutes=10)
"""For how long one process has the learning of a workspace to itself."""

_ME = f"{os.getpid()}.{secrets.token_hex(4)}"

log = logging.getLogger("rabta.clock")


@dataclass
class Lesson:
    """What held of each deal when it began, and the words for it."""

    cases: list[Case] = field(default_factory=list)
    labels: dict[str, Said] = field(default_factory=dict)


def learn(run: Run, now: Callable[[], datetime]) -> int:
    """Learn in each workspace whose night it is; in how many something was. Not in the database's
    own thread: it takes seconds, of which ``run`` is held for moments."""
    learned = 0
    for space in run(lambda session: _spaces(session, now())):
        try:
            learned += _learn(run, space, now())
        except Exception:
            log.exception("how deals are won cannot be learned in workspace %s", space)
            in_space(run, space, _put_off, now() + AGAIN)
    return learned


def _spaces(session: Session, now: datetime) -> Sequence[int]:
    due = select(LeadModel.workspace_id).where(*NIGHT_DUE.by(now))
    with everywhere(session):
        return session.scalars(due.order_by(LeadModel.fit_at)).all()


def _put_off(session: Session, space: int, to: datetime) -> None:
    session.get_one(LeadModel, space, with_for_update=True).fit_at = to


def _learn(run: Run, space: int, now: datetime) -> int:
    """One workspace, where anything was decided since it was learned last."""
    if not in_space(run, space, _begin, now):
        return 0
    from rules.chances import learned

    lesson = Lesson()
    deals = in_space(run, space, decided)
    for at in range(0, len(deals), SLICE):
        in_space(run, space, _read, deals[at : at + SLICE], now, lesson)
    in_space(run, space, _write, lesson, learned(lesson.cases), now)
    return 1


def _begin(session: Session, space: int, now: datetime) -> bool:
    """Whether there is anything to learn, and nobody else is at it."""
    model = session.get_one(LeadModel, space, with_for_update=True)
    model.fit_at = next_at(time(NIGHT), session.get_one(Workspace, space).timezone, now)
    if not model.changes:
        return False
    if session.get_bind().dialect.name == "postgresql":
        return lease.take(session, f"scores:{space}", _ME, HELD)
    return True


def _read(
    session: Session, space: int, deals: Sequence[Decided], now: datetime, lesson: Lesson
) -> None:
    """What was known when each of these deals began."""
    from rules.chances import Case

    scale = scales(session, session.get_one(Workspace, space))
    for deal, one in pasts(session, space, deals, now):
        lead = lead_of(one, scale, deal.created_at)
        facts = facts_of(one, lead, scale.rules, deal.created_at)
        lesson.labels.update(facts)
        lesson.cases.append(Case(frozenset(facts), deal.won, deal.whose))


def _write(
    session: Session,
    space: int,
    lesson: Lesson,
    found: tuple[Chances, Trial] | None,
    now: datetime,
) -> None:
    model = session.get_one(LeadModel, space, with_for_update=True)
    was_used = model.used
    model.won = sum(case.won for case in lesson.cases)
    model.lost = len(lesson.cases) - model.won
    model.fitted_at, model.changes = now, 0
    model.learned = packed(*found, lesson.labels) if found else None
    model.used = bool(found and found[1].better)
    if model.used or was_used:
        model.number, model.sweep_from = model.number + 1, 0
    if session.get_bind().dialect.name == "postgresql":
        lease.give_back(session, f"scores:{space}", _ME)
