"""What a column holds, by what stands in it, for headers that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from exchange.dates import read_day
from exchange.values import emails_in
from language.folding import ascii_digits, fold
from language.wordfiles import listed, words_files

_ENOUGH = 0.6  # share of the cells that are like that
_SAMPLE = 200
_PHONE = re.compile(r"[+(]?[\d\s().\-/]{7,24}(?:\s*(?:x|ext\.?)\s*\d+)?")
_DIALLED = re.compile(
    r"^(?:\+|00|0\d|\(0?\d{2,4}\)|92\d{10}$|3\d{9}$|[2-9]\d{2}[-. ]\d{3}[-. ]\d{4})"
)
_AMOUNT = re.compile(
    r"(?:(?:rs\.?|pkr|usd|eur|gbp|aed|sar|inr)\s*|[$€£₨₹]\s*)?-?\d[\d,.]*(?:\s*(?:/-|pkr|usd|rs|k|m))?",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?:\s+[^\W\d_][\w.'’\-]*){0,4}")


def guess(cells: Sequence[str]) -> tuple[str, float]:
    """The slot of a contact that such cells fill, and how surely (0 to 1); "" for none."""
    said = [cell.strip() for cell in cells if cell.strip()][:_SAMPLE]
    if not said:
        return "", 0.0
    best, share = "", 0.0
    for slot, fits in _TESTS.items():
        part = sum(map(fits, said)) / len(said)
        if part >= _ENOUGH and part > share:
            best, share = slot, part
    return (best, round(share * _SURE[best], 2)) if best else _people(said)


def _people(said: Sequence[str]) -> tuple[str, float]:
    """Names and firms are told by a few that are known; the rest need only look like them."""
    if sum(map(_is_namelike, said)) / len(said) < _ENOUGH:
        return "", 0.0
    firms = sum(map(_is_firm, said)) / len(said)
    known = sum(map(_is_given, said)) / len(said)
    if firms >= 0.3 and firms > known:
        return "company", round(min(0.9, 0.5 + firms / 2), 2)
    if known >= 0.3:
        return "name", round(min(0.9, 0.5 + known / 2), 2)
    return "", 0.0


def _is_email(said: str) -> bool:
    return bool(emails_in(said))


def _is_phone(said: str) -> bool:
    said = ascii_digits(said)
    return bool(_PHONE.fullmatch(said) and _DIALLED.match(said)) and read_day(said) is None


def _is_city(said: str) -> bool:
    return fold(said) in _cities()


def _is_date(said: str) -> bool:
    return read_day(said) is not None


def _is_amount(said: str) -> bool:
    return bool(_AMOUNT.fullmatch(ascii_digits(said)))


def _is_site(said: str) -> bool:
    return bool(_SITE.fullmatch(said))


def _is_namelike(said: str) -> bool:
    return len(said) <= 60 and bool(_NAME.match(said))


def _is_firm(said: str) -> bool:
    words = fold(said).replace(".", "").split()
    return bool(words) and (words[-1] in _firm_ends() or " ".join(words[-2:]) in _firm_ends())


def _is_given(said: str) -> bool:
    return any(word in _given() for word in fold(said).split()[:3])


@cache
def _cities() -> frozenset[str]:
    return _folded("city")


@cache
def _firm_ends() -> frozenset[str]:
    return _folded("org_end") | _folded("org_goods")


@cache
def _given() -> frozenset[str]:
    return frozenset(word for name in _folded("given") for word in name.split())


def _folded(heading: str) -> frozenset[str]:
    """What every words file lists under a heading, in all languages."""
    return frozenset(
        fold(word.rstrip("_~"))
        for table in words_files().values()
        for words in table.get(heading, {}).values()
        if isinstance(words, str)
        for word in listed(words)
    )


_TESTS: dict[str, Callable[[str], bool]] = {
    "email": _is_email, "phone": _is_phone, "website": _is_site, "city": _is_city,
    "date": _is_date, "amount": _is_amount,
}  # fmt: skip
_SURE = {"email": 0.95, "phone": 0.9, "website": 0.9, "city": 0.9, "date": 0.7, "amount": 0.6}
