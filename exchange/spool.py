"""Records of several files, sorted by kind: what others lean on comes first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any, Self

from exchange.bounded import Answer
from exchange.spoken import told_by

FIRST = (
    "pipeline",
    "rate",
    "week",
    "stage",
    "field",
    "label",
    "member",
    "company",
    "contact",
    "product",
    "deal",
    "order",
    "contract",
    "activity",
    "task",
    "ticket",
    "rating",
    "referral",
    "goal",
    "score_rule",
    "lead_rule",
    "segment",
    "template",
    "campaign",
    "sequence",
    "sequence_run",
    "message",
    "feedback",
)
"""The order in which kinds are taken in."""

_WRITTEN = 1 << 18
"""Bytes that go to the disk together."""


def in_order(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Records that are at hand, in the order in which ``Spool`` gives them."""
    there = list(records)
    kinds = dict.fromkeys((*FIRST, *(str(each["type"]) for each in there)))
    places = {kind: at for at, kind in enumerate(kinds)}
    return sorted(there, key=lambda each: places[str(each["type"])])


class Spool:
    """Keeps records on the disk until they are taken in, so that they may be many."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._kinds: dict[str, IO[bytes]] = {}
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def put(self, record: Answer) -> None:
        kind = record.kind
        if kind not in self._kinds:
            file = tempfile.TemporaryFile(buffering=_WRITTEN)  # noqa: SIM115
            self._kinds[kind] = self._open.enter_context(file)
        self._kinds[kind].write(record.line)
        self.count += 1

    def records(self) -> Iterator[dict[str, Any]]:
        """All of them, companies before contacts, and those before their deals."""
        known = [kind for kind in FIRST if kind in self._kinds]
        for kind in (*known, *(kind for kind in self._kinds if kind not in FIRST)):
            file = self._kinds[kind]
            file.seek(0)
            yield from map(told_by, file)
