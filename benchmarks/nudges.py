"""How late nudges arrive: from when a reminder is due to when Telegram has it.

The real program on PostgreSQL (``rabta run``, two processes) in front of a Telegram on loopback.
Idle: a few a second. Load: 17 a second, the most that Telegram's limits leave room for. Burst: all
at the same second. Kills: as load, and every ten seconds one of the processes dies by kill -9 and
is started again.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import select, text  # noqa: E402

from bot.incoming import Place, Sender  # noqa: E402
from bot.reception import House, new_member, workspace  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.migrate import migrate  # noqa: E402
from storage.models import Identity, Outbox, Task, Workspace  # noqa: E402
from tests import postgres  # noqa: E402
from tests.servers.telegram import TOKEN, TelegramServer  # noqa: E402

PEOPLE = 200
START = timedelta(seconds=5)
PATIENCE = 60.0
ROUNDS = {  # name: nudges, seconds over which they are due, seconds between kills
    "idle": (40, 20.0, None),
    "load": (510, 30.0, None),
    "burst": (200, 0.0, None),
    "kills": (680, 40.0, 10.0),
}


def furnish(database: Database, server: TelegramServer) -> list[tuple[int, int]]:
    """Members whom Telegram knows; their workspace and number."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        space = workspace(session, House(timezone="UTC"), "bench", now)
        members = []
        for n in range(PEOPLE):
            server.private(server.user(1000 + n, f"P{n}")).room.started = True
            sender = Sender("telegram", "", str(1000 + n), f"P{n}")
            where = Place("telegram", "", sender.id)
            member = new_member(session, space, sender, "rep", now)
            member.agenda_at = now + timedelta(days=300)
            session.add(
                Identity(
                    platform="telegram", team="", user=sender.id, workspace_id=space.id,
                    member_id=member.id, private_chat=where.chat, seen_at=now,
                )
            )  # fmt: skip
            members.append((space.id, member.id))
    return members


def plan(database: Database, members: Sequence[tuple[int, int]], count: int, span: float) -> None:
    """Tasks that are due evenly over some seconds, from a little later on."""
    begin = datetime.now(UTC) + START
    with database.transaction() as session:
        for n in range(count):
            space, owner = members[n % len(members)]
            due = begin + timedelta(seconds=span * n / count)
            session.add(
                Task(
                    workspace_id=space, owner_id=owner, text=f"due {due.timestamp():.3f}",
                    zone="UTC", due_day=due.date(), due_time=due.time(), due_at=due,
                    remind_at=due, status="open", created_at=begin,
                )
            )  # fmt: skip


def lateness(server: TelegramServer) -> list[float]:
    """Of each nudge that came, the first time it came."""
    came: dict[str, float] = {}
    for call in server.calls_of("sendMessage"):
        said = call.params.get("text", "")
        if "due " in said and call.answer.get("ok"):
            due = said.partition("due ")[2].split()[0]
            came.setdefault(f"{due}/{call.params['chat_id']}", call.at - float(due))
    return list(came.values())


@contextmanager
def rabtas(url: str, server: TelegramServer, home: Path, count: int) -> Iterator[list[object]]:
    settings = {
        "RABTA_DATABASE_URL": url,
        "RABTA_TELEGRAM_TOKEN": TOKEN,
        "RABTA_TELEGRAM_BASE_URL": server.base_url,
        "RABTA_TELEGRAM_BASE_FILE_URL": server.base_file_url,
        "PYTHONPATH": str(ROOT),
    }

    def start() -> subprocess.Popen[bytes]:
        with (home / "rabta.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", "from bot.cli import main; main()", "run"],
                env={**os.environ, **settings}, cwd=home, stdout=log, stderr=log,
            )  # fmt: skip

    running: list[object] = [start() for _ in range(count)]
    while (home / "rabta.log").read_text().count("Rabta listens") < count:
        time.sleep(0.1)
    running.append(start)
    yield running
    for process in running[:-1]:
        process.kill()  # type: ignore[attr-defined]
        process.wait()  # type: ignore[attr-defined]


def round_of(
    name: str, url: str, database: Database, server: TelegramServer, home: Path, processes: int
) -> str:
    count, span, kills = ROUNDS[name]
    with database.transaction() as session:
        session.execute(text("DELETE FROM outbox"))
        members = [
            (each.workspace_id, each.member_id)
            for each in session.scalars(select(Identity).order_by(Identity.user))
        ]
        assert session.scalars(select(Workspace)).all()
    server.world.calls.clear()
    (home / "rabta.log").write_text("")
    with rabtas(url, server, home, processes) as running:
        plan(database, members, count, span)
        begun, killed = time.monotonic(), 0
        last = begun + START.total_seconds() + span
        while time.monotonic() < last + PATIENCE and len(lateness(server)) < count:
            if kills and time.monotonic() - begun > kills * (killed + 1) < last - begun:
                victim = random.randrange(processes)
                running[victim].kill()  # type: ignore[attr-defined]
                running[victim].wait()  # type: ignore[attr-defined]
                running[victim] = running[-1]()  # type: ignore[operator]
                killed += 1
            time.sleep(0.1)
        late = sorted(lateness(server))
        sent = len(
            [c for c in server.calls_of("sendMessage") if "due " in c.params.get("text", "")]
        )
    with database.transaction() as session:
        letters = len(session.scalars(select(Outbox.id).where(Outbox.kind == "nudge")).all())
    p99 = statistics.quantiles(late, n=100)[98]
    return (
        f"{name:6} {len(late)} of {count} came, {letters} raised, {sent - len(late)} repeats, "
        f"{killed} kills: p50 {statistics.median(late):.2f} s, p99 {p99:.2f} s, "
        f"max {late[-1]:.2f} s, earliest {late[0]:.2f} s"
    )


def main(names: Sequence[str]) -> None:
    home = postgres.begin()
    try:
        database = Database(postgres.server_url())
        migrate(database)
        url = database.url.render_as_string(hide_password=False)
        with TelegramServer() as server, tempfile.TemporaryDirectory() as folder:
            furnish(database, server)
            for name in names or ROUNDS:
                processes = 3 if name == "kills" else 2
                print(round_of(name, url, database, server, Path(folder), processes), flush=True)
        database.close()
    finally:
        postgres.end(home)


if __name__ == "__main__":
    main(sys.argv[1:])
