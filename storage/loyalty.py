"""The tiers of a workspace: those it told, else the usual ones by what its customers buy."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.loyalty import ENOUGH, SHARES, Tier, place, ranked, usual
from storage import queries
from storage.habits import Habit
from storage.models import Outlook

SETTING = "tiers"
HABIT = "tiers"
LEARNED_ANEW = timedelta(days=1)


def told(session: Session, workspace_id: int) -> list[Tier]:
    """As the workspace told them, the best first; none where it did not."""
    chosen = queries.setting(session, workspace_id, SETTING)
    parts = chosen.value.split(";") if chosen and chosen.value else ()
    pairs = (part.rpartition("=") for part in parts)
    return ranked([Tier(key, int(least)) for key, _, least in pairs])


def put(session: Session, workspace_id: int, tiers: list[Tier]) -> None:
    """From now on; without any the usual ones hold again."""
    value = ";".join(f"{tier.key}={tier.least}" for tier in ranked(tiers))
    queries.put_setting(session, workspace_id, SETTING, value)


def tiers_of(
    session: Session, workspace_id: int, now: datetime, *, keep: bool = True
) -> list[Tier]:
    """The tiers that hold. The usual ones are looked up once a day, and kept, unless nothing may
    be."""
    own = told(session, workspace_id)
    if own:
        return own
    here = select(Habit).where(Habit.workspace_id == workspace_id, Habit.name == HABIT)
    row = session.scalars(here).first()
    if row is None or not timedelta() <= now - row.learned_at < LEARNED_ANEW:
        learned = _usual(session, workspace_id)
        if not learned or not keep:
            return learned
        if row is None:
            row = Habit(workspace_id=workspace_id, name=HABIT)
            session.add(row)
        row.learned = {"tiers": [[tier.key, tier.least] for tier in learned]}
        row.learned_at = now
        session.flush()
    return [Tier(key, least) for key, least in row.learned["tiers"]]


def _usual(session: Session, workspace_id: int) -> list[Tier]:
    """By those customers who stand at the limits: not all are read."""
    here = (Outlook.workspace_id == workspace_id, Outlook.year_minor > 0)
    many = session.scalar(select(func.count()).select_from(Outlook).where(*here)) or 0
    if many < ENOUGH:
        return []
    sums = select(Outlook.year_minor).where(*here).order_by(Outlook.year_minor.desc())
    found = {
        place(many, share): session.scalars(sums.offset(place(many, share) - 1).limit(1)).one()
        for _, share in SHARES
    }
    return usual([_at(found, n) for n in range(1, many + 1)])


def _at(found: dict[int, int | None], n: int) -> int:
    """What the n-th bought, as far as it matters: as much as the next one that is known."""
    return next((value or 0 for at, value in sorted(found.items()) if at >= n), 1)
