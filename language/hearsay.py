"""Clauses that ask for nothing: somebody else's words, and mere politeness; and those that
ask only to be reminded."""

from __future__ import annotations

from language.clauses import Clause
from language.spotting import Scene

_HEARSAY = {"task.add", "activity.log", "deal.add", "ticket.open", "deal.move", "order.add",
            "contact.find", "contact.show", "deal.lose", "deal.win", "contact.update",
            "recommend.show", "stats.show"}  # fmt: skip
IDLE = {"chat", "greet"}
_SHORT = 5  # tokens of a clause that can be mere politeness


def polite(scene: Scene, clause: Clause) -> bool:
    """Mere thanks or greetings, which are no part of what is told; "no budget" is."""
    if clause.j - clause.i >= _SHORT or "greet" not in clause.shows or "who" in clause.shows:
        return False
    told = scene.sheet.has(clause.i, "not") and not all(
        scene.sheet.has(at, "greet", *IDLE) for at in range(clause.i, clause.j)
    )
    return not told


def hearsay(clause: Clause, intent: str) -> bool:
    """Somebody else speaks or acts here."""
    if clause.shows & {"says", "wants"} and intent == "task.add":
        return "remind" not in clause.shows
    if "says" in clause.shows and intent in {"activity.log", "deal.add"}:
        return not clause.shows & {"call_past", "meeting_past"}
    if intent == "order.add" and {"ordered", "quantity"} <= clause.shows:
        return False  # "she ordered 40 looms"
    if intent == "recommend.show" and "show" in clause.shows:
        return False  # "ye bhi batao usko kya bech sakte hain"
    return "they" in clause.opens and "them" not in clause.opens and intent in _HEARSAY


def reminds_only(clause: Clause) -> bool:
    """Whether a clause only asks to be reminded, of what the one before it says."""
    told = {"who", "when", "todo", "goods", "call", "meeting"}
    return {"remind", "brief"} <= clause.shows and clause.shows.isdisjoint(told)
