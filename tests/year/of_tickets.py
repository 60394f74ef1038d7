"""Tickets: warned of in time, opened, closed, late, first answers, how happy customers are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from statistics import fmean

from tests.year.cast import TONGUE
from tests.year.firm import Firm
from tests.year.hours import MINUTE, spans
from tests.year.ledger import ALLOWED, Ticket
from tests.year.told import Number, asks, line_of, numbers


def compared(firm: Firm) -> Iterator[Number]:
    expected = firm.ledger.to_warn
    told_of, meant = (
        {key: len(all_) for key, all_ in of.items()} for of in (firm.warned, expected)
    )
    yield Number("tickets warned of", told_of, meant)
    came = {
        key: [f"{each:%d %b %H:%M}" for each in firm.warned[key]]
        for key, moments in expected.items()
        if not all(map(_on_time, firm.warned[key], moments))
    }
    yield Number("tickets not warned of in time", came, {
        key: [f"{each:%d %b %H:%M}" for each in expected[key]] for key in came
    })  # fmt: skip
    told = asks(firm.doors, "tickets this year")
    for name, counted in figures(firm, firm.ledger.tickets).items():
        yield Number(f"tickets, {name}", line_of(told, name).partition(": ")[2], counted)
    told = asks(firm.doors, "tickets by owner this year")
    for owner in TONGUE:
        mine = [each for each in firm.ledger.tickets if each.owner == owner]
        sums = [len(mine), len(_settled(mine)), _late(firm, mine)]
        yield Number(f"tickets of {owner}", numbers(line_of(told, owner))[:3], sums)


def figures(firm: Firm, tickets: list[Ticket]) -> dict[str, str]:
    """Of those opened this year; nobody closes one that was not."""
    done = _settled(tickets)
    took = [sum(t for t, over in each.rounds(firm.now) if over) for each in done]
    answers = [each.first_answer for each in tickets if each.first_answer is not None]
    scores = [score for each in tickets for _, score in each.scores[-1:]]
    many = "one answer" if len(scores) == 1 else f"{len(scores)} answers"
    return {
        "Opened": str(len(tickets)),
        "Resolved": str(len(done)),
        "Open now": str(len(tickets) - len(done)),
        "Late": f"{_late(firm, tickets)} of {len(tickets)}",
        "First answer": spans(answers),
        "Time to resolve": spans(took),
        "Satisfaction": f"{fmean(scores):.1f} of 5, from {many}" if scores else "—",
    }


def _settled(tickets: list[Ticket]) -> list[Ticket]:
    return [each for each in tickets if each.stands == "resolved"]


def _late(firm: Firm, tickets: list[Ticket]) -> int:
    return sum(
        any(took > ALLOWED[each.priority] for took, _ in each.rounds(firm.now)) for each in tickets
    )


def _on_time(came: datetime, due: datetime) -> bool:
    """The clock is looked at in the minute after it, or once those before have had their say."""
    return due <= came <= due + 3 * MINUTE
