"""Nobody who did not agree, nobody over the cap and nobody who sleeps ever gets a message: through
opt-outs, changed rules, kills, restarts, relays that misbehave, and two senders at once.

What happens is drawn by Hypothesis. The mail door looks, at the moment it is handed a message, at
whether it should have been: from what was said to Rabta, and by no code of Rabta's.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.buttons import with_tokens
from handlers.library import the_book
from language.sounds import name_keys
from rules.sequences import Step, changed, next_step, put_in, there
from scheduler import sequences, touches
from scheduler.drawing import Draw
from scheduler.letters import Ambiguous, Letter, Outcome, Refused, Sent, Wait
from scheduler.outbox import Sender
from storage import queries
from storage.campaigns import drop_all, go_on, plan_all, split
from storage.campaigns_kept import Campaign
from storage.clock import SetClock
from storage.consent import agree
from storage.database import Database
from storage.messages import Message, plan
from storage.models import (
    Activity,
    Contact,
    ContactPoint,
    Member,
    MessageTemplate,
    Sequence,
    SequenceRun,
    Workspace,
)
from storage.scope import within
from storage.sequences import start
from storage.stages import begin_pipeline
from storage.touching import CAP, hold, judge
from tests.rows import rows

START = datetime(2026, 11, 23, 6, tzinfo=UTC)
PEOPLE = (
    ("Adil", "Lahore", "Asia/Karachi"), ("Tom", "London", "Europe/London"),
    ("Ann", "New York", "America/New_York"), ("Lin", "Beijing", "Asia/Shanghai"),
)  # fmt: skip
WEEK = timedelta(days=7)
MANY = 2 * touches.BATCH + 10

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("agree"), st.integers(0, 3)),
        st.tuples(st.just("refuse"), st.integers(0, 3)),
        st.tuples(st.just("one"), st.integers(0, 3)),
        st.tuples(st.just("campaign"), st.integers(0, 60)),
        st.tuples(st.sampled_from(["pause", "resume", "stop"]), st.just(0)),
        st.tuples(st.just("cap"), st.integers(0, 3)),
        st.tuples(st.just("hours"), st.integers(1, 40)),
        st.tuples(st.just("minutes"), st.integers(1, 50)),
        st.tuples(st.just("days"), st.integers(1, 8)),
        st.tuples(st.just("tick"), st.integers(1, 2)),
        st.tuples(st.just("send"), st.integers(1, 2)),
        st.tuples(st.just("relay"), st.integers(0, 4)),
        st.tuples(st.just("kill"), st.just(0)),
        st.tuples(st.just("lead"), st.integers(0, 3)),
        st.tuples(st.just("change"), st.integers(0, 4)),
        st.tuples(st.just("answer"), st.integers(0, 3)),
        st.tuples(st.sampled_from(["rest", "go_on"]), st.just(0)),
    ),
    min_size=10,
    max_size=60,
)


@dataclass
class Watch:
    """What is true by what was said, and what arrived."""

    clock: SetClock
    agreed: set[int] = field(default_factory=set)
    cap: int = 2
    zones: dict[int, str] = field(default_factory=dict)
    arrived: list[tuple[int, str, datetime]] = field(default_factory=list)
    relay: int = 0
    dying: bool = False
    stopped: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    async def push(self, letter: Letter) -> Outcome:
        """Handed over: whatever the relay then says, it may have arrived from here on."""
        contact, number, now = int(letter.address.chat), letter.address.thread, self.clock.now()
        if self.relay == 1:
            return Wait(300, "450")
        if self.relay == 2:
            return Refused("554")
        self._look(contact, number, now)
        self.arrived.append((contact, number, now))
        if self.dying:
            self.dying = False
            raise asyncio.CancelledError
        return Ambiguous("cut") if self.relay == 3 else Sent()

    def _look(self, contact: int, number: str, now: datetime) -> None:
        local = now.astimezone(ZoneInfo(self.zones[contact]))
        lately = [at for who, _, at in self.arrived if who == contact and at > now - WEEK]
        if contact not in self.agreed:
            self.wrong.append(f"{contact} did not agree")
        if len(lately) >= self.cap:
            self.wrong.append(f"{contact} has {len(lately)} this week")
        if not 9 <= local.hour < 20:
            self.wrong.append(f"{contact} sleeps at {local}")
        if any(number == each for _, each, _ in self.arrived):
            self.wrong.append(f"message {number} twice")


class House:
    """One workspace with four people in four zones, and one or two Rabtas."""

    def __init__(self, url: str, databases: int) -> None:
        self.databases = [Database(url) for _ in range(databases)]
        self.clock = SetClock(START)
        self.watch = Watch(self.clock)
        self.draw = Draw(the_book(), with_tokens)
        self.senders = [self.sender(each) for each in self.databases]
        self.template = 0
        self.campaign = 0
        self.number = 0
        self.changed_at = START
        self.answers: list[tuple[int, datetime]] = []
        self.run(self.furnish)

    def sender(self, database: Database) -> Sender:
        return Sender(database, self.clock, {"email": self.watch.push})

    def run(self, work: Callable[[Any], Any]) -> Any:
        def inside(session: Any) -> Any:
            space = session.scalars(select(Workspace).limit(1)).first()
            if space is None:
                return work(session)
            with within(session, space.id):
                return work(session)

        return self.databases[0].run(inside)

    def furnish(self, session: Any) -> None:
        space = Workspace(
            name="default", currency="PKR", region="PK", timezone="Asia/Karachi", language="en",
            created_at=START,
        )  # fmt: skip
        session.add(space)
        session.flush()
        with within(session, space.id):
            begin_pipeline(session, space.id)
            self.space = space.id
            member = Member(workspace_id=space.id, name="Ayesha", role="owner", created_at=START)
            session.add(member)
            session.flush()
            self.member = member.id
            self.people = []
            for name, city, zone in PEOPLE:
                row = Contact(
                    workspace_id=space.id, city=city, created_at=START,
                    owner_id=member.id, **name_keys(name),
                )  # fmt: skip
                session.add(row)
                session.flush()
                session.add(
                    ContactPoint(
                        workspace_id=space.id, contact_id=row.id, kind="email",
                        value=f"{name.lower()}@x.pk",
                    )
                )  # fmt: skip
                self.people.append(row.id)
                self.watch.zones[row.id] = zone
            template = MessageTemplate(
                workspace_id=space.id, name="T", name_key="t", by_id=member.id, created_at=START,
                versions={"en": {"text": "Dear {first_name}"}},
            )  # fmt: skip
            session.add(template)
            session.flush()
            self.template = template.id
            sequence = Sequence(
                workspace_id=space.id, name="W", name_key="w", steps=[], state="running",
                by_id=member.id, created_at=START,
            )  # fmt: skip
            for wait in (0, 26, 40):
                sequence.plan = put_in(sequence.plan, self.step(wait))
            session.add(sequence)
            session.flush()
            self.sequence = sequence.id

    def step(self, hours: int) -> Step:
        return Step(0, "message", timedelta(hours=hours), self.template, ("email",))

    # --- what happens -----------------------------------------------------------------------------

    def do(self, step: str, value: int) -> None:
        getattr(self, f"_{step}")(value)

    def _agree(self, who: int) -> None:
        self.watch.agreed.add(self.people[who])
        self._said(who, granted=True)

    def _refuse(self, who: int) -> None:
        self._said(who, granted=False)
        self.watch.agreed.discard(self.people[who])

    def _said(self, who: int, *, granted: bool) -> None:
        def work(session: Any) -> None:
            hold(session, self.space, self.people[who])
            agree(
                session, self.space, self.people[who], ["email"], granted=granted,
                at=self.clock.now(), how="said", by_id=self.member,
            )  # fmt: skip

        self.run(work)
        self.clock.skip(timedelta(seconds=1))

    def _one(self, who: int) -> None:
        self.number += 1

        def work(session: Any) -> None:
            plan(
                session, session.get_one(Contact, (self.space, self.people[who])), source="hand",
                occasion=str(self.number), ways=["email", "telegram"], by_id=self.member,
                now=self.clock.now(), template_id=self.template,
            )  # fmt: skip

        self.run(work)

    def _campaign(self, share: int) -> None:
        def work(session: Any) -> None:
            row = Campaign(
                workspace_id=self.space, name="C", name_key="c", template_id=self.template,
                audience="x", told="x", ways="email", held=min(share, 50), within=14,
                state="running", by_id=self.member, created_at=self.clock.now(),
                started_at=self.clock.now(),
            )  # fmt: skip
            session.add(row)
            session.flush()
            chosen = select(Contact.id).where(Contact.workspace_id == self.space)
            drawn = split(session, self.space, chosen, ["email"], campaign=row.id, held=row.held)
            plan_all(session, row, drawn, self.clock.now())
            plan_all(session, row, drawn, self.clock.now())
            self.campaign = row.id

        self.run(work)

    def _pause(self, _: int) -> None:
        self._state("running", "paused")

    def _resume(self, _: int) -> None:
        self._state("paused", "running")

    def _stop(self, _: int) -> None:
        self._state("running", "stopped")

    def _state(self, before: str, after: str) -> None:
        def work(session: Any) -> None:
            row = session.get(Campaign, (self.space, self.campaign))
            if row is None or row.state != before:
                return
            row.state = after
            session.flush()
            if after == "running":
                go_on(session, row, self.clock.now())
            if after == "stopped":
                drop_all(session, row)

        self.run(work)

    def _cap(self, most: int) -> None:
        self.run(lambda session: queries.put_setting(session, self.space, CAP, str(most)))
        self.watch.cap = most

    def _lead(self, who: int) -> None:
        """Somebody comes into the sequence, or is in it."""

        def work(session: Any) -> None:
            contact = session.get_one(Contact, (self.space, self.people[who]))
            start(
                session, session.get_one(Sequence, (self.space, self.sequence)), contact,
                how="hand", by_id=self.member, now=self.clock.now(),
            )  # fmt: skip

        self.run(work)

    def _change(self, how: int) -> None:
        """A running sequence gets a step at its end or between, loses one, or waits otherwise."""
        self.changed_at = self.clock.now()

        def work(session: Any) -> None:
            row = session.get_one(Sequence, (self.space, self.sequence))
            steps, shown = row.plan, there(row.plan)
            if how == 0:
                row.plan = put_in(steps, self.step(6))
            elif how == 1:
                row.plan = put_in(steps, self.step(5), 1)
            elif how in (2, 3) and len(shown) > how - 1:
                row.plan = changed(steps, shown[how - 2].key, gone=True)
            else:
                row.plan = changed(steps, shown[-1].key, wait=timedelta(hours=3))

        self.run(work)

    def _answer(self, who: int) -> None:
        self.clock.skip(timedelta(seconds=1))
        now = self.clock.now()

        def work(session: Any) -> None:
            hold(session, self.space, self.people[who])
            session.add(
                Activity(
                    workspace_id=self.space, kind="message", contact_id=self.people[who], at=now,
                    on_day=now.date(), by_id=self.member, more={"from": "customer"},
                )
            )  # fmt: skip

        self.run(work)
        self.answers.append((self.people[who], now))

    def _rest(self, _: int) -> None:
        self.run(lambda session: self._rests(session, "running", "paused"))

    def _go_on(self, _: int) -> None:
        self.run(lambda session: self._rests(session, "paused", "running"))

    def _rests(self, session: Any, before: str, after: str) -> None:
        row = session.get_one(Sequence, (self.space, self.sequence))
        if row.state == before:
            row.state = after

    def is_through(self, session: Any) -> bool:
        """Nobody is in the sequence any more."""
        here = SequenceRun.workspace_id == self.space, SequenceRun.state == "running"
        return session.scalars(select(SequenceRun.id).where(*here).limit(1)).first() is None

    def strays(self) -> list[str]:
        """What went wrong in the sequence: something after an answer, a step twice, somebody
        whom it has lost."""
        return self.run(self._strays)  # type: ignore[no-any-return]

    def _strays(self, session: Any) -> list[str]:
        plan = session.get_one(Sequence, (self.space, self.sequence)).plan
        runs = {
            (row.contact_id, row.round): row
            for row in session.scalars(
                select(SequenceRun).where(SequenceRun.workspace_id == self.space)
            )
        }
        messages = {
            str(row.id): row
            for row in session.scalars(select(Message).where(Message.workspace_id == self.space))
        }
        found, went = [], set[tuple[str, int]]()
        for contact, number, at in self.watch.arrived:
            source = messages[number].source
            if not source.startswith("sequence:"):
                continue
            if (source, contact) in went:
                found.append(f"{contact} got {source} twice")
            went.add((source, contact))
            run = runs[contact, int(source.split(":")[3])]
            if any(who == contact and run.started_at < said < at for who, said in self.answers):
                found.append(f"{contact} got {source} after an answer")
        for run in runs.values():
            keys = [each["step"] for each in run.done]
            lost = run.state == "running" or (
                run.state == "finished"
                and next_step(plan, run.last_step) is not None
                and run.ended_at > self.changed_at
            )
            if len(keys) != len(set(keys)) or lost:
                found.append(f"run of {run.contact_id}: {run.state} {run.done}")
        return found

    def _hours(self, count: int) -> None:
        self.clock.skip(timedelta(hours=count))

    def _minutes(self, count: int) -> None:
        self.clock.skip(timedelta(minutes=count))

    def _days(self, count: int) -> None:
        self.clock.skip(timedelta(days=count))

    def _relay(self, how: int) -> None:
        self.watch.relay = how

    def _kill(self, _: int) -> None:
        """Whoever sends next dies in the middle of it, and others come after."""
        self.watch.dying = True

    def _tick(self, _: int) -> None:
        self._at_once(self._tick_of)

    def _tick_of(self, database: Database) -> None:
        now = self.clock.now()
        for tick in (sequences.tick, touches.tick, sequences.tick):
            while database.run(partial(tick, draw=self.draw, now=now)):
                pass

    def _send(self, _: int) -> None:
        self._at_once(self._flush)
        self.clock.skip(timedelta(seconds=6))  # leases of the dead are over

    def _flush(self, database: Database) -> None:
        at = self.databases.index(database)
        try:
            asyncio.run(self.senders[at].flush())
        except asyncio.CancelledError:
            self.senders[at] = self.sender(database)
            if database.is_sqlite:
                asyncio.run(self.senders[at].take_over())

    def _at_once(self, work: Callable[[Database], None]) -> None:
        threads = [threading.Thread(target=work, args=(each,)) for each in self.databases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def close(self) -> None:
        for each in self.databases:
            each.close()


@pytest.fixture
def houses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], House]]:
    opened: list[House] = []

    def make(kind: str) -> House:
        for each in opened:
            each.close()
        opened.clear()
        if kind == "sqlite":
            path = tmp_path / "rabta.db"
            path.unlink(missing_ok=True)
            for more in tmp_path.glob("rabta.db-*"):
                more.unlink()
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            url = f"sqlite:///{path}"
        else:
            url = request.getfixturevalue("postgresql_url")
            rows(url).empty()
        house = House(url, 1 if kind == "sqlite" else 2)
        opened.append(house)
        return house

    yield make
    for each in opened:
        each.close()


HOW = settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate, Phase.shrink), print_blob=True,
)  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@HOW
@given(steps=STEPS)
@example(steps=[("relay", 1), ("one", 0), ("refuse", 0), ("relay", 0), ("hours", 1)])
@example(steps=[("relay", 1), ("one", 0), ("relay", 0), ("hours", 13)])
@example(steps=[("relay", 1), ("one", 0), ("cap", 0), ("relay", 0), ("hours", 1)])
@example(steps=[("kill", 0), ("one", 0), ("hours", 1), ("hours", 1)])
@example(steps=[("relay", 3), ("campaign", 0), ("relay", 0), ("hours", 1), ("hours", 1)])
@example(steps=[("campaign", 0), ("campaign", 0), ("campaign", 0), ("days", 6), ("days", 2)])
@example(steps=[("lead", 0), ("hours", 1), ("answer", 0), ("days", 2), ("lead", 0), ("days", 3)])
@example(steps=[("lead", 0), ("hours", 1), ("rest", 0), ("days", 8), ("change", 1), ("go_on", 0)])
@example(steps=[("kill", 0), ("lead", 0), ("hours", 1), ("change", 2), ("days", 2), ("change", 0)])
@example(steps=[("relay", 1), ("lead", 0), ("hours", 1), ("answer", 0), ("relay", 0), ("days", 1)])
def test_nobody_gets_what_they_should_not(
    houses: Callable[[str], House], kind: str, steps: list[tuple[str, int]]
) -> None:
    house = houses(kind)
    for who in range(3):
        house.do("agree", who)
    for step, value in steps:
        house.do(step, value)
        if step in ("one", "campaign", "lead", "hours", "days"):
            house.do("tick", 2)
            house.do("send", 2)
        assert house.watch.wrong == []
    house.watch.relay, house.watch.dying = 0, False
    for _ in range(4):
        house.do("hours", 7)
        house.do("tick", 2)
        house.do("send", 2)
    house.do("go_on", 0)
    house.do("cap", 3)
    for _ in range(20):
        if house.run(house.is_through):
            break
        house.do("hours", 31)
        house.do("tick", 2)
        house.do("send", 2)
        house.do("tick", 2)
    assert house.watch.wrong == []
    assert house.strays() == []


def test_two_at_once_keep_the_cap_that_one_would(houses: Callable[[str], House]) -> None:
    """More messages for one customer than one process looks at in one go, two processes: two go."""
    house = houses("postgresql")
    house.do("agree", 0)
    for _ in range(MANY):
        house.do("one", 0)
    for _ in range(3):
        house.do("tick", 2)
        house.do("send", 2)
    assert house.watch.wrong == []
    assert len(house.watch.arrived) == 2
    states = house.run(lambda session: list(session.scalars(select(Message.state))))
    assert (states.count("sent"), states.count("planned")) == (2, MANY - 2)


def test_the_watch_sees_what_is_wrong() -> None:
    """A test that cannot fail shows nothing."""
    watch = Watch(SetClock(START), zones={1: "Asia/Karachi"})

    async def go() -> None:
        from handlers.reply import Reply
        from scheduler.letters import Address

        letter = Letter(1, Address("email", "1", "1", "a@b.c", thread="5"), Reply())
        await watch.push(letter)
        watch.clock.set(START + timedelta(hours=15))
        watch.cap = 1
        await watch.push(letter)

    asyncio.run(go())
    assert [each.split()[1] for each in watch.wrong] == ["did", "did", "has", "sleeps", "5"]


def test_who_decides_second_finds_what_the_first_let_go(houses: Callable[[str], House]) -> None:
    """One message is let go, and not committed yet, while another process judges the next."""
    house = houses("postgresql")
    house.do("agree", 0)
    house.do("cap", 1)
    house.do("one", 0)
    house.do("one", 0)
    first, second = house.run(lambda session: list(session.scalars(select(Message.id))))
    judged, reasons = threading.Event(), []

    def let_go(session: Any) -> None:
        with within(session, house.space):
            message = session.get_one(Message, (house.space, first))
            assert judge(session, message, START + timedelta(minutes=1)).way
            message.state = "posted"
            session.flush()
            judged.set()
            time.sleep(0.5)

    def comes_after(session: Any) -> None:
        with within(session, house.space):
            message = session.get_one(Message, (house.space, second))
            reasons.append(judge(session, message, START + timedelta(minutes=1)).reason)

    thread = threading.Thread(target=lambda: house.databases[0].run(let_go))
    thread.start()
    judged.wait(10)
    house.databases[1].run(comes_after)
    thread.join()
    assert reasons == ["over_cap"]
