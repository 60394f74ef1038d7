"""What it costs to bring an address book in where as many are already, beside pandas.

    python benchmarks/imports.py [PEOPLE] [sqlite] [postgresql]

Both are programs of their own in one run. `rabta import FILE` reads the table, finds who is here
already (a fifth of it is), keeps the index of names, phones, addresses and cities, and can take it
all back; pandas only reads the same file and writes its rows into a table of SQLite (`read_csv`,
`to_sql`), through SQLAlchemy as it recommends, or through the bare driver. What counts is the
processor's time of each with its children; of PostgreSQL also the server's. The most memory that
was held is that of all processes of the command together.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event, Thread

from sqlalchemy import create_engine, make_url, text

from benchmarks.crowd import made_up
from tests import postgres

PEOPLE = 100_000
HERE_ALREADY = 0.2
RABTA = Path(sys.executable).with_name("rabta")
HEADER = ("Name", "Company", "Job Title", "Phone", "Email", "City")
FIRMS = "Mills Textiles Traders Foods Steel Motors Pharma Logistics".split()
TITLES = ("Buyer", "Owner", "Manager", "Accountant", "")
CITIES = "Karachi Lahore Islamabad Multan Quetta Peshawar Sialkot Hyderabad Faisalabad".split()
MAILERS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com")
PANDAS = """
import sqlite3, sys, time
import pandas, sqlalchemy
begun = time.process_time()
way, file, path = sys.argv[1:]
to = sqlalchemy.create_engine(f"sqlite:///{path}") if way else sqlite3.connect(path)
pandas.read_csv(file).to_sql("contact", to, index=False, if_exists="append")
print(time.process_time() - begun)
"""
_PLAIN = {name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""All programs find their modules compiled, but for their first run."""

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAUSE = 0.05

Row = tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """Seconds of the processor; megabytes; what the program said."""

    seconds: float
    most: float
    said: str


def address_books(folder: Path, people: int) -> tuple[Path, Path]:
    """A table of those who are here, and one of those who come: a fifth are the same people, some
    of them with less said, some with more."""
    dice = Random(people)
    names = made_up(2 * people, dice)
    firms = [f"{name} {dice.choice(FIRMS)}" for name in made_up(people // 20 + 1, dice)]
    here = [_person(number, name, firms, dice) for number, name in enumerate(names[:people])]
    coming = (
        _again(dice.choice(here), dice)
        if dice.random() < HERE_ALREADY
        else _person(people + number, name, firms, dice)
        for number, name in enumerate(names[people:])
    )
    return _table(folder / "here.csv", here), _table(folder / "coming.csv", coming)


def _person(number: int, name: str, firms: list[str], dice: Random) -> Row:
    email = f"{name.replace(' ', '.').lower()}{number % 97}@{dice.choice(MAILERS)}"
    return (
        name, dice.choice(firms) if dice.random() < 0.8 else "", dice.choice(TITLES),
        f"+92 3{number % 50:02} {number % 10_000_000:07}", email if dice.random() < 0.7 else "",
        dice.choice(CITIES),
    )  # fmt: skip


def _again(person: Row, dice: Random) -> Row:
    name, company, title, phone, email, city = person
    if email and dice.random() < 0.3:
        phone = ""
    return name, company, title or "Buyer", phone, email, city if dice.random() < 0.8 else ""


def _table(path: Path, rows: Iterator[Row] | list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER])
        csv.writer(file).writerows(rows)
    return path


def cost(command: list[str], **environment: str) -> Cost:
    """Run a command to its end."""
    with subprocess.Popen(  # noqa: S603 - our own programs
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**_PLAIN, **environment},
    ) as process:  # fmt: skip
        with _watched(process.pid) as most:
            said = process.stdout.read() if process.stdout else ""
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Cost(used.ru_utime + used.ru_stime, max(most), said.strip())


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """The megabytes that a process and all below it hold together, looked at again and again."""
    most, over = [0.0], Event()

    def look() -> None:
        while not over.wait(_PAUSE):
            most.append(sum(map(_resident, _below(pid))))

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def _below(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _below(int(child))


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6
    except (OSError, IndexError):
        return 0.0


# --- what is measured -----------------------------------------------------------------------------


def beside_pandas(folder: Path, here: Path, coming: Path, way: str) -> Cost:
    """Pandas with the same two files, the second measured."""
    script = [sys.executable, "-c", PANDAS, way]
    path = str(folder / f"pandas{way}.db")
    cost([*script, str(here), path])
    return cost([*script, str(coming), path])


def measure(name: str, url: str, here: Path, coming: Path, pandas: Cost) -> None:
    settings = {"RABTA_DATABASE_URL": url, "RABTA_REGION": "PK"}
    print(f"{name}")
    for title, file in (("into an empty one", here), ("into as many", coming), ("again", coming)):
        before = server_seconds(url)
        taken = cost([str(RABTA), "import", str(file)], **settings)
        server = server_seconds(url) - before
        _tell(title, taken, server, pandas)
    taken = cost([str(RABTA), "import", "--undo"], **settings)
    print(f"  taken back        {taken.seconds:7.1f} s, {taken.most:.0f} MB")


def _tell(title: str, taken: Cost, server: float, pandas: Cost) -> None:
    whole = taken.seconds + server
    beside = f", {server:.1f} s of it the server's" if server else ""
    times = f"{whole / pandas.seconds:.1f}x of pandas"
    if pandas.said:
        times += f", {whole / float(pandas.said):.1f}x without its start"
    print(f"  {title:18}{whole:7.1f} s{beside}: {times}; {taken.most:.0f} MB   {taken.said}")


def server_seconds(url: str) -> float:
    """What the processes of a server on this machine have used so far; 0 where that is unseen."""
    place = make_url(url)
    folder = place.query.get("host", "") if place.get_backend_name() == "postgresql" else ""
    known = Path(str(folder)) / "postmaster.pid"
    if not folder or not known.exists():
        return 0.0
    pid = int(known.read_text().split()[0])
    used = 0
    for each in _below(pid):
        with suppress(OSError):
            told = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            used += sum(map(int, told[11:15]))
    return used / _TICK


@contextmanager
def a_database(name: str, folder: Path) -> Iterator[str]:
    """The URL of a new database. Raises postgres.Missing."""
    if name == "sqlite":
        yield f"sqlite:///{folder}/rabta.db"
        return
    home = postgres.begin()
    try:
        server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
        made = f"imports_{os.getpid()}"
        with server.connect() as line:
            line.execute(text(f"create database {made}"))
            yield server.url.set(database=made).render_as_string(hide_password=False)
            line.execute(text(f"drop database {made} with (force)"))
        server.dispose()
    finally:
        postgres.end(home)


def main(people: int, databases: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        here, coming = address_books(folder, people)
        print(f"{people:,} people come")
        bare = beside_pandas(folder, here, coming, "")
        pandas = beside_pandas(folder, here, coming, "sqlalchemy")
        for way, each in (("by SQLAlchemy", pandas), ("by the driver", bare)):
            print(
                f"pandas {way}: {each.seconds:.2f} s, {float(each.said):.2f} s without its start; "
                f"{each.most:.0f} MB"
            )
        for each in databases:
            try:
                with a_database(each, folder) as url:
                    measure(each, url, here, coming, pandas)
            except postgres.Missing as missing:
                print(f"{each}: there is none ({missing})")


if __name__ == "__main__":
    counts = [int(each) for each in sys.argv[1:] if each.isdecimal()]
    named = [each for each in sys.argv[1:] if not each.isdecimal()]
    main(counts[0] if counts else PEOPLE, named or ["sqlite", "postgresql"])
