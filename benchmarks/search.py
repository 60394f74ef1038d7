"""Who is found by a name with a slip in it, and what that costs, beside others in the same run.

    python benchmarks/search.py                           made-up people, RABTA_BENCH_PEOPLE of them
    python benchmarks/search.py CONTACTS.csv QUERIES.csv  query,rank,id of the first five found

CONTACTS.csv has the columns ``id,name,company``, QUERIES.csv ``query``; a query may be a name
with its company ("mohamad from nishat"). Beside Rabta stand
rapidfuzz (WRatio over all names), SQLite's FTS5 with trigrams, and pg_trgm where
RABTA_BENCH_POSTGRES names a server that has it. Costs are CPU time of this process (of
PostgreSQL only the client's part).
"""

from __future__ import annotations

import csv
import gc
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from benchmarks.asked import Query, asked
from benchmarks.crowd import made_up, people
from handlers.described import at_the_place_said
from handlers.library import the_book
from language.folding import fold
from language.sounds import name_keys
from storage.models import Contact
from storage.near_words import LIKELY
from storage.search import find
from storage.types import new_id

BEST = 5
QUERIES = 1300
ADDED = 300
SOME, SLOW = 312, 52
"""Queries that are put to others, and to those who look at every name."""

Finder = Callable[[str], Sequence[int]]


def rabta(session: Session) -> Finder:
    return lambda query: [hit.id for hit in find(session, "contact", 1, fold(query), limit=BEST)]


def with_places(session: Session) -> Finder:
    """As a message is answered: who is not called so may be a name with its company."""
    turn: Any = SimpleNamespace(  # as much of one as finding somebody needs
        session=session,
        workspace=SimpleNamespace(id=1),
        voice=SimpleNamespace(words=the_book().words),
        meanwhile=lambda _key, look: look(),
    )

    def look(query: str) -> list[int]:
        hits = find(session, "contact", 1, fold(query), limit=BEST)
        there: list[int] = []
        if not hits or hits[0].score < LIKELY:
            there = [row.id for row in at_the_place_said(turn, query)]
        return list(dict.fromkeys([*there, *(hit.id for hit in hits)]))[:BEST]

    return look


def wratio(names: list[str]) -> Finder:
    def look(query: str) -> list[int]:
        return [i for _, _, i in process.extract(query, names, scorer=fuzz.WRatio, limit=BEST)]

    return look


def trigrams(names: list[str]) -> Finder:
    """FTS5: names that share trigrams, the hundred best by its own rank, ranked by WRatio."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE person USING fts5(name, tokenize='trigram')")
    database.executemany("INSERT INTO person (rowid, name) VALUES (?, ?)", enumerate(names))

    def look(query: str) -> list[int]:
        grams = {query[i : i + 3] for i in range(len(query) - 2)}
        match = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
        rows = database.execute(
            "SELECT rowid, name FROM person WHERE name MATCH ? ORDER BY rank LIMIT 100", (match,)
        )
        near = dict(rows.fetchall()) if match else {}
        return [i for _, _, i in process.extract(query, near, scorer=fuzz.WRatio, limit=BEST)]

    return look


def pg_trgm(names: list[str], url: str) -> Finder:
    connection = create_engine(url).connect()
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    connection.execute(text("CREATE TEMP TABLE bench_name (id int, name text)"))
    rows = [{"id": i, "name": name} for i, name in enumerate(names)]
    connection.execute(text("INSERT INTO bench_name VALUES (:id, :name)"), rows)
    connection.execute(text("CREATE INDEX ON bench_name USING gin (name gin_trgm_ops)"))
    connection.execute(text("ANALYZE bench_name"))
    near = text(
        "SELECT name, id FROM bench_name WHERE name % :said ORDER BY name <-> :said LIMIT 60"
    )

    def look(query: str) -> list[int]:
        found = {i: name for name, i in connection.execute(near, {"said": query})}
        return [i for _, _, i in process.extract(query, found, scorer=fuzz.WRatio, limit=BEST)]

    return look


# --- what is found, and at what cost --------------------------------------------------------------


def compare(count: int) -> None:
    dice = Random(2026)
    names = [fold(name) for name in made_up(count, dice)]
    queries = asked(names, QUERIES, dice)
    gc.freeze()  # the names are the benchmark's own: nobody is to walk through them meanwhile
    with tempfile.TemporaryDirectory() as folder, people(Path(folder), enumerate(names)) as session:
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20
        print(f"{count} people, {size:.0f} MiB; {QUERIES} queries; CPU in ms a query")
        print(f"  {'Rabta':18} {_measured(rabta(session), names, queries, each=True)}")
        finders = {"WRatio": wratio(names), "FTS5 trigram": trigrams(names)}
        if url := os.environ.get("RABTA_BENCH_POSTGRES"):
            try:
                finders["pg_trgm"] = pg_trgm(names, url)
            except DBAPIError as error:
                print(f"without pg_trgm: {error.orig}")
        few = queries[:SLOW]
        ours = _measured(rabta(session), names, few)
        for name, look in finders.items():
            theirs = _measured(look, names, few if name == "WRatio" else queries[:SOME])
            print(f"  {name:18} {theirs}")
            if name == "WRatio":
                print(f"  of these {SLOW} WRatio costs {theirs.mean / ours.mean:.0f} x Rabta's")
        _adding(session, dice)
    print(f"memory at its highest: {memory():.0f} MiB, with the names that others search")


def memory() -> float:
    """MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


@dataclass
class Measured:
    """What queries cost, and how many of them found the right one."""

    costs: list[float] = field(default_factory=list)
    first: int = 0
    best: int = 0

    def add(self, cost: float, fits: list[bool]) -> None:
        self.costs.append(cost)
        self.first += fits[:1] == [True]
        self.best += any(fits)

    @property
    def mean(self) -> float:
        return statistics.mean(self.costs)

    def __str__(self) -> str:
        count, costs = len(self.costs), sorted(self.costs)
        return (
            f"p50 {statistics.median(costs):7.2f}  p99 {costs[int(count * 0.99)]:7.2f}   "
            f"recall@1 {self.first / count:.3f}, @5 {self.best / count:.3f} ({count} queries)"
        )


def _measured(
    look: Finder, names: list[str], queries: list[Query], *, each: bool = False
) -> Measured:
    whole = Measured()
    kinds: dict[str, Measured] = {}
    for query, kind, right in queries:
        begun = time.process_time()
        found = look(query)
        cost = (time.process_time() - begun) * 1e3
        fits = [right(names[i]) for i in found[:BEST]]
        for measured in (whole, kinds.setdefault(kind, Measured())):
            measured.add(cost, fits)
    for kind, measured in kinds.items() if each else ():
        print(f"    {kind:18} {measured}")
    return whole


def _adding(session: Session, dice: Random) -> None:
    """People with new words in their names and people with known ones. Timed together: to read the
    clock costs as much as half of it."""
    person = session.get_one(Contact, (1, 0))
    new = made_up(ADDED, dice)
    for what, names in (("of new words", new), ("of known words", dice.sample(new, ADDED))):
        rows = [
            Contact(workspace_id=1, id=new_id(), created_at=person.created_at, **name_keys(name))
            for name in names
        ]
        begun = time.process_time()
        for row in rows:
            session.add(row)
            session.flush()
        cost = (time.process_time() - begun) / ADDED * 1e3
        print(f"adding a contact {what}, with all of it: {cost:.2f} ms")


def answer(contacts: str, queries: str) -> None:
    """What is found for each query of a file, as CSV."""
    with Path(contacts).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with Path(queries).open(encoding="utf-8", newline="") as file:
        said = [row["query"] for row in csv.DictReader(file)]
    companies = list(dict.fromkeys(row["company"] for row in rows if row.get("company")))
    numbers = {name: number for number, name in enumerate(companies)}
    at = {i: numbers[row["company"]] for i, row in enumerate(rows) if row.get("company")}
    named = enumerate(row["name"] for row in rows)
    told = csv.writer(sys.stdout)
    told.writerow(["query", "rank", "id"])
    with (
        tempfile.TemporaryDirectory() as folder,
        people(Path(folder), named, enumerate(companies), at) as session,
    ):
        look = with_places(session)
        for query in said:
            found = enumerate(look(query), 1)
            told.writerows([query, rank, rows[number]["id"]] for rank, number in found)


def main() -> None:
    if len(sys.argv) == 3:
        answer(*sys.argv[1:])
    elif len(sys.argv) == 1:
        compare(int(os.environ.get("RABTA_BENCH_PEOPLE", "100000")))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
