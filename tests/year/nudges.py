"""What they tap under nudges: now this, now that, so that each button is used on both doors."""

from __future__ import annotations

import re

from tests.year import service
from tests.year.cast import TONGUE
from tests.year.doors import Seen
from tests.year.firm import Firm
from tests.year.words import BUTTONS, WARNS


class Thumb:
    """A firm's answer to what comes by itself; ``turn`` is the number of the nudge."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.turn = firm, 0

    def __call__(self, seen: Seen) -> None:
        if seen.to not in TONGUE:
            return
        if "1: Different" in seen.buttons:
            self.firm.doors.taps(seen.to, "1: Different", seen)
        elif any(phrase in seen.lines[0] for phrase in WARNS["due"]):
            self.is_warned(seen)
        elif self.label("useful", seen) in seen.buttons:
            self.is_nudged(seen)

    def label(self, what: str, seen: Seen) -> str:
        return BUTTONS[what][TONGUE[seen.to]]

    def is_warned(self, seen: Seen) -> None:
        """Every second warning, the ticket is settled there and then."""
        number = re.search(r"#(\d+)", seen.lines[0])
        assert number
        ticket = self.firm.ledger.tickets[int(number[1]) - 1]
        self.turn += 1
        if self.turn % 2 and ticket.stands == "open" and ticket.owner == seen.to:
            self.firm.doors.taps(seen.to, self.label("resolve", seen), seen)
            self.firm.tapped["resolve"] += 1
            service.is_resolved(self.firm, ticket, self.firm.doors.newest(seen.to))

    def is_nudged(self, seen: Seen) -> None:
        """Of a deal they have called the customer; else it is useful, or comes too early."""
        self.turn += 1
        what = ("called", "useful", "later", "")[self.turn % 4]
        if what == "called" and self.label(what, seen) in seen.buttons:
            head = seen.lines[0]
            for customer in self.firm.ledger.customers:
                if re.search(
                    rf"(^|\s){re.escape(customer.company or customer.name)}($|[،,])", head
                ):
                    self.firm.doors.taps(seen.to, self.label(what, seen), seen)
                    self.firm.touched(seen.to, "called", customer)
                    self.firm.tapped["called"] += 1
        elif what in ("useful", "later"):
            self.firm.doors.taps(seen.to, self.label(what, seen), seen)
            self.firm.ledger.taps.append((self.firm.now, what))
