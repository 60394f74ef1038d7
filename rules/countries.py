"""Countries by their two letters: what they are called, and how their phone numbers begin."""

from __future__ import annotations

from functools import cache

_ALSO = {
    "usa": "US", "america": "US", "amrika": "US", "امریکہ": "US", "united states of america": "US",
    "u.s.a.": "US", "u.s.": "US", "uk": "GB", "u.k.": "GB", "great britain": "GB", "britain": "GB",
    "england": "GB", "bartania": "GB", "برطانیہ": "GB", "uae": "AE", "u.a.e.": "AE",
    "emirates": "AE", "یو اے ای": "AE", "امارات": "AE", "ksa": "SA", "saudi": "SA",
    "saudia": "SA", "saudi arab": "SA", "سعودیہ": "SA", "سعودی": "SA", "korea": "KR",
    "south korea": "KR", "russia": "RU", "holland": "NL", "turkey": "TR", "turkiye": "TR",
    "bharat": "IN", "hindustan": "IN", "cheen": "CN", "iran": "IR", "misr": "EG",
}  # fmt: skip


@cache
def called() -> dict[str, str]:
    """Every name of a country in small letters, with its two letters."""
    from babel import Locale  # slow to load, and seldom wanted

    found = dict(_ALSO)
    for language in ("ur", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(name.casefold(), code)
    return found


def names_of(code: str) -> list[str]:
    """All names of a country, in small letters, and its two letters."""
    return [code.casefold(), *(name for name, each in called().items() if each == code)]


def code_of(name: str) -> str | None:
    """``Pakistan``, ``PK``, ``پاکستان``: PK; None for what is no country."""
    said = name.strip().casefold()
    known = called()
    return known.get(said) or (said.upper() if said.upper() in known.values() else None)


def dialled(code: str) -> str | None:
    """``+92``; None where the numbers are those of a larger country (Canada's begin like those of
    the United States), so that they do not tell."""
    import phonenumbers

    number = phonenumbers.country_code_for_region(code)
    if not number or phonenumbers.region_code_for_country_code(number) != code:
        return None
    return f"+{number}"
