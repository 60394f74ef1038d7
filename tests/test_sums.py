"""What deals come to together is kept as they change, and equal to them to the last rupee."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from rules.counting import Measure, Over, Told, count_up, grouped
from rules.money import Money
from rules.rates import Quote
from storage import sums, sums_kept
from storage.bulk import Bulk
from storage.database import Database
from storage.facts import Facts, Wanted
from storage.history import undo
from storage.models import Deal, Member, Turn, Workspace
from storage.rates import put_rate
from storage.scope import within
from storage.stages import begin_pipeline
from storage.types import new_id

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
ZONES = ("Asia/Karachi", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "UTC")
STAGES = ("lead", "proposal")
OWNERS = (1, 2)
MOMENTS = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - made aware below
    st.builds(  # near the ends of months, where zones differ
        lambda month, minutes: datetime(2026, month, 1) + timedelta(minutes=minutes),  # noqa: DTZ001
        st.integers(1, 12),
        st.integers(-800, 800),
    ),
    st.just(datetime(2026, 3, 31, 23, 59, 59, 999900)),  # noqa: DTZ001
).map(lambda moment: moment.replace(tzinfo=UTC))
AMOUNTS = st.one_of(st.none(), st.integers(0, 10**9), st.just(2**62))
RATES = (
    Quote(date(2025, 9, 1), "USD", "PKR", Decimal("270.5")),
    Quote(date(2026, 3, 15), "USD", "PKR", Decimal("281.25")),
)
CURRENCIES = st.sampled_from(("PKR", "PKR", "USD", None))


def team(session: Session, zone: str) -> int:
    """A workspace with two who sell."""
    space = Workspace(
        name=f"team {new_id()}", currency="PKR", region="PK", timezone=zone, language="en",
        created_at=NOW,
    )  # fmt: skip
    session.add(space)
    session.flush()
    begin_pipeline(session, space.id)
    for owner in OWNERS:
        session.add(Member(workspace_id=space.id, id=owner, name=f"Rep {owner}", role="rep",
                           active=True, created_at=NOW))  # fmt: skip
    for quote in RATES:
        put_rate(session, space.id, quote)
    session.flush()
    return space.id


def a_deal(space: int, **values: Any) -> dict[str, Any]:
    usual = {
        "id": new_id(), "stage": "lead", "status": "open", "owner_id": 1, "amount_minor": 100,
        "currency": "PKR", "created_at": NOW, "closed_at": None, "version": 1,
    }  # fmt: skip
    return {"workspace_id": space, **usual, **values}


class Changes(RuleBasedStateMachine):
    """Deals of a team, changed in all ways that there are; some changes are taken back."""

    database: Database
    zone: str

    def __init__(self) -> None:
        super().__init__()
        with self.database.transaction() as session:
            self.space = team(session, self.zone)
        self.turns: list[int] = []

    def change(self, work: Callable[[Session], object], how: str) -> None:
        """In a turn of its own: kept, given up, or kept and undone."""

        def turn(session: Session) -> int:
            row = Turn(workspace_id=self.space, member_id=1, chat_id=1, said="", at=NOW)
            session.add(row)
            session.flush()
            session.info["turn"] = row.id
            with within(session, self.space):
                work(session)
                session.flush()
            session.info.pop("turn")
            if how == "given up":
                raise _GivenUp
            return row.id

        try:
            with self.database.transaction() as session:
                made = turn(session)
        except _GivenUp:
            return
        if how == "undone":
            with self.database.transaction() as session, within(session, self.space):
                row = session.get_one(Turn, (self.space, made))
                by = Turn(workspace_id=self.space, member_id=1, chat_id=1, said="", at=NOW)
                session.add(by)
                session.flush()
                undo(session, row, by.id)

    def some(self, session: Session, which: int) -> list[Deal]:
        """One of the deals, if there are any."""
        deals = session.scalars(
            select(Deal).where(Deal.workspace_id == self.space).order_by(Deal.id)
        ).all()
        return [deals[which % len(deals)]] if deals else []

    def each(self, session: Session, which: int, work: Callable[[Deal], None]) -> None:
        for deal in self.some(session, which):
            work(deal)

    hows = st.sampled_from(("kept", "kept", "given up", "undone"))

    @rule(how=hows, amount=AMOUNTS, currency=CURRENCIES, owner=st.sampled_from(OWNERS), at=MOMENTS)
    def add(
        self, how: str, amount: int | None, currency: str | None, owner: int, at: datetime
    ) -> None:
        values = {"amount_minor": amount, "currency": currency, "owner_id": owner, "created_at": at}
        self.change(lambda session: session.add(Deal(**a_deal(self.space, **values))), how)

    @rule(
        how=hows,
        ends=st.lists(st.tuples(st.sampled_from(("won", "lost", "open")), MOMENTS), max_size=40),
    )
    def bring(self, how: str, ends: list[tuple[str, datetime]]) -> None:
        """As an import does."""
        rows = [
            a_deal(self.space, status=status, closed_at=at if status != "open" else None,
                   owner_id=OWNERS[n % 2], amount_minor=n * 7)
            for n, (status, at) in enumerate(ends)
        ]  # fmt: skip
        for row in rows:
            row["version"] = 1
        self.change(
            lambda session: Bulk(session, self.space, session.info["turn"]).write(Deal, rows), how
        )

    @rule(how=hows, which=st.integers(0, 50), won=st.booleans(), amount=AMOUNTS, at=MOMENTS)
    def close(self, how: str, which: int, won: bool, amount: int | None, at: datetime) -> None:
        def work(session: Session) -> None:
            for deal in self.some(session, which):
                if won:
                    deal.win(Money(amount, "PKR") if amount is not None else None, by=1, at=at)
                else:
                    deal.lose("price", by=1, at=at)

        self.change(work, how)

    @rule(how=hows, which=st.integers(0, 50))
    def reopen(self, how: str, which: int) -> None:
        self.change(lambda session: self.each(session, which, Deal.reopen), how)

    @rule(how=hows, which=st.integers(0, 50), stage=st.sampled_from(STAGES))
    def move(self, how: str, which: int, stage: str) -> None:
        def work(deal: Deal) -> None:
            deal.move(stage, by=1, at=NOW)

        self.change(lambda session: self.each(session, which, work), how)

    @rule(how=hows, which=st.integers(0, 50), amount=AMOUNTS, currency=CURRENCIES)
    def price(self, how: str, which: int, amount: int | None, currency: str | None) -> None:
        def work(session: Session) -> None:
            for deal in self.some(session, which):
                deal.amount_minor, deal.currency, deal.owner_id = amount, currency, 2
                deal.close_day = date(2026, 12, 1)

        self.change(work, how)

    @rule(how=hows, which=st.integers(0, 50))
    def remove(self, how: str, which: int) -> None:
        self.change(lambda session: self.each(session, which, session.delete), how)

    @rule(how=st.sampled_from(("kept", "given up")), stage=st.sampled_from(STAGES))
    def move_all(self, how: str, stage: str) -> None:
        """By one statement, past the session."""
        here = Deal.workspace_id == self.space
        self.change(
            lambda session: session.execute(update(Deal).where(here).values(stage=stage)), how
        )

    @rule(owner=st.sampled_from(OWNERS))
    def by_hand(self, owner: int) -> None:
        """As an operator may, with the bare driver."""
        with self.database.engine.begin() as connection:
            said = {"owner": owner, "space": self.space}
            connection.execute(
                text("UPDATE deal SET owner_id = :owner WHERE workspace_id = :space"), said
            )

    @rule()
    def fold(self) -> None:
        with self.database.transaction() as session:
            sums.fold(session)

    @rule(
        zone=st.sampled_from(ZONES),
        by=st.sampled_from((None, "owner", "stage", "pipeline", "month", "quarter", "year")),
        which=st.sampled_from(("won", "lost", "closed", "open", "all", "created")),
        first=st.dates(date(2025, 6, 1), date(2026, 12, 31)),
        days=st.integers(0, 200),
        bounded=st.sampled_from(("", "first", "last", "first last")),
        worth=st.booleans(),
    )
    def ask(
        self,
        zone: str,
        by: str | None,
        which: str,
        first: date,
        days: int,
        bounded: str,
        worth: bool,
    ) -> None:
        """Told together it is what it is told one by one."""
        wanted = Wanted(
            which, {"owner": ("Rep 1",)} if days % 3 == 0 else {},
            {"stage": ("lead",)} if days % 5 == 0 else {},
            first=first if "first" in bounded else None,
            last=first + timedelta(days) if "last" in bounded else None,
        )  # fmt: skip
        with self.database.transaction() as session, within(session, self.space):
            singly, together = (
                Facts(session, self.space, zone, "PKR", NOW.date()) for _ in range(2)
            )
            told = together.together(wanted, by, worth=worth)
            assert told is not None
            assert _figures(told, worth) == _figures(singly.of(wanted, by), worth)
            if worth:
                assert together.left_out == singly.left_out

    @invariant()
    def kept(self) -> None:
        with self.database.transaction() as session:
            assert sums_kept.wrong(session) == []


class _GivenUp(Exception):
    pass


def _figures(told: Sequence[Told], worth: bool) -> dict[str, list[Fraction | None]]:
    """What deals come to, all and by their names; where they are worth nothing, no name counts."""
    measures: list[tuple[Measure, Over]] = (
        [("amount", "sum"), ("amount", "mean")]
        if worth
        else [("count", "sum"), ("win_rate", "sum"), ("loss_rate", "sum")]
    )
    figures = {
        name: [count_up(some, *measure) for measure in measures]
        for name, some in {"": told, **grouped(told)}.items()
    }
    return {name: each for name, each in figures.items() if any(each)}


@pytest.mark.parametrize("zone", ["Asia/Karachi", "America/New_York"])
def test_whatever_happens_to_deals_the_sums_are_theirs(database: Database, zone: str) -> None:
    class Here(Changes):
        pass

    Here.database, Here.zone = database, zone
    steps = int(os.environ.get("RABTA_TEST_STEPS", "0"))
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=max(6, steps // 30), stateful_step_count=30, deadline=None, database=None,
            derandomize=not steps, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
