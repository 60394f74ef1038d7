"""Records as a file in some format, in the words of its reader."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import IO, Any

from exchange.writing.csv_text import csv_of
from exchange.writing.lines import lines_of
from exchange.writing.tables import Label, Reader, Record, Say, Shape, table
from exchange.writing.vcard import vcards_of
from exchange.writing.xlsx import write_xlsx

MEDIA = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("csv", "text/csv"),
    "vcard": ("vcf", "text/vcard"),
    "jsonl": ("jsonl", "application/x-ndjson"),
}
"""How files of a format end, and what platforms call them."""

ON_CARDS = ("contact", "company")
"""Whom a vCard can hold."""

Words = Mapping[str, Mapping[str, Any]]


def label_in(words: Words, tongue: str) -> Label:
    """Heads of columns in a language, as the words files have them."""

    def label(name: str) -> str:
        key = next(each for each in (f"column_{name}", name, f"field_{name}") if each in words)
        return str(words[key][tongue])

    return label


def say_in(words: Words, tongue: str, stages: Mapping[str, str]) -> Say:
    """Values of the bot's own in a language; ``stages`` are the names of stages by key."""

    def say(column: str, value: str) -> str:
        if column == "stage":
            return stages.get(value, value)
        key = {"kind": f"kind_{value}", "status": f"status_{value}"}.get(column, "")
        return str(words[key][tongue]) if key in words else value

    return say


def write_tables(
    file: IO[bytes],
    kinds: Iterable[tuple[str, Iterator[Record]]],
    shape: Shape,
    reader: Reader,
    *,
    rtl: bool = False,
    made_at: datetime | None = None,
) -> None:
    """A workbook with a sheet for each kind."""
    tables = (table(kind, some, shape, reader) for kind, some in kinds)
    write_xlsx(file, tables, rtl=rtl, made_at=made_at)


def bytes_of(
    form: str,
    kinds: Mapping[str, Iterator[Record]],
    shape: Shape,
    reader: Reader,
    *,
    rtl: bool = False,
    made_at: datetime | None = None,
) -> bytes:
    """A whole file in memory. As CSV and vCard of the first kind only."""
    if form == "xlsx":
        file = io.BytesIO()
        write_tables(file, kinds.items(), shape, reader, rtl=rtl, made_at=made_at)
        return file.getvalue()
    if form == "jsonl":
        return b"".join(lines_of(chain.from_iterable(kinds.values())))
    kind, some = next(iter(kinds.items()))
    if form == "csv":
        return b"".join(csv_of(table(kind, some, shape, reader)))
    return b"".join(vcards_of(some))
