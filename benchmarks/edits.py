"""Eight members racing on the same few deals: is any edit lost, and what does an operation cost?

    python benchmarks/edits.py [operations] [database URL]

On SQLite in a fresh file unless a URL of an empty database is given. At the end the history is
gone through: whoever overwrote what somebody else had set had been told of it. A second, shorter
race without the guard shows that the look at the history finds what is lost there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from unittest.mock import patch

from handlers import meanwhile
from storage.database import Database
from storage.migrate import migrate
from tests.faults.racing import Race, lost_edits

OPERATIONS = 3000
UNGUARDED = 400
SHOWN = 10


def race(url: str, operations: int, title: str) -> int:
    """Race once; how many edits were lost."""
    database = Database(url)
    migrate(database)
    racing = Race(database)
    begun, cpu = time.perf_counter(), time.process_time()
    racing.run(operations)
    took, spent = time.perf_counter() - begun, time.process_time() - cpu
    lost = lost_edits(racing)
    database.close()
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(racing.counts.items()))
    print(f"{title}: {operations:,} operations of {len(racing.people)} members ({counts})")
    print(f"  {spent / operations * 1e3:.1f} ms CPU an operation, {took:.0f} s in all")
    print(f"  lost edits: {len(lost)}")
    for line in lost[:SHOWN]:
        print("   ", line.replace("\n", " | "))
    return len(lost)


def main() -> None:
    operations = int(sys.argv[1]) if len(sys.argv) > 1 else OPERATIONS
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/edits.db"
        lost = race(url, operations, url.partition(":")[0])
        with patch.object(meanwhile, "checked", lambda _turn, _call, reply, _since: reply):
            found = race(f"sqlite:///{folder}/unguarded.db", UNGUARDED, "without the guard")
    if lost or not found:
        sys.exit(1)


if __name__ == "__main__":
    main()
