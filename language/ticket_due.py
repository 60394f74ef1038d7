"""By when a ticket is to be settled, told by hand: "ticket 3 is due friday 5pm"."""

from __future__ import annotations

from language.action import Action
from language.dates import read_moment
from language.sheet import Sheet
from language.templates import Place, likely, tell
from language.ticket_named import text_at, tickets_named

_HEADING = "ticket_due"
_OPENS = frozenset({"in", "within"})
"""Words that belong to a stretch of time where they stand before it: "in 2 hours"."""


def read_ticket_due(sheet: Sheet, *, here: bool = False) -> Action | None:
    """Such a wish, ``due`` in the words in which it was said; ``usual`` that what the team promises
    holds again. ``here``: said in a ticket's thread, where it need not name the ticket."""
    named = tickets_named(sheet)
    if not (named or here) or not likely(sheet, _HEADING, {"ref": list(named)}):
        return None
    days = _moments(sheet)
    for intent, slots in tell(sheet, _HEADING, {"ref": list(named), "due": days}):
        if "ref" not in slots and not here:
            continue
        said = {"due": text_at(sheet, slots["due"])} if "due" in slots else {"usual": True}
        return Action(intent, {**(named[slots["ref"]] if "ref" in slots else {}), **said})
    return None


def _moments(sheet: Sheet) -> list[Place]:
    """Where days and times stand, the longest at each place."""
    found = []
    for at in range(len(sheet.tokens)):
        when = read_moment(sheet, at)
        if when is None and sheet.key(at) in _OPENS and (more := read_moment(sheet, at + 1)):
            found.append((at, more.j))
        elif when is not None and when.moment is not None:
            found.append((at, when.j))
    return found
