"""Rows of a text table, whatever stands between its cells."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Literal

from exchange.headers import recognised
from exchange.refusing import Limits, Refused

_BETWEEN = ",;\t|^~،؛"
_SAMPLE = 60  # lines
_HEAD_ROWS = 20
_QUOTE = '"'
_SWALLOWED, _MOST = 20, 0.8

Row = list[str]


def rows(lines: Iterable[str], limits: Limits) -> Iterator[Row]:
    """The rows of a text, blank ones too. What is between cells is tried on the first lines."""
    lines = iter(lines)
    head = list(islice(lines, _SAMPLE))
    said = head[0].strip() if head else ""
    if said[:4].lower() == "sep=" and len(said) == len("sep=;"):  # what Excel is told
        between, head = said[4], head[1:]
    else:
        between = delimiter(head)
    escape = "\\" if any('\\"' in line for line in head) else None
    csv.field_size_limit(limits.line)
    for row in _rows(chain(head, lines), between, escape):
        if len(row) > limits.columns:
            raise Refused("too_many_columns")
        yield row


def _rows(lines: Iterator[str], between: str, escape: str | None) -> Iterator[Row]:
    """Where a quote mark was opened that nobody closes, what it swallowed is read line by line."""
    held: list[str] = []
    source = _held(lines, held)
    width = 0
    while True:
        reader = csv.reader(source, delimiter=between, escapechar=escape, skipinitialspace=True)
        try:
            for row in reader:
                width = width or (len(row) if len(row) > 1 else 0)
                if len(held) > _SWALLOWED and _are_rows(held, between, width):
                    break
                yield row
                held.clear()
            else:
                return
        except csv.Error:
            pass
        for line in held:
            quoting: Literal[0, 3] = csv.QUOTE_NONE if line.count(_QUOTE) % 2 else csv.QUOTE_MINIMAL
            with suppress(csv.Error):
                for row in csv.reader([line], delimiter=between, quoting=quoting):
                    yield [cell.strip(_QUOTE) for cell in row]
        held.clear()


def _held(lines: Iterator[str], held: list[str]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        yield line


def _are_rows(held: Sequence[str], between: str, width: int) -> bool:
    """Do most of the lines look like rows, and not like a long note in one cell?"""
    alike = sum(line.count(between) == width - 1 for line in held)
    return width > 1 and alike > len(held) * _MOST


def delimiter(head: Sequence[str]) -> str:
    """What stands between cells: what cuts most rows into equally many, with headers we know."""
    scores = {between: _score(head, between) for between in _BETWEEN}
    best = max(_BETWEEN, key=lambda between: scores[between])
    return best if scores[best] > 0 else ","


def _score(head: Sequence[str], between: str) -> float:
    table = [row for row in _parsed(head, between) if any(cell.strip() for cell in row)]
    sizes = Counter(len(row) for row in table)
    size = max(sizes, key=lambda size: (sizes[size] * (size > 1), size)) if sizes else 1
    if size < 2:
        return 0
    known = max(recognised(row) for row in table[:_HEAD_ROWS])
    return 3 * known + (sizes[size] / len(table)) ** 2 * min(size, 12)


def _parsed(head: Sequence[str], between: str) -> list[Row]:
    found: list[Row] = []
    with suppress(csv.Error):
        found.extend(_rows(iter(head), between, None))
    return found
