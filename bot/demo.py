"""A year of a sample team, for ``rabta chat --demo``: the same from one seed, seen from today."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib.resources import files
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.demo_people import AYESHA, People
from bot.reception import DEFAULT, House, workspace
from rules.calendar import Due, first_weekday, next_at, wall_to_utc
from rules.money import Money
from rules.pipeline import STAGES
from scheduler import outlook
from storage.database import Database
from storage.models import Activity, Contact, Deal, Member, Order, Task

__all__ = ["AYESHA", "furnish"]

ZONE = "Asia/Karachi"
DAYS = 365
DEALS = 120
MORNING = time(9)
STOP = 0.3
"""The share of customers who stop ordering in the course of the year."""


def furnish(database: Database, now: datetime, house: House, seed: int = 2026) -> None:
    """Fill an empty database with a year that ends now."""
    made_of = tomllib.loads(files("bot").joinpath("demo.toml").read_text("utf-8"))
    with database.transaction() as session:
        Year(session, now, house, made_of, Random(seed)).live()
    outlook.catch_up(database.run, now)


class Year:
    """What happens is planned first and done in its order: what is newer is stored later."""

    def __init__(
        self, session: Session, now: datetime, house: House, made_of: dict[str, Any], dice: Random
    ) -> None:
        self.session, self.now, self.made_of, self.dice = session, now, made_of, dice
        self.today = now.astimezone(ZoneInfo(ZONE)).date()
        self.plan: list[tuple[datetime, Callable[[datetime], None]]] = []
        self.space = workspace(session, house, DEFAULT, self.moment(DAYS + 1))
        self.space.currency, self.space.region, self.space.timezone = "PKR", "PK", ZONE
        self.known = People(session, self.space, made_of, dice)
        for name in made_of["members"]:
            self.known.member(name, self.moment(DAYS + 1), next_at(MORNING, ZONE, now))

    def live(self) -> None:
        places = self.made_of["companies"]
        for number, (name, city) in enumerate(places):
            met = partial(self.known.meet, name, city)
            self.at(DAYS - number * DAYS // len(places) // 2, met)
        for number in range(DEALS):
            self.at(DAYS - 20 - number * (DAYS - 20) // DEALS, self.start_deal)
        for ago in range(DAYS - 30, 14, -14):
            self.at(ago, self.finished_task)
        for number in range(len(places)):
            self.plan_orders(number, DAYS - number * DAYS // len(places) // 2 - 7)
        while self.plan:
            self.plan.sort(key=lambda planned: planned[0], reverse=True)
            moment, act = self.plan.pop()
            if moment <= self.now:
                act(moment)
        self.tasks_ahead()
        self.session.flush()

    # --- what happened ----------------------------------------------------------------------------

    def start_deal(self, at: datetime) -> None:
        company = self.some(self.known.companies)
        contact = self.some(self.known.people[company.id])
        owner = next(m for m in self.known.team if m.id == company.owner_id)
        goods, fewest, most, price = self.some(self.made_of["goods"])
        quantity = self.dice.randint(fewest, most)
        deal = Deal(
            workspace_id=self.space.id,
            title=goods,
            contact_id=contact.id,
            company_id=company.id,
            quantity=str(quantity),
            stage=STAGES[0],
            status="open",
            close_day=(at + timedelta(days=self.dice.randint(30, 75))).date(),
            owner_id=owner.id,
            created_at=at,
        )
        deal.amount = Money.of(round(quantity * price, -4), "PKR")
        self.add(deal)
        deal.move(STAGES[0], by=owner.id, at=at)
        self.happened(contact, owner, at)
        self.go_on(deal, contact, owner, at)

    def go_on(self, deal: Deal, contact: Contact, owner: Member, at: datetime) -> None:
        """Plan what becomes of a deal, a step at a time."""

        def step(moment: datetime) -> None:
            if self.dice.random() < 0.8:
                self.happened(contact, owner, moment)
            luck, place = self.dice.random(), STAGES.index(deal.stage)
            if luck < 0.1:
                deal.lose(self.some(self.made_of["reasons"]), by=owner.id, at=moment)
            elif place + 1 < len(STAGES):
                deal.move(STAGES[place + 1], by=owner.id, at=moment)
            elif luck < 0.75:
                final = (deal.amount_minor or 0) * self.dice.choice((90, 95, 97, 100)) // 100
                deal.win(Money(final // 10**6 * 10**6, "PKR"), by=owner.id, at=moment)
            if deal.is_open:
                self.go_on(deal, contact, owner, moment)

        self.plan.append((self.working(at + timedelta(days=self.dice.randint(6, 26))), step))

    def happened(self, contact: Contact, owner: Member, at: datetime) -> None:
        kind = self.some(["call", "call", "meeting", "message", "visit", "email", "note"])
        activity = Activity(
            workspace_id=self.space.id,
            kind=kind,
            contact_id=contact.id,
            company_id=contact.company_id,
            text=self.some(self.made_of["activities"][kind]),
            at=at,
            on_day=at.astimezone(ZoneInfo(ZONE)).date(),
            by_id=owner.id,
        )
        self.add(activity)

    def plan_orders(self, number: int, ago: int) -> None:
        """A customer orders at a pace of their own, and some of them stop one day."""
        dice = Random(number)
        pause = dice.choice((9, 14, 21, 21, 30, 45, 60))
        stops = dice.randrange(10, ago) if dice.random() < STOP else 0
        worth = dice.randint(40, 900) * 1000
        left = float(ago)
        while left > max(stops, 0):
            self.at(round(left), partial(self.order, number, round(worth * dice.uniform(0.7, 1.3))))
            left -= max(3.0, dice.gauss(pause, pause / 5))

    def order(self, number: int, worth: int, at: datetime) -> None:
        """Spare parts and the like, which go without a deal."""
        company = self.known.companies[number]
        order = Order(
            workspace_id=self.space.id,
            company_id=company.id,
            contact_id=self.known.people[company.id][0].id,
            amount_minor=Money.of(round(worth, -3), "PKR").minor,
            currency="PKR",
            at=at,
            on_day=at.astimezone(ZoneInfo(ZONE)).date(),
            owner_id=company.owner_id,
            created_at=at,
        )
        self.add(order)

    def finished_task(self, at: datetime) -> None:
        owner = self.some(self.known.team)
        task = self.task(owner, Due(at.astimezone(ZoneInfo(ZONE)).date()), at - timedelta(days=3))
        task.done(at=at)

    # --- what is to do ----------------------------------------------------------------------------

    def tasks_ahead(self) -> None:
        """A few are late, some are for today, the rest for the weeks to come."""
        for owner in self.known.team:
            for ago in (6, 2):
                task = self.task(owner, Due(self.today - timedelta(days=ago)))
                task.carried_day = self.today - timedelta(days=1)
            for hour in (None, time(11), time(15), time(17, 30)):
                self.task(owner, self.later_today(hour))
            for ahead in (1, 2, 4, 7, 12):
                hour = self.some([None, time(10), time(14, 30)])
                self.task(owner, Due(self.today + timedelta(days=ahead), hour))
        for text, weekday in zip(self.made_of["weekly"], ("mon", "fri"), strict=True):
            every = f"weekday:{weekday}"
            first = first_weekday(self.today + timedelta(days=1), every)
            task = self.task(self.known.team[0], Due(first, time(10)))
            task.text, task.every, task.first_day = text, every, first
            task.contact_id = task.company_id = None

    def task(self, owner: Member, due: Due, at: datetime | None = None) -> Task:
        theirs = [company for company in self.known.companies if company.owner_id == owner.id]
        contact = self.some(self.known.people[self.some(theirs).id])
        task = Task(
            workspace_id=self.space.id,
            text=self.some(self.made_of["tasks"]),
            contact_id=contact.id,
            company_id=contact.company_id,
            zone=ZONE,
            status="open",
            owner_id=owner.id,
            created_at=at or self.moment(5),
        )
        task.set_due(due)
        self.add(task)
        return task

    def later_today(self, hour: time | None) -> Due:
        due = Due(self.today, hour)
        return due if hour and (due.instant(ZONE) or self.now) > self.now else Due(self.today)

    # --- when -------------------------------------------------------------------------------------

    def at(self, days_ago: int, act: Callable[[datetime], None]) -> None:
        self.plan.append((self.moment(days_ago), act))

    def moment(self, days_ago: int) -> datetime:
        return self.working(self.now - timedelta(days=days_ago))

    def working(self, moment: datetime) -> datetime:
        """In office hours of that day, or of Monday if it is a Sunday."""
        day: date = moment.astimezone(ZoneInfo(ZONE)).date()
        day += timedelta(days=day.weekday() == 6)
        hour = time(self.dice.randint(9, 17), self.dice.randrange(60))
        return wall_to_utc(datetime.combine(day, hour), ZONE)

    def some(self, things: list[Any]) -> Any:
        return self.dice.choice(things)

    def add(self, row: object) -> None:
        self.session.add(row)
        self.session.flush()
