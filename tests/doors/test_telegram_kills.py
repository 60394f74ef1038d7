"""``rabta run`` is killed again and again while people write: nothing lost, nothing doubled."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.models import Company, Deal, Inbox, Outbox
from tests.doors.program import CUSTOMERS, running
from tests.doors.waiting import until
from tests.servers.telegram import TOKEN, TelegramServer, slow

FIRMS = CUSTOMERS
KILLS = 2
SEED = 7


def rabta(
    server: TelegramServer, database_url: str, home: Path
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    settings = {
        "RABTA_DATABASE_URL": database_url,
        "RABTA_TELEGRAM_TOKEN": TOKEN,
        "RABTA_TELEGRAM_BASE_URL": server.base_url,
        "RABTA_TELEGRAM_BASE_FILE_URL": server.base_file_url,
        "RABTA_JOIN": "open",
    }
    return running(settings, home)


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
                until(lambda: len(server.calls_of("getUpdates")) > polls, 60)  # noqa: B023
                server.goes_wrong("sendMessage", *[slow(chance.uniform(0, 0.05)) for _ in range(4)])
                server.repeats(2)
                for text in islice(told, len(FIRMS) // KILLS):
                    ayesha.says(chat, text)
                    time.sleep(chance.uniform(0, 0.03))
                time.sleep(chance.uniform(0.05, 0.4))
                process.kill()
        with rabta(server, database_url, tmp_path) as process:
            until(lambda: (tmp_path / "rabta.log").read_text().count("listens") > KILLS, 60)
            until(lambda: _is_handled(database, len(FIRMS) + 1), 60)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, (tmp_path / "rabta.log").read_text()[-3000:]
        answers = Counter(message.text for message in chat.messages)
    assert _names(database) == [f"{firm} Textiles" for firm in FIRMS]  # each once
    assert max(answers.values()) <= 2  # at most one repeat of what a kill left open
    assert TOKEN not in (tmp_path / "rabta.log").read_text()


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
