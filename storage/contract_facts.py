"""What is kept of a customer's contracts beside their orders, and how probably they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from rules.contracts import AHEAD, MONTH, SHORT, later, notice_days
from storage import queries
from storage.models import Contract, Outlook, Workspace
from storage.purchases import Customer
from storage.rates import Rates
from storage.renewals import contracts_with, hazard_of, notice_of

Facts = dict[str, Any]


def read(session: Session, workspace: Workspace, row: Outlook, now: datetime) -> Facts | None:
    """Of the contract that renews next, what all that run come to in a year, and when the last one
    was cancelled where none runs; None where there never was one."""
    customer = (
        Customer("company", row.company_id)
        if row.company_id
        else Customer("contact", row.contact_id)
    )
    there = contracts_with(session, workspace.id, customer)
    if not there:
        return None
    running = [each for each in there if each.is_running]
    if not running:
        last = max(there, key=lambda each: each.ended_on or date.min)
        ended = last.ended_on or last.renews_on
        return {"ended": ended.isoformat(), "since": ended.isoformat(), "reason": last.reason}
    zone = ZoneInfo(workspace.timezone)
    first = running[0]
    return {
        "renews": first.renews_on.isoformat(),
        "months": first.months,
        "nth": first.renewals + 1,
        "since": _since(first, zone).isoformat(),
        "year_minor": _worth(session, workspace, running, now.astimezone(zone).date()),
        "notice": notice_days(first.months, notice_of(session, workspace.id)),
    }


def _since(row: Contract, zone: ZoneInfo) -> date:
    """When its term began, if that is known; not before it was told of."""
    told = row.created_at.astimezone(zone).date()
    return max(told, later(row.renews_on, -row.months)) if row.renewals else row.began_on or told


def _worth(session: Session, workspace: Workspace, rows: Sequence[Contract], today: date) -> int:
    """What contracts come to in a year, in the workspace's currency; what no rate is known for is
    left out."""
    chosen = queries.setting(session, workspace.id, "currency")
    currency, rates, total = chosen.value if chosen else workspace.currency, None, 0
    for row in rows:
        if row.currency in (None, currency):
            total += row.year_minor
            continue
        rates = rates or Rates(session, workspace.id)
        worth = rates.worth(row.year_minor, row.currency or currency, currency, today)
        total += round(worth or 0)
    return total


def foresee(session: Session, space: int, rows: Sequence[Outlook], today: date) -> None:
    """How probably each contract ends soon, and what goes with it."""
    bound = [row for row in rows if (_of(row) or {}).get("renews")]
    known = hazard_of(session, space) if bound else None
    for row in bound:
        facts = dict(_of(row) or {})
        curve = known.of(facts["months"]) if known else None
        renews = date.fromisoformat(facts["renews"])
        if curve is None:
            continue
        chance = curve.within(facts["nth"], renews, facts["months"], today)
        facts |= {"may_end": round(chance, 4), "learned": not curve.plain}
        row.facts = {**(row.facts or {}), "contract": facts}
        row.stake_minor = max(row.stake_minor, round(facts["year_minor"] * chance))


def known(row: Outlook) -> Facts:
    """As ``rules.risk.Known`` takes it."""
    facts = _of(row) or {}
    if "ended" in facts:
        return {"ended": date.fromisoformat(facts["ended"])}
    if "renews" not in facts:
        return {}
    renews = date.fromisoformat(facts["renews"])
    return {
        "renews": renews,
        "notice": facts["notice"] // 2 if facts["months"] >= SHORT else None,
        "may_end": facts.get("may_end"),
        "nth": facts["nth"],
        "ends_from": _ends_from(facts, renews),
        "learned": bool(facts.get("learned")),
    }


def _ends_from(facts: Facts, renews: date) -> date:
    return max(renews - timedelta(days=AHEAD), date.fromisoformat(facts["since"]))


def next_look(row: Outlook, today: date) -> date | None:
    """The day on which its next renewal comes near enough, or has gone by."""
    facts = _of(row) or {}
    if "renews" not in facts:
        return None
    renews = date.fromisoformat(facts["renews"])
    days = (renews - timedelta(days=AHEAD), renews + timedelta(days=1))
    return min((day for day in days if day > today), default=None)


def pause(row: Outlook) -> float:
    """Days: how seldom somebody without a rhythm of orders need be spoken with."""
    facts = _of(row) or {}
    return float(facts.get("months", 1) * MONTH)


def since(row: Outlook) -> date | None:
    facts = _of(row)
    return date.fromisoformat(facts["since"]) if facts else None


def _of(row: Outlook) -> Facts | None:
    found: Facts | None = (row.facts or {}).get("contract")
    return found
