"""A customer at risk is told to whoever's they are: once for one silence, one complaint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from rules.money import Money
from rules.nudging import Case, Offer, Told
from storage import queries
from storage.models import Member, Outlook, Workspace
from storage.raising import raise_nudge

WEEKLY, MONTHLY = 14, 70
"""Days from which on a pause is told in weeks, and in months."""


def tell_owner(session: Session, workspace: Workspace, row: Outlook, now: datetime) -> None:
    """Raise the nudge; the engine decides when it is told, if it still holds then."""
    owner = session.get(Member, (workspace.id, row.owner_id)) if row.owner_id else None
    if row.state != "risk" or not row.evidence or owner is None or not owner.active:
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
    whom = {"company": row.company_id} if row.company_id else {"contact": row.contact_id}
    yield Offer("log_call_button", "activity.log", {"kind": "call", **whom})
    yield Offer("new_task_button", "risk.task", whom)
