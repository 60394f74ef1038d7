"""``rabta run`` on Slack is killed again and again while people write: nothing lost or doubled."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.slack_manifest import manifest
from handlers.library import the_book
from storage.database import Database
from storage.models import Company, Deal, Inbox, Outbox
from tests.doors.program import CUSTOMERS, running
from tests.doors.waiting import until
from tests.servers.slack import SlackServer

FIRMS = CUSTOMERS[:12]
KILLS = 2
SEED = 7


def rabta(
    slack: SlackServer, url: str, home: Path
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    settings = {
        "RABTA_DATABASE_URL": url,
        "RABTA_SLACK_BOT_TOKEN": slack.team().bot_token,
        "RABTA_SLACK_APP_TOKEN": slack.app_token,
        "RABTA_SLACK_BASE_URL": slack.api_url,
    }
    opened = slack.sockets.opened
    return running(settings, home, lambda: slack.sockets.opened > opened, patience=30)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_nothing_is_lost_or_doubled_by_kills(database: Database, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    dice = random.Random(SEED)
    with SlackServer(ack_seconds=1.0, haste=30) as slack:
        slack.manners.retry_after = (
            0.0,
            30.0,
            30.0,
            *[60.0] * 30,
        )  # over haste; for a slow machine
        team = slack.team()
        slack.obeys(manifest(the_book()))
        people = [team.user(f"U{n}", name) for n, name in enumerate(("Ayesha", "Bilal", "Sana"))]
        firms = iter(FIRMS)
        for _ in range(KILLS):
            with rabta(slack, url, tmp_path) as process:
                for person in people:
                    for firm in islice(firms, len(FIRMS) // KILLS // len(people)):
                        person.says(team.dm(person), f"deal for {firm} Textiles: 20 looms, 5 lakh")
                time.sleep(dice.uniform(0.02, 0.6))
                process.kill()
        with rabta(slack, url, tmp_path):
            slack.settle(30)
            until(lambda: _handled(database), 60)
            time.sleep(0.5)  # what would be said twice has the time to
        said = "\n".join(
            answer.text_shown for person in people for answer in team.dm(person).answers
        )
        shown = Counter(re.findall(r"New deal: (\w+) Textiles", said))
    assert all(delivery.acked for delivery in slack.deliveries)
    with database.transaction() as session:
        dealt = session.scalars(select(Company.name).join(Deal, Deal.company_id == Company.id))
        assert sorted(dealt) == [f"{firm} Textiles" for firm in FIRMS], "each once"
        leased = session.scalars(select(func.count()).where(Outbox.state == "sending")).one()
    assert max(shown.values()) == 1, "an answer is looked for before it is sent again"
    assert len(FIRMS) - len(shown) <= leased, "a letter that a kill left open waits for its lease"
    for secret in (team.bot_token, slack.app_token):
        assert secret not in (tmp_path / "rabta.log").read_text()


def _handled(database: Database) -> bool:
    with database.transaction() as session:
        states = Counter(session.scalars(select(Inbox.state)))
        waiting = session.scalars(select(func.count()).where(Outbox.state == "waiting")).one()
    return states == {"done": len(FIRMS)} and not waiting
