"""A country as it is written, as the two letters by which phones are read."""

from __future__ import annotations

from functools import cache

from language.folding import fold

_ALSO = {
    "usa": "US", "us": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US",
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "uae": "AE", "u.a.e.": "AE", "ksa": "SA", "korea": "KR", "russia": "RU", "holland": "NL",
}  # fmt: skip


@cache
def region_of(country: str) -> str | None:
    """``Pakistan``, ``PK`` and ``پاکستان`` are PK; None for what is no country."""
    said = fold(country)
    return _ALSO.get(said) or _countries().get(said)


@cache
def _countries() -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for language in ("ur", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found[fold(name)] = found[code.lower()] = code
    return found
