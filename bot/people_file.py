"""Reads a file of people (CSV, whatever its delimiter and column names) for comparing them."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from language.folding import fold
from rules.duplicates.people import LONGEST_TEXT, MOST, Person, day

LONGEST_CELL = 1_000_000
_SAMPLE = 8_192


class Unreadable(Exception):
    """Says why a file holds nobody to be compared."""


def people_in(path: Path) -> Iterator[Person]:
    """One person a row. Raises Unreadable, and OSError as the file system does."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        sample = file.read(_SAMPLE)
        file.seek(0)
        rows = csv.reader(file, delimiter=_delimiter(sample))
        try:
            header = next(rows, [])
            columns = fields_of(header)
            if not any(field and field not in ("id", "trait") for field in columns):
                raise Unreadable(f"{path.name} has no column that tells who somebody is.")
            for number, row in enumerate(rows, 1):
                if any(row):
                    yield _person(row, columns, header, number)
        except csv.Error as error:
            raise Unreadable(f"{path.name}, line {rows.line_num}: {error}.") from None


def _delimiter(sample: str) -> str:
    """What the first line has most of."""
    return max(",;\t|", key=sample.partition("\n")[0].count)


def fields_of(header: Sequence[str]) -> list[str]:
    """What each column holds, by its name; empty where that is not known."""
    table = tomllib.loads(files("bot").joinpath("people_columns.toml").read_text("utf-8"))
    called = {name: field for field, names in table.items() for name in names}
    plain = [" ".join(re.findall(r"[^\W_]+", fold(name))) for name in header]
    bare = [" ".join(re.sub(r"\b\d+\b", " ", name).split()) for name in plain]
    return [
        called.get(name) or called.get(less, "") for name, less in zip(plain, bare, strict=True)
    ]


def _person(row: Sequence[str], columns: Sequence[str], header: Sequence[str], line: int) -> Person:
    said: dict[str, list[str]] = {}
    traits = []
    id_ = ""
    for name, field, cell in zip(header, columns, row, strict=False):
        if field == "id":
            id_ = id_ or cell
        elif field and (text := fold(cell[:LONGEST_TEXT])):
            said.setdefault(field, []).append(text)
            if field == "trait":
                traits.append((fold(name), text))

    def of(field: str) -> list[str]:
        return said.get(field, [])[:MOST]

    return Person(
        id=id_ or str(line),
        name=" ".join(of("given") + of("family") + of("name")),
        phones=tuple(of("phone")),
        emails=tuple(of("email")),
        ids=tuple(of("ids")),
        company=" ".join(of("company")[:1]),
        city=" ".join(of("city")[:1]),
        postcode=" ".join(of("postcode")[:1]),
        address=" ".join(of("address")),
        born=next(filter(None, map(day, of("born"))), None),
        traits=tuple(traits),
    )
