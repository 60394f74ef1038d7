"""What of a goal is reached: counted from deals, orders and activities of its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.money import digits
from storage.contracts import RUNNING
from storage.models import Activity, Contract, Deal, Goal, Order
from storage.newcomers import newcomers
from storage.people import by_people
from storage.rates import Rates

CONTACTS = ("call", "meeting", "visit", "email", "message")
"""Activities that count for a goal that names no kind: to write a note is none."""

BEFORE = 365
"""Days before a period in which somebody has bought who is a customer at its start."""

USUAL_OF = 365
"""Days whose won deals tell the usual size."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``reached`` in the goal's own measure; ``part`` of ``basis`` where it is a rate. ``usual``:
    what a usual deal is worth, in the same measure; None for a rate. ``left_out``: deals by their
    currency, for want of a rate of exchange."""

    reached: Fraction | None
    part: int = 0
    basis: int = 0
    usual: Fraction | None = None
    left_out: dict[str, int] = field(default_factory=dict)


Customer = tuple[str, int]


class Progressing:
    """Counts for one workspace, with the days of one zone. ``rates`` knows those that were used."""

    def __init__(self, session: Session, workspace_id: int, zone: str) -> None:
        self.session, self.space, self.zone = session, workspace_id, zone
        self.rates = Rates(session, workspace_id)

    def of(self, goal: Goal, period: tuple[date, date]) -> Progress:
        match goal.measure:
            case "amount":
                return self._amount(goal, period)
            case "won":
                won = self._closed(goal, period).get("won", 0)
                return Progress(Fraction(won), usual=Fraction(1))
            case "win_rate":
                closed = self._closed(goal, period)
                won, all_of_them = closed.get("won", 0), sum(closed.values())
                reached = Fraction(won, all_of_them) if all_of_them else None
                return Progress(reached, won, all_of_them)
            case "retention":
                return self._retention(goal, period)
            case "newcomers":
                new = newcomers(self.session, self.space, *period, goal.member_id)
                return Progress(Fraction(len(new)), usual=Fraction(1))
        return Progress(Fraction(self._activities(goal, period)), usual=Fraction(1))

    # --- deals --------------------------------------------------------------------------------

    def _ended(self, goal: Goal, period: tuple[date, date]) -> list[ColumnElement[bool]]:
        begin, end = day_bounds(*period, self.zone)
        mine = [] if goal.member_id is None else [Deal.owner_id == goal.member_id]
        return [
            Deal.workspace_id == self.space, Deal.closed_at >= begin, Deal.closed_at < end, *mine,
        ]  # fmt: skip

    def _closed(self, goal: Goal, period: tuple[date, date]) -> dict[str, int]:
        query = (
            select(Deal.status, func.count())
            .where(*self._ended(goal, period), Deal.status.in_(("won", "lost")))
            .group_by(Deal.status)
        )
        return {status: int(count) for status, count in self.session.execute(query)}

    def _amount(self, goal: Goal, period: tuple[date, date]) -> Progress:
        here = [*self._ended(goal, period), Deal.status == "won", Deal.amount_minor.is_not(None)]
        to = str(goal.currency)
        own = select(func.sum(Deal.amount_minor)).where(*here, Deal.currency == to)
        total, left_out = Fraction(int(self.session.scalar(own) or 0)), dict[str, int]()
        foreign = select(Deal.amount_minor, Deal.currency, Deal.closed_at)
        for minor, currency, at in self.session.execute(foreign.where(*here, Deal.currency != to)):
            code = str(currency)
            worth = self.rates.worth(int(minor or 0), code, to, self._day(at))
            if worth is None:
                left_out[code] = left_out.get(code, 0) + 1
            else:
                total += worth
        size = 10 ** digits(to)
        return Progress(total / size, usual=self._usual(goal, period[1], to), left_out=left_out)

    def _usual(self, goal: Goal, until: date, to: str) -> Fraction | None:
        """The median of what was won in the year up to then, by the same people, else by all."""
        for whose in dict.fromkeys((goal.member_id, None)):
            like = Goal(member_id=whose)
            first = until - timedelta(days=USUAL_OF)
            here = [
                *self._ended(like, (first, until)), Deal.status == "won", Deal.amount_minor > 0,
                Deal.currency == to,
            ]  # fmt: skip
            many = self.session.scalar(select(func.count()).select_from(Deal).where(*here)) or 0
            if many:
                sizes = select(Deal.amount_minor).where(*here).order_by(Deal.amount_minor)
                middle = sizes.offset((many - 1) // 2).limit(2 - many % 2)
                some = [int(each or 0) for each in self.session.scalars(middle)]
                return Fraction(sum(some), len(some) * 10 ** digits(to))
        return None

    def _day(self, moment: Any) -> date:
        day: date = moment.astimezone(ZoneInfo(self.zone)).date()
        return day

    # --- activities and customers -------------------------------------------------------------

    def _activities(self, goal: Goal, period: tuple[date, date]) -> int:
        begin, end = day_bounds(period[0] - timedelta(days=2), period[1] + timedelta(days=2), "UTC")
        kinds = (goal.kind,) if goal.kind else CONTACTS
        query = select(func.count()).where(
            Activity.workspace_id == self.space,
            Activity.kind.in_(kinds),
            Activity.on_day >= period[0],
            Activity.on_day <= period[1],
            Activity.at >= begin,
            Activity.at < end,
            by_people(),
        )
        if goal.member_id is not None:
            query = query.where(Activity.by_id == goal.member_id)
        return int(self.session.scalar(query) or 0)

    def _retention(self, goal: Goal, period: tuple[date, date]) -> Progress:
        there, kept = self.kept(goal, period)
        if not there:
            return Progress(None)
        return Progress(Fraction(len(kept), len(there)), len(kept), len(there))

    def kept(
        self, goal: Goal, period: tuple[date, date]
    ) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
        """The customers at the start, and those of them who bought or were in touch since, or are
        bound by a contract yet. Who cancelled their last one and bought nothing is lost, whoever
        was in touch with them."""
        first, _ = period
        before = (first - timedelta(days=BEFORE), first - timedelta(days=1))
        bound, bound_yet, cancelled = self._bound(goal, period)
        there = self._buyers(goal, before) | bound
        if not there:
            return there, set()
        bought = self._buyers(Goal(), period)
        return there, there & (bought | bound_yet | (self._touched(period) - cancelled))

    def _bound(
        self, goal: Goal, period: tuple[date, date]
    ) -> tuple[set[Customer], set[Customer], set[Customer]]:
        """Whose contract ran when a time began; who is bound at its end; and who cancelled in it
        and is not."""
        first, last = period
        columns = (Contract.began_on, Contract.created_at, Contract.ended_on)
        query = select(Contract.company_id, Contract.contact_id, Contract.owner_id, *columns).where(
            Contract.workspace_id == self.space,
            or_(Contract.status == RUNNING, Contract.ended_on >= first),
        )
        there: set[Customer] = set()
        yet: set[Customer] = set()
        gone: set[Customer] = set()
        for company, contact, owner, began, created, ended in self.session.execute(query):
            whose = _customers([(company, contact)])
            since = began or self._day(created)
            if since < first and goal.member_id in (None, owner):
                there |= whose
            if since <= last and (ended is None or ended > last):
                yet |= whose
            elif ended is not None and first <= ended <= last:
                gone |= whose
        return there, yet, gone - yet

    def _buyers(self, goal: Goal, period: tuple[date, date]) -> set[tuple[str, int]]:
        begin, end = day_bounds(*period, self.zone)
        deals = select(Deal.company_id, Deal.contact_id).where(
            *self._ended(goal, period), Deal.status == "won"
        )
        orders = select(Order.company_id, Order.contact_id).where(
            Order.workspace_id == self.space, Order.at >= begin, Order.at < end
        )
        if goal.member_id is not None:
            orders = orders.where(Order.owner_id == goal.member_id)
        return _customers(self.session.execute(union(deals, orders)))

    def _touched(self, period: tuple[date, date]) -> set[tuple[str, int]]:
        begin, end = day_bounds(*period, self.zone)
        query = select(Activity.company_id, Activity.contact_id).where(
            Activity.workspace_id == self.space,
            Activity.kind.in_(CONTACTS),
            Activity.at >= begin,
            Activity.at < end,
            by_people(),
        )
        return _customers(self.session.execute(query.distinct()))


def _customers(rows: Any) -> set[Customer]:
    """The company, else the person: one customer, however many buy for it."""
    return {
        ("company", company) if company else ("contact", contact)
        for company, contact in rows
        if company or contact
    }
