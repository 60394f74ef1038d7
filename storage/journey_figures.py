"""How many stand in each stage of the journey, how many moved, and where they get stuck."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.journey import STAGES, Stay, median, went_on
from storage.journey_kept import Journey, JourneyStay
from storage.people import Contact

YEAR = timedelta(days=365)
"""Where people get stuck is told of those who came into a stage within so long."""

FEWEST = 5
"""People of whom it is worth telling."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Of ``came`` people who came into a stage within a year: how many have gone on, and the
    median of the days which that took them (None where nobody has)."""

    came: int
    went_on: int
    days: float | None

    @property
    def share(self) -> float | None:
        return self.went_on / self.came if self.came else None


def standing(session: Session, workspace_id: int) -> dict[str, int]:
    """How many people stand in each stage now."""
    query = (
        select(Journey.stage, func.count(Journey.contact_id))
        .where(Journey.workspace_id == workspace_id, Journey.stage.is_not(None))
        .group_by(Journey.stage)
    )
    found = {str(stage): count for stage, count in session.execute(query)}
    return {stage: found.get(stage, 0) for stage in STAGES}


def moved(
    session: Session, workspace_id: int, begin: datetime, end: datetime
) -> dict[tuple[str | None, str], int]:
    """How often somebody moved from a stage to another (from None: came in) from ``begin`` on and
    before ``end``."""
    query = (
        select(JourneyStay.came_from, JourneyStay.stage, func.count(JourneyStay.id))
        .where(
            JourneyStay.workspace_id == workspace_id,
            JourneyStay.at >= begin, JourneyStay.at < end,
        )
        .group_by(JourneyStay.came_from, JourneyStay.stage)
    )  # fmt: skip
    return {(before, stage): count for before, stage, count in session.execute(query)}


def flows(session: Session, workspace_id: int, now: datetime) -> dict[str, Flow]:
    """Of each stage, of who came into it within a year."""
    query = select(
        JourneyStay.stage, JourneyStay.at, JourneyStay.left_at, JourneyStay.went_to
    ).where(
        JourneyStay.workspace_id == workspace_id,
        JourneyStay.at >= now - YEAR, JourneyStay.at <= now,
    )  # fmt: skip
    came: dict[str, int] = defaultdict(int)
    days: dict[str, list[float]] = defaultdict(list)
    for stage, at, left, to in session.execute(query):
        came[stage] += 1
        if left is not None and went_on(Stay(stage, at, None, left, to)):
            days[stage].append((left - at) / timedelta(days=1))
    return {
        stage: Flow(came[stage], len(days[stage]), median(days[stage]))
        for stage in STAGES
        if came[stage]
    }


def stuck(found: dict[str, Flow]) -> str | None:
    """The stage from which the fewest have gone on, of those before the first purchase."""
    told = [stage for stage in STAGES[:3] if stage in found and found[stage].came >= FEWEST]
    return min(told, key=lambda stage: found[stage].share or 0.0, default=None)


def who_stands(
    session: Session, workspace_id: int, stage: str, limit: int
) -> list[tuple[Contact, datetime]]:
    """Who stands in a stage, the latest to come first."""
    query = (
        select(Contact, Journey.since)
        .join(
            Journey,
            (Journey.workspace_id == Contact.workspace_id) & (Journey.contact_id == Contact.id),
        )
        .where(Contact.workspace_id == workspace_id, Journey.workspace_id == workspace_id)
        .where(Journey.stage == stage)
        .order_by(Journey.since.desc(), Journey.contact_id)
        .limit(limit)
    )
    return [(contact, since) for contact, since in session.execute(query) if since is not None]


def stays_of(session: Session, workspace_id: int, contact_id: int) -> list[JourneyStay]:
    """All stages that somebody stood in, in order."""
    query = select(JourneyStay).where(
        JourneyStay.workspace_id == workspace_id, JourneyStay.contact_id == contact_id
    )
    return list(session.scalars(query.order_by(JourneyStay.at, JourneyStay.id)))
