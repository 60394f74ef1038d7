"""Records that were left out, as tables in the shape in which they came: to mend and send again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from exchange.writing.tables import Table

_HEADS = {"phones_as_written": "phone", "emails": "email", "lead_source": "source",
          "close": "close date", "contact": "contact name"}  # fmt: skip
_UNSAID = {"type", "source", "problems", "phones", "phones_odd", "row", "fields", "lines", "moves"}
_BETWEEN = "; "

Reasoned = tuple[str, Mapping[str, Any]]
"""Why a record was left out, in words, and the record."""


def tables_of(left_out: Iterable[Reasoned], reason: str) -> list[tuple[str, Table]]:
    """A table for each file or sheet, with its name; ``reason`` is the head of the last column."""
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[str, ...]]] = {}
    loose: dict[str, list[Reasoned]] = {}
    for why, record in left_out:
        place = record.get("source")
        told: Mapping[str, Any] = place if isinstance(place, dict) else {}
        name = " ".join(str(told[key]) for key in ("file", "sheet") if told.get(key))
        row = record.get("row")
        if isinstance(row, dict):
            heads = tuple(row["heads"])
            cells = [*row["cells"], *[""] * len(heads)][: len(heads)]
            groups.setdefault((name, heads), []).append((*cells, why))
        else:
            loose.setdefault(name, []).append((why, record))
    for name, some in loose.items():
        plain = [(why, _plain(record)) for why, record in some]
        heads = tuple(dict.fromkeys(head for _, record in plain for head in record))
        groups[name, heads] = [
            (*(record.get(head, "") for head in heads), why) for why, record in plain
        ]
    return [
        (name, Table(name, (*heads, reason), iter(rows))) for (name, heads), rows in groups.items()
    ]


def _plain(record: Mapping[str, Any]) -> dict[str, str]:
    """What a record says, under heads that are read back."""
    fields = record.get("fields")
    said = {key: value for key, value in record.items() if key not in _UNSAID}
    said |= fields if isinstance(fields, dict) else {}
    return {_HEADS.get(key, key): _text(value) for key, value in said.items() if value}


def _text(value: Any) -> str:
    return _BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value)
