"""`rabta run` as a fresh machine starts it: the real program, in front of strict servers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.servers.slack import Channel, SlackServer
from tests.servers.slack import Message as SlackMessage
from tests.servers.telegram import TOKEN, Talk, TelegramServer

RABTA = Path(sys.executable).with_name("rabta")
PATIENCE = 20.0


class Program:
    """The running program and its settings."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.settings = {
            **{key: value for key, value in os.environ.items() if not key.startswith("RABTA_")},
            "RABTA_DATABASE_URL": f"sqlite:///{folder}/rabta.db",
            "RABTA_LOG_LEVEL": "WARNING",
            **{f"RABTA_{name.upper()}": value for name, value in settings.items()},
        }
        self.folder = folder

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [str(RABTA), "run"],
            cwd=self.folder,
            env=self.settings,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def stops(self, process: subprocess.Popen[str]) -> str:
        """Told to stop, it stops within 10 seconds; what it had to say."""
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
        assert process.returncode == 0, said
        assert time.monotonic() - begun < 10
        return said

    def export(self) -> list[dict[str, Any]]:
        done = subprocess.run(  # noqa: S603 - our own program
            [str(RABTA), "export"],
            cwd=self.folder,
            env=self.settings,
            check=True,
            capture_output=True,
            text=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def kept(self, kind: str) -> list[dict[str, Any]]:
        return [record for record in self.export() if record["type"] == kind]


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


def test_a_day_on_telegram_in_three_languages(telegram: TelegramServer, tmp_path: Path) -> None:
    rabta = Program(
        tmp_path,
        telegram_token=TOKEN,
        telegram_base_url=telegram.base_url,
        telegram_base_file_url=telegram.base_file_url,
        owners="telegram:101",
    )
    ayesha = telegram.user(101, "Ayesha", language_code="en")
    stranger = telegram.user(102, "Stranger")
    talk = Talk(ayesha, telegram.private(ayesha), PATIENCE)
    with rabta.running() as process:
        met = talk.says("met Sara Malik from Nishat Mills, deal 5 lakh, call her friday 3pm")
        assert "Sara Malik" in met.text
        assert met.buttons[:2] == ["Undo", "Edit"]
        assert "proposal" in talk.says("nishat ki deal proposal me daal do").text
        assert "480,000" in talk.says("نشاط ملز والی ڈیل 4.8 لاکھ میں جیت گئے").text
        assert [deal["status"] for deal in rabta.kept("deal")] == ["won"]
        undone = talk.taps(talk.chat.last.buttons[0])
        assert "واپس" in undone.text
        assert [deal["status"] for deal in rabta.kept("deal")] == ["open"]

        refused = Talk(stranger, telegram.private(stranger), PATIENCE).says("pipeline")
        assert "Nishat" not in refused.text

        talk.says("speak english")
        talk.says("remind me in 2 seconds to check the looms")
        reminder = talk.chat.wait_for(lambda message: message.text.startswith("⏰"), PATIENCE)
        assert reminder.buttons[0] == "Done"
        assert "Done" in talk.taps("Done", on=reminder).text
        assert [m.text for m in talk.chat.messages if "⏰" in m.text] == []
        said = rabta.stops(process)
    assert "Traceback" not in said
    assert TOKEN not in said
    statuses = {task["text"]: task["status"] for task in rabta.kept("task")}
    assert statuses == {"call her": "open", "check the looms": "done"}


def test_a_day_in_a_slack_channel(slack: SlackServer, tmp_path: Path) -> None:
    team = slack.team()
    rabta = Program(
        tmp_path,
        slack_bot_token=team.bot_token,
        slack_app_token=slack.app_token,
        slack_signing_secret=slack.signing_secret,
        slack_base_url=slack.api_url,
        owners=f"slack:{team.id}/U101",
    )
    ayesha, bilal = team.user("U101", "Ayesha"), team.user("U102", "Bilal")
    sales = team.channel("sales", [ayesha, bilal])
    direct = team.dm(ayesha)

    def hears(channel: Channel, words: str) -> SlackMessage:
        return channel.wait_for(words, timeout=PATIENCE)

    with rabta.running() as process:
        slack.wait_for_sockets(1, timeout=PATIENCE)
        ayesha.says(sales, f"<@{team.bot.id}> deal for Nishat Mills: 40 looms, 5 lakh", raw=True)
        card = hears(sales, "New deal: Nishat Mills")
        assert card.thread_ts
        bilal.says(sales, "nishat moved to proposal", thread=card)
        hears(sales, "lead → proposal")
        ayesha.commands("/rabta", "pipeline", sales)
        hears(sales, "Total")
        ayesha.says(direct, "remind me in 2 seconds to check the looms")
        reminder = hears(direct, "⏰")
        ayesha.presses(reminder, "Done")
        hears(direct, "Done: check the looms")
        said = rabta.stops(process)
    assert "Traceback" not in said
    assert [deal["stage"] for deal in rabta.kept("deal")] == ["proposal"]
    assert [task["status"] for task in rabta.kept("task")] == ["done"]


def test_a_wrong_setting_stops_it_with_one_sentence(tmp_path: Path) -> None:
    rabta = Program(tmp_path, timezone="Asia/Karachee")
    with rabta.running() as process:
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert len(said.strip().splitlines()) == 1
    assert "RABTA_TIMEZONE" in said
