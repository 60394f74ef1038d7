"""What a report tells, counted as questions about numbers are: the same deals, the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, and_, select

from handlers.turn import Turn
from rules.counting import Fact, Row, count_up, table
from rules.money import Money
from rules.periods import Days, before, so_far
from storage.facts import Facts, Wanted
from storage.models import Company, Contact, Deal, Member
from storage.rates import Rates

TREND = 6
"""Stretches of a trend."""

SLIPPED = 5
"""Deals past their closing day that are named."""

AT_ONCE = 500
"""Deals that one statement asks after."""


@dataclass(frozen=True, slots=True)
class Side:
    """The deals of a stretch of days: closed or begun in it, and open on its last day."""

    days: Days
    won: Sequence[Fact]
    lost: Sequence[Fact]
    new: Sequence[Fact]
    open: Sequence[Fact]

    @property
    def is_empty(self) -> bool:
        return not (self.won or self.lost or self.new)

    @property
    def win_rate(self) -> Fraction | None:
        return count_up([*self.won, *self.lost], "win_rate")


@dataclass(frozen=True, slots=True)
class Report:
    """A stretch and the one before it. ``trend``: what was won in each of the latest stretches;
    ``slipped``: open deals past their closing day, the largest first, and ``late`` how many there
    are; ``left_out``: how many deals of which currency are not counted for want of one of the
    ``rates``."""

    now: Side
    before: Side
    sellers: Sequence[Row]
    trend: Sequence[tuple[Days, Money]]
    slipped: Sequence[Any]
    late: int
    left_out: Mapping[str, int]
    rates: Rates

    @property
    def is_idle(self) -> bool:
        """Nothing happened, nor before, and nothing is in hand."""
        return self.now.is_empty and self.before.is_empty and not self.now.open


class Reporting:
    """Counts for a report, in a zone, of all the team or of one ``owner``."""

    def __init__(self, turn: Turn, zone: str, owner: Member | None = None) -> None:
        self.turn, self.today = turn, turn.today
        self.facts = Facts(turn.session, turn.workspace.id, zone, turn.currency, self.today)
        self.only: Mapping[str, Sequence[str]] = {"owner": (owner.name,)} if owner else {}
        self.owner = owner

    def of(self, days: Days) -> Report:
        days = so_far(days, self.today)
        now = self._side(days)
        earlier = self._side(before(days))
        late = list(self.turn.session.execute(self._slipped()))
        return Report(
            now,
            earlier,
            table(now.won, "amount"),
            self._trend(days),
            late[:SLIPPED],
            len(late),
            {code: len(deals) for code, deals in self.facts.left_out.items()},
            self.facts.rates,
        )

    def _trend(self, days: Days) -> list[tuple[Days, Money]]:
        """The earliest first."""
        stretches = [days]
        while len(stretches) < TREND:
            stretches.append(before(stretches[-1]))
        stretches.reverse()
        first, last = stretches[0][0], stretches[-1][1]
        won = self.facts.of(Wanted("won", self.only, first=first, last=last))
        return [
            ((first, last), worth(self.turn, [each for each in won if _ended(each, first, last)]))
            for first, last in stretches
        ]

    def _side(self, days: Days) -> Side:
        first, last = days

        def deals(which: str) -> list[Fact]:
            return self.facts.of(Wanted(which, self.only, first=first, last=last), "owner")

        until = last if last < self.today else None
        standing = self.facts.of(Wanted("open", self.only, last=until), "owner")
        return Side(days, deals("won"), deals("lost"), deals("created"), standing)

    def _slipped(self) -> Select[*tuple[Any, ...]]:
        late = deal_rows(self.turn).where(Deal.status == "open", Deal.close_day < self.today)
        if self.owner:
            late = late.where(Deal.owner_id == self.owner.id)
        order = (Deal.amount_minor.is_(None), Deal.amount_minor.desc(), Deal.id)
        return late.order_by(*order).limit(AT_ONCE)

    def rows(self, facts: Sequence[Fact]) -> Iterator[Any]:
        """These deals with what is told of each."""
        ids = [fact.id for fact in facts]
        for start in range(0, len(ids), AT_ONCE):
            some = deal_rows(self.turn).where(Deal.id.in_(ids[start : start + AT_ONCE]))
            yield from self.turn.session.execute(some.order_by(Deal.id))


def _ended(fact: Fact, first: date, last: date) -> bool:
    return fact.ended is not None and first <= fact.ended <= last


def deal_rows(turn: Turn) -> Select[*tuple[Any, ...]]:
    """Deals as plain values: where others read along, private ones are none of them."""
    space = turn.workspace.id
    return (
        select(
            Deal.id, Deal.title, Deal.quantity, Deal.stage, Deal.status, Deal.reason,
            Deal.amount_minor, Deal.currency, Deal.close_day, Deal.created_at, Deal.closed_at,
            Company.name.label("company"), Contact.name.label("contact"),
            Member.name.label("owner"),
        )
        .outerjoin(Company, and_(Company.workspace_id == space, Company.id == Deal.company_id))
        .outerjoin(Contact, and_(Contact.workspace_id == space, Contact.id == Deal.contact_id))
        .outerjoin(Member, and_(Member.workspace_id == space, Member.id == Deal.owner_id))
        .where(Deal.workspace_id == space)
    )  # fmt: skip


def buyer_of(row: Any) -> str:
    return str(row.company or row.contact or row.title or "—")


def money_of(row: Any) -> Money | None:
    known = row.amount_minor is not None and row.currency
    return Money(row.amount_minor, row.currency) if known else None


def worth(turn: Turn, facts: Sequence[Fact]) -> Money:
    return Money(int(count_up(facts, "amount") or 0), turn.currency)


def days_of(first: date | None, last: date | None, today: date) -> Days:
    """What is open at an end runs until today, or from a year back."""
    last = last or max(today, first or today)
    return first or last.replace(month=1, day=1), last
