"""A simulated year of a team, its clock injected: customers order, some are lost, nudges come.

What is raised goes through the real ticks and is written to the real outbox; ``Year.faults`` are
the promises that were broken. The judge says who is at risk: by ``rules.foresight``, or, to
compare, by everyone's silence of 90 days.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from handlers.library import the_book
from handlers.nudges import TIDY
from rules.foresight.customers import Orders, outlook
from rules.nudging import KINDS, Case, Told
from scheduler.clock import TICKS, Clockwork
from scheduler.drawing import Draw
from storage.clock import SetClock
from storage.database import Database
from storage.models import Company, Identity, Member, Nudge, Order, Outbox, Workspace, WorkWeek
from storage.nudges import a_day
from storage.raising import raise_nudge
from storage.workdays import work_days
from storage.writing import write_values

BEGIN = date(2026, 1, 1)
HISTORY = 365
"""Days of orders that are known when the year begins."""

HOURS = (2, 5, 9, 14, 20)
"""When the clock rings on a day (UTC): by night, in the morning, at noon, in the evening."""

AHEAD = 12
"""Weeks for which it is foreseen whether a customer orders."""

USED_TO, NOT_ANY_MORE = 0.6, 0.3
"""A customer whose probability of an order falls from above the one to below the other."""

ZONES = (
    ("Asia/Karachi", None), ("Asia/Dubai", (21, 8)), ("Europe/London", (22, 7)),
    ("America/New_York", None), ("Asia/Karachi", (13, 14)), ("Europe/Berlin", (18, 10)),
    ("Australia/Sydney", None), ("Asia/Kolkata", (20, 9)),
)  # fmt: skip

Judge = Callable[["World", int], Iterable[tuple[int, int]]]
"""Of a world on a day (counted from its first one): who is at risk, and the day of their last
order, by which one silence is told once."""


@dataclass
class World:
    """``orders``: of each customer the days on which they order, counted from the first known one;
    ``lost``: the day from which on they never will again."""

    orders: list[list[int]]
    lost: list[float]

    @classmethod
    def made(cls, customers: int, days: int, seed: int) -> World:
        """Each has a rhythm of its own, weekly to quarterly, and a constant chance to leave."""
        dice = random.Random(seed)
        orders, lost = [], []
        for _ in range(customers):
            pause = dice.lognormvariate(3.2, 0.7)
            leaves = dice.expovariate(1 / 900)
            day, mine = dice.random() * pause, []
            while day < min(days, leaves):
                mine.append(int(day))
                day += max(1.0, dice.gammavariate(2.5, pause / 2.5))
            orders.append(mine)
            lost.append(leaves)
        return cls(orders, lost)

    def last(self, customer: int, day: int) -> int | None:
        return max((each for each in self.orders[customer] if each <= day), default=None)


class Foreseeing:
    """Who used to order and probably will not any more, by the models of ``rules.foresight``."""

    def __init__(self) -> None:
        self._used_to: set[int] = set()

    def __call__(self, world: World, day: int) -> Iterable[tuple[int, int]]:
        if day % 7:
            return
        pairs = [(who, at) for who, days in enumerate(world.orders) for at in days if at <= day]
        who, days = (np.array(each) for each in zip(*pairs, strict=True))
        seen = outlook(Orders(who, days, np.ones(len(who))), day, AHEAD)
        for number, buys in zip(seen.who.tolist(), seen.buys.tolist(), strict=True):
            if buys >= USED_TO:
                self._used_to.add(number)
            elif buys < NOT_ANY_MORE and number in self._used_to:
                self._used_to.discard(number)
                yield number, world.last(number, day) or 0


def silent_for_90_days(world: World, day: int) -> Iterable[tuple[int, int]]:
    for number in range(len(world.orders)):
        last = world.last(number, day)
        if last is not None and day - last == 90:
            yield number, last


@dataclass
class Year:
    """What came of it: the letters as (member, customer, occasion, moment), and what was broken."""

    letters: list[tuple[int, int, str, datetime]] = field(default_factory=list)
    raised: int = 0
    on_agendas: int = 0
    restarts: int = 0
    faults: list[str] = field(default_factory=list)
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / len(self.letters) if self.letters else 0.0


class Team:
    def __init__(
        self, database: Database, world: World, members: int, days: int, seed: int = 1
    ) -> None:
        self.database, self.world, self.days = database, world, days
        self.dice = random.Random(seed)
        self.clock = SetClock(datetime.combine(BEGIN, time(), UTC))
        self.year = Year()
        self.clockwork = self._process()
        with database.transaction() as session:
            self.space, self.members, self.companies = self._furnish(session, members)
        self.number = {company: n for n, company in enumerate(self.companies)}
        self.told_on: dict[tuple[int, date], int] = Counter()
        self.told: dict[tuple[int, str], int] = defaultdict(int)

    def _process(self) -> Clockwork:
        return Clockwork(self.database, self.clock, Draw(the_book(), with_tokens))

    def _furnish(self, session: Session, members: int) -> tuple[int, list[int], list[int]]:
        now = self.clock.now()
        space = Workspace(
            name="year", currency="PKR", region="PK", timezone="Asia/Karachi", language="en",
            created_at=now,
        )  # fmt: skip
        session.add(space)
        session.flush()
        session.add(WorkWeek(
            workspace_id=space.id, days="0000000", first_day=date(2026, 3, 20),
            last_day=date(2026, 3, 24), name="Eid", created_at=now,
        ))  # fmt: skip
        people = []
        for n in range(members):
            zone, quiet = ZONES[n % len(ZONES)]
            person = Member(
                workspace_id=space.id, name=f"P{n}", role="rep", timezone=zone, morning=time(9),
                quiet_from=time(quiet[0]) if quiet else None,
                quiet_to=time(quiet[1]) if quiet else None,
                nudges_a_day=3 if n == 1 else None, agenda_at=now, created_at=now,
            )  # fmt: skip
            session.add(person)
            session.flush()
            session.add(Identity(
                platform="telegram", team="", user=str(n), workspace_id=space.id,
                member_id=person.id, private_chat=str(n), seen_at=now,
            ))  # fmt: skip
            people.append(person.id)
        companies = [
            Company(workspace_id=space.id, name=f"C{n}", name_key=f"c{n}", created_at=now,
                    owner_id=people[n % members])
            for n in range(len(self.world.orders))
        ]  # fmt: skip
        session.add_all(companies)
        session.flush()
        return space.id, people, [company.id for company in companies]

    def lives(self, judge: Judge) -> Year:
        for today in range(self.days):
            day = HISTORY + today
            self._order(day)
            for number, last in judge(self.world, day):
                self._raise(number, last, today)
            for hour in HOURS:
                moment = datetime.combine(BEGIN + timedelta(days=today), time(hour), UTC)
                self.clock.set(moment + timedelta(minutes=30))
                self._rings()
        self._lost_none()
        return self.year

    def _order(self, day: int) -> None:
        at = datetime.combine(BEGIN + timedelta(days=day - HISTORY), time(1), UTC)
        rows = [
            {
                "id": self.dice.getrandbits(60), "workspace_id": self.space, "number": None,
                "contact_id": None, "company_id": self.companies[number], "amount_minor": 100,
                "currency": "PKR", "status": None, "at": at, "on_day": at.date(),
                "owner_id": self.members[0], "note": None, "more": None, "created_at": at,
                "version": 1,
            }
            for number, days in enumerate(self.world.orders) if day in days
        ]  # fmt: skip
        with self.database.transaction() as session:
            write_values(session, Order, rows)

    def _raise(self, number: int, last: int, today: int) -> None:
        """In the hours after midnight: those who order in that night have done it by morning."""
        with self.database.transaction() as session:
            owner = session.get_one(Member, (self.space, self.members[number % len(self.members)]))
            row = raise_nudge(
                session, owner, datetime.combine(BEGIN + timedelta(days=today), time(), UTC),
                kind="at_risk", subject=f"company:{self.companies[number]}", occasion=str(last),
                case=Case((Told("because_birthday", {"day": BEGIN}),),
                          minor=self.dice.randrange(10**6)),
            )  # fmt: skip
            self.year.raised += row is not None

    def _rings(self) -> None:
        for name in ("nudges", "agenda"):
            if self.dice.random() < 0.02:
                self._dies_in(name)
            while self.clockwork.tick(name):
                pass
        self._reads()

    def _dies_in(self, name: str) -> None:
        """The process ends before its transaction does; another one begins."""
        with suppress(Killed), self.database.transaction() as session:
            TICKS[name].tick(session, self.clockwork.draw, self.clock.now())
            session.flush()
            kill()
        self.year.restarts += 1
        self.clockwork = self._process()

    def _reads(self) -> None:
        """What came just now, held against the promises."""
        now = self.clock.now()
        with self.database.transaction() as session:
            topics = session.scalars(select(Outbox.topic).where(Outbox.topic.like("nudge:%"))).all()
            ids = [int(str(topic).partition(":")[2]) for topic in topics]
            session.execute(delete(Outbox))
            works = work_days(session, self.space).works
            for row in session.scalars(
                select(Nudge).where(Nudge.workspace_id == self.space, Nudge.id.in_(ids))
            ):
                self._judge(session, row, now, works)
                self._answers(row, now)

    def _judge(
        self, session: Session, row: Nudge, now: datetime, works: Callable[[date], bool]
    ) -> None:
        member = session.get_one(Member, (self.space, row.to_id or row.member_id))
        number = self.number[int(row.subject.partition(":")[2])]
        local = now.astimezone(ZoneInfo(member.zone))
        day = (now.date() - BEGIN).days + HISTORY
        self.year.letters.append((member.id, number, row.occasion, now))
        self.year.right += self.world.lost[number] <= day
        self.told_on[member.id, local.date()] += 1
        if self.told_on[member.id, local.date()] > a_day(member):
            self.year.faults.append(f"too many on {local.date()} for {member.name}")
        self.told[number, row.occasion] += 1
        if self.told[number, row.occasion] > 1 + (row.answer == "later"):
            self.year.faults.append(f"C{number} told again")
        if (self.world.last(number, day) or 0) > int(row.occasion):
            self.year.faults.append(f"C{number} had ordered")
        if member.quiet and member.quiet.hold(local):
            self.year.faults.append(f"{member.name} was told in quiet hours at {local}")
        if not works(local.date()) or not time(9) <= local.time() < time(20):
            self.year.faults.append(f"{member.name} was told at {local}")

    def _answers(self, row: Nudge, now: datetime) -> None:
        dice = self.dice.random()
        if dice < 0.3:
            row.answer, row.answered_at = "useful", now
        elif dice < 0.4 and row.answer is None:
            row.answer, row.answered_at = "later", now
            row.state, row.due_at = "later", now + timedelta(days=3)

    def _lost_none(self) -> None:
        """Each was told, stood on an agenda, or was over; what is left is of the last days."""
        now = self.clock.now()
        with self.database.transaction() as session:
            rows = session.scalars(select(Nudge).where(Nudge.kind.in_(KINDS.keys() - {TIDY}))).all()
            self.year.on_agendas = sum(row.state == "agenda" for row in rows)
            for row in rows:
                due = row.due_at or now
                old = now - due > timedelta(days=1)
                if old or (row.state == "waiting" and now - row.raised_at > timedelta(days=5)):
                    self.year.faults.append(f"{row.subject} {row.state} is left since {due}")
            if len(rows) != self.year.raised:
                self.year.faults.append(f"{self.year.raised} raised, {len(rows)} kept")


class Killed(Exception):
    """As a process ends that is killed: nothing of its transaction stays."""


def kill() -> None:
    raise Killed


def report(name: str, year: Year) -> str:
    busiest = Counter((member, at.date()) for member, _, _, at in year.letters)
    return (
        f"{name:24} {year.raised:5} raised, {len(year.letters):5} interrupted, "
        f"{year.on_agendas:5} on agendas, {year.restarts:3} restarts, "
        f"busiest day {max(busiest.values(), default=0)}: precision {year.precision:.3f}"
        f"{'' if not year.faults else f', {len(year.faults)} FAULTS: {year.faults[:3]}'}"
    )


def faults_of(years: Sequence[Year]) -> list[str]:
    return [fault for year in years for fault in year.faults]
