"""How late nudges arrive, how a burst keeps to the limits, and how soon Slack is acknowledged.

    python benchmarks/nudges.py [sqlite|postgresql ...] [load|kills|burst|socket|http|year|herd ...]

The real program (``rabta run``: one process on SQLite; on PostgreSQL two, three where they are
killed) in front of platforms on loopback. Load: 17 nudges a second, the most that Telegram's limits
leave room for. Kills: the same, and every ten seconds a process dies by kill -9 and is started
again. Burst: a thousand are due in the same second, before a Telegram that answers 429 above its
limits. Socket and http: people write to Slack all the while, 15 messages a second. Year: a team of
eight with 2,000 customers lives a simulated year with an injected clock, once with Rabta's own
nudges and once with everyone who is silent for 90 days; at most five a day each, none twice, none
for a done thing, none in quiet hours, none lost, and 1.5 times as often right: who was called at
risk was lost, whose order was called late ordered within 30 days. Beside it, with 400 customers,
worlds that are kinder to the rule of 90 days, or harder to foresee: of these it is only told. Herd:
10,000 reminders due in one second, four processes on PostgreSQL, all in the outbox within 3 s.
Ends with an error where a promise is not kept. Wall times: for a machine that has nothing else to
do.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import delete, func, select, update  # noqa: E402

from bot.incoming import Place, Sender  # noqa: E402
from bot.reception import House, new_member, workspace  # noqa: E402
from bot.slack_manifest import manifest  # noqa: E402
from handlers.library import the_book  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.models import Identity, Outbox, Task, Workspace  # noqa: E402
from tests import postgres  # noqa: E402
from tests.doors.house import free_port  # noqa: E402
from tests.faults.kills import databases  # noqa: E402
from tests.nudged_year import (  # noqa: E402
    HISTORY,
    Judge,
    Team,
    World,
    as_foreseen,
    report,
    silent_for_90_days,
)
from tests.servers.slack import SlackServer  # noqa: E402
from tests.servers.telegram import Limits, TelegramServer  # noqa: E402

START = timedelta(seconds=5)
PATIENCE = 60.0
WRITERS, A_SECOND, FOR = 30, 15, 30.0
"""On Slack: people, messages of all of them a second, and for how many seconds."""

KINDS = ("sqlite", "postgresql")

Play = Callable[[str, str, Path, str], bool]
"""Plays a round on a database; whether its promises were kept."""


@dataclass(frozen=True)
class Nudges:
    """So many over some seconds, and the promises: p99, the latest, and every how many seconds a
    process is killed."""

    count: int
    span: float
    p99: float
    most: float
    people: int = 200
    kills: float = 0.0
    limits: Limits = field(default_factory=Limits)


ROUNDS = {
    "load": Nudges(510, 30.0, p99=2.0, most=30.0),
    "kills": Nudges(1020, 60.0, p99=15.0, most=30.0, kills=10.0),
    "burst": Nudges(1000, 0.0, p99=42.0, most=42.0, people=1000, limits=Limits.with_bursts()),
}
ACKS = ("socket", "http")
YEAR, HERD = "year", "herd"
ACK_P99 = 0.5


def p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


# --- the program ----------------------------------------------------------------------------------


class Rabtas:
    """Some processes of it; each can be killed and started again."""

    def __init__(self, url: str, settings: dict[str, str], home: Path, count: int) -> None:
        self.log = home / "rabta.log"
        self.settings = {"RABTA_DATABASE_URL": url, "PYTHONPATH": str(ROOT), **settings}
        self.running = [self._start() for _ in range(count)]
        while self.log.read_text().count("Rabta listens") < count:
            assert not any(each.poll() for each in self.running), self.log.read_text()
            time.sleep(0.1)

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", "from bot.cli import main; main()", "run"],
                env={**os.environ, **self.settings}, cwd=self.log.parent, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self, number: int) -> None:
        self.running[number].kill()
        self.running[number].wait()

    def kill_one(self) -> None:
        number = random.randrange(len(self.running))
        self.kill(number)
        self.running[number] = self._start()

    def end(self) -> None:
        for number in range(len(self.running)):
            self.kill(number)


@contextmanager
def database(kind: str, name: str, home: Path) -> Iterator[str]:
    """The URL of a fresh one."""
    if kind == "sqlite":
        with databases.sqlite(home) as url:
            yield url
    else:
        with databases.postgresql(postgres.server_url(), f"nudges_{name}") as url:
            yield url


def processes(kind: str, *, killed: bool) -> int:
    return 1 if kind == "sqlite" else 3 if killed else 2


# --- nudges ---------------------------------------------------------------------------------------


def furnish(database: Database, server: TelegramServer, people: int) -> list[tuple[int, int]]:
    """Members whom Telegram knows; their workspace and number."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        space = workspace(session, House(timezone="UTC"), "bench", now)
        members = []
        for n in range(people):
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
            due = begin + timedelta(seconds=span * n / count, microseconds=n)
            session.add(
                Task(
                    workspace_id=space, owner_id=owner, text=f"due {due.timestamp():.6f}",
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
            came.setdefault(due, call.at - float(due))
    return sorted(came.values())


def nudges(kind: str, name: str, home: Path, url: str) -> bool:
    """Let them come; whether all promises were kept."""
    this = ROUNDS[name]
    with ExitStack() as stack:
        server = stack.enter_context(TelegramServer())
        server.limits = this.limits
        beside = Database(url, guest=kind == "sqlite")
        stack.callback(beside.close)
        members = furnish(beside, server, this.people)
        count = processes(kind, killed=bool(this.kills))
        rabtas = Rabtas(url, server.settings, home, count)
        stack.callback(rabtas.end)
        plan(beside, members, this.count, this.span)
        begun, killed = time.monotonic(), 0
        last = begun + START.total_seconds() + this.span
        while time.monotonic() < last + PATIENCE and len(lateness(server)) < this.count:
            if this.kills and time.monotonic() - begun > this.kills * (killed + 1) < last - begun:
                rabtas.kill_one()
                killed += 1
            time.sleep(0.1)
        late = lateness(server)
        calls = [c for c in server.calls_of("sendMessage") if "due " in c.params.get("text", "")]
        repeats = sum(bool(call.answer.get("ok")) for call in calls) - len(late)
        with beside.transaction() as session:
            raised = len(session.scalars(select(Outbox.id).where(Outbox.kind == "nudge")).all())
    refused = sum(call.answer.get("error_code") == 429 for call in calls)
    kept = len(late) == raised == this.count and not server.limits.ignored
    kept = kept and p99(late) <= this.p99 and late[-1] <= this.most
    print(
        f"{kind:10} {name:6} {len(late):,} of {this.count:,} came, {raised:,} raised, {repeats}"
        f" repeats, {killed} kills, {refused} times 429 ({server.limits.ignored} not honoured):"
        f" p50 {statistics.median(late):.2f} s, p99 {p99(late):.2f} s, max {late[-1]:.2f} s"
        f" {_verdict(kept)}",
        flush=True,
    )
    return kept


def _verdict(kept: bool) -> str:
    return "- kept" if kept else "- NOT KEPT"


# --- acknowledgements -----------------------------------------------------------------------------


def acks(kind: str, name: str, home: Path, url: str) -> bool:
    """Let people write to Slack; whether it was acknowledged in time."""
    with ExitStack() as stack:
        server = stack.enter_context(SlackServer())
        port = free_port()
        team = server.team()
        settings = {"RABTA_SLACK_BOT_TOKEN": team.bot_token, "RABTA_SLACK_BASE_URL": server.api_url}
        if name == "http":
            calls = f"http://127.0.0.1:{port}/slack/events"
            server.obeys(manifest(the_book(), calls))
            settings["RABTA_SLACK_SIGNING_SECRET"] = server.signing_secret
            settings["RABTA_HTTP_PORT"] = str(port)
        else:
            server.obeys(manifest(the_book()))
            settings["RABTA_SLACK_APP_TOKEN"] = server.app_token
        people = [team.user(f"U{number}", f"P{number}") for number in range(1, WRITERS + 1)]
        chats = [team.dm(person) for person in people]
        count = 1 if name == "http" else processes(kind, killed=False)
        rabtas = Rabtas(url, settings, home, count)
        stack.callback(rabtas.end)
        if name == "socket":
            server.wait_for_sockets(count)
        begun = time.monotonic()
        for number in range(round(A_SECOND * FOR)):
            time.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
            who = number % WRITERS
            people[who].says(chats[who], f"note Sara Malik: wants rates {number}")
        server.settle(60)
        sent = [each for each in server.deliveries if each.kind == "events_api"]
    took = [each.acked_at - each.attempts[0] for each in sent if each.acked]
    again = sum(len(each.attempts) > 1 for each in sent)
    kept = len(took) == len(sent) and p99(took) <= ACK_P99
    print(
        f"{kind:10} {name:6} {len(took):,} of {len(sent):,} events acknowledged, {again} sent"
        f" again: p50 {statistics.median(took) * 1e3:.0f} ms, p99 {p99(took) * 1e3:.0f} ms,"
        f" max {max(took) * 1e3:.0f} ms {_verdict(kept)}",
        flush=True,
    )
    return kept


# --- a year, and a herd ---------------------------------------------------------------------------


BETTER = 1.5
"""So many times as often right as "everyone silent for 90 days"."""


DAYS = 365
WORLDS: dict[str, tuple[int, dict[str, float]]] = {
    "a week to half a year": (2000, {"pause": 40.0, "spread": 0.9}),
    "a week to a quarter": (400, {"pause": 24.5, "spread": 0.7}),
    "by chance": (400, {"pause": 40.0, "spread": 0.9, "regular": 1.0}),
}
"""How customers order, and how many of them there are; the first is that of the promise."""


def year(kind: str, name: str, home: Path, url: str) -> bool:
    """A team's year in each world, by both judges; whether all promises were kept."""
    del name, home
    ratios = {}
    faultless = True
    for title, (customers, shape) in WORLDS.items():
        print(f"{kind:10} year   orders every {title}, {customers:,} customers", flush=True)
        world = World.made(customers, HISTORY + DAYS, 7, **shape)
        ratios[title], faults = _lived(kind, url, world)
        faultless = faultless and not faults
    kept = faultless and next(iter(ratios.values())) >= BETTER
    told = ", ".join(f"{ratio:.2f} ({title})" for title, ratio in ratios.items())
    print(f"{kind:10} year   so many times as often right: {told} {_verdict(kept)}", flush=True)
    return kept


def _lived(kind: str, url: str, world: World) -> tuple[float, list[str]]:
    """How much more often Rabta is right than whoever goes by 90 days, and what was broken."""
    lived = {}
    judges: dict[str, Judge] = {"Rabta": as_foreseen, "silent 90 days": silent_for_90_days}
    for who, judge in judges.items():
        beside = Database(url, guest=kind == "sqlite")
        begun = time.process_time()
        lived[who] = Team(beside, world, 8, DAYS).lives(judge)
        with beside.transaction() as session:
            session.execute(delete(Workspace))
        beside.close()
        told = report(who, lived[who])
        print(f"{kind:10} {told}, {time.process_time() - begun:.0f} s CPU", flush=True)
    faults = [fault for each in lived.values() for fault in each.faults]
    return lived["Rabta"].precision / (lived["silent 90 days"].precision or 1), faults


HERD_COUNT, HERD_WITHIN, PROCESSES = 10_000, 3.0, 4


def herd(kind: str, name: str, home: Path, url: str) -> bool:
    """Reminders that are all due in one second, ten for each member: how long until all are in the
    outbox, each once, and what processor time it took the processes and PostgreSQL."""
    del name
    with ExitStack() as stack:
        server = stack.enter_context(TelegramServer())
        beside = Database(url, guest=kind == "sqlite")
        stack.callback(beside.close)
        members = furnish(beside, server, HERD_COUNT // 10)
        plan_undated(beside, members)
        count = 1 if kind == "sqlite" else PROCESSES
        rabtas = Rabtas(url, server.settings, home, count)
        stack.callback(rabtas.end)
        due = datetime.now(UTC) + START
        with beside.transaction() as session:
            session.execute(update(Task).values(remind_at=due))
            backend = None if kind == "sqlite" else session.scalar(select(func.pg_backend_pid()))
        time.sleep(max(0.0, due.timestamp() - time.time()))
        programs = [each.pid for each in rabtas.running]
        before = processor_time(programs), processor_time(_beside(backend))
        while time.time() < due.timestamp() + PATIENCE:
            with beside.transaction() as session:
                raised = session.scalar(select(func.count()).where(Outbox.kind == "nudge"))
            if raised == HERD_COUNT:
                break
            time.sleep(0.05)
        late = time.time() - due.timestamp()
        after = processor_time(programs), processor_time(_beside(backend))
        time.sleep(2)  # nothing comes twice
        with beside.transaction() as session:
            topics = session.scalars(select(Outbox.topic).where(Outbox.kind == "nudge")).all()
    once = len(topics) == len(set(topics)) == HERD_COUNT
    kept = once and (late <= HERD_WITHIN or kind == "sqlite")
    print(
        f"{kind:10} herd   {len(topics):,} letters of {HERD_COUNT:,}, each once: {once}; {count}"
        f" processes, {after[0] - before[0]:.1f} s CPU and {after[1] - before[1]:.1f} s of"
        f" PostgreSQL, the last in the outbox {late:.2f} s after it was due {_verdict(kept)}",
        flush=True,
    )
    return kept


def plan_undated(database: Database, members: Sequence[tuple[int, int]]) -> None:
    """Ten for each member, without a moment yet."""
    with database.transaction() as session:
        now = datetime.now(UTC)
        for n in range(HERD_COUNT):
            space, owner = members[n % len(members)]
            session.add(
                Task(
                    workspace_id=space, owner_id=owner, text=f"due {n}", zone="UTC",
                    due_day=now.date(), due_time=now.time(), due_at=now, status="open",
                    created_at=now,
                )
            )  # fmt: skip


def processor_time(programs: Iterable[int]) -> float:
    """Seconds that these processes have used so far; those that are gone count nothing."""
    used = 0.0
    for pid in programs:
        with suppress(OSError):
            said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    return used


def _beside(backend: int | None) -> list[int]:
    """All processes of the PostgreSQL that one is of."""
    found: dict[int, list[int]] = {}
    of = 0
    for path in Path("/proc").glob("[0-9]*/stat") if backend else ():
        with suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            found.setdefault(parent, []).append(int(path.parent.name))
            of = parent if int(path.parent.name) == backend else of
    return found.get(of, [])


def main(asked: Sequence[str]) -> None:
    kinds = [kind for kind in KINDS if kind in asked] or KINDS
    every = [*ROUNDS, *ACKS, YEAR, HERD]
    names = [name for name in every if name in asked] or every
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    print(f"commit {commit}, load average {os.getloadavg()[0]:.1f}", flush=True)
    server = postgres.begin()
    kept = []
    try:
        for kind in kinds:
            for name in names:
                plays: dict[str, Play] = {**dict.fromkeys(ACKS, acks), YEAR: year, HERD: herd}
                play = plays.get(name, nudges)
                with tempfile.TemporaryDirectory() as folder:
                    home = Path(folder) / "home"
                    home.mkdir()
                    with database(kind, name, home) as url:
                        kept.append(play(kind, name, home, url))
    finally:
        postgres.end(server)
    sys.exit(not all(kept))


if __name__ == "__main__":
    main(sys.argv[1:])
