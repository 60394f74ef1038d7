"""Telegram and Slack on loopback with a door to each, and letters for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.slack import Slack
from bot.telegram import Telegram
from storage.database import Database
from tests.doors.loop import LiveLoop
from tests.faults.mail import Carries, Mail, opened
from tests.servers.slack import SlackServer
from tests.servers.telegram import TOKEN, TelegramServer


@pytest.fixture
def mail(database: Database) -> Mail:
    return Mail(database)


@pytest.fixture
def loop() -> Iterator[LiveLoop]:
    with LiveLoop() as loop:
        yield loop


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def to_telegram(telegram: TelegramServer, loop: LiveLoop) -> Iterator[Carries]:
    def make() -> Telegram:
        return Telegram(TOKEN, base_url=telegram.base_url, base_file_url=telegram.base_file_url)

    with opened(loop, make) as door:
        yield door


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        server.team()
        yield server


@pytest.fixture
def to_slack(slack: SlackServer, loop: LiveLoop) -> Iterator[Carries]:
    token = slack.team().bot_token
    with opened(loop, lambda: Slack(token, "", base_url=slack.api_url)) as door:
        yield door
