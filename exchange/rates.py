"""Tables of rates of exchange, in the layouts in which banks and offices hand them out.

    date, currency, rate            one rate a line; base, units, buying and selling where given
    date, USD, EUR, AED             a column for each currency, or pair (USD/PKR)
    currency, 2026-10-01, 2026-10-02    a column for each day
    2026-10-01, USD, 281.5          the first without a head

A table is taken for one only where all its columns are such: an export of deals has a currency
and a rate, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from exchange.amounts import read_sum
from exchange.dates import month_first, read_day
from exchange.headers import key, recognised
from exchange.records import Place, Record
from exchange.refusing import Refused
from language.agreed.currencies import currency_of

Row = Sequence[str]

_HEADS = {
    "day": "date, day, rate date, on, as of, valid from, effective date, value date,"
           "تاریخ, دن, tareekh, din",
    "currency": "currency, ccy, currency code, code, from currency, pair, currency pair, symbol,"
                " iso, iso code, currencies, کرنسی",
    "from": "from",
    "base": "base, base currency, to, to currency, in, quote, quote currency, against",
    "rate": "rate, exchange rate, fx rate, mid, mid rate, average, close, closing rate, price,"
            " value, rate of exchange, interbank, ریٹ, شرح, شرح تبادلہ, bhao, nirkh",
    "buying": "buying, buy, bid, buying rate, tt buying, خرید, kharid",
    "selling": "selling, sell, ask, offer, selling rate, tt selling, فروخت, farokht",
    "units": "unit, units, per, nominal, quantity",
    "": "no, sr, sr no, s no, serial, name, currency name, country, flag, source, note, notes,"
        " remarks, type, id, نمبر, ملک",
}  # fmt: skip
_SLOTS = {key(name): slot for slot, names in _HEADS.items() for name in names.split(",")}
_PAIR = re.compile(r"([A-Za-z]{3}) ?[/\-_: ]? ?([A-Za-z]{3})")
_HEAD_ROWS = 15
_MOST = 200  # columns


@dataclass(frozen=True, slots=True)
class RateTable:
    """How such a table is read: rows after ``start``; ``slots`` by column; of a table with a
    column for each currency or day, ``across`` tells what each stands for."""

    start: int
    slots: dict[str, int]
    across: dict[int, str] = field(default_factory=dict)
    us: bool = False


def rate_table(sample: Sequence[Row]) -> RateTable | None:
    """How to read a table of rates; None for any other."""
    for at, row in enumerate(sample[:_HEAD_ROWS]):
        if sum(bool(cell.strip()) for cell in row) > 1:
            below = [each for each in sample[at + 1 :] if any(each)]
            return _headed(row, at, below) or _bare(sample, at)
    return None


def _headed(head: Row, at: int, below: Sequence[Row]) -> RateTable | None:
    if len(head) > _MOST or not below or any(map(_is_of_another, head)):
        return None
    slots: dict[str, int] = {}
    across: dict[int, str] = {}
    for place, cell in enumerate(head):
        slot = _SLOTS.get(key(cell)) if cell.strip() else ""
        if slot is None or (slot == "" and _pair(cell)):
            if not _pair(cell) and not read_day(cell):
                return None
            across[place] = cell
        elif slot and slot not in slots:
            slots[slot] = place
    if "from" in slots:  # a currency beside "to", else the day from which it counts
        slots.setdefault("currency" if "base" in slots else "day", slots["from"])
    us = month_first(_column(below, slots.get("day")))
    found = RateTable(at + 1, slots, across, us)
    return found if _is_whole(found, below) else None


def _is_of_another(header: str) -> bool:
    """Whether a table with it holds people or deals: told without a look at any currency's name."""
    return key(header) not in _SLOTS and recognised([header]) > 0


def _column(rows: Sequence[Row], at: int | None) -> list[str]:
    return [row[at] for row in rows if at is not None and at < len(row)]


def _is_whole(table: RateTable, below: Sequence[Row]) -> bool:
    """Whether it says of which currency its rates are, and its first rows bear that out."""
    slots = table.slots
    if table.across:
        by_day = [read_day(cell) is not None for cell in table.across.values()]
        if any(by_day) and not all(by_day):
            return False
        lead = "currency" if all(by_day) else "day"
        if lead not in slots or {"rate", "buying", "selling"} & slots.keys():
            return False
    elif "currency" not in slots or not {"rate", "buying", "selling"} & slots.keys():
        return False
    said = [cell for cell in _column(below, slots.get("currency")) if cell.strip()][:20]
    known = sum(_pair(cell) is not None for cell in said)
    return "currency" not in slots or known * 2 > len(said)


def _bare(sample: Sequence[Row], at: int) -> RateTable | None:
    """Two or three columns without a head: a day, a currency, a rate, in any order."""
    rows = [row for row in sample[at : at + 20] if any(cell.strip() for cell in row)]
    width = len(rows[0])
    if not 2 <= width <= 3 or any(len(row) != width for row in rows):
        return None
    slots: dict[str, int] = {}
    for place in range(width):
        cells = [row[place].strip() for row in rows]
        if all(_pair(cell) for cell in cells):
            slots["currency"] = place
        elif all(read_day(cell) for cell in cells):
            slots["day"] = place
        elif all(_number(cell) for cell in cells):
            slots["rate"] = place
    whole = len(slots) == width and {"currency", "rate"} <= slots.keys()
    return RateTable(at, slots, us=month_first(_column(rows, slots.get("day")))) if whole else None


def _pair(cell: str) -> tuple[str, str | None] | None:
    """ "USD", "US dollar" or "USD/PKR": the currency, and in which its worth is told."""
    said = cell.strip()
    if known := currency_of(said):
        return known, None
    found = _PAIR.fullmatch(said)
    if found and (one := currency_of(found[1])) and (other := currency_of(found[2])):
        return one, other
    return None


def _number(cell: str) -> Decimal | None:
    found = read_sum(cell) if cell.strip() else None
    return found[0] if found and found[0] > 0 else None


def rate_records(
    table: RateTable, rows: Iterator[Row], sample: Sequence[Row], place: Place, most: int
) -> Iterator[Record]:
    """The rates, one a record; what is none is told as having a ``problem``."""
    heads = list(sample[table.start - 1]) if table.start else []
    number = 0
    for row in chain(sample[table.start :], rows):
        if not "".join(row).strip():
            continue
        for told in _of_row(table, row):
            number += 1
            if number > most:
                raise Refused("too_many_rows")
            read = {"type": "rate", **told, "source": Place(place.file, number, place.sheet).told()}
            shape = {"row": {"heads": heads, "cells": list(row)}} if told["problems"] else {}
            yield {**read, **shape}


def _of_row(table: RateTable, row: Row) -> Iterator[Record]:
    def cell(slot: str) -> str:
        at = table.slots.get(slot)
        return row[at].strip() if at is not None and at < len(row) else ""

    day = cell("day")
    if not table.across:
        yield _record(day, cell("currency"), cell("base"), _rate(cell), cell("units"), us=table.us)
        return
    for at, head in table.across.items():
        rate = row[at].strip() if at < len(row) else ""
        if not rate or rate.strip("-–—. ").lower() in {"", "na", "n/a"}:
            continue  # a day without one, as on a holiday
        by_day = "day" not in table.slots
        on, currency = (head, cell("currency")) if by_day else (day, head)
        yield _record(on, currency, cell("base"), rate, cell("units"), us=table.us)


def _rate(cell: Callable[[str], str]) -> str:
    """The rate, or else the middle of buying and selling."""
    said = {name: cell(name) for name in ("rate", "buying", "selling")}
    if said["rate"]:
        return said["rate"]
    both = [value for name in ("buying", "selling") if (value := _number(said[name]))]
    return str(sum(both, Decimal(0)) / len(both)) if both else said["buying"] or said["selling"]


def _record(day: str, currency: str, base: str, rate: str, units: str, *, us: bool) -> Record:
    """A rate as ``rabta export`` has it, as far as it could be read."""
    pair, worth = _pair(currency), _number(rate)
    on = read_day(day, us=us) if day else None
    to = currency_of(base) if base else None
    many = _number(units) if units else None
    readable = pair and worth and (on or not day) and (to or not base) and (many or not units)
    return {
        "day": on.isoformat() if on else None,
        "currency": pair[0] if pair else currency or None,
        "base": to or (pair[1] if pair else None),
        "rate": f"{worth:f}" if worth else rate or None,
        "units": f"{many:f}" if many else None,
        "problems": [] if readable else ["rate"],
    }
