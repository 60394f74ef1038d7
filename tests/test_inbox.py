"""The inbox: every message is acted on once, in its chat's order, whatever happens meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from bot.door import Raw
from bot.incoming import Incoming
from handlers.reply import Reply
from handlers.turn import Turn
from language.tongue import tongue_of
from storage import inbox
from storage.inbox import TRIES
from storage.models import Deal, Inbox
from tests.conversation import AYESHA, Conversation, packed, words
from tests.test_day import kept


def message(
    chat: Conversation, text: str, *, by: str = AYESHA, event: str = "", **more: Any
) -> Incoming:
    sender = chat.person(by)
    return Incoming(
        event=event or f"{by}:{text}",
        sender=sender,
        place=chat.place(sender),
        sent_at=chat.clock.now(),
        text=text,
        **more,
    )


def knows(chat: Conversation, *names: str) -> None:
    """They have all said hello before."""
    for name in names:
        chat.says("hello", by=name)
    chat.heard.clear()


def inbox_states(chat: Conversation) -> dict[str, tuple[str, int]]:
    with chat.database.transaction() as session:
        return {row.event: (row.state, row.tries) for row in session.scalars(select(Inbox))}


def notes(chat: Conversation) -> list[str]:
    return [row["text"] for row in kept(chat, "activity")]


@pytest.fixture
def fails(chat: Conversation, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let messages with "boom" in them fail, ``times`` often; the texts that were tried."""

    def arrange(times: int = 1000, error: type[BaseException] = RuntimeError) -> list[str]:
        tried: list[str] = []
        answer = chat.desk._reply

        def reply(turn: Turn, incoming: Incoming, news: Any) -> Reply:
            tried.append(incoming.text)
            done = answer(turn, incoming, news)
            if "boom" in incoming.text and sum("boom" in text for text in tried) <= times:
                raise error("boom")
            return done

        monkeypatch.setattr(chat.desk, "_reply", reply)
        return tried

    return arrange


# --- once -----------------------------------------------------------------------------------------


def test_row_02_a_repeated_event_has_one_effect_and_one_answer(chat: Conversation) -> None:
    knows(chat, AYESHA)
    note = message(chat, "note Sara Malik: wants a discount")
    chat.receives(note, note)
    assert len(chat.heard) == 1
    chat.receives(note)
    chat.receives(replace(note, sent_at=chat.clock.now()))
    assert notes(chat) == ["wants a discount"]
    assert len(chat.heard) == 1


def test_the_same_words_twice_are_two_messages(chat: Conversation) -> None:
    for event in ("1", "2"):
        chat.receives(message(chat, "note Sara Malik: called back", event=event))
    assert notes(chat) == ["called back", "called back"]


def test_two_desks_at_once_act_once(chat: Conversation) -> None:
    """Two processes take the same event in the same moment."""
    knows(chat, AYESHA)
    note = message(chat, "note Sara Malik: wants a discount")
    chat.desk.keep("telegram", [Raw(note.event, note.place.chat, packed(note))])
    with chat.database.transaction() as session:
        number = session.scalars(select(Inbox.id).where(Inbox.event == note.event)).one()
    together = Barrier(4)

    def handle(_: int) -> None:
        together.wait()
        chat.desk.handle(number, note)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(handle, range(4)))
    assert notes(chat) == ["wants a discount"]
    assert len(chat.delivers()) == 1


def test_colleagues_who_name_somebody_new_at_once_make_them_once(chat: Conversation) -> None:
    names = ("Ayesha", "Bilal", "Chand", "Dua")
    knows(chat, *names)
    said = [message(chat, "met Sara Malik from Nishat Mills", by=name) for name in names]
    chat.desk.keep("telegram", [Raw(each.event, each.place.chat, packed(each)) for each in said])
    with chat.database.transaction() as session:
        rows = {row.event: row.id for row in session.scalars(select(Inbox))}
    together = Barrier(4)

    def handle(each: Incoming) -> None:
        together.wait()
        chat.desk.handle(rows[each.event], each)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(handle, said))
    assert [row["name"] for row in kept(chat, "company")] == ["Nishat Mills"]
    assert [row["name"] for row in kept(chat, "contact")] == ["Sara Malik"]
    assert len(kept(chat, "activity")) == 4


def test_row_01_what_a_kill_interrupted_is_handled_at_the_next_start(
    chat: Conversation, fails: Callable[..., list[str]]
) -> None:
    class Killed(BaseException):
        pass

    knows(chat, AYESHA)
    fails(times=1, error=Killed)
    note = message(chat, "note Sara Malik: boom")
    with pytest.raises(Killed):
        chat.receives(note)
    assert kept(chat) == []
    assert inbox_states(chat)[note.event] == ("new", 0)
    chat.receives()
    assert notes(chat) == ["boom"]
    assert len(chat.heard) == 1


# --- what cannot be handled -----------------------------------------------------------------------


def test_row_05_what_always_fails_is_tried_and_set_aside_and_the_next_is_handled(
    chat: Conversation, fails: Callable[..., list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "rabta.desk")
    knows(chat, AYESHA)
    tried = fails()
    bad, good = message(chat, "note Sara Malik: boom"), message(chat, "note Sara Malik: fine")
    chat.receives(bad, good)
    assert tried == [bad.text, good.text]  # the one behind it does not wait for it
    assert inbox_states(chat)[good.event] == ("done", 0)
    assert notes(chat) == ["fine"]
    waited = tries_again(chat, bad.event)
    assert waited == [1, 4, 16, 64]
    assert inbox_states(chat)[bad.event] == ("failed", TRIES)
    assert len(chat.heard) == 2
    assert words(chat.heard[1].reply) == chat.book.words["went_wrong"]["en"]
    chat.clock.skip(timedelta(days=1))
    chat.receives(bad)
    assert len(tried) == TRIES + 1
    assert len(chat.heard) == 2


def tries_again(chat: Conversation, event: str) -> list[int]:
    """Let the time of every further try come; how many seconds each was waited for."""
    waited = []
    while (row := inbox_row(chat, event)).state == "new":
        assert row.again_at is not None
        waited.append(round((row.again_at - chat.clock.now()).total_seconds()))
        chat.clock.set(row.again_at - timedelta(milliseconds=1))
        chat.receives()
        assert inbox_row(chat, event).tries == row.tries
        chat.clock.set(row.again_at)
        chat.receives()
    return waited


def inbox_row(chat: Conversation, event: str) -> Inbox:
    with chat.database.transaction() as session:
        return session.scalars(select(Inbox).where(Inbox.event == event)).one()


def test_row_05_an_operator_has_it_handled_once_more_or_drops_it(
    chat: Conversation, fails: Callable[..., list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "rabta.desk")
    knows(chat, AYESHA)
    fails(times=2 * TRIES)
    first, second = message(chat, "note Sara: boom 1"), message(chat, "note Sara: boom 2")
    for each in (first, second):
        chat.receives(each)
        tries_again(chat, each.event)
    number = {each.event: inbox_row(chat, each.event).id for each in (first, second)}
    now = chat.clock.now()
    with chat.database.transaction() as session:
        listed = inbox.undone(session, only_failed=True)
        assert [row.event for row in listed] == [first.event, second.event]
        assert {row.error for row in listed} == {"RuntimeError"}
        assert inbox.retry(session, number[first.event])
        assert inbox.drop(session, number[second.event], now)
        assert not inbox.drop(session, number[second.event], now)
        assert not inbox.retry(session, 12345)
    chat.receives(second)
    assert notes(chat) == ["boom 1"]
    with chat.database.transaction() as session:
        assert inbox.undone(session) == []


def test_what_is_done_is_forgotten_after_a_week_and_what_is_undone_never(
    chat: Conversation,
) -> None:
    start = chat.clock.now()
    with chat.database.transaction() as session:
        for number in range(12):
            state = {10: "failed", 11: "new"}.get(number, "done")
            session.add(
                Inbox(
                    door="gone",
                    event=str(number),
                    chat="1",
                    payload={},
                    state=state,
                    received_at=start,
                    handled_at=None if state == "new" else start + timedelta(hours=number),
                )
            )
    chat.clock.set(start + inbox.KEPT + timedelta(hours=4, minutes=30))
    with chat.database.transaction() as session:
        assert inbox.purge(session, chat.clock.now(), limit=3) == 3  # a bounded batch
    chat.rings()
    assert sorted(map(int, inbox_states(chat))) == [5, 6, 7, 8, 9, 10, 11]
    chat.clock.skip(timedelta(days=400))
    chat.rings()
    assert sorted(map(int, inbox_states(chat))) == [10, 11]


def test_what_fails_once_is_done_the_second_time(
    chat: Conversation, fails: Callable[..., list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "rabta.desk")
    knows(chat, AYESHA)
    fails(times=1)
    note = message(chat, "note Sara Malik: boom")
    chat.receives(note)
    assert tries_again(chat, note.event) == [1]
    assert notes(chat) == ["boom"]
    assert len(chat.heard) == 1


@pytest.mark.parametrize(
    ("chosen", "text", "tongue"),
    [
        ("ur", "note Sara Malik: boom", "ur"),
        ("ur", "boom", "ur"),
        ("roman", "boom", "roman"),
        (None, "note Sara Malik: boom", "en"),
        (None, "سارہ ملک کا نوٹ: boom", "ur"),
    ],
)
def test_row_05_they_are_told_in_their_language(
    chat: Conversation,
    fails: Callable[..., list[str]],
    caplog: pytest.LogCaptureFixture,
    chosen: str | None,
    text: str,
    tongue: str,
) -> None:
    caplog.set_level("CRITICAL", "rabta.desk")
    knows(chat, AYESHA)
    if chosen:
        chat.runs("settings.set", name="language", value=chosen)
    fails()
    said = message(chat, text)
    chat.receives(said)
    tries_again(chat, said.event)
    told = chat.heard[-1].reply
    assert words(told) == chat.book.words["went_wrong"][tongue]
    assert told.rtl is (tongue == "ur")
    assert tongue_of(words(told)) == tongue


def test_what_cannot_be_read_is_set_aside(
    chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "rabta.pump")
    knows(chat, AYESHA)
    good = message(chat, "note Sara Malik: fine")
    chat.desk.keep("telegram", [Raw("odd", good.place.chat, {"no": "message"})])
    chat.receives(good)
    assert notes(chat) == ["fine"]
    tries_again(chat, "odd")
    assert inbox_states(chat)["odd"] == ("failed", TRIES)


def test_what_waits_for_a_door_that_is_gone_holds_up_nobody(chat: Conversation) -> None:
    knows(chat, AYESHA)
    chat.desk.keep("slack", [Raw(f"E{n}", f"C{n}", {}) for n in range(120)])
    note = message(chat, "note Sara Malik: fine")
    chat.desk.keep("slack", [Raw("E", note.place.chat, {})])
    chat.receives(note)
    assert notes(chat) == ["fine"]
    assert inbox_states(chat)["E7"] == ("new", 0)


def test_a_flood_in_one_chat_leaves_the_others_their_turn(chat: Conversation) -> None:
    knows(chat, AYESHA, "Bilal")
    flood = [message(chat, f"hello {n}", by="Bilal") for n in range(600)]
    chat.desk.keep("telegram", [Raw(e.event, e.place.chat, packed(e)) for e in flood])
    note = message(chat, "note Sara Malik: fine")
    chat.desk.keep("telegram", [Raw(note.event, note.place.chat, packed(note))])
    now = chat.clock.now()
    with chat.database.transaction() as session:
        first = [row.event for row in inbox.waiting(session, ["telegram"], [], now)]
        assert first == ["Bilal:hello 0", note.event]
        busy = [note.place.chat, flood[0].place.chat]
        assert inbox.waiting(session, ["telegram"], busy, now) == []


# --- odd characters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("she wants\0 a discount", "she wants a discount"),
        ("she wants \ud83d a discount", "she wants � a discount"),
        ("she wants \ud83d\ude00 a discount", "she wants 😀 a discount"),
        ("she wants 😀 a discount", "she wants 😀 a discount"),
        ("she wants \x07\x1b[31m a discount", "she wants [31m a discount"),
        ("she wants \ufffe\uffff a discount", "she wants \ufffe\uffff a discount"),
    ],
    ids=["nul", "half", "halves", "emoji", "escape", "no character"],
)
def test_odd_characters_are_kept_or_left_out(chat: Conversation, text: str, note: str) -> None:
    chat.says(f"note Sara Malik: {text}")
    (found,) = notes(chat)
    assert " ".join(found.split()) == note
    assert "Undone" in words(chat.says("undo"))
    assert kept(chat) == []


def test_odd_characters_in_a_name_a_form_and_a_token(chat: Conversation) -> None:
    chat.greeted = False
    sender = replace(chat.person("Bilal"), name="Bil\0al \ud83d")
    chat.says("met Bob \ud83d\0 Marley", sender=sender)
    chat.runs("contact.add", contact="Hina Javed")
    (hina,) = [row for row in kept(chat, "contact") if row["name"] == "Hina Javed"]
    chat.taps("Edit")
    chat.fills({f"contact:{hina['id']}:title": "Own\0er \ud83d"})
    titles = [row["title"] for row in kept(chat, "contact") if row["name"] == "Hina Javed"]
    assert titles == ["Owner �"]
    gone = chat.does(AYESHA, "", tap="\0\ud83d" * 30)
    assert words(gone) == chat.book.words["button_gone"]["en"]


# --- order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_each_chat_keeps_its_order_however_many_talk_at_once(chat: Conversation, seed: int) -> None:
    cast = ("Ayesha", "Bilal", "Sara", "Hina", "Omar")
    knows(chat, *cast)
    waiting = {name: list(range(6)) for name in cast}
    events: list[Incoming] = []
    dice = random.Random(seed)
    while any(waiting.values()):
        name = dice.choice([name for name in cast if waiting[name]])
        number = waiting[name].pop(0)
        events.append(message(chat, f"note {name} Traders: line {number}", by=name))
    chat.receives(*events)
    by_member: dict[str, list[str]] = {}
    for row in kept(chat, "activity"):
        by_member.setdefault(row["by"], []).append(row["text"])
    assert by_member == {name: [f"line {n}" for n in range(6)] for name in cast}
    for name in cast:
        answers = [words(h.reply) for h in chat.heard if h.to == chat.person(name).id]
        lines = [next(f"line {n}" for n in range(6) if f"line {n}" in text) for text in answers]
        assert lines == [f"line {n}" for n in range(6)]


# --- at the same time -----------------------------------------------------------------------------


def at_once(chat: Conversation, *events: Incoming) -> None:
    """Each event in a thread of its own, all beginning together."""
    chat.desk.keep("telegram", [Raw(e.event, e.place.chat, packed(e)) for e in events])
    with chat.database.transaction() as session:
        number = {
            row.event: row.id for row in session.scalars(select(Inbox).where(Inbox.state == "new"))
        }
    together = Barrier(len(events))

    def handle(event: Incoming) -> None:
        together.wait()
        chat.desk.handle(number[event.event], event)

    with ThreadPoolExecutor(len(events)) as threads:
        list(threads.map(handle, events))
    chat.delivers()


def test_two_members_write_to_one_deal_at_once_and_lose_nothing(chat: Conversation) -> None:
    knows(chat, AYESHA, "Bilal")
    chat.runs("deal.add", company="Nishat Mills", amount=100000)
    stages = ("qualified", "proposal", "negotiation", "qualified", "proposal")
    for turn, stage in enumerate(stages, 2):
        at_once(
            chat,
            message(chat, f"nishat mills moved to {stage}", event=f"move {turn}"),
            message(
                chat, f"raise the Nishat Mills deal to {turn} lakh", by="Bilal", event=f"sum {turn}"
            ),
        )
        (deal,) = kept(chat, "deal")
        assert (deal["stage"], deal["amount"]) == (stage, f"{turn}00000.00")
    with chat.database.transaction() as session:
        deal_row = session.scalars(select(Deal)).one()
        assert [move.stage for move in deal_row.moves] == ["lead", *stages]
        assert deal_row.version == 1 + 2 * len(stages)


def test_two_members_win_one_deal_at_once_and_one_hears_that_it_is_won(
    chat: Conversation,
) -> None:
    knows(chat, AYESHA, "Bilal")
    chat.runs("deal.add", company="Nishat Mills", amount=100000)
    chat.heard.clear()
    at_once(
        chat,
        message(chat, "won nishat mills", event="hers"),
        message(chat, "won nishat mills", by="Bilal", event="his"),
    )
    with chat.database.transaction() as session:
        moves = [move.status for move in session.scalars(select(Deal)).one().moves]
    assert moves == ["open", "won"]
    assert len(chat.heard) == 2
    assert len({words(heard.reply) for heard in chat.heard}) == 2


def test_many_write_to_one_contact_at_once(chat: Conversation) -> None:
    cast = ("Ayesha", "Bilal", "Sara", "Omar")
    knows(chat, *cast)
    chat.runs("contact.add", contact="Hina Javed", company="Petal House")
    at_once(
        chat,
        *(message(chat, f"note Hina Javed: {name} was here", by=name) for name in cast),
    )
    assert sorted(notes(chat)) == sorted(f"{name} was here" for name in cast)
    (hina,) = kept(chat, "contact")
    assert hina["company"] == "Petal House"


def test_two_newcomers_at_once_are_two_members_of_one_team(chat: Conversation) -> None:
    at_once(
        chat,
        message(chat, "note Sara Malik: from Bilal", by="Bilal"),
        message(chat, "note Omar Farooq: from Hina", by="Hina"),
    )
    assert sorted(row["by"] for row in kept(chat, "activity")) == ["Bilal", "Hina"]
    assert "workspace" not in kept(chat, "activity")[0], "there is only one"


@pytest.mark.parametrize(("minutes", "late"), [(5, False), (6, True), (23 * 60, True)])
def test_tomorrow_is_meant_from_when_it_was_sent_and_that_is_said(
    chat: Conversation, minutes: int, late: bool
) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    sent = chat.clock.now().replace(hour=18, minute=58)  # two before midnight in Karachi
    chat.clock.set(sent + timedelta(minutes=minutes))
    said = words(chat.says("call Sara tomorrow", sent_at=sent))
    assert kept(chat, "task")[0]["due"] == ("2026-11-24" if late else "2026-11-25")
    assert ("This came late; I counted from when you sent it" in said) is late


def test_a_day_later_nobody_means_the_day_before(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    sent = chat.clock.now()
    chat.clock.skip(timedelta(days=1))
    assert "came late" not in words(chat.says("call Sara tomorrow", sent_at=sent))
    assert kept(chat, "task")[0]["due"] == "2026-11-25"
