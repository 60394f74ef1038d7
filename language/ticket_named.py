"""Where a message names a ticket, and which: by its number, its customer, or as this one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from language.dealing import is_who
from language.folding import fold
from language.numbers import read_number
from language.phrasebook import Meanings, Phrasebook
from language.sheet import Sheet
from language.templates import Place
from language.wordfiles import listed, under

Values = dict[str, Any]

NUMBERED = re.compile(r"#\d{1,9}")
_MOST = 10**9
_LONGEST_NAME = 5
_NUMBER_WORDS = frozenset({"no", "no.", "number", "nr", "num", "nambar", "نمبر", "#", "id", "."})
_TIES = {"before": frozenset({"'s", "ka", "ki", "ke", "k", "کا", "کی", "کے"}),
         "behind": frozenset({"of", "from", "by", "for"})}  # fmt: skip


def _pointed() -> Meanings:
    yield from under("ticketing")["point"].items()


_POINTS = Phrasebook(_pointed)


def tickets_named(sheet: Sheet) -> dict[Place, Values]:
    """Where a ticket is named, and which: the one spoken of, one of a number or of a customer."""
    found: dict[Place, Values] = {(i, j): {"this": True} for i, j, _ in _POINTS.marks(sheet.forms)}
    _numbers(sheet, found)
    _by_customer(sheet, found)
    return found


@lru_cache(maxsize=1)
def ticket_words() -> frozenset[str]:
    said = under("macros")["t_ticket"].values()
    return frozenset(fold(each) for words in said for each in listed(words))


def _numbers(sheet: Sheet, found: dict[Place, Values]) -> None:
    """``#12``, ``ticket 12``, ``ticket no. 12``."""
    for at, token in enumerate(sheet.tokens):
        number = 0
        if token.kind == "tag" and NUMBERED.fullmatch(token.key):
            number = int(token.key[1:])
        elif token.kind == "number" and token.key.isdecimal() and len(token.key) < 10:
            number = int(token.key)
        if not 0 < number < _MOST:
            continue
        i = at
        while i and at - i < 3 and sheet.key(i - 1) in _NUMBER_WORDS:
            i -= 1
        if token.kind == "tag":
            found[at, at + 1] = {"number": number}
        if i and sheet.key(i - 1) in ticket_words():
            found[i - 1, at + 1] = {"number": number}
            if i > 1 and sheet.key(i - 2) in ("the", "support"):
                found[i - 2, at + 1] = {"number": number}
        after = at + 1
        if after < len(sheet.tokens) and sheet.key(after) in _NUMBER_WORDS:
            after += 1
        named = after < len(sheet.tokens) and sheet.key(after) in ticket_words()
        if named and (after > at + 1 or token.kind == "tag"):
            found[at, after + 1] = {"number": number}


def _by_customer(sheet: Sheet, found: dict[Place, Values]) -> None:
    """``Bilal's ticket``, ``Bilal ka masla``, ``the ticket of Nishat Mills``; but "ticket for
    Bilal" and "complaint from Bilal" are new ones."""
    length = len(sheet.tokens)
    for at in range(length):
        if sheet.key(at) not in ticket_words():
            continue
        end = _named_until(sheet, at)
        for i in range(max(0, end - _LONGEST_NAME), end):
            if is_name(sheet, i, end):
                found[i, at + 1] = {"contact": text_at(sheet, (i, end))}
        behind = sheet.key(at + 1) if at + 1 < length else ""
        if behind not in _TIES["behind"] or (at == 0 and behind != "of"):
            continue
        begin = at - 1 if at and sheet.key(at - 1) == "the" else at
        for j in range(at + 3, min(at + 3 + _LONGEST_NAME, length + 1)):
            if is_name(sheet, at + 2, j):
                found[begin, j] = {"contact": text_at(sheet, (at + 2, j))}


_WALA = frozenset({"wala", "wali", "والا", "والی"})


def _named_until(sheet: Sheet, at: int) -> int:
    """Where the name before a ticket ends: before "'s", "ka" or "wala"; 0 where there is none."""
    tie = at - 1
    if tie > 0 and sheet.key(tie) in (*_WALA, "open") and sheet.key(tie - 1) in _TIES["before"]:
        tie -= 1
    return tie if tie > 0 and sheet.key(tie) in _TIES["before"] | _WALA else 0


# --- names ----------------------------------------------------------------------------------------


def is_name(sheet: Sheet, i: int, j: int) -> bool:
    """A name, and no word by which something is done with a ticket."""
    if j - i > _LONGEST_NAME or any(read_number(sheet, at) for at in range(i, j)):
        return False
    keys = [sheet.key(at) for at in range(i, j)]
    if not ticket_words().isdisjoint(keys) or not _acts().isdisjoint(keys):
        return False
    return is_who(sheet, i, j) or all(sheet.has(at, "given") for at in range(i, j))


@lru_cache(maxsize=1)
def _acts() -> frozenset[str]:
    return frozenset().union(*map(words_of, ("t_reopen", "t_close", "t_note", "t_wait"))) - LITTLE


@lru_cache(maxsize=8)
def words_of(macro: str) -> frozenset[str]:
    said = under("macros")[macro].values()
    return frozenset(
        word for words in said for each in listed(words) for word in fold(each).split()
    )


def text_at(sheet: Sheet, place: Place) -> str:
    return sheet.said(*place).strip("\"'“”‘’() ")


LITTLE = frozenset({
    "to", "us", "the", "a", "is", "was", "of", "in", "ka", "ki", "ke", "se", "ko", "ne", "hai",
    "tha", "time", "first", "کا", "کی", "کے", "سے", "ہے", "نے", "by", "from", "we", "our", "came",
    "aaya", "diya", "dia", "kar", "دیا", "کر", "are", "who", "hain", "ہیں", "گئے", "k", "par", "پر",
    "میں", "mein",
})  # fmt: skip
