"""A year of a made-up firm through all doors, each number beside that of its own books.

``python -m benchmarks.firm`` plays a firm of 400 leads and 120 tickets on SQLite; ``--leads 60
--tickets 20 --seed 3`` another one, ``--said`` prints all that was said and answered as well.
"""

from __future__ import annotations

from argparse import ArgumentParser
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from storage.database import Database
from storage.migrate import migrate
from tests.year.doors import house
from tests.year.hours import BEGIN
from tests.year.numbers import all_numbers, unplayed
from tests.year.play import played


def main() -> None:
    """Plays it, asks, and prints."""
    wishes = ArgumentParser(description=__doc__)
    wishes.add_argument("--leads", type=int, default=400)
    wishes.add_argument("--tickets", type=int, default=120)
    wishes.add_argument("--seed", type=int, default=1)
    wishes.add_argument("--said", action="store_true")
    asked = wishes.parse_args()
    with TemporaryDirectory() as home:
        database = Database(f"sqlite:///{home}/rabta.db")
        migrate(database)
        begun, used = perf_counter(), process_time()
        with house(database, BEGIN) as doors:
            if asked.said:
                doors.hears = print
            firm = played(doors, asked.seed, leads=asked.leads, tickets=asked.tickets)
            took = f"{perf_counter() - begun:.0f} s ({process_time() - used:.0f} s of a core)"
            found = list(all_numbers(firm))
        database.close()
    print(*found, sep="\n")
    print(f"{doors.said} things said and tapped, {len(doors.arrived)} messages read, in {took}")
    print(f"not played: {unplayed(firm) or 'nothing'}")
    print(f"{sum(each.right for each in found)} of {len(found)} numbers equal")


if __name__ == "__main__":
    main()
