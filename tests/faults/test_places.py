"""Rows 9, 19 and 20: chats that move, places that are gone, and addresses that run out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.slack import Slack
from scheduler.letters import Address
from storage.models import Unreachable
from tests.doors.loop import LiveLoop
from tests.faults.mail import Carries, Mail, opened, sending, took
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer


def unreachable(mail: Mail) -> list[str]:
    with mail.database.transaction() as session:
        return list(session.scalars(select(Unreachable.key)))


def test_row_19_a_group_that_moves_in_the_middle_of_a_burst(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    group = telegram.group("Sales", [telegram.user(101, "Ayesha")])
    there = Address("telegram", "", chat=str(group.id))
    mail.writes(there, *(f"line {n}" for n in range(5)))
    with sending(loop, mail.sender(telegram=to_telegram)):
        group.wait_for(2)
        moved = group.becomes_supergroup()
        took(mail.all_are("sent"), 20)
    said = [message.text for message in (*group.messages, *moved.messages)]
    assert said == [f"line {n}" for n in range(5)], "each once and in order"
    refused = [c for c in telegram.calls_of("sendMessage") if not c.answer["ok"]]
    assert len(refused) <= 1, "what waits for it is sent to its new address at once"


def test_row_20_who_blocked_the_bot_is_tried_once(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    ayesha = telegram.user(101, "Ayesha")
    ayesha.says(telegram.private(ayesha), "/start")
    ayesha.blocks()
    mail.writes(Address("telegram", "", chat="101"), "one", "two", "three")
    with sending(loop, mail.sender(telegram=to_telegram)):
        took(mail.all_are("refused"), 10)
    assert len(telegram.calls_of("sendMessage")) == 1
    assert unreachable(mail) == ["101"]


@pytest.mark.parametrize("why", ["archived", "removed"])
def test_row_20_a_channel_that_is_closed_to_us_is_tried_once(
    mail: Mail, loop: LiveLoop, slack: SlackServer, to_slack: Carries, why: str
) -> None:
    team = slack.team()
    ayesha = team.user("U1", "Ayesha")
    sales = team.channel("sales", [ayesha], archived=why == "archived", bot_in=why == "archived")
    mail.writes(Address("slack", team.id, sales.id, "U1"), "one", "two", "three")
    with sending(loop, mail.sender(slack=to_slack)):
        took(mail.all_are("refused"), 10)
    assert len(slack.called("chat.postMessage")) == 1
    assert unreachable(mail) == [sales.id]


# --- row 9: a response_url lives for thirty minutes and five uses ---------------------------------


@pytest.fixture
def later() -> list[float]:
    """By how many seconds Slack's clock goes ahead."""
    return [0.0]


@pytest.fixture
def slack(later: list[float]) -> Iterator[SlackServer]:
    with SlackServer(clock=lambda: time.time() + later[0]) as server:
        server.team()
        yield server


@pytest.mark.parametrize("minutes", [29, 31])
def test_row_09_when_its_time_is_over_the_answer_comes_directly(
    mail: Mail,
    loop: LiveLoop,
    slack: SlackServer,
    to_slack: Slack,
    later: list[float],
    minutes: int,
) -> None:
    team = slack.team()
    ayesha = team.user("U1", "Ayesha")
    sales = team.channel("sales", [ayesha])
    to = Address("slack", team.id, sales.id, "U1", answer_to=ayesha.response_url(sales))
    later[0] = minutes * 60.0
    mail.writes(to, "card")
    loop.do(mail.sender(slack=to_slack).flush())
    texts = [[each.text_shown for each in where.answers] for where in (sales, team.dm(ayesha))]
    assert texts == ([["card"], []] if minutes < 30 else [[], ["card"]])
    assert all(each.ephemeral_to is ayesha for each in sales.answers), "nobody else sees it"


def test_row_09_after_five_uses_the_answer_comes_directly(
    mail: Mail, loop: LiveLoop, slack: SlackServer, to_slack: Slack
) -> None:
    team = slack.team()
    ayesha = team.user("U1", "Ayesha")
    sales = team.channel("sales", [ayesha])
    to = Address("slack", team.id, sales.id, "U1", answer_to=ayesha.response_url(sales))
    mail.writes(to, *(f"line {n}" for n in range(7)))
    with sending(loop, mail.sender(slack=to_slack)):
        took(mail.all_are("sent"), 20)
    assert [each.text_shown for each in sales.answers] == [f"line {n}" for n in range(5)]
    assert [each.text_shown for each in team.dm(ayesha).answers] == ["line 5", "line 6"]


def test_row_09_a_new_address_is_used_again(mail: Mail, loop: LiveLoop, slack: SlackServer) -> None:
    """Each command brings its own."""
    team = slack.team()
    ayesha = team.user("U1", "Ayesha")
    sales = team.channel("sales", [ayesha])
    gone = Address("slack", team.id, sales.id, "U1", answer_to=f"{slack.api_url}none")
    with opened(loop, lambda: Slack(team.bot_token, "", base_url=slack.api_url)) as door:
        mail.writes(gone, "by direct message")
        mail.writes(replace(gone, answer_to=ayesha.response_url(sales)), "here")
        with sending(loop, mail.sender(slack=door)):
            took(mail.all_are("sent"), 20)
    assert [each.text_shown for each in sales.answers] == ["here"]
