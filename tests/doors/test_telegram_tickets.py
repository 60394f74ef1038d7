"""Tickets on Telegram: made of a message one replies to or forwards, settled in answer to a card,
warned of in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.buttons import with_tokens
from handlers.library import the_book
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from storage.clock import SetClock
from storage.models import Rating, Ticket
from tests.doors.service import OF_SERVICE, TORN, comments, only
from tests.doors.test_telegram import SIGNS, Rabta, ayesha, chat, loop, plain, rabta, server, talk
from tests.nudged import raise_of_service, works_all_week
from tests.servers.telegram import Message, Talk, TelegramServer

__all__ = ["ayesha", "chat", "loop", "rabta", "server", "talk"]


FRIDAY = 4


def answers(talk: Talk, to: Message, text: str) -> str:
    since = talk.chat.changes
    talk.user.says(talk.chat, text, reply_to=to)
    return plain(talk.chat.wait_for_change(since))


def tells(text: str, message: Message) -> bool:
    return text in plain(message)


def tells_alone(text: str, other: str, message: Message) -> bool:
    return tells(text, message) and (text == other or not tells(other, message))


def rings(rabta: Rabta, at: datetime) -> None:
    clockwork = Clockwork(rabta.database, SetClock(at), Draw(the_book(), with_tokens))
    for name in ("tickets", "nudges"):
        clockwork.tick(name)


@pytest.mark.parametrize("said", ["resolve", "hal ho gaya", "حل ہو گیا", "sorted"])
def test_an_answer_to_its_card_settles_it(rabta: Rabta, talk: Talk, said: str) -> None:
    card = talk.says(TORN)
    talk.says("ticket for Nishat Mills: invoice wrong")
    assert "#1" in answers(talk, card, "sent three new rolls today")
    assert comments(rabta) == ["sent three new rolls today"]
    assert "#1" in answers(talk, card, said)
    with rabta.database.transaction() as session:
        found = session.execute(select(Ticket.number, Ticket.status).order_by(Ticket.number))
        assert [tuple(row) for row in found] == [(1, "resolved"), (2, "open")]


@pytest.mark.parametrize(
    "said",
    ["due friday 5pm", "jumay ki shaam 5 baje tak hal karna hai", "جمعے کی شام 5 بجے تک ہو جائے"],
)
def test_by_when_it_is_to_be_settled_is_told_in_answer_to_its_card(
    rabta: Rabta, talk: Talk, said: str
) -> None:
    card = talk.says(TORN)
    talk.says("ticket for Nishat Mills: invoice wrong")
    assert "#1" in answers(talk, card, said)
    with rabta.database.transaction() as session:
        first, other = session.scalars(select(Ticket).order_by(Ticket.number)).all()
        due = first.due_at.astimezone(ZoneInfo("Asia/Karachi"))
        assert (due.weekday(), due.hour, due.minute) == (FRIDAY, 17, 0)
        assert first.due_told_at
        assert not other.due_told_at
    assert comments(rabta) == []


def test_somebodys_message_becomes_one_in_answer_to_it(
    rabta: Rabta, server: TelegramServer, talk: Talk
) -> None:
    talk.says("add company Bilal Traders")
    colleague = server.user(102, "Sara")
    group = server.group("Sales", [talk.user, colleague])
    said = colleague.says(group, "Bilal Traders called: 3 rolls were torn")
    talk.user.says(group, "/ticket", reply_to=said)
    card = group.wait_for(1)
    assert "Ticket #1 opened: Bilal Traders" in plain(card)
    assert only(rabta).text == "Bilal Traders called: 3 rolls were torn"
    since = group.changes
    talk.user.says(group, "resolve", reply_to=card)
    assert "Ticket #1" in plain(group.wait_for_change(since))
    assert only(rabta).status == "resolved"


def test_a_forwarded_message_becomes_one(rabta: Rabta, server: TelegramServer, talk: Talk) -> None:
    talk.says("add Bilal Ahmed from Bilal Traders")
    since = talk.chat.changes
    talk.user.forwards(talk.chat, "3 rolls were torn", server.user(300, "Bilal Ahmed"))
    shown = talk.chat.wait_for_change(since)
    assert "Ticket #1 opened: Bilal Traders" in plain(talk.taps("Open a ticket", shown))
    assert only(rabta).text == "3 rolls were torn"


@pytest.mark.parametrize(
    ("tongue", "texts", "buttons"),
    [
        ("english", ("is due", "is late"), ["Resolve", "Comment", "Give to…", "Snooze 1 h"]),
        ("urdu", ("حل ہونا ہے", "لیٹ ہے"), ["حل ہو گیا", "نوٹ لکھیں", "کسی اور کو دیں"]),
        ("roman urdu", ("hal hona hai", "late hai"), ["Hal ho gaya", "Note likhein"]),
    ],
)
def test_its_owner_is_warned_before_it_is_late_and_when_it_is(
    rabta: Rabta, talk: Talk, tongue: str, texts: tuple[str, str], buttons: list[str]
) -> None:
    with rabta.database.transaction() as session:
        works_all_week(session, datetime.now(UTC))
    noon = (datetime.now(UTC) + timedelta(days=1)).replace(hour=7, minute=0, second=0)
    talk.says(f"speak {tongue}")
    talk.says(TORN)
    with rabta.database.transaction() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.began_at = ticket.created_at = noon - timedelta(hours=3)
        ticket.warn_at, ticket.due_at = noon, noon + timedelta(hours=1)
    for text, at in zip(texts, (noon, noon + timedelta(hours=1)), strict=True):
        rings(rabta, at)
        letter = talk.chat.wait_for(partial(tells, text))
        shown = [SIGNS.sub("", each) for each in letter.buttons]
        assert shown[: len(buttons)] == buttons
        rings(rabta, at)
    assert "#1" in answers(talk, letter, "new rolls are on the way")
    assert comments(rabta) == ["new rolls are on the way"]
    talk.taps(letter.buttons[0], letter)
    assert only(rabta).status == "resolved"


@pytest.mark.parametrize("tongue", OF_SERVICE)
def test_what_else_service_brings_has_its_buttons(rabta: Rabta, talk: Talk, tongue: str) -> None:
    given, done, sold, resolve = OF_SERVICE[tongue]
    talk.says(f"speak {tongue}")
    with rabta.database.transaction() as session:
        works_all_week(session, datetime.now(UTC))
        raise_of_service(session, datetime.now(UTC))
    rings(rabta, (datetime.now(UTC) + timedelta(days=1)).replace(hour=7, minute=0, second=0))
    letters = {
        text: talk.chat.wait_for(partial(tells_alone, text, done)) for text in (given, done, sold)
    }
    assert SIGNS.sub("", letters[given].buttons[0]) == resolve
    for text in (done, sold):
        assert [SIGNS.sub("", each) for each in letters[text].buttons[:5]] == list("12345")
    talk.taps(letters[sold].buttons[2], letters[sold])
    talk.taps(letters[done].buttons[3], letters[done])
    with rabta.database.transaction() as session:
        rated = session.execute(select(Rating.score, Rating.deal_id, Rating.ticket_id))
        found = {(row.score, row.deal_id is not None, row.ticket_id is not None) for row in rated}
    assert found == {(3, True, False), (4, False, True)}
    talk.taps(letters[given].buttons[0], letters[given])
    with rabta.database.transaction() as session:
        assert set(session.scalars(select(Ticket.status))) == {"resolved"}
