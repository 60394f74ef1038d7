"""What SQLite is told of its tables, so that it plans well from the first row on.

Of a table that it knows nothing of it believes that ten rows are one workspace's, and reads all of
them rather than sort a few. What stands in ``sqlite_stat1`` it believes instead: that is written
here, not measured, so that plans do not depend on when somebody measured.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

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
