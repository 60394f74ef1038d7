"""Messages: a campaign against those held out, what ended the sequences, nudges called useful."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from tests.year.firm import Firm
from tests.year.hours import DAY, day_of
from tests.year.ledger import Customer, within
from tests.year.told import Number, asks, line_of, number_of, numbers

ENDED = {
    "answered": "answered", "wrote": "answered", "bought": "bought", "won": "bought",
    "opted_out": "opted out", "clicked": "opted out", "stopped": "opted out",
    "taken_over": "taken over by a colleague", "by_hand": "taken out by hand",
    "through": "went through to the end",
}  # fmt: skip
"""What becomes of somebody, and how Rabta calls it."""


def compared(firm: Firm) -> Iterator[Number]:
    yield from _campaign(firm)
    for sequence, fates in firm.ledger.fates.items():
        told = asks(firm.doors, f"show the {sequence} sequence")
        yield Number(f"{sequence}, started", number_of(told, "started"), len(fates))
        counted = Counter(ENDED[fate] for _, fate in fates)
        for ended in dict.fromkeys(ENDED.values()):
            yield Number(f"{sequence}, {ended}", number_of(told, ended), counted[ended])
    told = asks(firm.doors, "which nudges were worth it")
    since = day_of(firm.now) - 90 * DAY
    lately = [what for at, what in firm.ledger.taps if day_of(at) >= since]
    # what is put off comes again, and counts by the last that was said of it
    shown = sum(int(each) for each in re.findall(r"· Useful: (\d+)", told.text))
    yield Number("nudges, Useful", shown, lately.count("useful"))


def _campaign(firm: Firm) -> Iterator[Number]:
    """By what the mail server was asked for; who was held out it never heard of."""
    ran = firm.ledger.campaign
    assert ran
    dead = firm.doors.post.gone
    sent = [each for each in ran.mailed if each.email not in dead]
    told = asks(firm.doors, "how did the Eid sale campaign go")
    until = ran.began + timedelta(days=14)
    answered = [
        each
        for each in sent
        if any(t.what in ("answered", "wrote") and ran.began < t.at < until for t in each.touches)
    ]
    for what, counted in (
        ("sent", len(sent)),
        ("failed", len(ran.mailed) - len(sent)),
        ("answered", len(answered)),
        ("wanted no more messages", len(ran.stopped)),
    ):
        yield Number(f"campaign, {what}", number_of(told, what), counted)
    first, last = day_of(ran.began) + DAY, day_of(ran.began) + 14 * DAY

    def buyers(some: list[Customer]) -> int:
        return sum(any(within(at, first, last) for at in each.bought) for each in some)

    for name, group in (("Got it", ran.mailed), ("Held out", ran.held)):
        if not group:  # of few, the lot may hold nobody out
            continue
        shown = numbers(line_of(told, name))[:2]
        yield Number(f"campaign, {name} and bought", shown, [len(group), buyers(group)])
