"""What it costs to keep what is expected of customers, in CPU time.

    python -m benchmarks.outlook [--customers 1000000] [--due 200]

The tick among 1,000 customers and among many more, with as many due; one customer judged anew after
an order; what is learned in the night.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import click
from sqlalchemy import insert, text

from bot.reception import DEFAULT, House, workspace
from handlers import expecting
from rules.foresight.histories import WEEK
from scheduler import outlook
from storage.database import Database
from storage.migrate import migrate
from storage.models import Outlook
from storage.outlook import fit_of
from storage.types import AT_ONCE

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
TODAY = date(2026, 11, 23)
AT_ONCE_WRITTEN = 20_000
WRITTEN = "%Y-%m-%d %H:%M:%S.%f"
LATER = timedelta(days=30)


@click.command()
@click.option("--customers", default=1_000_000, show_default=True)
@click.option("--due", default=200, show_default=True)
def main(customers: int, due: int) -> None:
    few, _ = _measured(1000, due)
    many, database = _measured(customers, due)
    click.echo(f"tick, {due} due of 1,000: {few * 1000:.0f} ms CPU")
    click.echo(f"tick, {due} due of {customers:,}: {many * 1000:.0f} ms CPU ({many / few:.2f}x)")
    _one(database)
    database.close()


def _measured(customers: int, due: int) -> tuple[float, Database]:
    """Seconds of CPU that the clock takes for those who are due, the best of three."""
    path = Path(tempfile.mkdtemp(prefix="rabta-bench-")) / "outlook.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.transaction() as session:
        space = workspace(session, House(), DEFAULT, NOW).id
    dice = Random(7)
    for begin in range(0, customers, AT_ONCE_WRITTEN):
        some = range(begin, min(begin + AT_ONCE_WRITTEN, customers))
        rows = [_customer(space, number + 1, dice) for number in some]
        with database.transaction() as session:
            session.execute(insert(Outlook), rows)
    with database.transaction() as session:
        fit_of(session, space)
    took = _cpu(lambda: outlook.learn(database.run, lambda: NOW))
    click.echo(f"learned of {customers:,} customers: {took:.1f} s CPU")
    with database.transaction() as session:  # those that it has marked anew
        session.execute(
            text("UPDATE outlook SET next_check_at = :at"), {"at": f"{NOW + LATER:{WRITTEN}}"}
        )
    best = 1e9
    for _ in range(3):
        with database.transaction() as session:
            session.execute(
                text("UPDATE outlook SET next_check_at = :at WHERE company_id <= :most"),
                {"at": f"{AT_ONCE:{WRITTEN}}", "most": due},
            )
        best = min(best, _cpu(lambda: _through(database)))
    return best, database


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
    with database.transaction() as session:
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


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
