"""``rabta run`` is killed again and again while people write: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.models import Company, Deal, Inbox, Outbox
from tests.servers.telegram import TOKEN, TelegramServer, slow

FIRMS = [
    "Alpha", "Bravo", "Cotton", "Delta", "Emporium", "Fabrics", "Gulshan", "Habib", "Indus",
    "Jubilee", "Kohinoor", "Lucky", "Mehran", "Nishat", "Orient", "Packages", "Quaid", "Ravi",
]  # fmt: skip
KILLS = 2
SEED = 7


@contextmanager
def rabta(server: TelegramServer, database_url: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    """The real program in a process of its own, for as long as the block or a kill lets it."""
    settings = {
        "RABTA_DATABASE_URL": database_url,
        "RABTA_TELEGRAM_TOKEN": TOKEN,
        "RABTA_TELEGRAM_BASE_URL": server.base_url,
        "RABTA_TELEGRAM_BASE_FILE_URL": server.base_file_url,
        "RABTA_JOIN": "open",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    log = (home / "rabta.log").open("a")
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "run"],
        env=os.environ | settings,
        cwd=home,
        stdout=log,
        stderr=log,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_nothing_is_lost_or_doubled_by_kills(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    with TelegramServer() as server:
        ayesha = server.user(101, "Ayesha", language_code="en")
        chat = server.private(ayesha)
        told = (f"deal for {firm} Textiles: 20 looms, 5 lakh" for firm in FIRMS)
        ayesha.says(chat, "/start")
        for _ in range(KILLS):
            polls = len(server.calls_of("getUpdates"))
            with rabta(server, database_url, tmp_path) as process:
                _until(lambda: len(server.calls_of("getUpdates")) > polls)  # noqa: B023
                server.goes_wrong("sendMessage", *[slow(chance.uniform(0, 0.05)) for _ in range(4)])
                server.repeats(2)
                for text in islice(told, len(FIRMS) // KILLS):
                    ayesha.says(chat, text)
                    time.sleep(chance.uniform(0, 0.03))
                time.sleep(chance.uniform(0.05, 0.4))
                process.kill()
        with rabta(server, database_url, tmp_path) as process:
            _until(lambda: _is_handled(database, len(FIRMS) + 1))
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, (tmp_path / "rabta.log").read_text()[-3000:]
        answers = Counter(message.text for message in chat.messages)
    assert _names(database) == [f"{firm} Textiles" for firm in FIRMS]  # each once
    assert max(answers.values()) <= 2  # at most one repeat of what a kill left open
    assert TOKEN not in (tmp_path / "rabta.log").read_text()


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def _is_handled(database: Database, count: int) -> bool:
    with database.transaction() as session:
        states = Counter(session.scalars(select(Inbox.state)))
        waiting = session.scalars(select(Outbox.id).where(Outbox.state == "waiting")).all()
    return states == {"done": count} and not waiting


def _names(database: Database) -> list[str]:
    with database.transaction() as session:
        companies = session.scalars(
            select(Company.name).join(Deal, Deal.company_id == Company.id)
        ).all()
        return sorted(companies)
