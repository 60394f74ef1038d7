"""Who uses Rabta for what, and which nudges were worth it: counts, never what somebody wrote."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.nudging import KINDS
from storage import queries
from storage.models import Nudge, Turn
from storage.types import Ids

TOLD = ("sent", "later", "along", "agenda")


@dataclass(frozen=True, slots=True)
class Use:
    """What a member asked for since a day: how often by the first word of the intent, and the
    last moment, of those days or before."""

    subjects: Mapping[str, int]
    last: datetime | None


def uses(session: Session, workspace_id: int, since: datetime) -> dict[int, Use]:
    """By member. Turns are found by their numbers, which are those of their moments."""
    first = max(0, int(since.timestamp() * 1000) - Ids.START) << 13
    intent = Turn.reading["actions"][0]["intent"].as_string()
    counts = (
        select(Turn.member_id, intent, func.count(), func.max(Turn.at))
        .where(Turn.workspace_id == workspace_id, Turn.id >= first, Turn.at >= since)
        .where(Turn.reading.is_not(None))
        .group_by(Turn.member_id, intent)
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    latest: dict[int, datetime] = {}
    for member, name, many, last in session.execute(counts):
        if not name or name == "none":
            continue
        found[member][name.partition(".")[0]] += many
        latest[member] = max(last, latest.get(member, last))
    return {member: Use(subjects, latest[member]) for member, subjects in found.items()}


def nudged(session: Session, workspace_id: int, since: date) -> dict[str, Counter[str]]:
    """What came of the nudges of each kind that the team got since a day: ``told`` and the
    answers (useful, acted, later, stop)."""
    members = [each.id for each in queries.members(session, workspace_id)]
    counts = (
        select(Nudge.kind, Nudge.answer, func.count())
        .where(Nudge.workspace_id == workspace_id, Nudge.member_id.in_(members))
        .where(Nudge.day >= since, Nudge.kind.in_(KINDS), Nudge.state.in_(TOLD))
        .group_by(Nudge.kind, Nudge.answer)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, answer, many in session.execute(counts):
        found[kind]["told"] += many
        if answer:
            found[kind][answer] += many
    return dict(found)
