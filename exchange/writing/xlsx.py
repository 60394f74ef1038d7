"""Tables as an Excel workbook, a sheet each: real dates and numbers, and no formula at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter

from exchange.formulas import defused
from exchange.writing.tables import Cell, Table

LONGEST = 32_767
"""Letters that Excel lets a cell have; what is longer is cut there."""

ROWS = 1_048_576
"""Rows that it lets a sheet have. What is more stands on a further sheet."""

_DIGITS = 15  # of a number that Excel keeps
_FIRST_YEAR = 1900
_WIDE, _NARROW = 24, 14
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_xlsx(
    file: IO[bytes], tables: Iterable[Table], *, rtl: bool = False, made_at: datetime | None = None
) -> None:
    """Write a workbook; rows are kept in files on the way, not in memory.

    ``rtl``: sheets run from right to left. Raises ValueError where there is no table.
    """
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    if made_at:
        book.set_properties({"created": made_at.replace(tzinfo=None, microsecond=0)})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "text": book.add_format({"num_format": "@"}),
        "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "number": book.add_format({"num_format": "#,##0.##"}),
        "whole": book.add_format({"num_format": "#,##0"}),
    }
    names: set[str] = set()
    for table in tables:
        for sheet, rows in _sheets(book, table, names, styles, rtl=rtl):
            for number, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    _put(sheet, number, column, cell, styles)
    if not names:
        raise ValueError("a workbook needs a table")
    book.close()


def _sheets(
    book: Any, table: Table, names: set[str], styles: dict[str, Any], *, rtl: bool
) -> Iterator[tuple[Any, Iterator[tuple[Cell, ...]]]]:
    """A sheet with its rows, and further ones where one does not hold all."""
    rows: Iterator[tuple[Cell, ...]] = iter(table.rows)
    while True:
        sheet = book.add_worksheet(_name(table.name, names))
        if rtl:
            sheet.right_to_left()
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(table.heads):
            sheet.set_column(column, column, _NARROW if column else _WIDE)
            sheet.write_string(0, column, _clean(head), styles["head"])
        yield sheet, islice(rows, ROWS - 1)
        more = next(rows, None)
        if more is None:
            return
        rows = chain([more], rows)


def _name(said: str, taken: set[str]) -> str:
    """A name that Excel lets a sheet have, and no other has."""
    plain = _NOT_IN_NAMES.sub(" ", _clean(said)).strip()[: _LONGEST_NAME - 4] or "Rabta"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}"
    taken.add(name.casefold())
    return name


def _put(sheet: Any, row: int, column: int, cell: Cell, styles: dict[str, Any]) -> None:
    match cell:
        case None:
            return
        case Decimal() if len(cell.as_tuple().digits) <= _DIGITS:
            style = "whole" if cell == cell.to_integral_value() else "number"
            sheet.write_number(row, column, float(cell), styles[style])
        case datetime() if cell.year >= _FIRST_YEAR:
            sheet.write_datetime(row, column, cell, styles["moment"])
        case date() if not isinstance(cell, datetime) and cell.year >= _FIRST_YEAR:
            sheet.write_datetime(row, column, cell, styles["day"])
        case _:
            text = _clean(f"{cell:f}" if isinstance(cell, Decimal) else str(cell))[:LONGEST]
            style = "text" if defused(text) == text else "quoted"
            sheet.write_string(row, column, text, styles[style])


def _clean(text: str) -> str:
    """Without signs that no XML may hold."""
    return _UNSEEN.sub("", text)
