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
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from benchmarks.crowd import SPELLINGS, made_up, people
from handlers.described import at_the_place_said
from handlers.library import the_book
from language.folding import fold
from language.sounds import name_keys
from storage.models import Contact
from storage.search import LIKELY, find
from storage.types import new_id

BEST = 5
QUERIES = 300
ADDED = 300
SLOW = 40
"""Queries that are put to those who look at every name."""

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


# --- what is asked --------------------------------------------------------------------------------


def slipped(word: str, dice: Random) -> str:
    """A letter left out, put in, changed, or swapped with the next."""
    at, other = dice.randrange(len(word)), dice.choice("abcdefghijklmnopqrstuvwxyz")
    return dice.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at:],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )


def asked(names: list[str], dice: Random) -> list[tuple[str, str, Callable[[str], bool]]]:
    """Queries of all kinds in turn, each with its kind and which names would be right."""
    spelt = {word: group for group in SPELLINGS for word in group}
    made: list[tuple[str, str, Callable[[str], bool]]] = []
    kinds = ("exact", "one slip", "two slips", "swapped", "other spelling", "given name", "begun")
    while len(made) < QUERIES:
        kind, name = kinds[len(made) % len(kinds)], dice.choice(names)
        words = name.split()
        at = dice.randrange(len(words))
        if kind.endswith(("slip", "slips")):
            for _ in range(1 + (kind == "two slips")):
                words[at] = slipped(words[at], dice) or words[at]
                at = dice.randrange(len(words))
        elif kind == "swapped":
            words.reverse()
        elif kind == "other spelling":
            known = [i for i, word in enumerate(words) if word in spelt]
            if not known:
                continue
            words[known[0]] = dice.choice(
                [w for w in spelt[words[known[0]]] if w != words[known[0]]]
            )
        elif kind == "given name":
            words = [slipped(words[0], dice) if dice.random() < 0.5 else words[0]]
        elif kind == "begun":
            words = [words[0], words[-1][:4]]
        given = name.split()[0]
        right = (
            (lambda found, given=given: given in found.split())
            if kind == "given name"
            else (lambda found, name=name: found == name)
        )
        if " ".join(words).strip():
            made.append((" ".join(words), kind, right))
    return made


def compare(count: int) -> None:
    dice = Random(2026)
    names = [fold(name) for name in made_up(count, dice)]
    queries = asked(names, dice)
    with tempfile.TemporaryDirectory() as folder, people(Path(folder), enumerate(names)) as session:
        print(f"{count} people, {QUERIES} queries; CPU in ms a query")
        finders = {"Rabta": rabta(session), "WRatio": wratio(names)}
        finders["FTS5 trigram"] = trigrams(names)
        if url := os.environ.get("RABTA_BENCH_POSTGRES"):
            try:
                finders["pg_trgm"] = pg_trgm(names, url)
            except DBAPIError as error:
                print(f"without pg_trgm: {error.orig}")
        middle = {name: _measured(name, look, names, queries) for name, look in finders.items()}
        print(f"WRatio costs {middle['WRatio'] / middle['Rabta']:.0f} x Rabta's")
        _adding(session, dice)


def _measured(
    name: str,
    look: Finder,
    names: list[str],
    queries: list[tuple[str, str, Callable[[str], bool]]],
) -> float:
    some = queries if name != "WRatio" else queries[:SLOW]
    first = best = 0
    costs = []
    for query, _, right in some:
        begun = time.process_time()
        found = look(query)
        costs.append((time.process_time() - begun) * 1e3)
        fits = [right(names[i]) for i in found[:BEST]]
        first, best = first + (fits[:1] == [True]), best + any(fits)
    middle, worst = statistics.median(costs), statistics.quantiles(costs, n=100)[98]
    recall = f"recall@1 {first / len(some):.3f}, @5 {best / len(some):.3f}"
    print(f"  {name:13} p50 {middle:8.2f}  p99 {worst:8.2f}   {recall} ({len(some)} queries)")
    return middle


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
