"""Leads scored when something of them changed, or time alone changes their score; all of them, some
at a time, when the rules have changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from handlers.scoring import score_these
from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_by_space
from storage.models import LeadModel, LeadScore, Workspace
from storage.scope import everywhere, within
from storage.scores import mark_swept

BATCH = 40
"""People scored in one transaction: between two of them, messages are answered."""

DUE = Due(LeadScore.next_check_at)

_SWEPT = (
    LeadModel.workspace_id.in_(select(Workspace.id).scalar_subquery()),
    LeadModel.sweep_from.is_not(None),
)


def is_due(now: Any) -> ColumnElement[bool]:
    return or_(DUE(now), select(LeadModel.workspace_id).where(*_SWEPT).exists())


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Score people who are due, else some of those whose rules have changed; how many."""
    del draw
    return _due(session, now) or _sweep(session, now)


def _due(session: Session, now: datetime) -> int:
    found = due_by_space(session, DUE, LeadScore.contact_id, now, BATCH)
    return sum(_score(session, space, ids, now) for space, ids in found.items())


def _sweep(session: Session, now: datetime) -> int:
    """Mark some people of a workspace whose rules have changed, and score the first of them."""
    with everywhere(session):
        space = session.scalars(select(LeadModel.workspace_id).where(*_SWEPT).limit(1)).first()
    if space is None:
        return 0
    with within(session, space):
        marked = mark_swept(session, space)
    return _due(session, now) if marked else 0


def _score(session: Session, space: int, ids: list[int], now: datetime) -> int:
    with within(session, space):
        return score_these(session, session.get_one(Workspace, space), ids, now)
