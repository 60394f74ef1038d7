"""Nudges are raised here, by whatever tick or turn finds that somebody should hear of something.

Raising tells nobody: ``scheduler.nudging`` decides, of all that is due for a member, what may
interrupt them, what waits for their agenda, and what is over by then.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.money import Money
from rules.nudging import KINDS, Case, Offer, Told
from storage.talk import Nudge
from storage.team import Member


def raise_nudge(
    session: Session,
    owner: Member,
    now: datetime,
    *,
    kind: str,
    subject: str,
    occasion: str,
    case: Case,
    due_at: datetime | None = None,
) -> Nudge | None:
    """Let somebody hear of something, once: the one row of this (kind, subject, occasion).

    ``owner`` is whose customer, deal or goal it is; who stands in for them hears of it instead.
    ``kind`` is one of ``rules.nudging.KINDS``, ``subject`` a record ("company:12", "deal:7"),
    ``occasion`` the same as long as it is the same thing: the day of the last order, the year of a
    birthday. ``due_at``: not before then; a good moment (the member's day and working days, no
    quiet hours) is found by the engine. What was raised and is not told yet takes on the new case.

    Gives None where they were told of it before, or where it is over. Writes in the session's
    transaction, so it may be called again after a kill.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    known = select(Nudge).where(
        Nudge.workspace_id == owner.workspace_id,
        Nudge.member_id == owner.id,
        Nudge.kind == kind,
        Nudge.subject == subject,
        Nudge.occasion == occasion,
    )
    row = session.scalars(known).first()
    if row is not None and row.state not in ("due", "waiting"):
        return None
    if row is None:
        row = Nudge(
            workspace_id=owner.workspace_id,
            member_id=owner.id,
            kind=kind,
            subject=subject,
            occasion=occasion,
            day=now.astimezone(ZoneInfo(owner.zone)).date(),
            raised_at=now,
            state="due",
            due_at=due_at or now,
        )
        session.add(row)
    put_case(row, case)
    return row


def put_case(row: Nudge, case: Case) -> None:
    """What it tells, and what it is worth before a member's own answers are known."""
    row.about = {
        "told": [[each.key, _packed(each.values)] for each in case.evidence],
        "offers": [[each.label, each.intent, dict(each.slots)] for each in case.offers],
    }
    row.worth = round(case.minor * case.chance)


def case_of(row: Nudge) -> Case:
    """As it was put; what it is worth is one sum by then."""
    about = row.about or {}
    return Case(
        tuple(Told(key, _unpacked(values)) for key, values in about.get("told", ())),
        tuple(Offer(*each) for each in about.get("offers", ())),
        row.worth,
    )


def _packed(values: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    match value:
        case Money():
            return {"money": [value.minor, value.currency]}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
    return value


def _unpacked(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _whole(value) for name, value in values.items()}


def _whole(value: Any) -> Any:
    match value:
        case {"money": [minor, currency]}:
            return Money(minor, currency)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case {"day": day}:
            return date.fromisoformat(day)
    return value
