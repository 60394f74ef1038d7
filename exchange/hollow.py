"""Large files that hold nearly nothing, or one line without an end, are known before reading."""

from __future__ import annotations

from typing import IO

from exchange.refusing import Limits, Refused

_CHUNK = 1 << 20
_LOOKED_AT = 1 << 16  # bytes of a chunk that are looked at closely
_BLANK = b" \t\r\n\0,;|\"'"
"""What tables are ruled with."""

_HOLLOW = 16
"""So many chunks that hold hardly anything are no address book, wherever they stand."""

_SHORTEST, _SPARSEST = 4, 64
"""Bytes that a line has on the average, and of which one at least says something."""

_A_RECORD = 20
"""Lines that a record may have, with its notes and its picture, on the average."""


def not_hollow(file: IO[bytes], limits: Limits, endless: int = 0) -> None:
    """Leaves the file at its start. Raises Refused. A second for a gigabyte, hardly more.

    ``endless``: so many chunks may be one line, such as a picture in a card."""
    lines = hollow = within = 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        ends = max(chunk.count(b"\n"), chunk.count(b"\r"))
        lines += ends
        within = 0 if ends else within + (len(chunk) == _CHUNK)
        if within > endless and within * _CHUNK > limits.line:
            raise Refused("line_too_long")
        some = chunk[-_LOOKED_AT:]
        hollow += ends * _SHORTEST > len(chunk) or (
            len(some.translate(None, _BLANK)) * _SPARSEST < len(some)
        )
        if hollow > _HOLLOW:
            raise Refused("hollow")
        if lines > limits.rows * _A_RECORD:
            raise Refused("too_many_rows")
    file.seek(0)
