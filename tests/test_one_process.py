"""A SQLite file serves one ``run`` or ``chat``; what reads or invites works beside it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.operate import beside
from storage.database import LOG
from storage.hold import Held, hold, holder_of
from tests.doors.program import no_settings
from tests.servers.telegram import Talk, TelegramServer

RABTA = Path(sys.executable).with_name("rabta")

Rabta = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def rabta(tmp_path: Path) -> Iterator[Rabta]:
    """Start a command on one SQLite file, reached by a pipe; what still runs is ended."""
    settings = no_settings()
    settings |= {"RABTA_DATABASE_URL": f"sqlite:///{tmp_path}/rabta.db", "RABTA_LOG_LEVEL": "ERROR"}
    started = []

    def start(*arguments: str, **more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [RABTA, *arguments],
            cwd=tmp_path,
            env=settings | more,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


def talks(process: subprocess.Popen[str]) -> None:
    """It has answered, so it holds the database."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("met Sara Malik from Nishat Mills\n")
    process.stdin.flush()
    while "Sara Malik" not in process.stdout.readline():
        assert process.poll() is None


def test_row_31_a_second_chat_says_who_holds_the_file_and_stops(
    rabta: Rabta, tmp_path: Path
) -> None:
    first = rabta("chat")
    talks(first)
    second = rabta("chat")
    _, said = second.communicate("pipeline\n", timeout=20)
    assert second.returncode == 2
    (sentence,) = said.strip().splitlines()
    assert f"{tmp_path}/rabta.db is in use (rabta chat, process {first.pid}, since 20" in sentence
    assert "RABTA_DATABASE_URL" in sentence


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_row_04_of_two_that_run_on_sqlite_one_polls_and_after_a_kill_the_next(
    rabta: Rabta, telegram: TelegramServer
) -> None:
    """A second ends with a sentence before it has asked Telegram for anything."""
    settings = {"RABTA_OWNERS": "telegram:101", **telegram.settings}
    ayesha = telegram.user(101, "Ayesha", language_code="en")
    talk = Talk(ayesha, telegram.private(ayesha), timeout=60)
    first = rabta("run", **settings)
    assert "Sara Malik" in talk.says("met Sara Malik from Nishat Mills").text
    second = rabta("run", **settings)
    _, said = second.communicate(timeout=30)
    assert second.returncode == 2
    assert f"is in use (rabta run, process {first.pid}, since 20" in said
    assert "Nishat Mills" in talk.says("find sara").text, "the first goes on undisturbed"
    codes = [call.answer.get("error_code") for call in telegram.calls_of("getUpdates")]
    assert 409 not in codes
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    rabta("run", **settings)
    assert "Nishat Mills" in talk.says("find sara").text


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_row_31_a_kill_lets_go_of_the_file_and_leaves_it_whole(
    rabta: Rabta, tmp_path: Path
) -> None:
    first = rabta("chat")
    talks(first)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    second = rabta("chat")
    said, _ = second.communicate("find sara\n", timeout=20)
    assert second.returncode == 0
    assert "Sara Malik" in said
    with closing(sqlite3.connect(tmp_path / "rabta.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_row_31_only_the_holder_checkpoints(tmp_path: Path) -> None:
    """Two that do so at once can harm the file (SQLite up to 3.51.2)."""
    url = f"sqlite:///{tmp_path}/rabta.db"
    for is_held, pages in ((True, 0), (False, LOG)):
        held = hold(url, "run") if is_held else nullcontext()
        with held, beside(url) as guest, guest.engine.connect() as connection:
            assert connection.execute(text("PRAGMA wal_autocheckpoint")).scalar() == pages


def test_others_read_and_invite_beside_it_and_the_doctor_tells_of_it(rabta: Rabta) -> None:
    first = rabta("chat")
    talks(first)
    exported, _ = rabta("export").communicate(timeout=20)
    assert "Nishat Mills" in exported
    diagnosis, _ = rabta("doctor").communicate(timeout=20)
    assert f"running: rabta chat, process {first.pid}, since 20" in diagnosis
    with ThreadPoolExecutor(3) as together:
        invitations = [rabta("invite") for _ in range(3)]
        said = list(together.map(lambda each: each.communicate(timeout=30)[0], invitations))
    assert all("/start " in each for each in said)
    assert len(set(said)) == 3
    talks(first)
    first.communicate("", timeout=20)
    assert first.returncode == 0
    diagnosis, _ = rabta("doctor").communicate(timeout=20)
    assert "running: neither" in diagnosis


def test_row_31_two_names_of_one_file_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "other.db").symlink_to(tmp_path / "rabta.db")
    with hold(f"sqlite:///{tmp_path}/rabta.db", "run"):
        with pytest.raises(Held, match=f"process {os.getpid()}"):
            hold(f"sqlite:///{tmp_path}/other.db", "run").__enter__()
        assert holder_of(f"sqlite:///{tmp_path}/other.db") is not None
    assert holder_of(f"sqlite:///{tmp_path}/other.db") is None


def test_what_is_no_file_is_held_by_nobody(tmp_path: Path) -> None:
    for url in ("sqlite://", "sqlite:///:memory:", "postgresql://localhost/rabta"):
        with hold(url, "run"), hold(url, "run"):
            assert holder_of(url) is None
