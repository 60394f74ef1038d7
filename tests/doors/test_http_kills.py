"""``rabta run`` behind HTTP is killed again and again while both platforms call: nothing lost."""

from __future__ import annotations

import random
import re
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

from bot.telegram_hook import secret_of
from storage.database import Database
from storage.models import Company, Deal, Inbox, Outbox
from tests.doors.house import Platforms, free_port, is_up
from tests.doors.program import CUSTOMERS, running
from tests.doors.waiting import until
from tests.servers.slack import SlackServer
from tests.servers.telegram import TOKEN, TelegramServer

FIRMS = CUSTOMERS[:12]
KILLS = 1
SEED = 7


def rabta(
    platforms: Platforms, url: str, home: Path
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    ours = {"RABTA_DATABASE_URL": url, "RABTA_JOIN": "open"}
    return running(platforms.environment | ours, home, is_up(platforms))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_nothing_is_lost_or_doubled_by_kills(database: Database, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    dice = random.Random(SEED)
    log = tmp_path / "rabta.log"
    with TelegramServer() as telegram, SlackServer(ack_seconds=1.0, haste=30) as slack:
        # Over haste; for a slow machine.
        slack.manners.retry_after = (0.0, 30.0, 30.0, *[60.0] * 30)
        platforms = Platforms(telegram, slack, free_port())
        ayesha, bilal = telegram.user(101, "Ayesha"), slack.team().user("U2", "Bilal")
        chat, dm = telegram.private(ayesha), slack.team().dm(bilal)
        firms = iter(FIRMS)
        for _ in range(KILLS):
            with rabta(platforms, url, tmp_path) as process:
                for number, firm in enumerate(islice(firms, len(FIRMS) // KILLS)):
                    told = f"deal for {firm} Textiles: 20 looms, 5 lakh"
                    ayesha.says(chat, told) if number % 2 else bilal.says(dm, told)
                    time.sleep(dice.uniform(0, 0.03))
                time.sleep(dice.uniform(0.02, 0.4))
                process.kill()
        telegram.repeats(3)
        with rabta(platforms, url, tmp_path) as process:
            until(lambda: handled(database), 60)
            slack.settle(30)  # Slack tells of the answers too
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, log.read_text()[-3000:]
        said = "\n".join(answer.text_shown for answer in dm.answers)
        shown = Counter(re.findall(r"New deal: (\w+) Textiles", said))
        answers = Counter(message.text for message in chat.messages if "New deal" in message.text)
    assert all(delivery.acked for delivery in slack.deliveries)
    with database.transaction() as session:
        dealt = session.scalars(select(Company.name).join(Deal, Deal.company_id == Company.id))
        assert sorted(dealt) == [f"{firm} Textiles" for firm in FIRMS], "each once"
    assert max(shown.values(), default=1) == 1, "Slack is asked before an answer is sent again"
    assert max(answers.values(), default=1) <= 2, "at most one repeat of what a kill left open"
    written = log.read_text()
    for secret in (TOKEN, secret_of(TOKEN), slack.team().bot_token, slack.signing_secret, "looms"):
        assert secret not in written


def handled(database: Database) -> bool:
    with database.transaction() as session:
        states = Counter(session.scalars(select(Inbox.state)))
        waiting = session.scalars(select(Outbox.id).where(Outbox.state == "waiting")).all()
    return states == {"done": len(FIRMS)} and not waiting
