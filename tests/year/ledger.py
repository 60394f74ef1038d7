"""The firm's own books: what was done, by what was meant; nothing of it is read from Rabta."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.year.hours import day_of, worked

Warned = tuple[int, str, str]
"""A ticket's number, what of it, and who hears of it."""

ALLOWED = {"urgent": 240, "high": 540, "normal": 1080, "low": 2700}
"""Working minutes in which a ticket is to be settled."""


@dataclass
class Deal:
    lakh: int
    owner: str
    began: datetime
    won: datetime | None = None
    lost: datetime | None = None

    @property
    def ended(self) -> datetime | None:
        return self.won or self.lost


@dataclass(frozen=True)
class Touch:
    """A talk with a customer; ``what`` is called, missed, met, answered or wrote."""

    at: datetime
    what: str
    by: str


@dataclass
class Customer:
    name: str
    company: str
    city: str
    source: str
    phone: str
    email: str
    owner: str
    came: datetime
    touches: list[Touch] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    noted: list[datetime] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    orders: list[tuple[datetime, int]] = field(default_factory=list)
    agreed: set[str] = field(default_factory=set)
    led: bool = False
    """In a sequence, which has its own plan for them."""

    @property
    def written_in_urdu(self) -> bool:
        return not self.name.isascii()

    @property
    def bought(self) -> list[datetime]:
        won = [deal.won for deal in self.deals if deal.won]
        return sorted([at for at, _ in self.orders] + won)

    @property
    def open_deal(self) -> Deal | None:
        return next((each for each in self.deals if not each.ended), None)

    @property
    def spent(self) -> int:
        won = sum(deal.lakh * 100_000 for deal in self.deals if deal.won)
        return won + sum(amount for _, amount in self.orders)

    @property
    def last_heard(self) -> datetime:
        """Of a talk; else when they came."""
        return max([self.came, *(each.at for each in self.touches)])


@dataclass
class Ticket:
    """``events``: open, comment, wait, goes on, resolve, reopen, with their moments."""

    number: int
    owner: str
    priority: str
    opened: datetime
    events: list[tuple[datetime, str]] = field(default_factory=list)
    scores: list[tuple[datetime, int]] = field(default_factory=list)
    root: Any = None
    """The message in whose thread, or in answer to which, they go on."""

    @property
    def stands(self) -> str:
        last = [what for _, what in self.events if what != "comment"][-1:] or ["open"]
        return {"resolve": "resolved", "wait": "waiting"}.get(last[0], "open")

    @property
    def steps(self) -> int:
        return sum(what != "comment" for _, what in self.events)

    def steps_before(self, moment: datetime) -> int:
        """What they do once they were warned comes after it."""
        return sum(what != "comment" and at < moment for at, what in self.events)

    def rounds(self, now: datetime) -> Iterator[tuple[int, bool]]:
        """Each time that it was open: minutes worked on it, and whether it was settled."""
        took, waits, at = 0, False, self.opened
        for when, what in [*self.events, (now, "now")]:
            if not waits:
                took += worked(at, when)
            at = when
            if what in ("wait", "goes on"):
                waits = what == "wait"
            elif what == "resolve":
                yield took, True
                waits = True
            elif what == "reopen":
                took, waits = 0, False
        if self.stands != "resolved":
            yield took, False

    def left(self, now: datetime, share: float) -> int:
        """Minutes of work until that share of its time is over, of the round that runs."""
        *_, (took, _settled) = self.rounds(now)
        return round(ALLOWED[self.priority] * share) - took

    @property
    def first_answer(self) -> int | None:
        for at, what in self.events:
            if what in ("comment", "wait", "resolve"):
                return worked(self.opened, at)
        return None


@dataclass
class Campaign:
    """``asked``: addresses that the mail server was asked to take something for."""

    began: datetime
    meant: list[Customer]
    asked: list[str]
    stopped: list[Customer] = field(default_factory=list)
    """Who wanted no more after it."""

    @property
    def mailed(self) -> list[Customer]:
        return [each for each in self.meant if each.email in self.asked]

    @property
    def held(self) -> list[Customer]:
        return [each for each in self.meant if each.email not in self.asked]


@dataclass
class Ledger:
    customers: list[Customer] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)
    """New leads that went to a colleague of who brought them in, and to whom."""
    fates: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By sequence: whom it led, and what became of them."""
    to_warn: dict[Warned, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """When who is to hear of it that a ticket is "due" soon, or "late"."""
    campaign: Campaign | None = None
    taps: list[tuple[datetime, str]] = field(default_factory=list)
    """Nudges that were called useful, or put off ("later")."""

    def named(self, name: str) -> Customer:
        return next(each for each in self.customers if each.name == name)

    def whose(self, owner: str) -> list[Customer]:
        return [each for each in self.customers if each.owner == owner]

    @property
    def deals(self) -> list[Deal]:
        return [deal for customer in self.customers for deal in customer.deals]


def within(moment: datetime, first: date, last: date) -> bool:
    return first <= day_of(moment) <= last
