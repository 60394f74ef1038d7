"""Row 50, who writes too fast: their messages wait their turn, nobody else's do, none is lost."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from time import process_time

import pytest
from sqlalchemy import select

from bot.door import Raw
from bot.incoming import Incoming
from bot.reception import House
from storage import inbox, pace
from storage.models import Inbox
from tests.conversation import AYESHA, Conversation, packed, words
from tests.test_day import kept

RATE = 5
_numbers = itertools.count()


@pytest.fixture
def chat(chat: Conversation) -> Conversation:
    """In a house where five messages a minute are handled, and everybody has said hello."""
    chat.desk.house = replace(chat.house, rate=RATE)
    for name in (AYESHA, "Bilal"):
        for place in ("", "Sales"):
            chat.says("hello", by=name, place=place)
    chat.heard.clear()
    return chat


def keeps(chat: Conversation, *told: str, by: str = AYESHA, place: str = "") -> list[str]:
    """They are kept as one delivery; the events."""
    sender = chat.person(by)
    where = chat.place(sender, place)
    now = chat.clock.now()
    events = [Incoming(f"e{next(_numbers)}", sender, where, now, text=text) for text in told]
    raws = [Raw(e.event, e.place.chat, packed(e), e.sender.id) for e in events]
    chat.desk.keep(chat.platform, raws)
    return [event.event for event in events]


def notes(by: str, count: int, start: int = 0) -> list[str]:
    return [f"note {by} Traders: line {number}" for number in range(start, start + count)]


def noted(chat: Conversation, by: str = AYESHA) -> list[int]:
    """The numbers of their notes, in the order in which they were written down."""
    rows = kept(chat, "activity")
    return [int(row["text"].split()[-1]) for row in rows if row["by"] == by]


def warnings(chat: Conversation, tongue: str = "en") -> list[str]:
    warning = chat.book.words["too_fast"][tongue].format(n=RATE)
    return [heard.to for heard in chat.heard if words(heard.reply) == warning]


def turns(chat: Conversation, events: Sequence[str]) -> list[float]:
    """Seconds from now to the turn of each."""
    with chat.database.transaction() as session:
        at = {row.event: row.turn_at for row in session.scalars(select(Inbox))}
    moments = (at[event] for event in events)
    return [(moment - chat.clock.now()).total_seconds() for moment in moments if moment]


def test_row_50_what_is_above_the_rate_waits_a_minute_in_order_and_is_told_once(
    chat: Conversation,
) -> None:
    keeps(chat, *notes(AYESHA, 13))
    chat.receives()
    assert noted(chat) == list(range(5))
    assert warnings(chat) == [chat.person(AYESHA).id]
    for seconds, done in ((59, 5), (1, 10), (59, 10), (1, 13)):
        chat.clock.skip(timedelta(seconds=seconds))
        chat.receives()
        assert noted(chat) == list(range(done))
    assert len(warnings(chat)) == 1
    with chat.database.transaction() as session:
        assert inbox.undone(session) == []


def test_row_50_messages_that_come_one_by_one_are_counted_as_those_that_come_together(
    chat: Conversation,
) -> None:
    events = [event for text in notes(AYESHA, 12) for event in keeps(chat, text)]
    assert turns(chat, events) == [0.0] * 5 + [60.0] * 5 + [120.0] * 2
    chat.receives()
    assert len(warnings(chat)) == 1


def test_row_50_no_minute_has_more_than_the_rate(chat: Conversation) -> None:
    events = []
    for number in range(40):
        events += keeps(chat, f"note Ali: line {number}")
        chat.clock.skip(timedelta(seconds=7))
    at = turns(chat, events)
    assert at == sorted(at)
    assert all(later - earlier >= 60 for earlier, later in zip(at, at[RATE:], strict=False)), (
        "the sixth before is a minute away"
    )


def test_row_50_who_writes_calmly_never_waits(chat: Conversation) -> None:
    for text in notes(AYESHA, 12):
        keeps(chat, text)
        chat.receives()
        chat.clock.skip(timedelta(seconds=13))
    assert noted(chat) == list(range(12))
    assert warnings(chat) == []


def test_row_50_in_a_group_the_others_go_on(chat: Conversation) -> None:
    keeps(chat, *notes(AYESHA, 30), place="Sales")
    keeps(chat, *notes("Bilal", 3), by="Bilal", place="Sales")
    chat.receives()
    assert noted(chat) == list(range(5))
    assert noted(chat, "Bilal") == list(range(3))
    assert warnings(chat) == [chat.person(AYESHA).id]


def test_row_50_the_pace_is_of_the_person_in_all_chats(chat: Conversation) -> None:
    keeps(chat, *notes(AYESHA, 4), place="Sales")
    keeps(chat, *notes(AYESHA, 4, start=4))
    chat.receives()
    assert sorted(noted(chat)) == list(range(5)), "chats run side by side"


def test_row_50_the_same_number_on_another_platform_is_somebody_else(chat: Conversation) -> None:
    keeps(chat, *notes(AYESHA, RATE))
    chat.desk.keep("slack", [Raw("Ev1", "T1/D1", {}, chat.person(AYESHA).id)])
    assert turns(chat, ["Ev1"]) == [0.0]


def test_row_50_what_comes_twice_counts_once(chat: Conversation) -> None:
    sender = chat.person(AYESHA)
    said = Incoming("e", sender, chat.place(sender), chat.clock.now(), text="note Ali: line 0")
    for _ in range(20):
        chat.desk.keep("telegram", [Raw("e", sender.id, packed(said), sender.id)])
    keeps(chat, *notes(AYESHA, 4, start=1))
    chat.receives()
    assert noted(chat) == list(range(5))
    assert warnings(chat) == []


def test_row_50_a_restart_forgets_nothing(chat: Conversation) -> None:
    """Another process has nothing but the database."""
    keeps(chat, *notes(AYESHA, 8))
    chat.receives()
    again = Conversation(chat.database, chat.clock, house=chat.desk.house)
    keeps(again, *notes(AYESHA, 2, start=8))
    again.receives()
    assert noted(again) == list(range(5))
    assert warnings(again) == []
    again.clock.skip(timedelta(minutes=1))
    again.receives()
    assert noted(again) == list(range(10))


@pytest.mark.parametrize("tongue", ["en", "ur", "roman"])
def test_row_50_it_is_told_in_their_language(chat: Conversation, tongue: str) -> None:
    chat.runs("settings.set", name="language", value=tongue)
    keeps(chat, *notes(AYESHA, 7))
    chat.receives()
    assert len(warnings(chat, tongue)) == 1


def test_row_50_the_next_flood_is_told_again_but_not_the_next_message(chat: Conversation) -> None:
    keeps(chat, *notes(AYESHA, 6))
    chat.receives()
    chat.clock.skip(timedelta(minutes=2))
    keeps(chat, *notes(AYESHA, 6, start=6))
    chat.receives()
    assert len(warnings(chat)) == 1
    chat.clock.skip(pace.QUIET)
    keeps(chat, *notes(AYESHA, 6, start=12))
    chat.receives()
    assert len(warnings(chat)) == 2


def test_row_50_talk_that_is_not_for_the_bot_is_not_answered_with_a_warning(
    chat: Conversation,
) -> None:
    sender, now = chat.person(AYESHA), chat.clock.now()
    where = chat.place(sender, "Sales")
    talk = [Incoming(f"t{n}", sender, where, now, text="hm", addressed=False) for n in range(9)]
    raws = [Raw(each.event, where.chat, packed(each), sender.id) for each in talk]
    chat.desk.keep("telegram", raws)
    chat.receives()
    assert chat.heard == []


def test_row_50_others_clocks_make_nobody_too_fast(chat: Conversation) -> None:
    keeps(chat, "hello")
    chat.clock.skip(timedelta(seconds=-2))  # another process, whose clock is behind
    events = keeps(chat, "hello")
    assert turns(chat, events) == [0.0]


def test_row_50_an_operator_can_let_it_pass(chat: Conversation) -> None:
    events = keeps(chat, *notes(AYESHA, 7))
    chat.receives()
    with chat.database.transaction() as session:
        row = session.scalars(select(Inbox).where(Inbox.event == events[6])).one()
        assert inbox.retry(session, row.id)
    chat.receives()
    assert noted(chat) == [0, 1, 2, 3, 4, 6]
    assert len(warnings(chat)) == 1


def test_row_50_what_waits_for_its_turn_is_no_stuck_message(chat: Conversation) -> None:
    keeps(chat, *notes(AYESHA, 20))
    chat.receives()
    with chat.database.transaction() as session:
        assert pace.waiting(session, chat.clock.now()) == (15, 1)
        oldest: datetime | None = inbox.oldest(session, ["telegram"])
    assert oldest == chat.clock.now() + timedelta(minutes=1)


def test_row_50_processes_that_keep_at_once_count_together(chat: Conversation) -> None:
    together = Barrier(4)

    def keep(_: int) -> list[str]:
        together.wait()
        return [event for text in notes(AYESHA, 5) for event in keeps(chat, text)]

    with ThreadPoolExecutor(4) as threads:
        events = [event for each in threads.map(keep, range(4)) for event in each]
    assert sorted(turns(chat, events)) == [0.0] * 5 + [60.0] * 5 + [120.0] * 5 + [180.0] * 5
    chat.receives()
    assert len(warnings(chat)) == 1


def test_row_50_a_thousand_at_once_are_thirty_a_minute_and_others_are_answered(
    chat: Conversation,
) -> None:
    """As the house is by default; each delivery has as many as a platform hands over at once."""
    chat.desk.house = replace(chat.house, rate=House().rate)
    for start in range(0, 1000, 100):
        keeps(chat, *notes(AYESHA, 100, start=start))
    began = process_time()
    assert words(chat.says("pipeline", by="Bilal"))
    assert process_time() - began < 3.0, "for thirty-one messages, not for a thousand"
    assert noted(chat) == list(range(30))
    warning = chat.book.words["too_fast"]["en"].format(n=30)
    assert sum(words(heard.reply) == warning for heard in chat.heard) == 1
    chat.clock.skip(timedelta(minutes=1))
    chat.receives()
    assert noted(chat) == list(range(60))
    with chat.database.transaction() as session:
        assert pace.waiting(session, chat.clock.now())[0] == 940
