"""What is kept of a customer's contracts beside their orders, and how probably they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from operator import add
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from rules.contracts import AHEAD, MONTH, SHORT, Hazard, later, notice_days
from rules.lifetime import of_contract, together
from rules.risk import MAY_END
from storage import queries
from storage.models import Contract, Outlook, Workspace
from storage.purchases import Customer
from storage.rates import Rates
from storage.renewals import contracts_with, hazard_of, notice_of

Facts = dict[str, Any]

_ONE = ("renews", "months", "nth", "since", "year_minor", "notice")
"""What is kept of each contract that runs."""


def read(session: Session, workspace: Workspace, row: Outlook, now: datetime) -> Facts | None:
    """Of each contract that runs, the one that renews next first of all, and what they come to in a
    year; when the last one was cancelled where none runs; None where there never was one."""
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
    notice = notice_of(session, workspace.id)
    sums = _worth(session, workspace, running, now.astimezone(zone).date())
    each = [
        {
            "renews": row.renews_on.isoformat(),
            "months": row.months,
            "nth": row.renewals + 1,
            "since": _since(row, zone).isoformat(),
            "year_minor": year,
            "notice": notice_days(row.months, notice),
        }
        for row, year in zip(running, sums, strict=True)
    ]
    return {**each[0], "year_minor": sum(sums), "each": each}


def _since(row: Contract, zone: ZoneInfo) -> date:
    """When its term began, if that is known; not before it was told of."""
    told = row.created_at.astimezone(zone).date()
    return max(told, later(row.renews_on, -row.months)) if row.renewals else row.began_on or told


def _worth(
    session: Session, workspace: Workspace, rows: Sequence[Contract], today: date
) -> list[int]:
    """What each contract comes to in a year, in the workspace's currency; nothing where no rate is
    known."""
    chosen = queries.setting(session, workspace.id, "currency")
    currency, rates, found = chosen.value if chosen else workspace.currency, None, []
    for row in rows:
        if row.currency in (None, currency):
            found.append(row.year_minor)
            continue
        rates = rates or Rates(session, workspace.id)
        worth = rates.worth(row.year_minor, row.currency or currency, currency, today)
        found.append(round(worth or 0))
    return found


def foresee(session: Session, space: int, rows: Sequence[Outlook], today: date) -> None:
    """How probably each contract ends soon, what goes with it, and what all of them will bring."""
    bound = [row for row in rows if contract_of(row).get("renews")]
    if bound:
        known = hazard_of(session, space)
        for row in bound:
            _foresee(row, known, today)
    for row in rows:
        if not row.orders and "ended" in contract_of(row):
            row.value_low = row.value_minor = row.value_high = 0


def _foresee(row: Outlook, known: Hazard, today: date) -> None:
    facts = dict(contract_of(row))
    each = [_ahead(one, known, today) for one in facts.get("each") or (facts,)]
    ahead = together(
        of_contract(
            known.of(one["months"]), one["nth"], date.fromisoformat(one["renews"]), one["months"],
            one["year_minor"], today,
        )
        for one in each
    )  # fmt: skip
    stake = sum(one["year_minor"] * max(one["may_end"], one["ends"]) for one in each)
    row.stake_minor = max(row.stake_minor, round(stake))
    worth = [round(value) for value in (ahead.low, ahead.middle, ahead.high)]
    telling = max(each, key=_telling)
    facts |= {**telling, "year_minor": facts["year_minor"], "each": each}
    facts |= {"worth": worth, "due": ahead.renewals}
    row.facts = {**(row.facts or {}), "contract": facts}
    if not facts["year_minor"] or (row.orders and row.value_minor is None):
        return
    orders = (row.value_low or 0, row.value_minor or 0, row.value_high or 0)
    row.value_low, row.value_minor, row.value_high = map(add, orders, worth)


def _ahead(one: Facts, known: Hazard, today: date) -> Facts:
    """A contract with the chance that it ends soon, and at its next renewal."""
    curve = known.of(one["months"])
    chance = curve.within(one["nth"], date.fromisoformat(one["renews"]), one["months"], today)
    return {
        **{name: one[name] for name in _ONE},
        "may_end": round(chance, 4),
        "ends": round(curve.at(one["nth"]), 4),
        "learned": not curve.plain,
    }


def _telling(one: Facts) -> tuple[float, bool, int]:
    """Of several contracts it is told of the one that may end, else of one that is to be spoken of,
    the soonest first."""
    may_end = one["may_end"] if one["may_end"] >= MAY_END else 0.0
    return may_end, one["months"] >= SHORT, -date.fromisoformat(one["renews"]).toordinal()


def known(row: Outlook) -> Facts:
    """As ``rules.risk.Known`` takes it."""
    facts = contract_of(row)
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
    """The day on which a renewal comes near enough, or has gone by."""
    facts = contract_of(row)
    if "renews" not in facts:
        return None
    coming = []
    for one in facts.get("each") or (facts,):
        renews = date.fromisoformat(one["renews"])
        told = timedelta(days=one["notice"] // 2 if one["months"] >= SHORT else 0)
        coming += [renews - timedelta(days=AHEAD), renews - told, renews + timedelta(days=1)]
    return min((day for day in coming if day > today), default=None)


def pause(row: Outlook) -> float:
    """Days: how seldom somebody without a rhythm of orders need be spoken with."""
    facts = contract_of(row)
    return float(facts.get("months", 1) * MONTH)


def since(row: Outlook) -> date | None:
    facts = contract_of(row)
    return date.fromisoformat(facts["since"]) if facts else None


def contract_of(row: Outlook) -> Facts:
    """What is known of a customer's contracts, as ``read`` and ``foresee`` give it; nothing of
    whoever never had one."""
    found: Facts = (row.facts or {}).get("contract") or {}
    return found
