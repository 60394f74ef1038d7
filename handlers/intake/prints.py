"""Prints of what came in: however often its file comes again, a record is taken in once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select

from handlers.intake.report import Report
from storage.asking import answered, listed, made_once, one_of
from storage.base import Base
from storage.brought import SourceRecord
from storage.bulk import Bulk

BESIDE = ("source", "phones_as_written", "phones_odd", "row")
"""What tells where a record stands in its file, and nothing of what it says."""

Record = Mapping[str, Any]


def fresh(
    bulk: Bulk, kind: str, records: Sequence[Record], report: Report
) -> Iterator[tuple[str, Record]]:
    """Those that never came before, with their prints; equal ones in these are as many."""
    seen: dict[str, int] = {}
    prints = [_print(kind, record, seen) for record in records]
    there = known_prints(bulk, prints)
    own = ours(bulk, kind, records)
    for key, record in zip(prints, records, strict=True):
        if key in there or (isinstance(record.get("id"), int) and record["id"] in own):
            report.counts[kind, "same"] += 1
        else:
            yield key, record


def known_prints(bulk: Bulk, keys: Sequence[str]) -> set[str]:
    session = bulk.session
    said = {"space": bulk.workspace_id, "keys": listed(keys)}
    return set(answered(session, _known(session.get_bind().dialect.name), said).scalars().all())


def keep_prints(bulk: Bulk, keys: Sequence[str]) -> None:
    """Remember that these came."""
    bulk.write(SourceRecord, [{"key": key, "turn_id": bulk.turn_id} for key in keys])


def ours(bulk: Bulk, kind: str, records: Sequence[Record]) -> set[Any]:
    """Ids of the workspace's own rows: its export comes back to where it was made."""
    numbers = [each["id"] for each in records if isinstance(each.get("id"), int)]
    if not numbers:
        return set()
    session = bulk.session
    said = {"space": bulk.workspace_id, "ids": listed(numbers)}
    question = _numbered(kind, session.get_bind().dialect.name)
    return set(answered(session, question, said).scalars().all())


def _print(kind: str, record: Record, seen: dict[str, int]) -> str:
    """What a record says, and the how manieth of those that say just this it is."""
    said = {key: each for key, each in record.items() if key not in BESIDE and each is not None}
    whole = json.dumps([kind, said], sort_keys=True, default=str)
    number = seen[whole] = seen.get(whole, 0) + 1
    return sha256(f"{number} {whole}".encode()).hexdigest()[:40]


@made_once
def _known(dialect: str) -> Select[Any]:
    table = Base.metadata.tables["source_record"]
    rows = select(table.c.key).where(table.c.workspace_id == bindparam("space"))
    return rows.where(one_of(table.c.key, "keys", dialect))


@made_once
def _numbered(kind: str, dialect: str) -> Select[Any]:
    table = Base.metadata.tables[kind]
    rows = select(table.c.id).where(table.c.workspace_id == bindparam("space"))
    return rows.where(one_of(table.c.id, "ids", dialect, BigInteger))
