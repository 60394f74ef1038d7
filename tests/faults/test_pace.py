"""Row 17: Telegram's limits hold for all processes together, and a 429 holds everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import slack_pace, telegram_pace
from handlers.reply import says
from scheduler.letters import Address, Letter
from scheduler.outbox import RANKS, Sender
from scheduler.pace import Limit, Toll, Windows, hold
from storage.clock import SetClock
from storage.database import Database
from storage.models import Pace
from tests.doors.loop import LiveLoop
from tests.faults.mail import Carries, Mail, sending, took
from tests.servers.telegram import Chat, Limits, TelegramServer, flood

moments = st.lists(st.floats(0, 30), min_size=1, max_size=60).map(sorted)


def chats(server: TelegramServer, count: int) -> list[Chat]:
    people = [server.user(1000 + number, f"Rep {number}") for number in range(count)]
    for person in people:
        person.says(server.private(person), "/start")
    return [server.private(person) for person in people]


def at(chat: Chat) -> Address:
    return Address("telegram", "", chat=str(chat.id), user=str(chat.id))


def refused(server: TelegramServer) -> int:
    return sum(call.answer.get("error_code") == 429 for call in server.calls_of("sendMessage"))


@given(moments, st.integers(1, 6), st.floats(0.1, 5), st.integers(1, 3))
def test_row_17_no_window_ever_holds_more_than_its_limit(
    asked: list[float], most: int, seconds: float, count: int
) -> None:
    """Whoever asks goes when it is told to; slid over all that went, no window is too full."""
    limit, taken, went, now = Limit("x", most, seconds), list[float](), list[float](), 0.0
    for moment in asked:
        now = max(now, moment, limit.free_at(taken, count))
        taken = limit.with_more(taken, count, now)
        went += [now] * min(count, most)
    for first in went:
        assert sum(first <= each < first + seconds - 1e-6 for each in went) <= most


def test_row_17_after_a_hold_one_goes_after_the_other() -> None:
    limit = Limit("x", 3, 3.0)
    taken = limit.held(10.0)
    went = []
    for _ in range(5):
        went.append(limit.free_at(taken, 1))
        taken = limit.with_more(taken, 1, went[-1])
    assert went == pytest.approx([10, 11, 12, 13, 14])


def test_row_17_only_what_goes_is_counted_and_a_longer_hold_stays(
    database: Database, clock: SetClock
) -> None:
    limit = Limit("telegram:1:7", 3, 3.0)
    with database.transaction() as session:
        hold(session, clock, (limit,), 30.0)
        hold(session, clock, (limit,), 2.0)
        windows = Windows.locked(session, clock, [limit])
        assert windows.wait([limit], 1) == pytest.approx(30.0)
        before = session.get_one(Pace, limit.name).taken
        windows.write(session)
        assert session.get_one(Pace, limit.name, populate_existing=True).taken == before
        clock.skip(timedelta(seconds=30))
        free = Windows.locked(session, clock, [limit])
        assert free.wait([limit], 1) == 0
        free.charge(Toll((limit,)))
        assert free.wait([limit], 1) == pytest.approx(1.0)


def test_row_17_a_burst_keeps_to_the_limits_of_all_processes_together(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    telegram.limits = Limits.with_bursts()
    count = 60
    for chat in chats(telegram, count):
        mail.writes(at(chat), "salam", kind="nudge")
    senders = [
        mail.sender(telegram=to_telegram) for _ in range(1 if mail.database.is_sqlite else 2)
    ]
    with sending(loop, *senders):
        seconds = took(mail.all_are("sent"), 30)
    assert refused(telegram) == 0
    assert seconds > (count - 5) / 25 - 0.3, "as fast as is allowed, not faster"
    moments = sorted(call.at for call in telegram.calls_of("sendMessage"))
    assert max(sum(first <= each < first + 1 for each in moments) for first in moments) <= 30


def test_row_17_many_to_one_chat_go_one_a_second_and_nobody_else_waits(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    telegram.limits = Limits.with_bursts()
    busy, calm = chats(telegram, 2)
    mail.writes(at(busy), *(f"line {n}" for n in range(6)))
    mail.writes(at(calm), "salam")
    with sending(loop, mail.sender(telegram=to_telegram)):
        calm.wait_for(1, timeout=20)
        assert len(busy.messages) < 6, "nobody else waits for it"
        busy.wait_for(6, timeout=20)
    assert [message.text for message in busy.messages] == [f"line {n}" for n in range(6)]
    assert refused(telegram) == 0
    went = [c.at for c in telegram.calls_of("sendMessage") if c.params["chat_id"] == str(busy.id)]
    assert went[5] - went[2] >= 2.9, "three at once, the others one a second"


def test_row_17_what_comes_by_itself_goes_one_a_second_into_a_chat(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    telegram.limits = Limits.real()
    busy, calm = chats(telegram, 2)
    mail.writes(at(busy), *(f"nudge {n}" for n in range(4)), kind="nudge")
    mail.writes(at(calm), "nudge", kind="nudge")
    with sending(loop, mail.sender(telegram=to_telegram)):
        calm.wait_for(1, timeout=20)
        assert len(busy.messages) < 4, "nobody else waits for it"
        busy.wait_for(4, timeout=20)
    assert [message.text for message in busy.messages] == [f"nudge {n}" for n in range(4)]
    assert refused(telegram) == 0


@pytest.mark.parametrize("toll_of", [partial(telegram_pace.toll_of, "1"), slack_pace.toll_of])
@pytest.mark.parametrize(("kind", "seconds"), [("nudge", 1.1), ("reply", 0.0)])
def test_row_17_18_what_nobody_waits_for_keeps_to_a_calmer_pace(
    toll_of: Callable[[Letter], Toll], kind: str, seconds: float
) -> None:
    letter = Letter(1, Address("slack", "T1", "C1", "7"), says("salam"), kind=kind)
    windows = Windows(100.0, {})
    windows.charge(toll_of(letter))
    assert windows.wait(toll_of(letter).all, 1) == pytest.approx(seconds)
    windows.now += seconds
    assert windows.wait(toll_of(letter).all, 1) == 0


def test_row_17_a_stricter_telegram_is_obeyed_and_no_retry_after_ignored(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    """It lets no burst pass, and less than is documented."""
    telegram.limits = Limits(per_chat=(1, 2.0))
    (chat,) = chats(telegram, 1)
    mail.writes(at(chat), *(f"line {n}" for n in range(4)))
    with sending(loop, mail.sender(telegram=to_telegram)):
        chat.wait_for(4, timeout=20)
    assert [message.text for message in chat.messages] == [f"line {n}" for n in range(4)]
    assert refused(telegram) >= 1
    assert telegram.limits.ignored == 0


def test_row_17_a_group_gets_eighteen_a_minute(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    telegram.limits = Limits(per_group=(20, 60.0))
    group = telegram.group("Sales", [telegram.user(101, "Ayesha")])
    limit = to_telegram.toll(Letter(1, at(group), says("x"))).limits[-1]
    assert (limit.most, limit.seconds) == (18, 60.0)
    with mail.database.transaction() as session:
        windows = Windows.locked(session, mail.clock, [limit])
        windows.charge(Toll((limit,), messages=18))
        windows.write(session)
    mail.writes(at(group), "one more")
    with sending(loop, mail.sender(telegram=to_telegram)):
        loop.do(asyncio.sleep(0.5))
        assert mail.states == ["waiting"]
    assert mail.rows()[0].attempts == 0, "what must wait for its pace was not tried"


@pytest.mark.parametrize("quiet", [True, False])
def test_row_17_a_429_holds_the_bot_or_the_chat_for_every_process(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries, quiet: bool
) -> None:
    """Where nothing else went to the chat the bot as a whole is meant; else that chat."""
    first, other = chats(telegram, 2)
    if not quiet:
        mail.writes(at(first), "before")
        loop.do(mail.sender(telegram=to_telegram).flush())
    telegram.goes_wrong("sendMessage", flood(2))
    mail.writes(at(first), "held")
    loop.do(mail.sender(telegram=to_telegram).flush())
    mail.writes(at(other), "salam")
    with sending(loop, mail.sender(telegram=to_telegram)):  # as another process would be
        other.wait_for(1, timeout=10)
        first.wait_for(1 if quiet else 2, timeout=10)
    sent = {call.params["text"]: call.at for call in telegram.calls_of("sendMessage")}
    held = next(c for c in telegram.calls_of("sendMessage") if c.params["text"] == "held")
    assert sent["held"] - held.at >= 2.0
    assert (sent["salam"] - held.at >= 2.0) == quiet


def test_row_29_replies_overtake_nudges_and_nudges_campaigns(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    """A herd of nudges is being sent, and somebody asks something."""
    herd = chats(telegram, 41)
    for chat in herd[:20]:
        mail.writes(at(chat), "campaign", kind="campaign")
    for chat in herd[20:40]:
        mail.writes(at(chat), "agenda", kind="nudge")
    sender = mail.sender(telegram=to_telegram)
    with sending(loop, sender):
        loop.do(asyncio.sleep(0.4))
        mail.writes(at(herd[40]), "answer")
        loop.do(_woken(sender))
        seconds = took(lambda: herd[40].messages, 5)
        took(mail.all_are("sent"), 20)
    assert seconds < 1.0, "it did not wait for the herd"
    texts = [call.params["text"] for call in telegram.calls_of("sendMessage")]
    assert texts.index("answer") < 30
    ranks = [RANKS[{"campaign": "campaign", "agenda": "nudge"}[t]] for t in texts if t != "answer"]
    assert all(earlier <= later for earlier, later in pairwise(ranks))


def test_a_single_reply_on_an_idle_bot_does_not_wait(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    (chat,) = chats(telegram, 1)
    sender = mail.sender(telegram=to_telegram)
    with sending(loop, sender):
        mail.writes(at(chat), "answer")
        loop.do(_woken(sender))
        assert took(lambda: chat.messages, 5) < 1.0


async def _woken(sender: Sender) -> None:
    sender.wake()
