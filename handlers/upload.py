"""A file that somebody handed over, as far as it could be read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Upload:
    """``records`` are those that ``exchange`` read, ``bad`` the lines that are none.

    ``refused`` is why it was read no further, as a code of ``exchange.refusing``; ``gone`` where
    the platform did not hand it out. ``is_card``: people are handed over, not a table or an export.
    ``holds``: of a photo, what the codes in it hold that tell of nobody.
    """

    name: str
    records: Sequence[Mapping[str, Any]] = ()
    refused: str = ""
    bad: int = 0
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


def unpacked(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in zlib.decompress(data).decode().split("\n") if line]
