"""Row 26, as an operator meets it: doors, clock and sender in processes of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from storage.database import Database
from tests.doors.program import no_settings
from tests.doors.waiting import until
from tests.servers.telegram import TOKEN, Talk, TelegramServer

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def start(telegram: TelegramServer, database_url: str, tmp_path: Path) -> Iterator[Start]:
    """``start("--doors")`` returns when it is up; what it logs stands in ``--doors.log``."""
    mine = no_settings()
    ours = {
        "RABTA_DATABASE_URL": database_url,
        "RABTA_OWNERS": "telegram:101",
        **telegram.settings,
    }
    started: list[subprocess.Popen[bytes]] = []

    def go(*parts: str, **settings: str) -> subprocess.Popen[bytes]:
        path = tmp_path / f"{''.join(parts)}.log"
        with path.open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [Path(sys.executable).with_name("rabta"), "run", *parts],
                cwd=tmp_path, env={**mine, **ours, **settings}, stderr=log,
            )  # fmt: skip
        started.append(process)
        until(lambda: "Rabta runs its" in path.read_text() or process.poll() is not None, 60)
        return process

    yield go
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_row_26_doors_clock_and_sender_are_one_rabta(
    database: Database, start: Start, telegram: TelegramServer, tmp_path: Path
) -> None:
    processes = [start("--doors"), start("--sender")]
    clock = start("--clock", RABTA_TELEGRAM_TOKEN="")  # it needs the database alone
    ayesha = telegram.user(101, "Ayesha", language_code="en")
    talk = Talk(ayesha, telegram.private(ayesha), timeout=40)
    assert "Sara Malik" in talk.says("met Sara Malik from Nishat Mills").text
    talk.says("remind me in 2 seconds to call Sara")
    talk.chat.wait_for(lambda message: message.text.startswith("⏰"), 40)
    for process in (*processes, clock):
        process.send_signal(signal.SIGTERM)
    logs = [path.read_text() for path in tmp_path.glob("*.log")]
    assert [process.wait(30) for process in (*processes, clock)] == [0, 0, 0], logs
    assert "Traceback" not in "".join(logs)
    assert sum("⏰" in message.text for message in talk.chat.messages) == 1


@pytest.mark.parametrize("part", ["--doors", "--clock", "--sender"])
def test_row_26_on_sqlite_nothing_is_shared_out(part: str, tmp_path: Path) -> None:
    settings = {
        "RABTA_DATABASE_URL": f"sqlite:///{tmp_path}/rabta.db",
        "RABTA_TELEGRAM_TOKEN": TOKEN,
    }
    told = CliRunner().invoke(main, ["run", part], env=settings)
    assert told.exit_code == 2
    assert told.output.strip() == (
        "SQLite serves one process, which does all: leave --doors, --clock and --sender out, "
        "or set RABTA_DATABASE_URL to PostgreSQL."
    )
    assert not (tmp_path / "rabta.db").exists()


@pytest.mark.parametrize("part", ["--doors", "--sender"])
def test_row_26_doors_and_sender_need_a_token(part: str) -> None:
    told = CliRunner().invoke(
        main, ["run", part], env={"RABTA_DATABASE_URL": "postgresql://nowhere/rabta"}
    )
    assert told.exit_code == 2
    assert "need a token" in told.output
