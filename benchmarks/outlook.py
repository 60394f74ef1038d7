"""What it costs to keep what is expected of customers, in CPU time.

    python -m benchmarks.outlook [--customers 1000000] [--due 200] [--database postgresql]

The tick among 1,000 customers and among many more, with as many due; one customer judged anew after
an order; what is learned in the night. Of PostgreSQL the server's CPU is counted, too.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import click
from sqlalchemy import create_engine, insert, text, update

from benchmarks.imports import a_database, server_seconds
from bot.reception import DEFAULT, House, workspace
from handlers import expecting
from rules.foresight.histories import WEEK
from scheduler import outlook
from storage.database import Database
from storage.migrate import migrate
from storage.models import Outlook
from storage.outlook import fit_of
from storage.scope import within
from storage.types import AT_ONCE

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
TODAY = date(2026, 11, 23)
AT_ONCE_WRITTEN = 20_000
LATER = timedelta(days=30)


@click.command()
@click.option("--customers", default=1_000_000, show_default=True)
@click.option("--due", default=200, show_default=True)
@click.option("--database", "kind", default="sqlite", show_default=True)
def main(customers: int, due: int, kind: str) -> None:
    with _made(kind) as database:
        few = _measured(database, 1000, due)
    with _made(kind) as database:
        many = _measured(database, customers, due)
        click.echo(f"tick, {due} due of 1,000: {few * 1000:.0f} ms CPU")
        times = f"{many / few:.2f}x"
        click.echo(f"tick, {due} due of {customers:,}: {many * 1000:.0f} ms CPU ({times})")
        _one(database)


@contextmanager
def _made(kind: str) -> Iterator[Database]:
    with (
        tempfile.TemporaryDirectory(prefix="rabta-bench-") as folder,
        a_database(kind, Path(folder)) as url,
    ):
        database = Database(url)
        migrate(database)
        yield database
        database.close()


def _measured(database: Database, customers: int, due: int) -> float:
    """Seconds of CPU that the clock takes for those who are due, the best of three."""
    with database.transaction() as session:
        space = workspace(session, House(), DEFAULT, NOW).id
    dice = Random(7)
    for begin in range(0, customers, AT_ONCE_WRITTEN):
        some = range(begin, min(begin + AT_ONCE_WRITTEN, customers))
        rows = [_customer(space, number + 1, dice) for number in some]
        with database.transaction() as session, within(session, space):
            session.execute(insert(Outlook), rows)
    with database.transaction() as session, within(session, space):
        fit_of(session, space)
    took = _cpu(lambda: outlook.learn(database.run, lambda: NOW), database)
    click.echo(f"learned of {customers:,} customers: {took:.1f} s CPU")
    theirs = update(Outlook).where(Outlook.workspace_id == space)
    with database.transaction() as session, within(session, space):  # those that it has marked anew
        session.execute(theirs.values(next_check_at=NOW + LATER))
    if database.engine.dialect.name == "postgresql":  # as it does by itself, given a minute
        server = create_engine(database.engine.url, isolation_level="AUTOCOMMIT")
        with server.connect() as line:
            line.execute(text("VACUUM ANALYZE"))
        server.dispose()
    best = 1e9
    for _ in range(3):
        with database.transaction() as session, within(session, space):
            session.execute(theirs.where(Outlook.company_id <= due).values(next_check_at=AT_ONCE))
        best = min(best, _cpu(lambda: _through(database), database))
    return best


def _through(database: Database) -> None:
    while database.run(lambda session: outlook.look_at_due(session, NOW)):
        pass


def _customer(space: int, number: int, dice: Random) -> dict[str, object]:
    """Whose past is read already; they are looked at next in a month."""
    days = sorted(_days(dice))
    gaps = [then - day for day, then in pairwise(days)]
    return {
        "workspace_id": space, "company_id": number, "contact_id": 0, "stale": False,
        "orders": len(days), "first_day": date.fromordinal(days[0]),
        "last_day": date.fromordinal(days[-1]), "priced": len(days),
        "log_gaps": sum(math.log(gap / WEEK) for gap in gaps),
        "spent_minor": len(days) * dice.randint(1, 90) * 100_000,
        "facts": {"days": days, "heard": True},
        "next_check_at": NOW + timedelta(days=30, seconds=dice.randrange(86400)),
    }  # fmt: skip


def _days(dice: Random) -> Iterator[int]:
    day = TODAY.toordinal() - dice.randint(30, 700)
    pause = dice.gammavariate(2, 15) + 2
    end = min(TODAY.toordinal(), day + int(dice.expovariate(1 / 400)) + 1)
    while day <= end:
        yield day
        day += max(1, int(dice.gammavariate(2, pause / 2)))


def _one(database: Database) -> None:
    """A customer judged by what is learned: without reading and writing."""
    with database.transaction() as session, within(session, 1):
        row = session.get_one(Outlook, (1, 5, 0))
        fit = fit_of(session, 1)
        found = expecting.ready(fit)
        if found is None:
            click.echo("nothing was learned")
            return
        past = expecting.pasts([row], TODAY)
        found[0].look(past)
        took = _cpu(lambda: [found[0].look(past) for _ in range(200)]) / 200
    click.echo(f"one customer judged: {took * 1000:.2f} ms CPU")
    click.echo(f"what is learned, as it is kept: {len(json.dumps(fit.learned))} bytes")


def _cpu(work: Callable[[], object], database: Database | None = None) -> float:
    """Seconds of this process and, where there is one, of the database's server."""
    url = database.engine.url.render_as_string(hide_password=False) if database else ""

    def used() -> float:
        return time.process_time() + (server_seconds(url) if url else 0)

    begun = used()
    work()
    return used() - begun


if __name__ == "__main__":
    main()
