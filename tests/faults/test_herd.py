"""Row 29: a thousand agendas at nine o'clock are spread before they reach a platform."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from handlers.library import the_book
from handlers.reply import says
from scheduler.drawing import A_SECOND, Draw
from storage.models import Member, Outbox
from tests.conversation import Conversation
from tests.faults.mail import Mail


def test_row_29_agendas_that_are_due_at_once_go_second_by_second(chat: Conversation) -> None:
    names = [f"Rep {number}" for number in range(50)]
    for name in names:
        chat._greet(chat.person(name), chat.place(chat.person(name)))
    draw = Draw(the_book(), lambda _session, reply, *_: reply)
    now = chat.clock.now()
    with chat.database.transaction() as session:
        for member in session.query(Member):
            turn = draw.turn(session, member, now)
            draw.nudge(turn, says("agenda"), kind="agenda", subject="day", occasion="today")
        reminded = session.query(Member).limit(1).one()
        turn = draw.turn(session, reminded, now)
        draw.nudge(turn, says("reminder"), kind="reminder", subject="task:1", occasion="now")
    rows = Mail(chat.database).rows()
    late = Counter(max(timedelta(), row.not_before - now).seconds for row in rows if at(row))
    assert late == {0: A_SECOND, 1: A_SECOND, 2: 50 - 2 * A_SECOND}
    (reminder,) = [row for row in rows if not at(row)]
    assert reminder.not_before <= now, "what has its time is not put off"


def at(row: Outbox) -> bool:
    return "agenda" in str(row.reply)
