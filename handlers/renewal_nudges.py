"""What a renewal that comes up says and offers."""

from __future__ import annotations

from datetime import date

from handlers.turn import Turn
from rules.contracts import Curve
from rules.money import Money
from rules.nudging import Case, Offer, Told
from storage.models import Contract
from storage.rates import Rates
from storage.renewals import hazard_of


def renewal_case(turn: Turn, row: Contract) -> Case:
    """When it renews and for how much, how many of such are not renewed, and what can be done."""
    curve = hazard_of(turn.session, turn.workspace.id).of(row.months)
    nth = row.renewals + 1
    whom = {"company": row.company_id} if row.company_id else {"contact": row.contact_id}
    return Case(
        evidence=(_when(row, turn.today), _chance(curve, nth)),
        offers=(
            Offer("renewed_button", "contract.renew", {"contract": row.id}),
            Offer("log_call_button", "activity.log", {"kind": "call", **whom}),
            Offer("cancelled_button", "contract.cancel", {"contract": row.id}),
        ),
        minor=_year(turn, row, turn.today),
        chance=curve.at(nth),
    )


def _when(row: Contract, today: date) -> Told:
    key = "because_renewal" if row.renews_on >= today else "because_renewal_past"
    if row.amount is None:
        return Told(f"{key}_bare", {"day": row.renews_on})
    return Told(key, {"amount": row.amount, "day": row.renews_on})


def _chance(curve: Curve, nth: int) -> Told:
    percent = f"{curve.at(nth):.0%}"
    if curve.plain:
        return Told("chance_plain", {"percent": percent})
    told = {"percent": percent, "nth": nth, "n": curve.seen, "lost": curve.lost}
    return Told("chance_learned", told)


def _year(turn: Turn, row: Contract, today: date) -> int:
    money = Money(row.year_minor, row.currency or turn.currency)
    if money.currency == turn.currency:
        return money.minor
    rates = Rates(turn.session, turn.workspace.id)
    return round(rates.worth(money.minor, money.currency, turn.currency, today) or 0)
