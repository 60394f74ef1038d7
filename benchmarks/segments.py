"""Segments beside SQL that was written by hand, in one run: CPU time, and that both find the same.

    python -m benchmarks.segments [--contacts 100000] [--rounds 3] [--only postgresql]

The sentences, and the SQL beside them, are those of the tests. SQLite, and PostgreSQL where there
is one (RABTA_TEST_POSTGRES, or an installed one), whose backend's time is counted, too. Each pair is
asked in turn; of each the best of the rounds counts.
"""

# ruff: noqa: C901, E501 - a list of rows

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import click
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from bot.reception import DEFAULT, House, workspace
from rules.reach_keys import city_key
from storage.database import Database
from storage.migrate import migrate
from storage.models import (
    Activity,
    Company,
    Consent,
    Contact,
    ContactPoint,
    ContactTag,
    CustomField,
    CustomValue,
    Deal,
    Journey,
    LeadScore,
    LineItem,
    Member,
    Order,
    Outlook,
    Product,
    Task,
    Ticket,
)
from storage.segments import members
from storage.types import new_id
from tests import postgres
from tests.segment_sentences import CASES
from tests.segment_world import GOODS, NOW, TODAY, ZONE
from tests.test_segment_sentences import by_hand, meant

AT_ONCE = 5000
CITIES = ("Lahore", "Karachi", "Multan", "Quetta", "Sialkot", None)


@click.command()
@click.option("--contacts", default=100_000, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--only", type=click.Choice(["sqlite", "postgresql"]))
def main(contacts: int, rounds: int, only: str | None) -> None:
    if only != "postgresql":
        folder = Path(tempfile.mkdtemp(prefix="rabta-bench-"))
        _measure("SQLite", f"sqlite:///{folder / 'segments.db'}", contacts, rounds)
    if only == "sqlite":
        return
    home = postgres.begin()
    try:
        url = postgres.server_url()
    except postgres.Missing as missing:
        click.echo(f"no PostgreSQL: {missing}")
    else:
        with postgres_database(url) as made:
            _measure("PostgreSQL", made, contacts, rounds)
    finally:
        postgres.end(home)


def postgres_database(url: str) -> Any:
    from tests.conftest import made

    return made(url, "rabta_bench_segments")


def _measure(name: str, url: str, contacts: int, rounds: int) -> None:
    with closing(Database(url)) as database:
        migrate(database)
        with database.transaction() as session:
            space = filled(session, contacts)
        if name == "PostgreSQL":  # as its own housekeeping leaves tables behind
            with database.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql("VACUUM (ANALYZE)")
        ratios = []
        with database.transaction() as session:
            if name == "PostgreSQL":  # whose helpers' time is not counted
                session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
            for case in CASES:
                node = meant(case.en).node
                assert node is not None
                found: set[int] = set()
                wanted: set[int] = set()
                ours = theirs = float("inf")
                for _ in range(rounds):
                    spent, found = _timed(
                        session,
                        lambda node=node: set(
                            session.scalars(members(session, space, node, NOW, ZONE))
                        ),
                    )
                    ours = min(ours, spent)
                    spent, wanted = _timed(session, lambda case=case: by_hand(session, case, space))
                    theirs = min(theirs, spent)
                same = "same" if found == wanted else f"DIFFERENT {len(found ^ wanted)}"
                ratios.append(ours / theirs)
                click.echo(
                    f"{name:10} {ratios[-1]:5.2f}x {ours * 1000:7.0f} ms {theirs * 1000:7.0f} ms"
                    f" {len(found):7,} {same}  {case.en}"
                )
        ranked = sorted(ratios)
        click.echo(
            f"{name}: {contacts:,} contacts, {len(ratios)} sentences, ratio to SQL by hand:"
            f" median {statistics.median(ranked):.2f}, worst {ranked[-1]:.2f}"
        )


def _timed(session: Session, ask: Callable[[], set[int]]) -> tuple[float, set[int]]:
    """Seconds of this process and of the backend that serves it."""
    begun = _spent(session)
    found = ask()
    return _spent(session) - begun, found


def _spent(session: Session) -> float:
    if session.get_bind().dialect.name == "sqlite":
        return time.process_time()
    served_by = session.scalar(text("SELECT pg_backend_pid()"))
    ticks = Path(f"/proc/{served_by}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


# --- a large firm ---------------------------------------------------------------------------------


def filled(session: Session, people: int) -> int:
    """A workspace with so many contacts, and what happened with them."""
    dice = Random(5)
    space = workspace(session, House(), DEFAULT, NOW).id
    at: dict[str, Any] = {"workspace_id": space, "version": 1}

    def put(kind: type[Any], rows: Iterator[dict[str, Any]]) -> list[int]:
        ids: list[int] = []
        batch: list[dict[str, Any]] = []
        for row in rows:
            number = new_id()
            ids.append(number)
            batch.append({**at, "id": number, **row})
            if len(batch) == AT_ONCE:
                session.execute(insert(kind.__table__), batch)
                batch = []
        if batch:
            session.execute(insert(kind.__table__), batch)
        return ids

    def some(of: list[int], share: float) -> Iterator[int]:
        return (each for each in of if dice.random() < share)

    def long_ago() -> int:
        return int(dice.expovariate(1 / 150))

    owners = put(
        Member,
        (
            {"name": name, "role": "rep", "created_at": NOW, "active": True, "greeted": True,
             "morning": NOW.time()}
            for name in ("Ayesha Khan", "Bilal Ahmed")
        ),
    )  # fmt: skip
    industry, ntn = put(
        CustomField,
        ({"key": key, "name": name, "kind": "text", "active": True}
         for key, name in (("industry", "Industry"), ("ntn", "NTN"))),
    )  # fmt: skip
    goods = put(
        Product,
        ({"name": name, "name_key": name.lower(), "category": category, "active": True,
          "created_at": NOW} for name, category in GOODS),
    )  # fmt: skip

    def town() -> dict[str, Any]:
        city = dice.choice(CITIES)
        return {"city": city, "city_key": city_key(city)}

    firms = put(
        Company,
        ({"name": f"Firm {n}", "name_key": f"firm {n}", "sound_key": "", "created_at": NOW, **town()}
         for n in range(people // 6)),
    )  # fmt: skip
    contacts = put(
        Contact,
        (
            {"name": f"Person {n}", "name_key": f"person {n}", "sound_key": "", "private": False,
             "company_id": dice.choice(firms) if dice.random() < 0.5 else None, **town(),
             "title": dice.choice(("Manager", "Purchase Manager", "Owner", None)),
             "source": dice.choice(("Expo", "Referral", None)),
             "owner_id": dice.choice((*owners, None)),
             "language": dice.choice(("ur", "en", "roman", None, None)),
             "created_at": NOW - timedelta(days=long_ago())}
            for n in range(people)
        ),
    )  # fmt: skip
    put(CustomValue, ({"field_id": industry, "company_id": each, "value_key": "textile",
                       "value": dice.choice(("Textile", "Food"))} for each in some(firms, 0.5)))  # fmt: skip
    put(CustomValue, ({"field_id": ntn, "contact_id": each, "value_key": "1", "value": "1"}
                      for each in some(contacts, 0.1)))  # fmt: skip
    for kind, share in (("phone", 0.8), ("email", 0.4)):
        put(ContactPoint, ({"contact_id": each, "kind": kind, "value": f"{kind}{each}"}
                           for each in some(contacts, share)))  # fmt: skip
    for tag, share in (("vip", 0.05), ("retail", 0.2), ("left", 0.02)):
        put(ContactTag, ({"contact_id": each, "tag": tag} for each in some(contacts, share)))

    for channel in ("email", "whatsapp", "sms"):
        put(Consent, ({"contact_id": each, "channel": channel, "granted": dice.random() < 0.6,
                       "at": NOW - timedelta(days=long_ago()), "how": "said"}
                      for each in some(contacts, 0.4)))  # fmt: skip

    def whom() -> dict[str, Any]:
        if dice.random() < 0.4:
            return {"contact_id": None, "company_id": dice.choice(firms)}
        return {"contact_id": dice.choice(contacts), "company_id": None}

    def orders() -> Iterator[dict[str, Any]]:
        for _ in range(people * 3 // 2):
            day = long_ago()
            yield {**whom(), "amount_minor": dice.randrange(1000, 20_000_000), "currency": "PKR",
                   "status": dice.choice((None, None, "paid", "cancelled")), "counted": False,
                   "at": NOW - timedelta(days=day), "on_day": TODAY - timedelta(days=day),
                   "owner_id": owners[0], "created_at": NOW}  # fmt: skip

    def deals() -> Iterator[dict[str, Any]]:
        for _ in range(people // 2):
            day, status = long_ago(), dice.choice(("open", "won", "lost"))
            yield {**whom(), "amount_minor": dice.randrange(100_000, 100_000_000),
                   "currency": "PKR", "stage": dice.choice(("lead", "proposal")), "status": status,
                   "counted": False, "owner_id": owners[1],
                   "created_at": NOW - timedelta(days=day + 9),
                   "closed_at": None if status == "open" else NOW - timedelta(days=day)}  # fmt: skip

    def activities() -> Iterator[dict[str, Any]]:
        for _ in range(people * 2):
            day = long_ago()
            yield {**whom(), "kind": dice.choice(("call", "meeting", "note")), "by_id": owners[0],
                   "at": NOW - timedelta(days=day), "on_day": TODAY - timedelta(days=day)}  # fmt: skip

    bought = put(Order, orders())
    sold = put(Deal, deals())
    put(Activity, activities())
    for column, whole in (("order_id", bought), ("deal_id", sold)):
        other = "deal_id" if column == "order_id" else "order_id"
        put(LineItem, ({column: each, other: None, "position": 0, "product_id": good,
                        "name": "goods"} for each in whole for good in (dice.choice(goods),)))  # fmt: skip

    def tickets() -> Iterator[dict[str, Any]]:
        for number in range(people // 10):
            began = NOW - timedelta(days=long_ago())
            due = began + timedelta(days=dice.choice((1, 3, 30)))
            status = dice.choice(("open", "waiting", *["resolved"] * 6))
            yield {**whom(), "number": number + 1, "text": "Broken", "status": status,
                   "priority": dice.choice(("low", "normal", "high", "urgent")),
                   "owner_id": owners[0], "opened_by": owners[0], "created_at": began,
                   "began_at": began, "answer_due_at": due, "warn_at": due, "due_at": due,
                   "waiting_since": began + timedelta(days=2) if status == "waiting" else None,
                   "resolved_at": NOW if status == "resolved" else None}  # fmt: skip

    def tasks() -> Iterator[dict[str, Any]]:
        for _ in range(people // 2):
            of_deal = dice.choice(sold) if dice.random() < 0.3 else None
            yield {**whom(), "text": "Ring", "deal_id": of_deal, "zone": ZONE,
                   "owner_id": owners[0], "created_at": NOW,
                   "status": dice.choice(("open", "open", "done"))}  # fmt: skip

    put(Ticket, tickets())
    put(Task, tasks())
    _judged(session, space, dice)
    _scored(session, space, dice)
    _on_their_way(session, space, dice)
    session.execute(text("ANALYZE"))
    return space


def _judged(session: Session, space: int, dice: Random) -> None:
    """What the clock would have made of them."""
    table: Any = Outlook.__table__
    keys = session.execute(
        select(table.c.company_id, table.c.contact_id).where(table.c.workspace_id == space)
    ).all()
    statement = text(
        "UPDATE outlook SET state = :state, orders = :orders, p_buy = :p_buy, value_minor = :value,"
        " next_check_at = NULL WHERE workspace_id = :space AND company_id = :company"
        " AND contact_id = :contact"
    )
    rows = [
        {"space": space, "company": company, "contact": contact, "p_buy": dice.random(),
         "state": dice.choice(("fine", "fine", "risk", "lost")), "orders": dice.randrange(1, 9),
         "value": dice.randrange(10**8)}
        for company, contact in keys
    ]  # fmt: skip
    for begin in range(0, len(rows), AT_ONCE):
        session.execute(statement, rows[begin : begin + AT_ONCE])
    assert session.scalar(select(func.count()).select_from(table))


def _scored(session: Session, space: int, dice: Random) -> None:
    """What the clock would have made of leads."""
    table: Any = LeadScore.__table__
    leads = session.scalars(select(table.c.contact_id).where(table.c.workspace_id == space)).all()
    statement = text(
        "UPDATE lead_score SET score = :score, next_check_at = NULL"
        " WHERE workspace_id = :space AND contact_id = :lead"
    )
    rows = [{"space": space, "lead": each, "score": dice.choice((None, 20, 60, 70, 71, 90))}
            for each in leads]  # fmt: skip
    for begin in range(0, len(rows), AT_ONCE):
        session.execute(statement, rows[begin : begin + AT_ONCE])


def _on_their_way(session: Session, space: int, dice: Random) -> None:
    """Where the clock would have found them to stand."""
    there = select(Journey.contact_id).where(Journey.workspace_id == space)
    rows = [{"space": space, "contact": each,
             "stage": dice.choice((None, "lead", "customer", "loyal", "lapsed"))}
            for each in session.scalars(there).all()]  # fmt: skip
    statement = text(
        "UPDATE journey SET stage = :stage, next_check_at = NULL"
        " WHERE workspace_id = :space AND contact_id = :contact"
    )
    for begin in range(0, len(rows), AT_ONCE):
        session.execute(statement, rows[begin : begin + AT_ONCE])
    assert rows


if __name__ == "__main__":
    main()
