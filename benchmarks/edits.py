"""Eight members racing on the same few deals: is any edit lost, and what does an operation cost?

    python benchmarks/edits.py [operations] [sqlite|postgresql] [--seed N] [--jobs N]

The operations are raced in rounds, each with a seed and an empty database of its own; ``--jobs``
rounds run at once. After each, the history is gone through: whoever overwrote what somebody else
had set had been told of it. A last, short race without the guard shows that the look at the
history finds what is lost there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import NullPool, create_engine, make_url, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from handlers import meanwhile  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.migrate import migrate  # noqa: E402
from tests import postgres  # noqa: E402
from tests.faults.racing import Race, lost_edits  # noqa: E402

OPERATIONS = 3000
ROUND = 5000
"""Operations of one race at most: what somebody was told is remembered to the end of it."""

UNGUARDED = 400


@dataclass(frozen=True)
class Round:
    kind: str
    seed: int
    operations: int
    guarded: bool = True


@dataclass(frozen=True)
class Raced:
    round: Round
    counts: dict[str, int]
    cpu: float
    lost: list[str]


def race(this: Round) -> Raced:
    """One race in a database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, database_of(this, folder) as url:
        database = Database(url)
        migrate(database)
        racing = Race(database, this.seed)
        cpu = time.process_time()
        if this.guarded:
            racing.run(this.operations)
        else:
            with patch.object(meanwhile, "checked", lambda _turn, _call, reply, _since: reply):
                racing.run(this.operations)
        cpu = time.process_time() - cpu
        lost = lost_edits(racing)
        database.close()
    return Raced(this, racing.counts, cpu, lost)


@contextmanager
def database_of(this: Round, folder: str) -> Iterator[str]:
    """The URL of an empty one."""
    if this.kind == "sqlite":
        yield f"sqlite:///{folder}/edits.db"
        return
    name = f"edits_{this.seed}"
    server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server.url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def rounds_of(kind: str, operations: int, seed: int) -> Iterator[Round]:
    for number, begin in enumerate(range(0, operations, ROUND)):
        yield Round(kind, seed + 100 * number, min(ROUND, operations - begin))


def tell(raced: Raced) -> None:
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(raced.counts.items()))
    print(f"seed {raced.round.seed}: {raced.round.operations:,} operations ({counts})")
    for line in raced.lost:
        print("   ", line.replace("\n", " | "))
    print(f"  lost edits: {len(raced.lost)}", flush=True)


def commit() -> str:
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("operations", nargs="?", type=int, default=OPERATIONS)
    asked.add_argument("kind", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--jobs", type=int, default=1)
    given = asked.parse_args()
    print(f"{given.kind}: {given.operations:,} operations, seed {given.seed}, commit {commit()}")
    home = postgres.begin()
    try:
        begun, lost, cpu, counts = time.perf_counter(), 0, 0.0, Counter[str]()
        if given.kind == "postgresql":
            postgres.server_url()
        with ProcessPoolExecutor(given.jobs, multiprocessing.get_context("spawn")) as jobs:
            rounds = rounds_of(given.kind, given.operations, given.seed)
            for done in as_completed([jobs.submit(race, each) for each in rounds]):
                raced = done.result()
                tell(raced)
                lost, cpu = lost + len(raced.lost), cpu + raced.cpu
                counts.update(raced.counts)
            print(
                f"all {given.operations:,} operations of eight members, {counts['asked']:,} asked"
            )
            print(f"  {cpu / given.operations * 1e3:.1f} ms CPU an operation,", end=" ")
            print(f"{time.perf_counter() - begun:.0f} s in all; lost edits: {lost}")
            unguarded = Round("sqlite", given.seed, UNGUARDED, guarded=False)
            found = jobs.submit(race, unguarded).result().lost
            print(f"without the guard, {UNGUARDED} operations: lost edits: {len(found)}")
    finally:
        postgres.end(home)
    if lost or not found:
        sys.exit(1)


if __name__ == "__main__":
    main()
