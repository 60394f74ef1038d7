"""What to do next for one customer: what is most pressing of all that is known of them."""

from __future__ import annotations

from dataclasses import dataclass

SILENT = 7
"""Days without a word after which an open deal wants one."""

GOOD_SCORE = 50
"""From this score on a lead is worth a call of its own."""

QUIET = 60
"""Days without a word after which anybody is worth one."""

FRESH = 2
"""Days for which nothing more is wanted of somebody who was just talked to."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How a customer stands. Days are whole; None where there is nothing of the kind."""

    late_ticket: bool = False
    open_ticket: bool = False
    unhappy: bool = False
    task_due: bool = False
    in_sequence: bool = False
    deal: bool = False
    deal_has_step: bool = False
    at_risk: bool = False
    lapsed: bool = False
    bought: bool = False
    offer: bool = False
    score: int | None = None
    silent: int | None = None


def ranked(facts: Facts) -> list[str]:
    """What may be done, the most pressing first; there is always something.

    What went wrong comes before all else, then what was promised, then what is in hand; whoever is
    led through a sequence is not written to beside it; a new offer comes only after these, and not
    to whoever was just talked to.
    """
    silent = facts.silent
    lately = silent is not None and silent <= FRESH
    holds = {
        "late_ticket": facts.late_ticket,
        "unhappy": facts.unhappy,
        "open_ticket": facts.open_ticket and not facts.late_ticket,
        "by_task": facts.task_due,
        "deal_silent": facts.deal and (silent is None or silent >= SILENT),
        "deal_step": facts.deal and not facts.deal_has_step,
        "sequence": facts.in_sequence,
        "risk": facts.at_risk,
        "lapsed": facts.lapsed,
        "offer": facts.offer and not lately,
        "lead": (facts.score or 0) >= GOOD_SCORE and not (facts.deal or lately),
        "today": silent == 0,
        "lately": lately and silent != 0,
        "first": silent is None and not facts.bought,
        "quiet": silent is not None and silent >= QUIET,
        "keep": True,
    }
    return [name for name, held in holds.items() if held]
