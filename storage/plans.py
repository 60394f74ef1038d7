"""What each database knows of its tables, so that it plans well from the first row on.

Of a table that it knows nothing of SQLite believes that ten rows are one workspace's, and reads
all of them rather than sort a few. What stands in ``sqlite_stat1`` it believes instead: that is
written here, not measured, so that plans do not depend on when somebody measured. PostgreSQL
measures by itself as rows come, but not what was just brought back from a backup.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

ROWS = 1_000_000

TOLD = (
    "activity", "brought", "contact", "contact_point", "contact_tag", "contract", "custom_value",
    "deal_move", "former", "nudge", "rating",
)  # fmt: skip
"""Tables of which many rows are of one workspace, and a few of one record."""

ALIKE = {"tag": ROWS // 100}
"""How many rows have the same value; of others, a few."""

FEW = 10

WAITING = 100
"""Rows that an index of those alone has that wait for something."""


def tell(connection: Connection) -> None:
    """Write it down; whoever opens the file from now on knows it."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table, and measures nothing
    for table in TOLD:
        connection.execute(text("DELETE FROM sqlite_stat1 WHERE tbl = :table"), {"table": table})
        for index, unique, partial in connection.execute(
            text('SELECT name, "unique", partial FROM pragma_index_list(:table)'), {"table": table}
        ).all():
            stat = _stat(connection, index, unique, WAITING if partial else ROWS)
            said = {"table": table, "index": index, "stat": stat}
            connection.execute(
                text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :stat)"),
                said,
            )
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # and lets this connection read it


def measure(connection: Connection) -> None:
    """Let PostgreSQL look at tables that have rows and were never looked at."""
    if connection.dialect.name == "sqlite":
        return
    unknown = connection.execute(
        text("""SELECT quote_ident(relname) FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
            AND reltuples < 0 AND pg_relation_size(oid) > 0 AND pg_has_role(relowner, 'USAGE')""")
    )
    if names := sorted(unknown.scalars()):
        connection.exec_driver_sql(f"ANALYZE {', '.join(names)}")


def in_order(session: Session) -> None:
    """In this transaction PostgreSQL takes the first of many by an index that has their order: it
    would rather read and sort them all where it believes that they are few."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL enable_sort = off")


def _stat(connection: Connection, index: str, unique: bool, rows: int) -> str:
    """Rows of the index, then how many share the first column, the first two, ..."""
    columns = connection.execute(
        text("SELECT name FROM pragma_index_info(:index)"), {"index": index}
    ).scalars()
    shared: list[int] = []
    same = rows
    for column in columns:
        same = max(1, min(same, same * ALIKE.get(column, FEW) // ROWS if shared else rows))
        shared.append(same)
    if unique:
        shared[-1] = 1
    return " ".join(map(str, [rows, *shared]))
