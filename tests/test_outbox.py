"""The outbox: what becomes of a letter that arrives, waits, is refused, or may have arrived."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers.reply import Button, Call, Line, Reply, Table, Title, says
from scheduler.claims import LEASE
from scheduler.letters import Address, Ambiguous, Letter, Moved, Outcome, Refused, Sent, Wait
from scheduler.outbox import Sender, post, problems
from scheduler.records import KEPT_TRYING
from storage.clock import SetClock
from storage.database import Database
from storage.models import Bond, Outbox
from tests.conversation import AYESHA, Conversation, user_id, words


class Killed(BaseException):
    """The program was killed at this very point."""


@dataclass
class Post:
    """Letters to Ayesha, Bilal and Sara, and a door that answers as it is told."""

    database: Database
    clock: SetClock
    answer: Callable[[Letter], Outcome] = lambda _letter: Sent("m1")
    tried: list[str] = field(default_factory=list)

    def writes(self, *texts: str, to: str = AYESHA, kind: str = "reply") -> None:
        with self.database.transaction() as session:
            for text in texts:
                address = Address("telegram", "", chat=to)
                post(session, address, says(text), self.clock.now(), workspace_id=None, kind=kind)

    def sends(self) -> list[str]:
        """Let a sender that has just begun send all that waits; which letters it tried."""
        before = len(self.tried)
        asyncio.run(self.sender().flush())
        return self.tried[before:]

    def sender(self, **more: Any) -> Sender:
        async def push(letter: Letter) -> Outcome:
            self.tried.append(words(letter.reply))
            await asyncio.sleep(0)
            return self.answer(letter)

        return Sender(self.database, self.clock, {"telegram": push}, **more)

    def answers(self, *outcomes: Outcome | BaseException) -> None:
        """These, one a try; then everything arrives."""
        left = list(outcomes)

        def answer(_letter: Letter) -> Outcome:
            outcome = left.pop(0) if left else Sent("m1")
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        self.answer = answer

    def rows(self) -> list[Outbox]:
        with self.database.transaction() as session:
            return list(session.scalars(select(Outbox).order_by(Outbox.id)))

    @property
    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def listed(self) -> list[dict[str, Any]]:
        with self.database.transaction() as session:
            return problems(session)


@pytest.fixture
def mail(database: Database, clock: SetClock) -> Post:
    return Post(database, clock)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


# --- one letter -----------------------------------------------------------------------------------


def test_a_letter_is_sent_once(mail: Post) -> None:
    mail.writes("hello")
    assert mail.sends() == ["hello"]
    assert mail.sends() == []
    (row,) = mail.rows()
    assert (row.state, row.sent_as, row.attempts) == ("sent", "m1", 1)
    assert mail.listed() == []


def test_a_platforms_number_may_be_longer_than_ours(mail: Post) -> None:
    mail.writes("hello")
    mail.answers(Sent("m" * 300))
    assert mail.sends() == ["hello"]
    assert mail.sends() == []
    assert mail.rows()[0].sent_as == "m" * 80


def test_row_15_a_try_is_written_down_before_it_is_made_and_nothing_is_locked(mail: Post) -> None:
    seen: list[tuple[str, int]] = []

    def answer(letter: Letter) -> Outcome:
        with mail.database.transaction() as session:
            row = session.get_one(Outbox, letter.id, with_for_update={"nowait": True})
            seen.append((row.state, row.attempts))
        return Sent()

    mail.answer = answer
    mail.writes("hello")
    mail.sends()
    assert seen == [("sending", 1)]
    assert mail.states == ["sent"]


def test_a_letter_claimed_as_it_is_written_is_the_one_that_would_be_read(mail: Post) -> None:
    undo = Button("Undo", Call("undo", {"turn_id": 7, "ids": [1, 2]}), token="t")
    table = Table(("Deal", "Worth"), (("Looms", "5 lakh"),), numeric=(1,))
    reply = Reply((Title("آج"), Line("2 calls", quiet=True), table), buttons=(undo,), rtl=True)
    address, now = Address("telegram", "", chat=AYESHA, tongue="ur"), mail.clock.now()

    def written_and_claimed(session: Session) -> list[Letter]:
        post(session, address, reply, now, workspace_id=None, language="ur")
        return mail.sender().claiming()(session)

    claimed = mail.database.run(written_and_claimed)
    with mail.database.transaction() as session:
        session.execute(update(Outbox).values(state="waiting", attempts=0, not_before=now))
    assert mail.database.run(mail.sender().claiming()) == claimed
    assert [each.reply for each in claimed] == [reply]


def test_a_letter_whose_transaction_is_undone_is_nobodys(mail: Post) -> None:
    def written_in_vain(session: Session) -> None:
        address = Address("telegram", "", chat=AYESHA)
        post(session, address, says("hello"), mail.clock.now(), workspace_id=None)
        raise KeyError

    with pytest.raises(KeyError):
        mail.database.run(written_in_vain)
    assert mail.database.run(mail.sender().claiming()) == []


def test_letters_that_land_together_are_written_down_together(
    mail: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {"102": 0.005, "103": 0.01}
    many: list[bool] = []

    async def push(letter: Letter) -> Outcome:
        await asyncio.sleep(slow.get(letter.address.chat, 0))
        return Sent("m1")

    async def go() -> None:
        sender = Sender(mail.database, mail.clock, {"telegram": push})
        write = sender._in_database

        async def counted(work: Any, *, synced: bool = True) -> Any:
            many.append(synced)
            return await write(work, synced=synced)

        claim = sender.claiming()
        letters = mail.database.run(claim)
        monkeypatch.setattr(sender, "_in_database", counted)
        sender.fly(letters, claim.since)
        await asyncio.gather(*(each.task for each in sender._flights.values() if each.task))

    for user in (AYESHA, "102", "103"):
        mail.writes("hello", to=user)
    asyncio.run(go())
    assert mail.states == ["sent"] * 3
    assert many[0] is False, "a letter that arrived is not waited for until it is on the disk"
    assert len(many) < 3 or not mail.database.is_sqlite


def test_what_departs_while_another_look_begins_is_not_taken_for_a_dead_senders(
    mail: Post,
) -> None:
    async def go() -> None:
        sender = mail.sender()
        before, later = sender.claiming(), sender.claiming()
        letters = mail.database.run(before)
        sender.fly(letters, before.since)
        mail.clock.skip(2 * LEASE)  # the machine slept, say
        assert mail.database.run(later) == []
        await asyncio.gather(*(each.task for each in sender._flights.values() if each.task))

    mail.writes("hello")
    asyncio.run(go())
    assert mail.states == ["sent"]
    assert mail.tried == ["hello"]


def test_what_is_refused_is_not_tried_again_but_listed(mail: Post) -> None:
    mail.answers(Refused("bot was blocked by the user", dead=True))
    mail.writes("hello")
    assert mail.sends() == ["hello"]
    mail.clock.skip(timedelta(days=2))
    assert mail.sends() == []
    assert [(each["state"], each["problem"]) for each in mail.listed()] == [
        ("refused", "bot was blocked by the user")
    ]


def test_what_is_to_wait_waits_as_long_as_it_was_told(mail: Post) -> None:
    mail.answers(Wait(30, "too many messages"))
    mail.writes("hello")
    assert mail.sends() == ["hello"]
    mail.clock.skip(seconds(29))
    assert mail.sends() == []
    mail.clock.skip(seconds(1))
    assert mail.sends() == ["hello"]
    assert mail.states == ["sent"]


def test_a_line_that_is_down_for_a_day_loses_nothing(mail: Post) -> None:
    mail.answer = lambda _letter: Wait(2, "no connection")
    mail.writes("hello")
    for _ in range(120):
        mail.sends()
        mail.clock.skip(seconds(60))
    assert 8 < len(mail.tried) < 40, "it is tried, and not hammered at"
    mail.clock.skip(timedelta(days=1))
    mail.answers()
    mail.clock.skip(seconds(300))
    assert mail.sends() == ["hello"]
    assert mail.states == ["sent"]


def test_after_a_week_a_letter_is_given_up_and_listed(mail: Post) -> None:
    mail.answer = lambda _letter: Wait(2, "no connection")
    mail.writes("hello")
    mail.sends()
    mail.clock.skip(KEPT_TRYING)
    assert mail.sends() == ["hello"]
    mail.clock.skip(KEPT_TRYING)
    assert mail.sends() == []
    (problem,) = mail.listed()
    assert problem["state"] == "refused"
    assert "no connection" in problem["problem"]


# --- what may have arrived ------------------------------------------------------------------------


def test_row_14_what_may_have_arrived_is_sent_once_more_and_no_more(mail: Post) -> None:
    mail.answer = lambda _letter: Ambiguous("timed out")
    mail.writes("hello")
    assert mail.sends() == ["hello"]
    mail.clock.skip(seconds(1))
    assert mail.sends() == ["hello"]
    mail.clock.skip(timedelta(days=1))
    assert mail.sends() == []
    assert [(each["state"], each["problem"]) for each in mail.listed()] == [
        ("unknown", "timed out")
    ]


def test_what_waited_first_is_sent_once_more_all_the_same(mail: Post) -> None:
    mail.answers(Wait(1), Wait(1), Wait(1), Ambiguous("timed out"))
    mail.writes("hello")
    for _ in range(5):
        mail.sends()
        mail.clock.skip(seconds(10))
    assert mail.tried == ["hello"] * 5
    assert mail.states == ["sent"]


def test_waiting_in_between_does_not_make_it_a_third_time(mail: Post) -> None:
    mail.answers(Ambiguous("timed out"), Wait(1), Ambiguous("timed out"))
    mail.writes("hello")
    for _ in range(6):
        mail.sends()
        mail.clock.skip(seconds(10))
    assert mail.tried == ["hello"] * 3
    assert mail.states == ["unknown"]


def test_a_door_that_raises_may_have_sent(mail: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "rabta.outbox")
    mail.answers(RuntimeError("oops"), RuntimeError("oops"))
    mail.writes("hello")
    for _ in range(3):
        mail.sends()
        mail.clock.skip(seconds(10))
    assert mail.tried == ["hello"] * 2
    assert [each["problem"] for each in mail.listed()] == ["RuntimeError"]


def test_row_15_a_sender_killed_while_sending_is_followed_by_one_more_try(mail: Post) -> None:
    mail.answers(Killed())
    mail.writes("hello")
    with pytest.raises(Killed):
        mail.sends()
    assert mail.states == ["sending"]
    mail.clock.skip(LEASE - seconds(1))
    assert mail.sends() == [], "the other one may still be at it"
    mail.clock.skip(seconds(1))
    assert mail.sends() == ["hello"]
    assert mail.states == ["sent"]


def test_a_program_that_starts_again_waits_for_no_other_where_there_is_none(mail: Post) -> None:
    """From SQLite one process sends; on PostgreSQL the letter may be another one's."""
    mail.answers(Killed())
    mail.writes("one", "two")
    with pytest.raises(Killed):
        mail.sends()

    async def start() -> None:
        running = asyncio.create_task(mail.sender().run())
        for _ in range(200 if mail.database.is_sqlite else 10):
            await asyncio.sleep(0.02)
            if mail.states == ["sent", "sent"]:
                break
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(start())
    assert mail.tried == (["one", "one", "two"] if mail.database.is_sqlite else ["one"])


@pytest.mark.parametrize("waited", [0, 3])
def test_row_15_killed_again_and_again_it_is_sent_twice_at_most(mail: Post, waited: int) -> None:
    mail.answers(*[Wait(1)] * waited, *[Killed()] * 9)
    mail.writes("hello")
    for _ in range(waited):
        mail.sends()
        mail.clock.skip(seconds(20))
    for _ in range(5):
        try:
            mail.sends()
        except Killed:
            mail.clock.skip(LEASE)
    assert mail.tried == ["hello"] * (waited + 2)
    assert [(each["state"], each["problem"]) for each in mail.listed()] == [
        ("unknown", "interrupted while sending")
    ]


def test_a_letter_of_another_version_holds_up_nobody(
    mail: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "rabta.outbox")
    mail.writes("old", "new")
    with mail.database.transaction() as session:
        row = session.scalars(select(Outbox).order_by(Outbox.id).limit(1)).one()
        row.reply = {**row.reply, "sings": True}
    assert mail.sends() == ["new"]
    assert mail.states == ["refused", "sent"]


# --- a chat that moved ----------------------------------------------------------------------------


def test_row_19_a_group_that_moved_gets_its_letter_and_still_belongs_to_its_team(
    chat: Conversation,
) -> None:
    old, new = f"-{user_id('Sales')}", "-100200300"
    chat.says("hello", place="Sales")
    chat.door.outcomes.append(Moved(new))
    chat.says("pipeline", place="Sales")
    assert chat.heard[-1].place.chat == new
    with chat.database.transaction() as session:
        bonds = [bond.key for bond in session.scalars(select(Bond))]
    assert bonds == [new]
    assert old not in bonds


def test_a_chat_that_moves_for_ever_is_let_go(mail: Post) -> None:
    mail.answer = lambda letter: Moved(letter.address.chat + "1")
    mail.writes("hello")
    assert 1 < len(mail.sends()) < 10
    assert mail.states == ["refused"]


# --- many letters ---------------------------------------------------------------------------------


def test_letters_of_a_chat_are_sent_in_order(mail: Post) -> None:
    mail.writes("one", "two", "three")
    assert mail.sends() == ["one", "two", "three"]


def test_a_letter_that_waits_is_not_overtaken(mail: Post) -> None:
    mail.answers(Wait(10))
    mail.writes("one", "two")
    assert mail.sends() == ["one"]
    mail.clock.skip(seconds(5))
    assert mail.sends() == []
    mail.clock.skip(seconds(5))
    assert mail.sends() == ["one", "two"]


def test_a_letter_under_way_elsewhere_is_not_overtaken(mail: Post) -> None:
    mail.answers(Killed())
    mail.writes("one", "two")
    mail.writes("for Bilal", to="Bilal")
    with pytest.raises(Killed):
        mail.sends()
    mail.clock.skip(LEASE - seconds(1))
    assert "two" not in mail.sends()
    mail.clock.skip(seconds(1))
    mail.sends()
    assert [text for text in mail.tried if text != "for Bilal"] == ["one", "one", "two"]


def test_a_letter_that_waits_too_long_lets_the_others_by(mail: Post) -> None:
    mail.answer = lambda letter: Wait(2) if words(letter.reply) == "stuck" else Sent()
    mail.writes("stuck", "two", "three")
    for _ in range(10):
        mail.sends()
        mail.clock.skip(seconds(60))
    assert [text for text in mail.tried if text != "stuck"] == ["two", "three"]
    assert mail.states == ["waiting", "sent", "sent"]


def test_one_chats_failing_letter_holds_up_no_other_chat(mail: Post) -> None:
    failing: list[Outcome] = [Wait(60), Ambiguous("?"), Refused("no")]
    for outcome in failing:
        mail.answer = lambda letter, outcome=outcome: (  # type: ignore[misc]
            outcome if letter.address.chat == AYESHA else Sent()
        )
        mail.writes("for Ayesha")
        mail.writes("for Bilal", "again for Bilal", to="Bilal")
        assert sorted(mail.sends()) == ["again for Bilal", "for Ayesha", "for Bilal"]
        mail.clock.skip(timedelta(days=8))
        mail.sends()
        mail.clock.skip(timedelta(days=8))
        mail.sends()


def test_a_chat_with_very_many_letters_crowds_out_nobody(mail: Post) -> None:
    mail.writes(*(f"line {n}" for n in range(150)))
    mail.writes("for Bilal", to="Bilal")
    mail.answer = lambda letter: Wait(5) if letter.address.chat == AYESHA else Sent()
    assert sorted(mail.sends()) == ["for Bilal", "line 0"]


def test_replies_come_before_nudges(mail: Post) -> None:
    mail.writes("reminder", kind="nudge")
    mail.writes("for Bilal", to="Bilal", kind="nudge")
    mail.writes("answer")
    assert mail.sends() == ["answer", "for Bilal", "reminder"]


def test_what_another_terminal_waits_for_is_left_there(mail: Post) -> None:
    mail.writes("for Ayesha")
    mail.writes("for Bilal", to="Bilal")
    asyncio.run(mail.sender(here=lambda address: address.chat == "Bilal").flush())
    assert mail.tried == ["for Bilal"]
    assert mail.states == ["waiting", "sent"]


def in_order(texts: Iterable[str]) -> bool:
    """Whether each chat's letters, repeats aside, came as they were written."""
    by_chat: dict[str, list[int]] = {}
    for text in texts:
        name, number = text.split()
        by_chat.setdefault(name, []).append(int(number))
    return all(numbers == sorted(numbers) for numbers in by_chat.values())


@pytest.mark.parametrize("seed", range(3))
def test_two_senders_send_each_letter_once_and_in_order(mail: Post, seed: int) -> None:
    dice = random.Random(seed)
    names = ("Ayesha", "Bilal", "Sara")
    for number in range(8):
        for name in names:
            mail.writes(f"{name} {number}", to=name)
    arrived: list[str] = []

    def answer(letter: Letter) -> Outcome:
        if dice.random() < 0.2:
            return Wait(0.01)
        arrived.append(words(letter.reply))
        return Sent()

    mail.answer = answer

    async def both() -> None:
        while len(arrived) < 24:
            await asyncio.gather(mail.sender().flush(), mail.sender().flush())
            mail.clock.skip(seconds(60))

    asyncio.run(both())
    assert sorted(arrived) == sorted(f"{name} {number}" for name in names for number in range(8))
    assert in_order(mail.tried)
    assert set(mail.states) == {"sent"}


def test_the_order_is_really_looked_at() -> None:
    assert in_order(["Ayesha 1", "Bilal 1", "Ayesha 2", "Ayesha 2"])
    assert not in_order(["Ayesha 2", "Bilal 1", "Ayesha 1"])
