"""Two teams at once on PostgreSQL, with no condition on a workspace left in any statement.

    python benchmarks/workspaces.py [operations] [--seed N]

Messages, taps and forms of six people, two clocks, two senders and an export go on at once; then it
is looked at what anybody was told, sent or exported, and what stands in every table. A short race
without row-level security shows that what crosses is found.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from storage import row_security  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.migrate import migrate  # noqa: E402
from tests import postgres  # noqa: E402
from tests.faults.crossing import Crossing, crossed, without_workspaces  # noqa: E402

OPERATIONS, UNGUARDED = 2000, 60
SHOWN = 20


def race(operations: int, seed: int, *, policed: bool) -> int:
    """In a database of its own; how much crossed."""
    server, name = make_url(postgres.server_url()), f"crossing_{seed}_{int(policed)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(server.set(database=name).render_as_string(hide_password=False))
    migrate(database)
    racing = Crossing(database, seed, people=3)
    racing.begin()
    if not policed:
        with database.engine.begin() as owner:
            for table in row_security.tables():
                owner.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE ROW LEVEL SECURITY')
    begun = time.perf_counter()
    with without_workspaces(database) as seen:
        racing.run(operations, exporting=policed)
    took, found = time.perf_counter() - begun, crossed(racing)
    database.close()
    counts = ", ".join(f"{what} {count:,}" for what, count in sorted(racing.counts.items()))
    print(f"{'' if policed else 'without row-level security: '}{counts}; {took:.0f} s")
    print(f"  {len(racing.letters):,} letters, {seen.sent:,} statements")
    print(f"  {seen.changed:,} had conditions on a workspace, of {len(seen.kinds)} kinds;", end=" ")
    print(f"left in: {len(seen.kept)}")
    print(f"  crossed: {len(found)}", flush=True)
    for line in found[:SHOWN] if policed else ():
        print("   ", line.replace("\n", " | ")[:400])
    return len(found) + len(seen.kept) if policed else len(found)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("operations", nargs="?", type=int, default=OPERATIONS)
    asked.add_argument("--seed", type=int, default=2026)
    given = asked.parse_args()
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    print(f"{given.operations:,} operations, seed {given.seed}, commit {commit}", flush=True)
    home = postgres.begin()
    try:
        found = race(given.operations, given.seed, policed=True)
        logging.disable()
        control = race(UNGUARDED, given.seed, policed=False)
    finally:
        postgres.end(home)
    if found or not control:
        sys.exit(1)


if __name__ == "__main__":
    main()
