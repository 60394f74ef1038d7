"""Records as JSON Lines: everything as it is, to be read back by a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from exchange.writing.tables import Record


def lines_of(records: Iterable[Record]) -> Iterator[bytes]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
