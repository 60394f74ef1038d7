"""Rows of a table as records, each after the kind that the table holds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from exchange.asked import Asked
from exchange.cells import Cells, Filled
from exchange.columns import Plan, Row, plan
from exchange.records import Place, Record
from exchange.refusing import Refused
from exchange.row_contact import contact
from exchange.row_other import other

_SAMPLE = 250
_BESIDE = {"deal": "title", "activity": "text"}
"""What may stand in the row of a contact as well, and the column without which there is none."""


def records(
    rows: Iterator[Row], file: str, asked: Asked, sheet: str = ""
) -> Iterator[Plan | Record]:
    """First how the table is read, then its records. Blank rows count as none."""
    sample = list(islice(rows, _SAMPLE))
    found = plan(sample, kind=asked.kind, chosen=asked.chosen)
    yield found
    number = 0
    for row in chain(sample[found.start :], rows):
        if not any(cell and not cell.isspace() for cell in row):
            continue
        number += 1
        if number > asked.limits.rows:
            raise Refused("too_many_rows")
        yield from _row(row, found, asked.region, Place(file, number, sheet))


def _row(row: Row, found: Plan, region: str, place: Place) -> Iterator[Record]:
    filled = [(each, row[each.at]) for each in found.columns if each.at < len(row)]
    filled = [(each, cell) for each, cell in filled if cell and not cell.isspace()]
    kinds = {each.slot.kind if each.slot else found.kind for each, _ in filled}
    beside = [kind for kind in _BESIDE if kind in kinds and kind != found.kind]
    mine = [
        (column, cell)
        for column, cell in filled
        if column.slot is None or column.slot.kind not in beside
    ]
    cells = Cells(mine, found.us_days)
    if found.kind != "contact":
        yield other(found.kind, cells, region, place)
        return
    person = contact(cells, region, place)
    yield person
    for kind in beside:
        its: Filled = [each for each in filled if each[0].slot and each[0].slot.kind == kind]
        if any(column.slot and column.slot.name == _BESIDE[kind] for column, _ in its):
            told = other(kind, Cells(its, found.us_days), region, place)
            told["contact"], told["company"] = person["name"], person["company"]
            yield told
