"""``make faults``: rounds of every door before every database, and a table of what came of them."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from tests import postgres
from tests.faults.kills.history import History
from tests.faults.kills.round import DOORS, PROCESSES, Plan, judged

A_ROUND = 25
"""Kills in one round."""

COLUMNS = (
    "kills", "said", "taken", "letters", "repeated", "unknown", "errors logged", "seconds",
    "problems",
)  # fmt: skip


def main() -> int:
    asked = _asked()
    plans = list(_plans(asked))
    total = sum(plan.kills for plan in plans)
    print(f"{total} kills in {len(plans)} rounds, seed {asked.seed}, commit {_commit()}")
    home = postgres.begin()
    try:
        return _run(asked, plans)
    finally:
        postgres.end(home)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="in all, spread over the matrix")
    parser.add_argument("--seed", default=str(int(time.time())))
    parser.add_argument("--doors", default=",".join(DOORS))
    parser.add_argument("--databases", default=",".join(PROCESSES))
    parser.add_argument("--rounds", default="", help="only these, by number: to play one again")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--histories", type=Path, default=Path("faults"), help="where failures go")
    parser.add_argument("--broken", default="", help="a variant of broken.py, which must be told")
    return parser.parse_args()


def _plans(asked: argparse.Namespace) -> Iterator[Plan]:
    """The rounds, each with its own seed, the cells of the matrix in turn."""
    doors, kept = asked.doors.split(","), asked.databases.split(",")
    cells = [(door, database) for door in doors for database in kept]
    rounds = max(len(cells), -(-asked.kills // A_ROUND))
    only = {int(number) for number in asked.rounds.split(",") if number}
    for number in range(rounds):
        door, database = cells[number % len(cells)]
        kills = asked.kills // rounds + (number < asked.kills % rounds)
        if not only or number in only:
            yield Plan(door, database, f"{asked.seed}/{number}", kills, asked.broken)


def _run(asked: argparse.Namespace, plans: Sequence[Plan]) -> int:
    server = postgres.server_url() if any(p.database == "postgresql" for p in plans) else ""
    rows: dict[tuple[str, str], Counter[str]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="rabta-kills-") as folder,
        ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool,
    ):
        begun = [pool.submit(judged, plan, Path(folder), server) for plan in plans]
        for number, done in enumerate(as_completed(begun), 1):
            history, found = done.result()
            row = rows.setdefault((history.door, history.database), Counter())
            row.update(_counts(history, found))
            _tell(number, len(plans), history, found)
            if found:
                _keep(history, asked.histories)
    _table(rows)
    return min(1, sum(row["problems"] for row in rows.values()))


def _counts(history: History, found: list[str]) -> Counter[str]:
    states = Counter(letter.state for letter in history.letters)
    copies = Counter((each.chat, each.letter or each.text) for each in history.shown)
    return Counter(
        {
            "kills": len(history.kills),
            "said": len(history.said),
            "taken": sum(bool(said.taken) for said in history.said),
            "letters": len(history.letters),
            "repeated": sum(count > 1 for count in copies.values()),
            "unknown": states["unknown"],
            "errors logged": len(history.errors),
            "seconds": round(history.seconds),
            "problems": len(found),
        }
    )


def _tell(number: int, of: int, history: History, found: list[str]) -> None:
    moments = ", ".join(f"{count} {name}" for name, count in Counter(history.kills).most_common())
    print(
        f"{number}/{of} {history.door} {history.database} {history.seed}: {moments};"
        f" {len(found) or 'no'} problems, {history.seconds:.0f} s",
        flush=True,
    )
    for each in found[:20]:
        print(f"    {each}", flush=True)


def _keep(history: History, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{history.door}-{history.database}-{history.seed.replace('/', '-')}.json"
    history.write(path)
    print(f"    the whole of it: {path}", flush=True)


def _table(rows: dict[tuple[str, str], Counter[str]]) -> None:
    print("\n| door | database | " + " | ".join(COLUMNS) + " |")
    print("|---|---|" + "---:|" * len(COLUMNS))
    total: Counter[str] = Counter()
    for (door, database), row in sorted(rows.items()):
        total.update(row)
        print(f"| {door} | {database} | " + " | ".join(f"{row[n]:,}" for n in COLUMNS) + " |")
    print("| all | | " + " | ".join(f"{total[n]:,}" for n in COLUMNS) + " |")


def _commit() -> str:
    git = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
