"""Words that tell what a line of a business card is: a title, a firm, an address, a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from language.folding import fold
from language.wordfiles import listed, under

LABELS = re.compile(
    r"\b(?:tel|telephone|ph|phone|mob|mobile|cell|office|off|direct|dir|whats ?app|contact|call|"
    r"uan|pabx|landline|hotline|e-?mail|mail|web|website|url|address|add)\b"
    r"\s*(?:no|number)?\s*[.:#]+|(?<![\w.])[tmpewafcdo]\s*:|"
    r"(?<![\w.])[tmpcdo]\.?\s*$|(?:^|(?<=\s))(?:فون|موبائل|ای میل|پتہ|ویب)\s*:?",
    re.IGNORECASE,
)
"""What stands before a number or address and is no part of it."""

FAX = re.compile(r"\bfax\b\s*(?:no)?\s*[.:]?|(?<![\w.])f\s*(?:[.:]|$)", re.IGNORECASE)
NO_PHONE = re.compile(
    r"\b(?:ntn|strn|cnic|gst|vat|reg|iban|a/c|account|licen[cs]e|p\.?o\.? ?box)\b", re.IGNORECASE
)
FREE_MAIL = {
    "gmail", "yahoo", "ymail", "hotmail", "outlook", "live", "msn", "icloud", "me", "aol", "proton",
    "protonmail", "gmx", "mail", "rediffmail", "zoho",
}  # fmt: skip

_STREET = """street st road rd avenue ave lane ln boulevard blvd block phase floor plot office suite
flat house building bldg plaza tower towers market bazaar sector scheme society colony town cantt
chowk mall highway drive dr square sq near opp opposite area estate industrial zone s.i.t.e site
room shop unit p.o box extension ext gulberg dha clifton saddar johar model bypass centre center
مکان گلی سڑک روڈ بلاک فیز منزل پلازہ مارکیٹ بازار"""
_COUNTRIES = """pakistan india uae emirates qatar oman kuwait bahrain ksa arabia uk kingdom usa
states canada australia germany turkey china bangladesh پاکستان"""
_TITLES = """dr mr mrs ms miss engr ch prof capt col maj syed adv barrister hafiz haji malik mian
rana chaudhry"""

STREET = frozenset(_STREET.split())
COUNTRIES = frozenset(_COUNTRIES.split())
COURTESY = frozenset(_TITLES.split())


@cache
def heads() -> frozenset[str]:
    """``manager``, ``head of``."""
    return _phrases("title_head", "title_whole")


@cache
def title_parts() -> frozenset[str]:
    return _phrases("title_part")


@cache
def firm_ends() -> frozenset[str]:
    """``mills``, ``pvt``."""
    return _phrases("org_end")


@cache
def cities() -> frozenset[str]:
    return _phrases("city")


@cache
def given() -> frozenset[str]:
    return _phrases("given")


def _phrases(*senses: str) -> frozenset[str]:
    said: set[str] = set()
    for sense in senses:
        for phrases in under(sense).values():
            if isinstance(phrases, str):
                said.update(fold(each.strip(" _.")) for each in listed(phrases))
    return frozenset(said - {""})


def words(text: str) -> list[str]:
    """The folded words of a line, without the points of abbreviations."""
    cut = re.split(r"[^\w&'’.-]+", fold(text))
    return [word for each in cut if (word := each.strip(".-'’"))]


def has(said: list[str], phrases: Iterable[str]) -> int:
    """How many words of a line are among them; of phrases, up to three words long."""
    known = phrases if isinstance(phrases, frozenset) else frozenset(phrases)
    return sum(
        1
        for at in range(len(said))
        if any(" ".join(said[at : at + size]) in known for size in (3, 2, 1))
    )
