"""What a message costs from inbox to outbox, beside the same writes with nothing round them.

The floor is one transaction of the raw driver: the same rows for one logged call, no reading of
words, no ORM. Both run in turn on SQLite in one process; what counts is the ratio.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.desk import Desk
from bot.door import Raw
from bot.incoming import Incoming, Place, Sender
from bot.reception import House
from handlers.library import the_book
from storage.clock import SystemClock
from storage.database import Database
from storage.migrate import migrate

MESSAGES = 300
ROUNDS = 3
TEXT = "called Ayesha Khan from Bilal Traders, she wants new rates"


def rabta(folder: Path) -> Callable[[int], None]:
    """One message through inbox, reading, Book, history and outbox."""
    database = Database(f"sqlite:///{folder}/rabta.db")
    migrate(database)
    desk = Desk(database, the_book(), SystemClock(), House(open=True))
    sender, place = Sender("terminal", "", "ayesha", "Ayesha"), Place("terminal", "", "ayesha")

    def handle(number: int) -> None:
        event = f"bench:{number}"
        desk.keep("terminal", [Raw(event, "ayesha", {"text": TEXT})])
        incoming = Incoming(event, sender, place, datetime.now(UTC), text=TEXT)
        desk.handle(number + 1, incoming)

    return handle


def floor(folder: Path) -> Callable[[int], None]:
    """The same number of rows in two bare transactions."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, kind TEXT, body TEXT)")

    def write(*kinds: str) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO row (kind, body) VALUES (?, ?)", [(kind, TEXT) for kind in kinds]
        )
        connection.execute("COMMIT")

    def handle(number: int) -> None:
        del number
        write("inbox")
        write("turn", "activity", "change", "button", "button", "outbox")

    return handle


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        costs: dict[str, list[float]] = {"rabta": [], "floor": []}
        doing = {"rabta": rabta(folder), "floor": floor(folder)}
        number = 0
        for _ in range(ROUNDS):
            for each, handle in doing.items():
                for _ in range(MESSAGES // ROUNDS):
                    begun = time.perf_counter()
                    handle(number)
                    costs[each].append(time.perf_counter() - begun)
                    number += each == "rabta"
        middle = {each: statistics.median(values) * 1e3 for each, values in costs.items()}
        worst = statistics.quantiles(costs["rabta"], n=100)[98] * 1e3
        ratio = middle["rabta"] / middle["floor"]
        print(f"inbox to outbox, {MESSAGES} messages, Python {sys.version.split()[0]}")
        print(f"  p50 {middle['rabta']:.1f} ms, p99 {worst:.1f} ms a message")
        print(f"  {ratio:.1f} x the bare transactions ({middle['floor']:.2f} ms)")


if __name__ == "__main__":
    main()
