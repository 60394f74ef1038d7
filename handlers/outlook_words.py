"""What is expected of a customer, in words: why they are at risk, and what makes their value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

from handlers.customer import Customer
from handlers.reply import Button
from handlers.risk_nudges import MONTHLY, WEEKLY
from handlers.turn import Turn
from rules.lifetime import YEARS
from rules.money import Money, digits
from storage.contract_facts import contract_of
from storage.models import Outlook


def reasons(turn: Turn, row: Outlook) -> Iterator[str]:
    """Why a customer is at risk, the weightiest first."""
    for sign in row.evidence or ():
        yield reason(turn, sign)


def reason(turn: Turn, sign: dict[str, Any]) -> str:
    """One sign in a sentence."""
    told: dict[str, Any] = dict(sign["told"])
    key = f"risk_{sign['kind']}"
    if "day" in told:
        told["day"] = date.fromisoformat(told["day"])
    if "learned" in told:
        key += "" if told.pop("learned") else "_plain"
        told["percent"] = f"{told['percent']}%"
    if "pause" in told:
        told["silence"] = time_of(turn, (turn.today - told["day"]).days)
        told["every"] = every(turn, told["pause"])
        told["pause"] = time_of(turn, told["pause"])
        key += "" if told.pop("own") or sign["kind"] == "once" else "_pooled"
    for name in ("recent", "before"):
        if name in told:
            told[name] = about(turn, told[name])
    return turn.say(key, **told)


def rest(turn: Turn, row: Outlook) -> Iterator[str]:
    """How somebody stands who is not at risk."""
    facts = contract_of(row)
    if "ended" in facts:
        key = "risk_ended_because" if facts.get("reason") else "risk_ended"
        day = date.fromisoformat(facts["ended"])
        yield turn.say(key, day=day, reason=facts.get("reason") or "")
    elif "renews" in facts:
        yield turn.say("risk_renews", day=date.fromisoformat(facts["renews"]))
    if row.last_day is None:
        return
    silence = time_of(turn, max(0, (turn.today - row.last_day).days))
    if row.orders > 1 and row.pause_days:
        yield turn.say("silent_for", silence=silence, every=every(turn, row.pause_days))
    if row.state == "lost" and "ended" not in facts:
        yield turn.say("counts_as_lost")
    touched = (row.facts or {}).get("touched")
    if touched and row.state == "fine":
        yield turn.say("touched_on", day=date.fromisoformat(touched))


def every(turn: Turn, days: float) -> str:
    """``every 3 weeks``."""
    return _counted(turn, "every", days)


def time_of(turn: Turn, days: float) -> str:
    """``6 weeks``."""
    return _counted(turn, "time", days)


def _counted(turn: Turn, what: str, days: float) -> str:
    if days < WEEKLY:
        unit, n = "days", round(days)
    elif days < MONTHLY:
        unit, n = "weeks", round(days / 7)
    else:
        unit, n = "months", round(days / 30.44)
    return turn.piece(f"{what}_{unit}", n=max(n, 0 if what == "time" else 1))


def money_of(turn: Turn, minor: int) -> str:
    return turn.voice.money(Money(minor, turn.currency))


def about(turn: Turn, minor: int | None) -> str:
    """A sum that is foreseen: more digits than three would claim too much."""
    whole = 10 ** digits(turn.currency)
    told = (minor or 0) / whole
    if told:
        told = round(told, 2 - math.floor(math.log10(abs(told))))
    return money_of(turn, round(told) * whole if abs(told) >= 1 else 0)


def by_contract(turn: Turn, row: Outlook) -> Iterator[str]:
    """What of somebody's value comes by contract, and why as much."""
    contract = contract_of(row)
    if "ended" in contract:
        yield from rest(turn, row) if not row.orders else ()
    if not contract.get("year_minor") or "worth" not in contract:
        return
    if row.orders:
        key = "worth_part_by_contract" if row.value_minor is None else "worth_of_contract"
        yield turn.say(key, amount=about(turn, contract["worth"][1]), n=YEARS)
    if contract["due"]:
        key = "worth_renewals" if contract["learned"] else "worth_renewals_plain"
        comes = f"{1 - contract['ends']:.0%}"
        yield turn.say(key, n=contract["due"], years=YEARS, percent=comes)
    else:
        yield turn.say("worth_no_renewal", n=YEARS)


def ids_of(customer: Customer) -> dict[str, int | None]:
    row = customer.row
    return {"company": row.company_id or None, "contact": row.contact_id or None}


def how(turn: Turn, measure: str) -> Button:
    return turn.button("how_button", "stats.how", measure=measure)
