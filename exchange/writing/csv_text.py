"""A table as CSV that spreadsheets open by a tap: UTF-8 with its mark, formulas defused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from exchange.formulas import defused
from exchange.writing.tables import Cell, Table

BOM = b"\xef\xbb\xbf"
"""Without it Excel takes Urdu for Latin-1."""

_AT_ONCE = 200  # rows


def csv_of(table: Table) -> Iterator[bytes]:
    """The file in pieces, as they are ready."""
    yield BOM
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([defused(head) for head in table.heads])
    for number, row in enumerate(table.rows, 1):
        writer.writerow(_texts(row))
        if number % _AT_ONCE == 0:
            yield _taken(lines)
    yield _taken(lines)


def _texts(row: Iterable[Cell]) -> list[str]:
    return [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return defused(cell.replace("\0", ""))
        case Decimal():
            return f"{cell:f}"
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()


def _taken(lines: io.StringIO) -> bytes:
    data = lines.getvalue().encode("utf-8", "replace")
    lines.seek(0)
    lines.truncate()
    return data
