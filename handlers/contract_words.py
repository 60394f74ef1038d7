"""A contract in words: its card, its line, how probably it is renewed."""

from __future__ import annotations

from handlers.reply import Fields, Line, Part
from handlers.turn import Turn
from rules.contracts import Curve
from storage.models import Contract
from storage.renewals import hazard_of

TERMS = {1: "term_month", 3: "term_quarter", 6: "term_half", 12: "term_year"}


def term(turn: Turn, months: int) -> str:
    """``a year``, ``a month``, ``every 18 months``."""
    key = TERMS.get(months)
    if key:
        return turn.piece(key)
    if months % 12 == 0:
        return turn.piece("term_years", n=months // 12)
    return turn.piece("term_months", n=months)


def worth(turn: Turn, row: Contract) -> str:
    """``Rs 12 lakh a year``; the term alone where nobody said a sum."""
    amount = turn.voice.money(row.amount) if row.amount else turn.say("contract_no_sum")
    return turn.piece("amount_a_term", amount=amount, term=term(turn, row.months))


def renewal(turn: Turn, row: Contract) -> str:
    """When it renews, was to renew, or was cancelled."""
    if not row.is_running:
        return turn.piece("contract_ended_on", day=row.ended_on or row.renews_on)
    key = "contract_renews_on" if row.renews_on >= turn.today else "contract_was_due"
    return turn.piece(key, day=row.renews_on)


def line(turn: Turn, row: Contract, *, named: bool = False) -> str:
    """``Nishat Mills, Rs 12 lakh a year, renews Monday 1 Mar``."""
    turn.shows(row)
    name = row.buyer if named else None
    told = turn.voice.beside(name, row.title, worth(turn, row), renewal(turn, row))
    return turn.voice.told(str(told))


def card(turn: Turn, row: Contract, *, chance: bool = False) -> list[Part]:
    """What was agreed, as labelled values; ``chance``: and how probably it is renewed."""
    turn.shows(row)
    rows = [
        ("contact", row.contact.name if row.contact and row.company else None),
        ("contract_title", row.title),
        ("amount", worth(turn, row)),
        ("renewal", _renewal_day(turn, row)),
        ("began", turn.voice.day(row.began_on) if row.began_on else None),
        ("renewals", turn.say("n_times", n=row.renewals) if row.renewals else None),
        ("reason", row.reason if not row.is_running else None),
    ]
    told = tuple((turn.say(f"field_{name}"), value) for name, value in rows if value)
    parts: list[Part] = [Fields(told)]
    if chance and row.is_running:
        curve = hazard_of(turn.session, turn.workspace.id).of(row.months)
        parts.append(Line(chance_said(turn, curve, row.renewals + 1), quiet=True))
    return parts


def _renewal_day(turn: Turn, row: Contract) -> str:
    coming = row.is_running and row.renews_on >= turn.today
    return turn.voice.day(row.renews_on) if coming else renewal(turn, row)


def chance_said(turn: Turn, curve: Curve, nth: int) -> str:
    """How many of those like it are not renewed, and by what that is known."""
    percent = f"{curve.at(nth):.0%}"
    if curve.plain:
        return turn.say("chance_plain", percent=percent)
    return turn.say("chance_learned", percent=percent, nth=nth, n=curve.seen, lost=curve.lost)
