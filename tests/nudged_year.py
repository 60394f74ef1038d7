"""A simulated year of a team, its clock injected: customers order, some are lost, nudges come.

What is raised goes through the real ticks and is written to the real outbox; ``Year.faults`` are
the promises that were broken. The judge is Rabta itself, whose customers are looked at by the real
tick, or, to compare, everyone's silence of 90 days.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from handlers.library import the_book
from handlers.nudges import TIDY
from rules.nudging import KINDS, Case, Told
from scheduler import outlook
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

AFTER = 30
"""Days within which an order comes after it was called late, or it was not right to say so."""

ZONES = (
    ("Asia/Karachi", None), ("Asia/Dubai", (21, 8)), ("Europe/London", (22, 7)),
    ("America/New_York", None), ("Asia/Karachi", (13, 14)), ("Europe/Berlin", (18, 10)),
    ("Australia/Sydney", None), ("Asia/Kolkata", (20, 9)),
)  # fmt: skip

Judge = Callable[["Team", int], None]
"""Raises what it holds, in the night to a day (counted from the world's first one)."""


@dataclass
class World:
    """``orders``: of each customer the days on which they order, counted from the first known one;
    ``lost``: the day from which on they never will again."""

    orders: list[list[int]]
    lost: list[float]

    @classmethod
    def made(
        cls,
        customers: int,
        days: int,
        seed: int,
        *,
        pause: float = 40.0,
        spread: float = 0.9,
        regular: float = 2.5,
        stays: float = 900.0,
    ) -> World:
        """Each has a rhythm of its own, by ``regular`` (1: by chance alone), and a constant chance
        to leave: ``pause`` is the middle of their pauses in days, and two of three of them are
        within exp(``spread``) of it; ``stays``: days on average."""
        dice = random.Random(seed)
        orders, lost = [], []
        for _ in range(customers):
            own = dice.lognormvariate(math.log(pause), spread)
            leaves = dice.expovariate(1 / stays)
            day, mine = dice.random() * own, []
            while day < min(days, leaves):
                mine.append(int(day))
                day += max(1.0, dice.gammavariate(regular, own / regular))
            orders.append(mine)
            lost.append(leaves)
        return cls(orders, lost)

    def last(self, customer: int, day: int) -> int | None:
        return max((each for each in self.orders[customer] if each <= day), default=None)

    def next(self, customer: int, day: int) -> int | None:
        return min((each for each in self.orders[customer] if each > day), default=None)


def as_foreseen(team: Team, day: int) -> None:
    """Rabta itself: customers are looked at when it is time, and learned from once a week."""
    team.rings("outlook")
    if day % 7 == 1 and outlook.learn(team.database.run, team.clock.now):
        team.rings("outlook")


def silent_for_90_days(team: Team, day: int) -> None:
    for number in range(len(team.world.orders)):
        last = team.world.last(number, day)
        if last is not None and day - last == 90:
            team.calls_at_risk(number, last)


@dataclass
class Year:
    """What came of it: the letters as (member, customer, kind, moment), and what was broken."""

    letters: list[tuple[int, int, str, datetime]] = field(default_factory=list)
    raised: int = 0
    on_agendas: int = 0
    restarts: int = 0
    faults: list[str] = field(default_factory=list)
    right: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right.total() / len(self.letters) if self.letters else 0.0

    def of(self, kind: str) -> tuple[int, int]:
        """Letters of a kind, and how many of them were right."""
        return sum(each[2] == kind for each in self.letters), self.right[kind]


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
        self.ordered_on: dict[int, list[int]] = defaultdict(list)
        for number, ordered in enumerate(world.orders):
            for day in sorted(set(ordered)):
                self.ordered_on[day].append(number)
        self.number = {company: n for n, company in enumerate(self.companies)}
        self.told_on: dict[tuple[int, date], int] = Counter()
        self.told: dict[tuple[int, str, str], int] = defaultdict(int)

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
        for day in range(HISTORY):
            self._order(day)
        for today in range(self.days):
            day = HISTORY + today
            self._order(day)
            self.clock.set(_moment(day, time()))
            judge(self, day)
            self.year.raised = self._count()
            for hour in HOURS:
                self.clock.set(_moment(day, time(hour, 30)))
                self.rings("nudges")
                self.rings("agenda")
                self._reads()
        self._lost_none()
        return self.year

    def _order(self, day: int) -> None:
        at = _moment(day, time(1))
        rows = [
            {
                "id": self.dice.getrandbits(60), "workspace_id": self.space, "number": None,
                "contact_id": None, "company_id": self.companies[number], "amount_minor": 100,
                "currency": "PKR", "status": None, "at": at, "on_day": at.date(),
                "owner_id": self.members[0], "note": None, "more": None, "created_at": at,
                "version": 1,
            }
            for number in self.ordered_on.get(day, ())
        ]  # fmt: skip
        with self.database.transaction() as session:
            write_values(session, Order, rows)

    def calls_at_risk(self, number: int, last: int) -> None:
        with self.database.transaction() as session:
            owner = session.get_one(Member, (self.space, self.members[number % len(self.members)]))
            raise_nudge(
                session, owner, self.clock.now(), kind="at_risk",
                subject=f"company:{self.companies[number]}",
                occasion=f"silent {_moment(last, time()).date()}",
                case=Case((Told("because_birthday", {"day": BEGIN}),),
                          minor=self.dice.randrange(10**6)),
            )  # fmt: skip

    def rings(self, name: str) -> None:
        """A tick as often as it finds something; now and then its process is killed in it."""
        if self.dice.random() < 0.02:
            self._dies_in(name)
        while self.clockwork.tick(name):
            pass

    def _count(self) -> int:
        with self.database.transaction() as session:
            return session.scalar(select(func.count()).select_from(Nudge).where(_OF_CUSTOMERS)) or 0

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
        self.year.letters.append((member.id, number, row.kind, now))
        self.year.right[row.kind] += self._is_right(row.kind, number, day)
        self.told_on[member.id, local.date()] += 1
        if self.told_on[member.id, local.date()] > a_day(member):
            self.year.faults.append(f"too many on {local.date()} for {member.name}")
        self.told[number, row.kind, row.occasion] += 1
        if self.told[number, row.kind, row.occasion] > 1 + (row.answer == "later"):
            self.year.faults.append(f"C{number} told again")
        since = date.fromisoformat(row.occasion.split()[-1])
        if _moment(self.world.last(number, day) or 0, time()).date() > since:
            self.year.faults.append(f"C{number} had ordered")
        if member.quiet and member.quiet.hold(local):
            self.year.faults.append(f"{member.name} was told in quiet hours at {local}")
        if not works(local.date()) or not time(9) <= local.time() < time(20):
            self.year.faults.append(f"{member.name} was told at {local}")

    def _is_right(self, kind: str, number: int, day: int) -> bool:
        """Who is called at risk is lost; who is called late orders soon after."""
        if kind == "at_risk":
            return self.world.lost[number] <= day
        following = self.world.next(number, day)
        return following is not None and following <= day + AFTER

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
            rows = session.scalars(select(Nudge).where(_OF_CUSTOMERS)).all()
            self.year.on_agendas = sum(row.state == "agenda" for row in rows)
            for row in rows:
                due = row.due_at or now
                old = now - due > timedelta(days=1)
                if old or (row.state == "waiting" and now - row.raised_at > timedelta(days=5)):
                    self.year.faults.append(f"{row.subject} {row.state} is left since {due}")
            if len(rows) != self.year.raised:
                self.year.faults.append(f"{self.year.raised} raised, {len(rows)} kept")


_OF_CUSTOMERS = Nudge.kind.in_(KINDS.keys() - {TIDY})


def _moment(day: int, at: time) -> datetime:
    """Of a day that is counted from the world's first one."""
    return datetime.combine(BEGIN + timedelta(days=day - HISTORY), at, UTC)


class Killed(Exception):
    """As a process ends that is killed: nothing of its transaction stays."""


def kill() -> None:
    raise Killed


def report(name: str, year: Year) -> str:
    busiest = Counter((member, at.date()) for member, _, _, at in year.letters)
    by_kind = ", ".join(
        f"{kind} {good} of {many}" for kind in ("at_risk", "next_order")
        for many, good in [year.of(kind)] if many
    )  # fmt: skip
    return (
        f"{name:16} {year.raised:5} raised, {len(year.letters):5} interrupted, "
        f"{year.on_agendas:5} on agendas, {year.restarts:3} restarts, "
        f"busiest day {max(busiest.values(), default=0)}: "
        f"precision {year.precision:.3f} ({by_kind})"
        f"{'' if not year.faults else f', {len(year.faults)} FAULTS: {year.faults[:3]}'}"
    )
