"""Why a file is not read, as a code; the words for it stand with whoever tells somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "empty",
    "unknown_format",
    "broken",
    "too_big",
    "too_many_rows",
    "hollow",
    "line_too_long",
    "too_many_columns",
    "squeezed_too_much",
    "too_slow",
    "too_much_memory",
    "failed",
    "nobody",
    "picture_kind",
    "moving_picture",
    "too_many_pixels",
    "no_code",
    "no_card",
]
"""``broken``: it is not what its first bytes promise; ``squeezed_too_much``: a zip bomb, or near
enough to one; ``hollow``: millions of lines with nothing in them; ``nobody``: a code or link that
tells of no person; ``failed``: the reader's own fault; ``picture_kind``: a kind of picture that
is not read; ``no_code``, ``no_card``: a photo in which no code was found, or no business card."""


class Refused(Exception):
    """A file that is not read further, with what there is to say about it."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """``size`` and ``unzipped`` in bytes, ``memory`` too; ``ratio`` is what a part of a zip may
    grow to, for a byte; ``seconds`` of the processor."""

    size: int
    rows: int
    seconds: int = 20
    memory: int = 250_000_000
    unzipped: int = 120_000_000
    ratio: int = 100
    line: int = 1_000_000
    columns: int = 1_000
    pixels: int = 25_000_000


CHAT = Limits(size=10_000_000, rows=50_000)
CARD = Limits(size=10_000_000, rows=1, seconds=30, memory=1_500_000_000)
"""What it takes to read print; only of a picture that was opened within ``PHOTO`` before."""

PHOTO = Limits(size=10_000_000, rows=50, seconds=2)
COMMAND = Limits(size=2_000_000_000, rows=5_000_000, seconds=3600, unzipped=500_000_000)
