"""Tickets on Slack: made of a message, kept and settled in its thread, warned of in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.buttons import with_tokens
from handlers.library import the_book
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from storage.clock import SetClock
from storage.models import Member, Rating, Ticket
from tests.doors.service import OF_SERVICE, TORN, comments, only
from tests.doors.test_slack import (
    SIGNS,
    Rabta,
    asks,
    ayesha,
    bilal,
    dm,
    loop,
    plain,
    rabta,
    sales,
    slack,
    team,
)
from tests.doors.waiting import until
from tests.nudged import raise_of_service, works_all_week
from tests.servers.slack import Channel, Person

__all__ = ["ayesha", "bilal", "dm", "loop", "rabta", "sales", "slack", "team"]


def works_always(rabta: Rabta) -> datetime:
    """So that it does not matter when a test runs; noon of the day after in Karachi."""
    with rabta.database.transaction() as session:
        works_all_week(session, datetime.now(UTC))
    return (datetime.now(UTC) + timedelta(days=1)).replace(hour=7, minute=0, second=0)


def rings(rabta: Rabta, at: datetime) -> None:
    clockwork = Clockwork(rabta.database, SetClock(at), Draw(the_book(), with_tokens))
    for name in ("tickets", "nudges"):
        clockwork.tick(name)


def test_a_message_becomes_a_ticket_which_its_thread_settles(
    rabta: Rabta, dm: Channel, ayesha: Person, sales: Channel
) -> None:
    asks(ayesha, dm, "add company Bilal Traders")
    said = ayesha.says(sales, "Bilal Traders called, 3 rolls were torn")
    ayesha.uses("Open a ticket", said).wait()
    card = sales.wait_for("Ticket #1 opened: Bilal Traders", 20)
    assert card.thread_ts == said.ts
    ayesha.says(sales, "sent three new rolls by TCS", said)
    until(lambda: comments(rabta) == ["sent three new rolls by TCS"])
    rabta.slack.settle()
    assert len(sales.answers) == 1, "colleagues talk to each other"
    done = asks(ayesha, sales, "hal ho gaya", said)
    assert "Ticket #1" in plain(done)
    assert done.buttons[:5] == ["1", "2", "3", "4", "5"]
    assert only(rabta).status == "resolved"
    ayesha.presses(done, "5").wait()

    def scores() -> list[int]:
        with rabta.database.transaction() as session:
            return list(session.scalars(select(Rating.score)))

    until(lambda: scores() == [5])


def test_whose_trouble_it_is_is_asked_where_nobody_is_named(
    rabta: Rabta, dm: Channel, ayesha: Person, bilal: Person, sales: Channel
) -> None:
    asks(ayesha, dm, "add company Gul Ahmed")
    said = bilal.says(sales, "the delivery never came, very urgent")
    ayesha.uses("Open a ticket", said).wait()
    question = sales.wait_for("Who", 20)
    assert question.thread_ts == said.ts
    asks(ayesha, sales, "Gul Ahmed", said)
    ticket = only(rabta)
    assert (ticket.text, ticket.priority) == ("the delivery never came", "urgent")
    assert ticket.company_id


@pytest.mark.parametrize("said", ["resolve", "sorted", "hal ho gaya", "حل ہو گیا", "done"])
def test_it_is_settled_in_the_thread_it_arose_in(
    rabta: Rabta, dm: Channel, ayesha: Person, sales: Channel, said: str
) -> None:
    root = ayesha.says(sales, f"@Rabta {TORN}")
    sales.wait_for("Ticket #1 opened", 20)
    answer = asks(ayesha, sales, said, root)
    assert answer.thread_ts == root.ts
    assert only(rabta).status == "resolved"


@pytest.mark.parametrize(
    "said",
    [
        "needs a fix by 5 March 2099 noon", "5 march 2099 dopahar 12 baje tak hal karna hai",
        "5 مارچ 2099 دوپہر 12 بجے تک ہو جائے",
    ],
)  # fmt: skip
def test_by_when_it_is_to_be_settled_is_told_in_its_thread(
    rabta: Rabta, dm: Channel, ayesha: Person, sales: Channel, said: str
) -> None:
    root = ayesha.says(sales, f"@Rabta {TORN}")
    sales.wait_for("Ticket #1 opened", 20)
    answer = asks(ayesha, sales, said, root)
    assert answer.thread_ts == root.ts
    assert f"{only(rabta).due_at:%Y-%m-%d %M}" == "2099-03-05 00"
    assert only(rabta).due_told_at
    assert comments(rabta) == []


@pytest.mark.parametrize(
    ("tongue", "texts", "buttons"),
    [
        ("english", ("is due", "is late"), ["Resolve", "Comment", "Give to…", "Snooze 1 h"]),
        ("urdu", ("حل ہونا ہے", "لیٹ ہے"), ["حل ہو گیا", "نوٹ لکھیں", "کسی اور کو دیں"]),
        ("roman urdu", ("hal hona hai", "late hai"), ["Hal ho gaya", "Note likhein"]),
    ],
)
def test_its_owner_is_warned_before_it_is_late_and_when_it_is(
    rabta: Rabta, dm: Channel, ayesha: Person, tongue: str, texts: tuple[str, str],
    buttons: list[str],
) -> None:  # fmt: skip
    noon = works_always(rabta)
    asks(ayesha, dm, f"speak {tongue}")
    asks(ayesha, dm, TORN)
    with rabta.database.transaction() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.began_at = ticket.created_at = noon - timedelta(hours=3)
        ticket.warn_at, ticket.due_at = noon, noon + timedelta(hours=1)
        session.scalars(select(Member)).one().nudges_a_day = 1
    for text, at in zip(texts, (noon, noon + timedelta(hours=1)), strict=True):
        rings(rabta, at)
        letter = dm.wait_for(text, 20)
        shown = [SIGNS.sub("", each) for each in letter.buttons]
        assert shown[: len(buttons)] == buttons
        rings(rabta, at)
        rabta.slack.settle()
        assert sum(text in plain(each) for each in dm.answers) == 1
    before = len(dm.answers)
    ayesha.presses(dm.answers[-1], dm.answers[-1].buttons[0]).wait()
    until(lambda: only(rabta).status == "resolved")
    rings(rabta, noon + timedelta(hours=5))
    rabta.slack.settle()
    assert len(dm.answers) <= before + 1


@pytest.mark.parametrize("tongue", OF_SERVICE)
def test_what_else_service_brings_has_its_buttons(
    rabta: Rabta, dm: Channel, ayesha: Person, tongue: str
) -> None:
    given, done, sold, resolve = OF_SERVICE[tongue]
    asks(ayesha, dm, f"speak {tongue}")
    noon = works_always(rabta)
    with rabta.database.transaction() as session:
        raise_of_service(session, datetime.now(UTC))
    rings(rabta, noon)
    until(lambda: sum(sold in plain(each) for each in dm.answers) == 2)
    letters = {
        text: next(
            each
            for each in dm.answers
            if text in plain(each) and (text == done or done not in plain(each))
        )
        for text in (given, done, sold)
    }
    assert SIGNS.sub("", letters[given].buttons[0]) == resolve
    for text in (done, sold):
        assert [SIGNS.sub("", each) for each in letters[text].buttons[:5]] == list("12345")
    ayesha.presses(letters[sold], letters[sold].buttons[2]).wait()
    ayesha.presses(letters[done], letters[done].buttons[3]).wait()
    ayesha.presses(letters[given], letters[given].buttons[0]).wait()

    def found() -> set[tuple[int, bool]]:
        with rabta.database.transaction() as session:
            rated = session.execute(select(Rating.score, Rating.deal_id))
            return {(row.score, row.deal_id is not None) for row in rated}

    def states() -> set[str]:
        with rabta.database.transaction() as session:
            return set(session.scalars(select(Ticket.status)))

    until(lambda: found() == {(3, True), (4, False)})
    until(lambda: states() == {"resolved"})
