"""A file that somebody handed over, as far as it could be read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exchange.asked import Asked
from exchange.bounded import read_bytes
from exchange.columns import SURE
from exchange.refusing import Refused

MOST_DOUBTS = 8
"""Columns of one file about which somebody is asked; the others are what they look like."""


@dataclass(frozen=True, slots=True)
class Upload:
    """``records`` are those that ``exchange`` read, ``bad`` the lines that are none.

    ``refused`` is why it was read no further, as a code of ``exchange.refusing``; ``gone`` where
    the platform did not hand it out. ``is_card``: people are handed over, not a table or an export.
    ``holds``: of a photo, what the codes in it hold that tell of nobody.
    the platform did not hand it out. ``doubts`` are columns of which somebody is to say what they
    mean (``Column.told``), and ``data`` the file, to be read once more then.
    """

    name: str
    records: Sequence[Mapping[str, Any]] = ()
    refused: str = ""
    bad: int = 0
    doubts: Sequence[Mapping[str, Any]] = ()
    data: bytes = b""
    is_photo: bool = False
    is_card: bool = False
    holds: Sequence[Mapping[str, str]] = ()

    @property
    def tells_nothing(self) -> bool:
        """A photo of something else: nothing is wrong with it."""
        return self.refused in {"no_code", "no_card"}

    @property
    def person(self) -> Mapping[str, Any] | None:
        """The only one who is handed over."""
        return self.records[0] if self.is_card and len(self.records) == 1 else None

    def packed(self) -> bytes:
        """The records as they wait in the database."""
        lines = (json.dumps(record, ensure_ascii=False) for record in self.records)
        return zlib.compress("\n".join(lines).encode())


def read_upload(name: str, data: bytes, asked: Asked) -> Upload:
    """What is in a file, read in a process of its own."""
    records, doubts, holds, bad = list[Any](), dict[str, Any](), list[Any](), 0
    try:
        for told in read_bytes(data, name, asked):
            bad += "bad" in told
            if "type" in told:
                records.append(told)
            elif "holds" in told:
                holds.append(told["holds"])
            for column in told.get("plan", {}).get("columns", ()):
                if column["sure"] < SURE:
                    doubts.setdefault(column["header"], column)
    except Refused as refused:
        return Upload(name, refused=refused.reason)
    some = tuple(doubts.values())[:MOST_DOUBTS]
    return Upload(name, records, bad=bad, holds=holds, doubts=some, data=data if some else b"")


def unpacked(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in zlib.decompress(data).decode().split("\n") if line]
