"""A member's day looks through no table: every statement of it is answered from an index.

A plan that reads all rows of a workspace is a scan, too, though an index leads it there.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, select

from storage.clock import SetClock
from storage.database import Database
from storage.models import Base, CustomField, Member
from tests.conversation import Conversation

MORNING = datetime(2026, 11, 24, 3, 50, tzinfo=UTC)  # ten minutes before nine in Karachi

FEW = {
    "workspace", "member", "identity", "chat", "setting", "stage", "custom_field", "bond", "invite",
    "lease", "unreachable", "pace", "deal_sum", "known_head", "lesson", "product", "waiting_file",
    "pending", "inbox", "outbox", "pipeline", "label", "rate", "goal", "work_week", "habit",
    "news", "nudge_choice", "outlook_fit", "handover", "lead_model", "score_rule",
    "lead_rule", "lead_turn", "segment", "segment_watch", "campaign", "message_template",
    "bad_address", "sequence", "sequence_start", "sequence_call", "feedback", "miss",
}  # fmt: skip
"""Tables with few rows for each workspace, or few that wait; all others grow with its customers and
its days."""

MANY = {table.name for table in Base.metadata.sorted_tables} - FEW

NIGHTLY = re.compile(
    r"SELECT (outlook\.facts|count\(\*\)[^,]*FROM outlook\b|deal\.id, deal\.status)"
)
"""What is learned of all customers at night, page by page, looks at all of them."""

ROWS = int(os.environ.get("RABTA_TEST_ROWS", "20000"))

DAY = (
    "met Sara Malik from Nishat Mills, she wants 40 looms, deal 5 lakh, call her friday 3pm",
    "today", "agenda", "my deals", "deals", "my tasks", "pipeline", "pipeline of Bilal",
    "nishat moved to proposal", "call Sara tomorrow at 5pm", "remind me to visit Nishat on monday",
    "score of Sara", "best leads", "score rules",
    "won this month", "lost this month", "revenue this quarter", "conversion this year",
    "activity this week", "how many deals did we win this month", "revenue by month",
    "who won the most deals this year", "deals closing this week", "won nishat 4.8 lakh", "undo",
    "Sara Malik", "who is at Nishat Mills", "note Sara: likes tea", "help",
    "Sara Malik complained that 3 looms were torn, urgent", "note on #20001: sent a mechanic",
    "late tickets", "my tickets", "tickets of Sara Malik", "resolve #20001", "Sara Malik",
    "#20001 rating 5", "hal ho gaya", "never mind", "who referred Sara Malik",
    "tickets this month", "tickets by owner", "where is Sara Malik in the journey",
    "template Hello: Dear {first_name|friend}, welcome.",
    "new sequence welcome: Hello by mail, 3 days later task call them",
    "start welcome for Sara Malik", "who is in welcome?", "sequences",
    "stop welcome for Sara Malik",
)  # fmt: skip


@contextmanager
def heard(database: Database) -> Iterator[dict[str, Any]]:
    """What is asked of the database meanwhile: statements, with what was said in one of them."""
    said: dict[str, Any] = {}

    def listen(_line: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        said.setdefault(statement, values)

    def trace(line: Any, _record: Any) -> None:
        """Also what goes past SQLAlchemy."""
        line.set_trace_callback(lambda statement: said.setdefault(statement, ()))

    which, how = ("connect", trace) if database.is_sqlite else ("before_cursor_execute", listen)
    event.listen(database.engine, which, how)
    try:
        yield said
    finally:
        event.remove(database.engine, which, how)


def scans(database: Database, said: dict[str, Any]) -> list[str]:
    looked = _on_sqlite if database.is_sqlite else _on_postgresql
    questions = {
        statement: values
        for statement, values in said.items()
        if re.match(r"\s*(SELECT|UPDATE|DELETE|INSERT|WITH)\b", statement, re.IGNORECASE)
        and not statement.endswith(".id IS NULL")  # never: the database knows and reads nothing
        and not NIGHTLY.match(statement)
    }
    with database.engine.connect() as line, line.begin() as whole:
        found = [
            f"{what}: {statement}"
            for statement, values in questions.items()
            for what in looked(line, statement, values)
        ]
        whole.rollback()
    assert len(questions) > 100
    return found


def _on_sqlite(line: Any, statement: str, _values: Any) -> Iterator[str]:
    rows = line.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    sorts = any("TEMP B-TREE" in row[3] for row in rows)
    few = re.search(r"\bLIMIT\b", statement) and not sorts
    names = _tables(statement)
    for row in rows:
        read = re.match(r"(SCAN|SEARCH) (\w+)(.*)", row[3])
        if read is None or names.get(read[2], read[2]) not in MANY or few:
            continue
        if read[1] == "SCAN" or read[3].endswith("(workspace_id=?)"):
            yield row[3]


def _tables(statement: str) -> dict[str, str]:
    """Names that tables are given in a statement."""
    return {alias: table for table, alias in re.findall(r'"?(\w+)"? AS (\w+)', statement)}


def _on_postgresql(line: Any, statement: str, values: Any) -> Iterator[str]:
    """What is written is found by what is read for it."""
    line.exec_driver_sql("SET LOCAL enable_seqscan = off")
    one = values[0] if isinstance(values, list) else values
    plan = line.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", one).scalar()
    whole = json.loads(plan) if isinstance(plan, str) else plan
    yield from _read_through(whole[0]["Plan"])


def _read_through(node: Any, *, few: bool = False) -> Iterator[str]:
    few = (few or node["Node Type"] == "Limit") and node["Node Type"] not in {"Sort", "Aggregate"}
    is_read = node["Node Type"] not in {"ModifyTable", "LockRows"}
    if is_read and node.get("Relation Name") in MANY and not few:
        by = node.get("Index Cond", node.get("Recheck Cond", node.get("TID Cond", "")))
        if re.fullmatch(r"\(?\(?(\w+\.)?workspace_id = [^()]*\)?\)?|", by):
            yield f"{node['Node Type']} on {node['Relation Name']} {by}"
    for each in node.get("Plans", ()):
        yield from _read_through(each, few=few)


MADE = {
    "contact": ("name, name_key, sound_key, private, created_at, version",
                "'Person ' || n, 'person ' || n, 'PRSN', false, {now}, 1"),
    "company": ("name, name_key, sound_key, city, created_at, version",
                "'Firm ' || n, 'firm ' || n, 'FRM', 'Town ' || (n % 20), {now}, 1"),
    "deal": ("contact_id, stage, status, owner_id, amount_minor, currency, created_at, closed_at, "  # noqa: ISC003 - one value of several
             + "reason, close_day, version",
             "n, 'lead', CASE n % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'won' ELSE 'lost' END, n % 20, "  # noqa: ISC003 - one value of several
             + "n, 'PKR', {past}, CASE n % 3 WHEN 0 THEN NULL ELSE {past} END, "
             + "CASE n % 3 WHEN 2 THEN 'price' END, {day}, 1"),
    "deal_move": ("deal_id, stage, status, at, by_id, version", "n, 'lead', 'open', {past}, 1, 1"),
    "activity": ("kind, contact_id, text, at, on_day, by_id, version",
                 "'call', n, 'Call', {past}, {day}, n % 20, 1"),
    "task": ("text, contact_id, zone, status, owner_id, due_day, created_at, version",
             "'Call', n, 'Asia/Karachi', CASE n % 9 WHEN 0 THEN 'open' ELSE 'done' END, n % 20, "  # noqa: ISC003 - one value of several
             + "{day}, {past}, 1"),
    "contact_point": ("contact_id, kind, value, version", "n, 'phone', '+92' || n, 1"),
    "contact_tag": ("contact_id, tag, version", "n, 'tag ' || (n % 20), 1"),
    "former": ("contact_id, former_id, name, name_key, version",
               "n, n + 10000000, 'Old ' || n, 'old ' || n, 1"),
    "turn": ("member_id, chat_id, at", "{member}, 1, {past}"),
    "deal_contact": ("deal_id, contact_id, version", "n, n, 1"),
    "line_item": ("deal_id, position, quantity, version", "n, 1, '4', 1"),
    "order": ("contact_id, at, on_day, owner_id, created_at, counted, version",
              "n, {past}, {day}, n % 20, {past}, false, 1"),
    "ticket": ("number, text, contact_id, priority, status, owner_id, opened_by, created_at, "  # noqa: ISC003 - one value of several
               + "began_at, answer_due_at, warn_at, due_at, waited, resolved_at, worked, reopened, "
               + "was_late, version",
               "n, 'Torn', n, 'low', CASE n % 90 WHEN 0 THEN 'open' ELSE 'resolved' END, n % 20, "  # noqa: ISC003 - one value of several
               + "1, {past}, {past}, {past}, {past}, {past}, 0, "
               + "CASE n % 90 WHEN 0 THEN NULL ELSE {past} END, 60, 0, false, 1"),
    "ticket_comment": ("ticket_id, text, at, by_id, version", "n, 'Sent', {past}, 1, 1"),
    "rating": ("contact_id, ticket_id, score, at, referral_asked, version",
               "n, n, 1 + n % 5, {past}, false, 1"),
    "contract": ("contact_id, months, renews_on, renewals, known_renewals, status, owner_id, "  # noqa: ISC003 - one value of several
                 + "created_at, version",
                 "n, 12, {day}, 0, 0, CASE n % 9 WHEN 0 THEN 'ended' ELSE 'running' END, n % 20, "  # noqa: ISC003 - one value of several
                 + "{past}, 1"),
    "custom_value": ("field_id, contact_id, value, value_key, version", "{field}, n, 'x', 'x', 1"),
    "referral": ("contact_id, by_contact_id, at, by_id, version", "n, n + 1, {past}, 1, 1"),
    "nudge": ("member_id, kind, subject, occasion, day, raised_at, state",
              "{member}, 'silent', 'deal:' || n, 'x', {day}, {past}, 'sent'"),
    "journey_stay": ("contact_id, stage, at", "n, 'lead', {past}"),
    "message": ("contact_id, source, key, state, ways, by_id, planned_at, lapses_at, version",
                "n, 'hand', 'hand/' || n, 'sent', 'email', 1, {past}, {past}, 1"),
    "sequence": ("name, name_key, steps, state, active, by_id, created_at, version",
                 "'Old ' || n, 'old ' || n, '[]', 'running', false, 1, {past}, 1"),
    "sequence_run": ("sequence_id, contact_id, state, how, by_id, round, started_at, since, done, "  # noqa: ISC003 - one value of several
                     + "version",
                     "1 + n % 20, n, 'finished', 'hand', 1, 1, {past}, {past}, '[]', 1"),
    "change": ("turn_id, table_name, row_id", "n, 'deal', n"),
    "brought": ("turn_id, table_name, first_id, last_id", "n, 'deal', n, n"),
}  # fmt: skip
"""Years of a big team, as one statement a table makes them."""

SAID = {
    "sqlite": {
        "numbers": "(WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count"
        " WHERE n < {rows}) SELECT n FROM count) AS count",
        "now": "'2026-11-20 05:00:00.000000'",
        "past": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-11-20', '-' || (n % 900) || ' days')",
        "day": "date('2026-11-20', '-' || (n % 900) || ' days')",
    },
    "postgresql": {
        "numbers": "generate_series(1::bigint, {rows}) AS count(n)",
        "now": "timestamptz '2026-11-20 05:00Z'",
        "past": "timestamptz '2026-11-20 05:00Z' - n % 900 * interval '1 day'",
        "day": "date '2026-11-20' - (n % 900)::int",
    },
}


def fill(database: Database, rows: int) -> None:
    said = SAID[database.engine.dialect.name]
    with database.transaction() as session:
        member = session.scalars(select(Member.id)).first()
        field = CustomField(workspace_id=1, key="staff", name="Staff", kind="number")
        session.add(field)
        session.flush()
        line = session.connection()
        for table, (columns, values) in MADE.items():
            made = (
                f'INSERT INTO "{table}" (workspace_id, id, {columns})'  # noqa: S608 - our own
                f" SELECT 1, n, {values.format(member=member, field=field.id, **said)}"
                f" FROM {said['numbers'].format(rows=rows)}"
            )
            if database.is_sqlite:
                line.exec_driver_sql(made)
            else:  # whose driver takes a % for a place of a value
                line.exec_driver_sql(made.replace("%", "%%"))
        for table in ("outlook", "lead_score", "contract", "journey"):  # all have been looked at
            line.exec_driver_sql(f"UPDATE {table} SET next_check_at = NULL")  # noqa: S608 - our own
        if not database.is_sqlite:  # of SQLite's tables everything is told from the start
            line.exec_driver_sql("ANALYZE")


def test_a_members_day_scans_no_table(database: Database) -> None:
    clock = SetClock(MORNING)
    with heard(database) as said:
        chat = Conversation(database, clock)
        chat.says("hello", by="Bilal")
        chat.says("hello")
        fill(database, ROWS)
        said.clear()
        for words in DAY:
            chat.says(words)
            clock.skip(timedelta(minutes=7))
            chat.rings()
        clock.skip(timedelta(days=4))
        chat.rings()
    found = scans(database, said)
    assert not found, "\n\n".join(found)
