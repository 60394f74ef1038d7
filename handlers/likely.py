"""Which of the things that a message may mean can be done here, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable

from handlers import who
from handlers.reply import Call
from handlers.turn import Turn
from language.action import Action
from language.folding import fold
from storage import queries
from storage.models import Company, Contact

MOST = 4
"""Readings that are offered at most."""

NEEDS_KNOWN = (
    "contact.show", "contact.update", "task.done", "task.snooze", "ticket.close", "recommend.show",
)  # fmt: skip
NEEDS_DEAL = ("deal.update", "deal.move", "deal.lose")


def doable(turn: Turn, readings: list[Call]) -> list[Call]:
    """Without what needs somebody, or an open deal, that there is not; where a deal is open,
    what becomes of it is likelier than another one. Showing alone is what one asks for by name."""
    found = [fit for each in readings if (fit := fitting(turn, each))]
    found.sort(key=lambda each: (each.intent == "contact.show", is_another_deal(turn, each)))
    return found[:MOST]


def is_known(turn: Turn, name: str) -> bool:
    return bool(who.called(turn, Contact, name) or who.called(turn, Company, name))


def of_known(turn: Turn, actions: Iterable[Action]) -> Call | None:
    """The first of these ways to read a message in which whoever is named is known, or nobody is
    named; None where there is none."""
    for action in actions:
        whom = action.slots.get("contact")
        if whom is None or is_known(turn, str(whom)):
            return Call(action.intent, dict(action.slots))
    return None


def is_only_named(turn: Turn, reading: Call) -> bool:
    """Whether the message is nothing but a name."""
    said = fold(turn.said).strip(" .,!?")
    return any(said == fold(name) for name in who.said_names(reading))


def fitting(turn: Turn, reading: Call) -> Call | None:
    """The reading as it can be done; None where it cannot."""
    names = who.said_names(reading)
    if reading.intent in NEEDS_KNOWN and not any(is_known(turn, name) for name in names):
        return None
    if reading.intent in NEEDS_DEAL and not _has_open_deal(turn, reading):
        return None
    if reading.intent == "deal.win" and not _has_open_deal(turn, reading):
        return Call("deal.add", {**reading.slots, "won": True})
    return reading


def _has_open_deal(turn: Turn, reading: Call) -> bool:
    if not who.said_names(reading):
        return turn.in_focus("deal") is not None
    people, companies = who.contacts_meant(turn, reading), who.companies_meant(turn, reading)
    found = queries.deals_of(
        turn.session, turn.workspace.id, [p.id for p in people], [c.id for c in companies]
    )
    return bool(found)


def is_another_deal(turn: Turn, reading: Call) -> bool:
    fresh = reading.intent == "deal.add" and not reading.slots.get("won")
    return fresh and _has_open_deal(turn, reading)
