"""Tickets: opened in a channel or alone, answered in their thread, warned of, closed, reopened."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from tests.year.cast import SLACK, TONGUE
from tests.year.doors import Seen
from tests.year.firm import Firm
from tests.year.hours import MINUTE, after
from tests.year.ledger import ALLOWED, Ticket
from tests.year.words import ALONE, PRIORITIES, REPLACED


def ticket(firm: Firm) -> None:
    """Somebody complains; what becomes of it is put into the diary."""
    customer = firm.some(lambda each: each.bought) or firm.some()
    if customer is None:
        return
    turn = len(firm.ledger.tickets)
    by, dice = list(TONGUE)[turn % 4], firm.dice
    priority = list(ALLOWED)[dice.randrange(4)]
    line = firm.phrase(by, "ticket", customer.name, priority=PRIORITIES[priority][TONGUE[by]])
    place = firm.doors.sales if by in SLACK and dice.random() < 0.7 else None
    seen = firm.doors.says(by, f"@Rabta {line}" if place else line, where=place)
    opened = Ticket(turn + 1, by, priority, firm.now, root=seen.message)
    firm.ledger.tickets.append(opened)
    _is_watched(firm, opened)
    allowed = ALLOWED[priority]
    if dice.random() < 0.6:
        _then(firm, opened, dice.randrange(5, allowed // 3), "comment")
    gone = 0
    if turn % 4 == 1:
        gone = dice.randrange(allowed // 3, allowed // 2)
        _then(firm, opened, gone, "wait")
        gone += dice.randrange(30, 600)
        _then(firm, opened, gone, "goes on")
    share = dice.uniform(0.15, 0.7) if dice.random() < 0.5 else dice.uniform(0.8, 1.6)
    gone = max(gone + 5, int(gone + allowed * share))
    _then(firm, opened, gone, "resolve")
    if turn % 5 == 2:
        _then(firm, opened, gone + dice.randrange(60, 900), "reopen")
        _then(firm, opened, gone + 900 + dice.randrange(30, allowed), "resolve")


def _then(firm: Firm, opened: Ticket, minutes: int, what: str) -> None:
    firm.at(after(firm.now, minutes) + MINUTE, partial(_step, firm, opened, what))


ONLY_WHEN = {"resolve": ("open", "waiting"), "wait": ("open",), "goes on": ("waiting",),
             "reopen": ("resolved",)}  # fmt: skip


def _step(firm: Firm, opened: Ticket, what: str) -> None:
    if opened.stands not in ONLY_WHEN.get(what, ("open", "waiting", "resolved")):
        return  # a tap under a warning came before
    by = opened.owner
    in_thread = by in SLACK and opened.root.channel is firm.doors.sales
    if what == "comment" and in_thread:
        firm.doors.remarks(by, REPLACED["en"], firm.doors.sales, opened.root)
    elif what == "comment" and by not in SLACK:
        firm.doors.says(by, REPLACED[TONGUE[by]], to=opened.root)
    elif what == "resolve" and (in_thread or by not in SLACK):
        where = firm.doors.sales if in_thread else None
        is_resolved(
            firm, opened, firm.doors.says(by, ALONE[TONGUE[by]], where=where, to=opened.root)
        )
        return
    else:
        seen = firm.doors.says(by, firm.phrase(by, what, n=opened.number))
        if what == "resolve":
            is_resolved(firm, opened, seen)
            return
    opened.events.append((firm.now, what))
    if what in ("goes on", "reopen"):
        _is_watched(firm, opened)


def is_resolved(firm: Firm, opened: Ticket, seen: Seen) -> None:
    """Often they know how happy the customer is, and tap it."""
    opened.events.append((firm.now, "resolve"))
    if "1" in seen.buttons and firm.dice.random() < 0.7:
        score = firm.dice.choice((1, 2, 3, 4, 4, 5, 5))
        firm.doors.taps(opened.owner, str(score), seen)
        opened.scores.append((firm.now, score))


def _is_watched(firm: Firm, opened: Ticket) -> None:
    """The clock is looked at when by our own reckoning three quarters, and all, of its time are
    over: whoever is to be warned must hear of it then, and not before."""
    steps = opened.steps

    def comes(kind: str, at: datetime) -> None:
        if opened.steps_before(at) == steps:
            for who in {opened.owner, "Ayesha"} if kind == "late" else {opened.owner}:
                firm.ledger.to_warn[opened.number, kind, who].append(at)

    for kind, share in (("due", 0.75), ("late", 1.0)):
        left = opened.left(firm.now, share)
        if left > 0:
            at = after(firm.now, left)
            firm.at(at + MINUTE, partial(comes, kind, at))
