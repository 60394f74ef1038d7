"""The short way to E.164: a number of one's own country, by the patterns of that country."""

from __future__ import annotations

import re
from functools import cache

from phonenumbers import PhoneMetadata

_BETWEEN = str.maketrans("", "", " -.()/\t\u00a0\u2010\u2011\u2012\u2013")


def at_home(said: str, region: str) -> str | None:
    """A real number of the region, written with its code or in the country's own way, which is
    what most of an address book holds and a tenth of the work; None for all that needs a closer
    look."""
    pattern = _pattern(region)
    found = pattern and pattern[0].fullmatch(said.translate(_BETWEEN))
    return f"+{pattern[1]}{found[1]}" if pattern and found else None


@cache
def _pattern(region: str) -> tuple[re.Pattern[str], int] | None:
    about = PhoneMetadata.metadata_for_region(region)
    if about is None or about.national_prefix != about.national_prefix_for_parsing:
        return None
    patterns = [kind.national_number_pattern for kind in (about.mobile, about.fixed_line) if kind]
    real, code = "|".join(filter(None, patterns)), about.country_code
    if not real or code is None:
        return None
    front = rf"(?:\+|00){code}" + (f"|{about.national_prefix}" if about.national_prefix else "")
    return re.compile(rf"(?:{front})?({real})"), code
