"""The keys by which a city, a phone number and an e-mail address are looked up, or a part of them.

A city goes by its sound, so that Lahore and لاہور are one; a number by its digits from behind, so
that its last ones are a beginning; an address by its domain first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rules.sounds import bones

LONGEST = 254

_ARABIC = str.maketrans("يىكهة", "ییکہہ")
_NO_LETTER = re.compile(r"[\W\d_]+")


@lru_cache(maxsize=5000)
def city_key(city: str | None) -> str | None:
    """How a city sounds, in one word: ``fslbd`` is Faisalabad, فیصل آباد and فیصلآباد."""
    plain = unicodedata.normalize("NFKC", city or "").casefold().translate(_ARABIC)
    word = _NO_LETTER.sub("", plain)
    return bones(word) or word or None


def reach_key(value: str | None) -> str | None:
    """``7654321003 29`` of a number, without the space; ``nishat.pk@sara`` of an address."""
    value = (value or "").strip().casefold()
    if "@" in value:
        name, _, domain = value.rpartition("@")
        return f"{domain}@{name}"[:LONGEST]
    if (digits := value.removeprefix("+")).isdecimal():
        return digits[::-1][:LONGEST]
    return "".join(char for char in reversed(value) if char.isdecimal())[:LONGEST] or None
