"""A currency by its name or code, alone: in a cell of a table, in an answer."""

from __future__ import annotations

from functools import lru_cache

from babel.core import get_global

from language.sheet import lay_out


@lru_cache(maxsize=2048)
def currency_of(text: str) -> str | None:
    """``USD`` for "usd", "US dollar", "ڈالر"; None for anything else, or more."""
    said = text.strip()
    if said.upper() in get_global("all_currencies"):
        return said.upper()
    if not 0 < len(said) <= 40:
        return None
    sheet = lay_out(said)
    code = sheet.value(0, "currency") if sheet.tokens else None
    return code if code and sheet.size(0) == len(sheet.tokens) else None
