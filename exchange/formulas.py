"""Cells that a spreadsheet would take for formulas, made harmless, and back again without loss."""

from __future__ import annotations

import re

_ACTS = re.compile(r"'*[\s\ufeff\u200b-\u200f\u2060\u2066-\u2069]*[=+\-@\t\r\n＝＋－＠]")
"""How what may be a formula begins. Blanks and unseen signs before it do not hide it."""

_NUMBER = re.compile(r"\+\d{4,15}|-?\d+(\.\d+)?")
"""A phone number as it is stored, or a plain number: either is only itself when calculated."""


def defused(text: str) -> str:
    """Led by an apostrophe where a spreadsheet might calculate it (OWASP, CSV injection).

    What already begins with apostrophes gets one more, so that ``as_written`` knows them apart.
    """
    harmless = not _ACTS.match(text) or _NUMBER.fullmatch(text)
    return text if harmless else f"'{text}"


def as_written(cell: str) -> str:
    """What a cell was before ``defused``."""
    return cell[1:] if cell.startswith("'") and _ACTS.match(cell) else cell
