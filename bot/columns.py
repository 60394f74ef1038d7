"""Columns of fixed-width text, as wide as they are seen."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """Columns that a text takes in fixed width."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    marks = sum(unicodedata.category(letter) in ("Mn", "Me", "Cf") for letter in text)
    return len(text) + wide - marks


def padded(text: str, room: int, *, flush: bool) -> str:
    """Filled up to ``room`` columns: in front where a column is set flush to its end."""
    blanks = " " * (room - width(text))
    return blanks + text if flush else text + blanks
