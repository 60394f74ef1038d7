"""A firm at work: its people, its diary, and what comes to them when the clock goes on."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from heapq import heappop, heappush
from typing import Any

from tests.year.cast import TONGUE, customers
from tests.year.doors import Doors, Seen
from tests.year.hours import BEGIN, DAY, END, MINUTE, day_of, works
from tests.year.ledger import Customer, Ledger, Touch, Warned
from tests.year.words import GIVEN, SAID, WARNS


class Firm:
    """``at`` puts something into the diary; ``lives`` does all of it, each thing in its time."""

    def __init__(self, doors: Doors, seed: int, leads: int) -> None:
        self.doors, self.dice = doors, random.Random(seed)
        self.ledger = Ledger()
        self.people = customers(self.dice, leads)
        self.turn = 0
        self.warned: dict[Warned, list[datetime]] = defaultdict(list)
        self.looked = BEGIN
        """When the clock was looked at last."""
        self.told: Counter[str] = Counter()
        """How many new leads of others' each was told of."""
        self.tapped: Counter[str] = Counter()
        self.answers: Callable[[Seen], None] = lambda _seen: None
        """What they do about a letter that comes by itself."""
        self._diary: list[tuple[datetime, int, Callable[[], object]]] = []
        self._n = 0

    # --- time -------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.doors.clock.now()

    @property
    def today(self) -> date:
        return day_of(self.now)

    def at(self, when: datetime, act: Callable[[], object]) -> None:
        self._n += 1
        heappush(self._diary, (when, self._n, act))

    def lives(self) -> None:
        while self._diary and self._diary[0][0] <= END:
            at, _, act = heappop(self._diary)
            at = max(at, self.now)
            seen = self.goes_on(at)
            if self.now != at:  # letters took some seconds; minutes are whole in our books
                self.doors.clock.set(at + MINUTE)
            act()
            for each in seen:
                self.answers(each)
        self.goes_on(END)

    def goes_on(self, when: datetime) -> list[Seen]:
        """What was due meanwhile comes, and they read it."""
        self.doors.clock.set(when)
        self.looked = when
        return self.reads(self.doors.rings())

    def in_work(self, first: date, last: date) -> datetime:
        """Some minute of work between two days."""
        while True:
            day = first + DAY * self.dice.randrange((last - first).days + 1)
            at = datetime.combine(day, time(4), UTC) + MINUTE * self.dice.randrange(10, 500)
            if works(at):
                return at

    # --- talk -------------------------------------------------------------------------------------

    def phrase(self, by: str, what: str, who: str = "", **more: Any) -> str:
        return SAID[what][TONGUE[by]].format(who, **more)

    def says(self, by: str, what: str, customer: Customer, **more: Any) -> Seen:
        return self.doors.says(by, self.phrase(by, what, customer.name, **more))

    def touched(self, by: str, what: str, customer: Customer) -> None:
        customer.touches.append(Touch(self.now, what, by))

    def keeper(self, customer: Customer) -> str:
        """Who mostly deals with them; sometimes Ayesha."""
        return customer.owner if self.dice.random() < 0.8 else "Ayesha"

    def some(self, test: Callable[[Customer], object] = bool) -> Customer | None:
        found = [each for each in self.ledger.customers if not each.led and test(each)]
        return self.dice.choice(found) if found else None

    # --- what comes by itself ---------------------------------------------------------------------

    def reads(self, seen: list[Seen]) -> list[Seen]:
        for each in seen:
            number = re.search(r"#(\d+)", each.text)
            for kind, phrases in WARNS.items():
                if number and any(phrase in each.lines[0] for phrase in phrases):
                    self.warned[int(number[1]), kind, each.to].append(self.looked)
            for phrase in GIVEN:
                if of := re.search(phrase, each.lines[0]):
                    self.told[each.to] += int(of[1]) if of[1] and of[1].isdigit() else 1
        return seen
