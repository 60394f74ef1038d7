"""A customer at risk, or whose order is late, is told to whoever's they are: once for one silence,
one complaint, one order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from rules.money import Money
from rules.nudging import Case, Offer, Told
from rules.risk import LATE
from storage import queries
from storage.models import Member, Outlook, Workspace
from storage.raising import raise_nudge

WEEKLY, MONTHLY = 14, 70
"""Days from which on a pause is told in weeks, and in months."""


def tell_owner(session: Session, workspace: Workspace, row: Outlook, now: datetime) -> None:
    """Raise the nudge; the engine decides when it is told, if it still holds then."""
    owner = _owner(session, row)
    if row.state != "risk" or not row.evidence or owner is None:
        return
    chosen = queries.setting(session, workspace.id, "currency")
    currency = chosen.value if chosen else workspace.currency
    raise_nudge(
        session,
        owner,
        now,
        kind="at_risk",
        subject=row.subject,
        occasion=_occasion(row, row.evidence[0]),
        case=Case(
            evidence=tuple(_told(sign, currency) for sign in row.evidence),
            offers=tuple(_offers(row)),
            minor=row.stake_minor,
        ),
    )


def tell_of_order(session: Session, row: Outlook, now: datetime) -> None:
    """Raise the nudge that an order is late: once, until the next one comes."""
    owner = _owner(session, row)
    if owner is None or row.last_day is None or row.pause_days is None:
        return
    unit, n = _in_units(round(row.pause_days))
    raise_nudge(
        session,
        owner,
        now,
        kind="next_order",
        subject=row.subject,
        occasion=row.last_day.isoformat(),
        case=Case(
            evidence=(Told(f"because_late_order_{unit}", {"n": n, "day": row.last_day}),),
            offers=(_call(row), Offer("what_to_offer_button", "recommend.show", _whom(row))),
            minor=row.average_minor,
            chance=LATE,
        ),
    )


def _owner(session: Session, row: Outlook) -> Member | None:
    owner = session.get(Member, (row.workspace_id, row.owner_id)) if row.owner_id else None
    return owner if owner is not None and owner.active else None


def _occasion(row: Outlook, sign: dict[str, Any]) -> str:
    """The same as long as it is the same thing: a silence goes on until the next order."""
    told = sign["told"]
    since = told.get("day") or (row.last_day.isoformat() if row.last_day else "")
    return f"{sign['kind']} {since}".replace("once ", "silent ")


def _told(sign: dict[str, Any], currency: str) -> Told:
    told: dict[str, Any] = dict(sign["told"])
    key = f"risk_{sign['kind']}"
    if "day" in told:
        told["day"] = date.fromisoformat(told["day"])
    for name in ("recent", "before"):
        if name in told:
            told[name] = Money(told[name], currency)
    if "learned" in told:
        key += "" if told.pop("learned") else "_plain"
        told["percent"] = f"{told['percent']}%"
    if "pause" in told:
        unit, n = _in_units(told["pause"])
        pooled = "" if told["own"] or sign["kind"] == "once" else "_pooled"
        return Told(f"because_{key}{pooled}_{unit}", {"n": n, "day": told["day"]})
    return Told(key, told)


def _in_units(days: int) -> tuple[str, int]:
    if days < WEEKLY:
        return "days", max(1, days)
    return ("weeks", round(days / 7)) if days < MONTHLY else ("months", round(days / 30.44))


def _offers(row: Outlook) -> Iterator[Offer]:
    yield _call(row)
    yield Offer("new_task_button", "risk.task", _whom(row))


def _call(row: Outlook) -> Offer:
    return Offer("log_call_button", "activity.log", {"kind": "call", **_whom(row)})


def _whom(row: Outlook) -> dict[str, int]:
    return {"company": row.company_id} if row.company_id else {"contact": row.contact_id}
