"""Rows 15 and 25 as a whole: answers come in time though somebody is killed again and again."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.doors.program import running
from tests.doors.waiting import until
from tests.servers.telegram import TOKEN, TelegramServer

LATEST = 30.0
KILLS = 2


@contextmanager
def killed_again_and_again(
    settings: dict[str, str], home: Path, every: float, times: int
) -> Iterator[None]:
    """One process is killed and started anew; on PostgreSQL another one goes on beside it."""
    home.mkdir()
    over = threading.Event()
    log = home / "rabta.log"

    def is_up(before: int) -> bool:
        return log.read_text().count("Rabta listens") > before

    def go() -> None:
        for number in range(times):
            with running(settings, home, lambda: is_up(number)) as process:  # noqa: B023
                over.wait(every)
                process.kill()
        with running(settings, home):
            over.wait()

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_row_25_answers_come_within_thirty_seconds_though_a_process_is_killed_every_ten(
    database_url: str, tmp_path: Path
) -> None:
    with TelegramServer() as server:
        settings = {
            "RABTA_DATABASE_URL": database_url,
            "RABTA_TELEGRAM_TOKEN": TOKEN,
            "RABTA_TELEGRAM_BASE_URL": server.base_url,
            "RABTA_TELEGRAM_BASE_FILE_URL": server.base_file_url,
            "RABTA_JOIN": "open",
        }
        late = lateness(server, settings, tmp_path, kills=KILLS)
    assert len(late) > 10
    assert max(late) <= LATEST, sorted(late)[-5:]


def lateness(
    server: TelegramServer, settings: dict[str, str], home: Path, *, kills: int
) -> list[float]:
    """Seconds until each message was answered, one a second from ten people in turn."""
    people = [server.user(100 + number, f"Rep {number}") for number in range(10)]
    chats = [server.private(person) for person in people]
    told: dict[str, float] = {}
    with killed_again_and_again(settings, home / "killed", 10.0, kills), _beside(settings, home):
        until(lambda: server.calls_of("getUpdates"), 60)
        begun = time.monotonic()
        for number in count():
            firm = f"Firm{number:04}"
            person, chat = people[number % 10], chats[number % 10]
            told[firm] = server.world.now
            person.says(chat, f"deal for {firm} Textiles: 20 looms, 5 lakh")
            time.sleep(1.0)
            if time.monotonic() - begun > 10.0 * kills + 8.0:
                break
        said = dict.fromkeys(told, 0.0)

        def all_answered() -> bool:
            for call in server.calls_of("sendMessage"):
                for firm in told:
                    if firm in call.params["text"] and call.answer.get("ok") and not said[firm]:
                        said[firm] = call.at
            return all(said.values())

        until(all_answered, 60)
    return [said[firm] - told[firm] for firm in told]


@contextmanager
def _beside(settings: dict[str, str], home: Path) -> Iterator[None]:
    """On SQLite there is one process at a time."""
    if settings["RABTA_DATABASE_URL"].startswith("sqlite"):
        yield
        return
    (home / "beside").mkdir()
    with running(settings, home / "beside") as process:
        yield
        process.send_signal(signal.SIGTERM)
        process.wait(20)
