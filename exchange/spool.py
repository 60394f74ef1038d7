"""Records of several files, sorted by kind: what others lean on comes first."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any, Self

FIRST = (
    "stage",
    "field",
    "member",
    "company",
    "contact",
    "product",
    "deal",
    "order",
    "activity",
    "task",
)


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

    def put(self, record: Mapping[str, Any]) -> None:
        kind = str(record["type"])
        if kind not in self._kinds:
            file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with all others
            self._kinds[kind] = self._open.enter_context(file)
        self._kinds[kind].write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        self.count += 1

    def records(self) -> Iterator[dict[str, Any]]:
        """All of them, companies before contacts, and those before their deals."""
        known = [kind for kind in FIRST if kind in self._kinds]
        for kind in (*known, *(kind for kind in self._kinds if kind not in FIRST)):
            file = self._kinds[kind]
            file.seek(0)
            yield from (json.loads(line) for line in file)
