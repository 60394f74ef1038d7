"""Rows of a table as records, each after the kind that the table holds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from exchange.asked import Asked
from exchange.cells import Cells, Layout
from exchange.columns import Plan, Row, plan
from exchange.people import Roles
from exchange.rates import rate_records, rate_table
from exchange.records import Place, Record
from exchange.refusing import Refused
from exchange.row_contact import contact
from exchange.row_other import other

_SAMPLE = 250
_BESIDE = {"deal": "title", "activity": "text"}
"""What may stand in the row of a contact as well, and the column without which there is none."""


FATAL = frozenset({"no_name", "amount", "no_text"})
"""Problems for which a record may be left out."""

_ABOUT = ("deal", "order", "contract", "activity", "ticket")
_WHOM = ("contact", "company", "contact_id", "company_id")

LINKS = ("id", "company_id", "contact_id", "owner_id")
"""Slots by which records of one export call each other. They stay fields, too."""


def records(
    rows: Iterator[Row], file: str, asked: Asked, sheet: str = ""
) -> Iterator[Plan | Record]:
    """First how the table is read, then its records. Blank rows count as none. Rates of exchange
    have tables of their own."""
    sample = list(islice(rows, _SAMPLE))
    rates = None if asked.people or asked.kind else rate_table(sample)
    if rates:
        yield from rate_records(rates, rows, sample, Place(file, 0, sheet), asked.limits.rows)
        return
    found = plan(sample, name=sheet or file, kind=asked.kind, chosen=asked.chosen)
    yield found
    reader = _People(found, sample, asked.region) if asked.people else _Reader(found, asked.region)
    number = 0
    for row in chain(sample[found.start :], rows):
        if not "".join(row).strip():
            continue
        number += 1
        if number > asked.limits.rows:
            raise Refused("too_many_rows")
        yield from reader.read(row, Place(file, number, sheet))


class _People:
    """Reads the rows of one table as people to be compared."""

    def __init__(self, found: Plan, sample: list[Row], region: str) -> None:
        self._roles = Roles(found, sample[found.start :], region)

    def read(self, row: Row, place: Place) -> Iterator[Record]:
        if not self._roles.tell_nobody:
            yield {**self._roles.person(row), "source": place.told()}


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, found: Plan, region: str) -> None:
        self.kind = found.kind
        self.region = region
        kinds = {column.slot.kind for column in found.columns if column.slot}
        self.heads = [column.header for column in found.columns]
        slots = {column.slot.name for column in found.columns if column.slot}
        self.links = [slot for slot in LINKS if slot in slots]
        beside = [kind for kind in _BESIDE if kind in kinds and found.kind == "contact"]
        self.mine = Layout(
            [each for each in found.columns if not each.slot or each.slot.kind not in beside],
            found.us_days,
        )
        self.beside = {
            kind: Layout(
                [each for each in found.columns if each.slot and each.slot.kind == kind],
                found.us_days,
            )
            for kind in beside
        }

    def read(self, row: Row, place: Place) -> Iterator[Record]:
        cells = Cells(row, self.mine)
        links = {slot: cells.peek(slot) for slot in self.links}
        if self.kind != "contact":
            yield self._with_row({**other(self.kind, cells, self.region, place), **links}, row)
            return
        person = {**contact(cells, self.region, place), **links}
        yield self._with_row(person, row)
        for kind, layout in self.beside.items():
            its = Cells(row, layout)
            if its.peek(_BESIDE[kind]):
                told = other(kind, its, self.region, place)
                yield {**told, "contact": person["name"], "company": person["company"]}

    def _with_row(self, record: Record, row: Row) -> Record:
        """As it stands in the file, where it may be left out: to be handed back in that shape."""
        whole = FATAL.isdisjoint(record["problems"])
        if whole and (record["type"] not in _ABOUT or any(record.get(key) for key in _WHOM)):
            return record
        return {**record, "row": {"heads": self.heads, "cells": list(row)}}
