"""``rabta run`` as its operator sees it: its end, its log, its database on PostgreSQL."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doors.program import no_settings
from tests.servers.telegram import TOKEN, Talk, TelegramServer

RABTA = Path(sys.executable).with_name("rabta")


@dataclass
class Program:
    """A running Rabta, with what it has logged."""

    process: subprocess.Popen[bytes]
    log_file: Path

    def ends(self, how: signal.Signals | None = None) -> int:
        """Wait for its end, after a signal if one is given; the exit code."""
        if how is not None:
            self.process.send_signal(how)
        return self.process.wait(20)

    @property
    def log(self) -> str:
        return self.log_file.read_text()


Start = Callable[..., Program]


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def start(tmp_path: Path, database_url: str, telegram: TelegramServer) -> Iterator[Start]:
    """Start the program with some settings; what still runs at the end is ended."""
    mine = no_settings()
    ours = {
        "RABTA_DATABASE_URL": database_url,
        "RABTA_OWNERS": "telegram:101",
        **telegram.settings,
    }
    started: list[Program] = []

    def go(**settings: str) -> Program:
        log = tmp_path / f"{len(started)}.log"
        with log.open("w") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [RABTA, "run"], cwd=tmp_path, env={**mine, **ours, **settings}, stderr=errors
            )
        started.append(Program(process, log))
        return started[-1]

    yield go
    for program in started:
        program.ends(signal.SIGKILL if program.process.poll() is None else None)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_it_starts_serves_and_stops_and_its_log_hides_the_token(
    start: Start, telegram: TelegramServer
) -> None:
    program = start()
    ayesha = telegram.user(101, "Ayesha")
    talk = Talk(ayesha, telegram.private(ayesha), timeout=20)
    assert "Sara Malik" in talk.says("met Sara Malik from Nishat Mills, deal 5 lakh").text
    assert "https://t.me/rabta_bot?start=" in talk.says("invite a colleague").text
    since = talk.chat.changes
    talk.says("remind me in 2 seconds to call Sara")
    talk.chat.wait_for_change(since + 1, 10)
    assert "call Sara" in talk.chat.last.text

    with at_most(10):
        assert program.ends(signal.SIGTERM) == 0
    assert "Rabta listens on telegram" in program.log
    assert TOKEN.partition(":")[2] not in program.log
    assert "Traceback" not in program.log


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refused_token_ends_it_with_one_sentence(start: Start) -> None:
    program = start(RABTA_TELEGRAM_TOKEN="123456789:AAnobody-knows-this-one")
    assert program.ends() == 2
    assert program.log.splitlines()[-1] == "Telegram refuses the token; see rabta doctor."
    assert "nobody-knows" not in program.log
    assert "Traceback" not in program.log
