"""One round: a door, a database, so many kills; then all is left in peace and looked at."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.doors.house import free_port
from tests.faults.kills import databases
from tests.faults.kills.checks import problems
from tests.faults.kills.databases import Look
from tests.faults.kills.history import History, Kept
from tests.faults.kills.killer import MOMENTS, Killer
from tests.faults.kills.program import Ended, Program
from tests.faults.kills.proxy import Proxy
from tests.faults.kills.sides import Side
from tests.faults.kills.slack_side import SlackSide
from tests.faults.kills.telegram_side import TelegramSide
from tests.faults.kills.writing import Writing
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

DOORS = ("telegram-polling", "telegram-webhook", "slack-socket", "slack-http")
PROCESSES = {"sqlite": 1, "postgresql": 3}
MOST_WAITING = 25
"""What people have written and Rabta not yet acted on: then they wait a little."""

FASTER = "10000"
"""Messages that each may write in a minute: here four people do the work of many."""

QUIET_AFTER = 240.0
"""Seconds in which a round that is left in peace must have come to rest."""

UNDONE = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending'))"
    " + (SELECT count(*) FROM task WHERE status = 'open' AND remind_at IS NOT NULL)"
)


@dataclass(frozen=True)
class Plan:
    """What is to be done; the same seed gives the same people, troubles and moments, though not
    the same instant of the machine's own scheduling."""

    door: str
    database: str
    seed: str
    kills: int
    broken: str = ""
    trouble: float = 0.04
    talk: float = 0.4
    moments: tuple[str, ...] = MOMENTS
    hurried: bool = False  # what only waits for a lease to run out need not wait for that


def judged(plan: Plan, folder: Path, server: str = "") -> tuple[History, list[str]]:
    """Play a round in a new folder within that one; its history, and what is wrong with it."""
    home = folder / re.sub(r"\W", "_", plan.seed)
    home.mkdir()
    history = play(plan, home, server)
    return history, problems(history)


def play(plan: Plan, home: Path, server: str = "") -> History:
    """Play a round in a folder of its own. ``server``: the URL of a PostgreSQL server."""
    history = History(plan.door, plan.database, plan.seed, plan.door.startswith("telegram"))
    began = time.monotonic()
    with ExitStack() as stack:
        if plan.database == "sqlite":
            url = stack.enter_context(databases.sqlite(home))
        else:
            name = "kills_" + re.sub(r"\W", "_", f"{home.parent.name}_{home.name}")
            url = stack.enter_context(databases.postgresql(server, name.lower()[-60:]))
        side, settings, proxy = stack.enter_context(_platform(plan))
        programs = list(_programs(plan, home, url, settings, side, proxy))
        stack.callback(_end, programs)
        _Round(plan, history, side, programs, url, home, proxy).play()
    history.seconds = time.monotonic() - began
    return history


def _end(programs: list[Program]) -> None:
    for program in programs:
        if program.lives:
            program.kill()


@contextmanager
def _platform(plan: Plan) -> Iterator[tuple[Side, dict[str, str], Proxy]]:
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(plan.seed))
        side: Side
        if plan.door.startswith("telegram"):
            telegram = stack.enter_context(TelegramServer())
            webhook = f"http://127.0.0.1:{proxy.port}/telegram"
            side = TelegramSide(telegram, webhook if plan.door == "telegram-webhook" else "")
        else:
            slack = stack.enter_context(SlackServer(ack_seconds=2.0))
            called = f"http://127.0.0.1:{proxy.port}/slack/events"
            side = SlackSide(slack, called if plan.door == "slack-http" else "")
        yield side, side.settings(), proxy


def _programs(
    plan: Plan, home: Path, url: str, settings: dict[str, str], side: Side, proxy: Proxy
) -> Iterator[Program]:
    by_http = plan.door in {"telegram-webhook", "slack-http"}
    ports = [free_port() for _ in range(PROCESSES[plan.database])]
    proxy.ports = ports
    for number, port in enumerate(ports):
        told = settings | {"RABTA_DATABASE_URL": url, "RABTA_RATE_PER_MINUTE": FASTER}
        told |= {"RABTA_HTTP_PORT": str(port)} if by_http else {}
        yield Program(home / f"process{number}", told, broken=plan.broken)


class _Round:
    def __init__(
        self,
        plan: Plan,
        history: History,
        side: Side,
        programs: list[Program],
        url: str,
        home: Path,
        proxy: Proxy,
    ) -> None:
        self.plan, self.history, self.side, self.programs = plan, history, side, programs
        self.url, self.home, self.proxy = url, home, proxy
        self.dice = random.Random(plan.seed)
        self.look = Look(url)
        self._looked, self._kept = 0.0, 0
        self.writing = Writing(side, self.dice, history.in_order, history.said)

    def play(self) -> None:
        try:
            self._kill()
            self._come_to_rest()
            self._stop()
        except Ended as ended:
            self.history.wrong.append(f"it ended by itself: {ended}")
        self._note()

    def _kill(self) -> None:
        wal = self.home / "rabta.db-wal" if self.plan.database == "sqlite" else None
        killer = Killer(self.programs, self.side, self.dice, wal, self.plan.moments)
        self.proxy.cuts = 0.05
        for program in self.programs:
            program.start()
        while len(self.history.kills) < self.plan.kills:
            if self.dice.random() < self.plan.talk and self._waiting() < MOST_WAITING:
                self.writing.goes_on()
            if self.dice.random() < self.plan.trouble:
                self.side.misbehaves(self.dice)
            if struck := killer.strike():
                self.history.kills.append(struck)
            for program in self.programs:
                if not program.lives:
                    program.start()
            self.side.look()
            time.sleep(0.002 if killer.hurries else self.dice.uniform(0.002, 0.02))

    def _waiting(self) -> int:
        if time.monotonic() > self._looked + 0.2:
            self._kept = self.look.number("SELECT count(*) FROM inbox WHERE state = 'new'")
            self._looked = time.monotonic()
        return self._kept + self.side.untaken

    def _leases_are_over(self) -> None:
        """As if the time had passed for which a killed process had something to itself."""
        for program in self.programs:
            if program.lives:
                program.kill()
        if self.plan.database == "postgresql":
            self.look.changes("UPDATE outbox SET not_before = now() WHERE state = 'sending'")
            self.look.changes("DELETE FROM lease")
        for program in self.programs:
            program.start()

    def _come_to_rest(self) -> None:
        self.side.behaves()
        self.proxy.cuts = 0.0
        if self.plan.hurried:
            self._leases_are_over()
        deadline = time.monotonic() + QUIET_AFTER
        while time.monotonic() < deadline:
            for program in self.programs:
                if not program.lives:
                    raise Ended(program.log.read_text()[-2000:])
            if not self.side.untaken and not self.look.number(UNDONE):
                break
            time.sleep(0.1)
        else:
            left = self.look.rows("SELECT state, count(*) AS n FROM outbox GROUP BY state")
            kept = self.look.rows("SELECT state, count(*) AS n FROM inbox GROUP BY state")
            self.history.wrong.append(
                f"no rest after {QUIET_AFTER} s: {self.side.untaken} untaken, "
                f"inbox {kept}, outbox {left}"
            )
        self.side.look()

    def _stop(self) -> None:
        for program in self.programs:
            program.process.terminate() if program.process else None
        codes = [program.ended(30) for program in self.programs]
        if any(codes):
            self.history.wrong.append(f"stopped with {codes}")

    # --- what came of it ------------------------------------------------------------------------

    def _note(self) -> None:
        history = self.history
        history.shown = self.side.shown()
        history.turns = [row["said"] or "" for row in self.look.rows("SELECT said FROM turn")]
        history.letters = [_kept(row) for row in self.look.rows(LETTERS)]
        history.records = self._exported()
        for program in self.programs:
            history.errors += _errors(program.log.read_text())
        if self.plan.database == "sqlite":
            with sqlite3.connect(self.home / "rabta.db") as connection:
                said = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if said != "ok":
                history.wrong.append(f"SQLite's integrity_check: {said}")

    def _exported(self) -> list[dict[str, object]]:
        export = Program(self.home / "export", {"RABTA_DATABASE_URL": self.url}, ["export"])
        export.start()
        if code := export.ended():
            self.history.wrong.append(f"rabta export ended with {code}")
        lines = (self.home / "export" / "out").read_text().splitlines()
        return [json.loads(line) for line in lines]


LETTERS = """
SELECT outbox.id, kind, address, reply, state, attempts, marked, sent_as, problem, turn.said
FROM outbox LEFT JOIN turn
  ON turn.workspace_id = outbox.workspace_id AND turn.id = outbox.turn_id
ORDER BY outbox.id
"""


def _kept(row: dict[str, object]) -> Kept:
    address = row["address"]
    assert isinstance(address, dict)
    return Kept(
        id=str(row["id"]),
        kind=str(row["kind"]),
        chat=str(address["chat"] or address["user"]),
        state=str(row["state"]),
        attempts=int(str(row["attempts"])),
        marked=bool(row["marked"]),
        sent_as=str(row["sent_as"] or ""),
        said=str(row["said"] or ""),
        words=json.dumps(row["reply"], ensure_ascii=False),
        problem=str(row["problem"] or ""),
    )


_ERROR = re.compile(
    r"^(?:\S+ )*(?:ERROR|CRITICAL).*$|^\w+(?:\.\w+)*(?:Error|Exception)\b.*$", re.MULTILINE
)


def _errors(log: str) -> list[str]:
    return [line[:200] for line in _ERROR.findall(log)]
