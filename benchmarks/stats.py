"""What the figures of very many deals cost, beside the plain GROUP BY over them in the same run.

    python benchmarks/stats.py [DEALS] [sqlite] [postgresql]

Pipeline by stage and won by month, as the bot reads them: from the sums that each change of a deal
keeps in its own transaction. Beside them the same is asked of the deals themselves, and both must
be equal to the last rupee. Costs are processor time; of PostgreSQL the server's and the client's.
The upkeep is what a change of a deal costs more with the sums than without.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from benchmarks.imports import _server_seconds, a_database
from storage import sums, sums_kept
from storage.database import Database
from storage.facts import Facts, Wanted
from storage.migrate import migrate
from storage.models import Deal, Member, Workspace
from storage.scope import within
from storage.stages import begin_pipeline
from storage.together import Asked, Together
from tests import postgres

DEALS = 100_000
OWNERS = 20
ZONE = "Asia/Karachi"
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
WRITES, ROUNDS = 500, 5
LEAST = 0.5
"""Seconds of the processor that are spent on a question at least: it is asked again and again."""

Figures = dict[str, tuple[int, int]]
"""Deals and their worth, by name."""

_MADE = """
    INSERT INTO deal (workspace_id, id, version, stage, status, owner_id, amount_minor, currency,
        created_at, closed_at)
    SELECT :space, n, 1,
        CASE n / 7 % 4 WHEN 0 THEN 'lead' WHEN 1 THEN 'qualified' WHEN 2 THEN 'proposal'
            ELSE 'negotiation' END,
        CASE WHEN dice < 30 THEN 'open' WHEN dice < 70 THEN 'won' ELSE 'lost' END,
        n * 31 % {owners} + 1, (n * 7919 % 100000 + 1) * 100, 'PKR', {began},
        CASE WHEN dice < 30 THEN NULL ELSE {ended} END
    FROM (SELECT n, n * 2654435761 % 100 AS dice, n * 48271 % 94608000 AS second FROM {numbers})
        AS made
"""
"""Over three years; of each ten deals three are open and four won."""

_SAID: dict[str, dict[str, str]] = {
    "sqlite": {
        "numbers": "(WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count"
        " WHERE n < :deals) SELECT n FROM count)",
        "began": "strftime('%Y-%m-%d %H:%M:%S.000000', '2023-10-01', second || ' seconds')",
        "ended": "strftime('%Y-%m-%d %H:%M:%S.000000', '2023-11-20', second || ' seconds')",
        # in Karachi there is no summer time
        "month": "strftime('%Y-%m', substr(closed_at, 1, 19), '+5 hours')",
    },
    "postgresql": {
        "numbers": "generate_series(1::bigint, :deals) AS count(n)",
        "began": "timestamptz '2023-10-01 00:00Z' + second * interval '1 second'",
        "ended": "timestamptz '2023-11-20 00:00Z' + second * interval '1 second'",
        "month": f"to_char(closed_at AT TIME ZONE '{ZONE}', 'YYYY-MM')",
    },
}
_PLAIN = {
    "pipeline by stage": "SELECT stage, count(*), sum(amount_minor) FROM deal"
    " WHERE workspace_id = 1 AND status = 'open' GROUP BY stage",
    "won by month": "SELECT {month} AS month, count(*), sum(amount_minor) FROM deal"
    " WHERE workspace_id = 1 AND status = 'won' GROUP BY 1",
}


def pipeline(session: Session) -> Figures:
    asked = Asked(("stage",), lambda kind: [kind.status == "open"], kept=True)
    found = Together(session, 1).whenever(asked)
    return {stage: (deals, minor) for (stage, _), (deals, _, minor) in found.items()}


def won(session: Session) -> Figures:
    told = Facts(session, 1, ZONE, "PKR", NOW.date()).together(
        Wanted("won", {}), "month", worth=True
    )
    return {tally.names[0]: (tally.deals, tally.minor) for tally in told or ()}


OURS: dict[str, Callable[[Session], Figures]] = {
    "pipeline by stage": pipeline,
    "won by month": won,
}


def furnish(database: Database, deals: int) -> None:
    """A team and its deals; the sums are counted at the end, as an upgrade counts them."""
    said = _SAID[database.engine.dialect.name]
    with database.transaction() as session:
        session.add(
            Workspace(
                id=1, name="bench", currency="PKR", region="PK", timezone=ZONE, language="en",
                created_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        begin_pipeline(session, 1)
        session.add_all(
            Member(workspace_id=1, id=each, name=f"Rep {each}", role="rep", created_at=NOW)
            for each in range(1, OWNERS + 1)
        )
        session.flush()
        sums_kept.leave(session.connection())
        made = _MADE.format(owners=OWNERS, **said)
        session.connection().execute(text(made), {"space": 1, "deals": deals})
        sums_kept.keep(session.connection())
    known = "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as line:
        line.exec_driver_sql(known)
    engine.dispose()


class Meter:
    """Processor time of this process and, of PostgreSQL, of the server."""

    def __init__(self, url: str) -> None:
        self.url = url

    def now(self) -> float:
        return time.process_time() + _server_seconds(self.url)

    def each(self, work: Callable[[], Any]) -> float:
        """Seconds that it takes once; it is done until it has taken long enough to be measured."""
        work()  # what is asked for the first time is made ready
        begun, times = self.now(), 0
        while times < ROUNDS or self.now() - begun < LEAST:
            work()
            times += 1
        return (self.now() - begun) / times


def measure(name: str, database: Database, deals: int, meter: Meter) -> bool:
    """Print what it costs; whether both ways came to the same."""
    month, equal = _SAID[name]["month"], True
    for title, ours in OURS.items():
        plain = text(_PLAIN[title].format(month=month))
        with database.transaction() as session, within(session, 1):
            line = session.connection()
            rows = line.execute(plain).all()
            same = ours(session) == {each: (int(n), int(minor)) for each, n, minor in rows}
            slow = meter.each(lambda line=line, plain=plain: line.execute(plain).all())
            quick = meter.each(lambda session=session, ours=ours: ours(session))
        equal = equal and same
        print(
            f"{name:10}  {title:18} {deals:>9,} deals: GROUP BY {slow * 1e3:8.2f} ms,"
            f" ours {quick * 1e3:6.2f} ms, {slow / quick:6.1f}x cheaper,"
            f" {'equal' if same else 'NOT EQUAL'}",
            flush=True,
        )
    return equal


def upkeep(name: str, database: Database, deals: int, meter: Meter) -> bool:
    """Print what a change costs, in a transaction of its own, with the sums and without; whether
    these are right at the end."""
    change = Deal.__table__.update()  # type: ignore[attr-defined]  # it is a table
    took: dict[bool, list[float]] = {True: [], False: []}
    with database.engine.connect() as line:
        for number in range(2 * ROUNDS):
            with_sums = number % 2 == 0
            with line.begin():
                (sums_kept.keep if with_sums else sums_kept.leave)(line)
            begun = meter.now()
            for each in range(WRITES):
                here = (Deal.workspace_id == 1, Deal.id == each * 37 % deals + 1)
                stage = "proposal" if (number + each) % 2 else "lead"
                with line.begin():
                    line.execute(change.where(*here).values(stage=stage, status="open"))
            took[with_sums].append((meter.now() - begun) / WRITES)
            if number == 0:
                with Session(line) as session, session.begin():
                    wrong = sums_kept.wrong(session)
                    sums.fold(session)
                    wrong += sums_kept.wrong(session)
    more = statistics.median(took[True]) - statistics.median(took[False])
    print(
        f"{name:10}  upkeep: {more * 1e6:.0f} us a change of a deal, which takes"
        f" {statistics.median(took[False]) * 1e6:.0f} us; {len(wrong)} sums are wrong",
        flush=True,
    )
    return not wrong


def main(deals: int, databases: list[str]) -> None:
    right = True
    with tempfile.TemporaryDirectory() as folder:
        for name in databases:
            try:
                with a_database(name, Path(folder)) as url, closing(Database(url)) as database:
                    migrate(database)
                    meter = Meter(url)
                    furnish(database, deals)
                    right = measure(name, database, deals, meter) and right
                    right = upkeep(name, database, deals, meter) and right
            except postgres.Missing as missing:
                print(f"{name}: there is none ({missing})")
    sys.exit(not right)


if __name__ == "__main__":
    counts = [int(each) for each in sys.argv[1:] if each.isdecimal()]
    named = [each for each in sys.argv[1:] if not each.isdecimal()]
    main(counts[0] if counts else DEALS, named or ["sqlite", "postgresql"])
