"""A sum in a cell: figures with any marks between them, a currency before or behind, lakhs."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from language.folding import ascii_digits

_SIGNS = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "₨": "PKR", "rs": "PKR", "rs.": "PKR",
          "₹": "INR", "د.إ": "AED"}  # fmt: skip
_SUM = re.compile(
    r"([^\d\s-]{0,4}?)\s*([-(]?)\s*([^\d\s-]{0,4}?)\s*(\d[\d,.'’\s]*)\s*(.*)", re.DOTALL
)
_CODE = re.compile(r"[A-Z]{3}")
_DECIMAL_COMMA = re.compile(r"\d{1,3}(?:[.'’\s]\d{3})+,\d{1,2}|\d+,\d{1,2}")


def read_sum(said: str) -> tuple[Decimal, str | None] | None:
    """The sum and its currency if the cell says one; None where it says no sum."""
    said = ascii_digits(said).strip()
    found = _SUM.fullmatch(said)
    if found is None:
        return None
    figures = re.sub(r"[\s'’]", "", found[4]).rstrip(",.")
    if _DECIMAL_COMMA.fullmatch(found[4].strip()):
        figures = figures.replace(".", "").replace(",", ".")
    elif figures.count(".") > 1:
        figures = figures.replace(".", "")
    try:
        value = Decimal(figures.replace(",", ""))
    except InvalidOperation:
        return None
    before, behind = (found[1] or found[3]).strip(), found[5].strip().rstrip(")").strip()
    behind = behind.removesuffix("/-").strip()
    currency = _currency(before) or _currency(behind)
    if behind and not _currency(behind):
        return _in_words(said)
    return (-value if found[2] else value), currency


def _currency(said: str) -> str | None:
    if _CODE.fullmatch(said.upper()) and said.upper() != "LAC":
        return said.upper()
    return _SIGNS.get(said.lower())


def _in_words(said: str) -> tuple[Decimal, str | None] | None:
    """``5 lakh``, as it is said in a chat."""
    from language.values import read_amount

    found = read_amount(said[:60], "")
    return (Decimal(str(found[0])), found[1] or None) if found else None
