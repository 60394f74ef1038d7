"""A buyer an order begins with is a name, whatever its words mean elsewhere: "Soap Stop ordered 10
rolls", "Call Point ordered 6 handsets", "سوپ اسٹاپ نے ۱۰ رول منگوائے".
"""

from __future__ import annotations

from dataclasses import replace

from language.naming import Words
from language.numbers import read_number
from language.sheet import Mark, Sheet

LONGEST = 4
"""Words of such a name at most."""

_SENSES = frozenset({"org_whole", "org_here"})
_IS_NONE = (
    "add", "and", "amiss", "customer", "everybody", "find", "from", "given", "given_known", "ko",
    "log_word", "me", "mine", "ne", "not", "note", "order", "org_here", "org_known", "question",
    "remind", "remove", "them", "they", "undo", "we", "who_q", "with",
)  # fmt: skip
"""What no word of such a name means; a name that is listed or known is found without this."""


def buyer_first(sheet: Sheet) -> Sheet:
    """The sheet with such a name marked; the same sheet where an order begins with none."""
    i = _past_days(sheet, 0)
    j = _end(sheet, i)
    if j is None or not _is_name(sheet, i, j):
        return sheet
    marks = {at: mark for at, mark in sheet.marks.items() if mark.j <= i or mark.i >= j}
    return replace(sheet, marks={**marks, i: Mark(i, j, _SENSES)})


def _past_days(sheet: Sheet, at: int) -> int:
    while any(sense.startswith("day_word") for sense in sheet.senses(at)):
        at += sheet.size(at)
    return at


def _past_doing(sheet: Sheet, at: int) -> int:
    while sheet.has(at, "ordered", "ne"):
        at += 1
    return at


def _end(sheet: Sheet, i: int) -> int | None:
    """Where the name ends: before "ordered" or "ne", behind which a count stands."""
    for j in range(i + 1, min(i + 1 + LONGEST, len(sheet.tokens))):
        if sheet.tokens[j].kind != "word":
            return None
        if sheet.has(j, "ordered", "ne"):
            return j if read_number(sheet, _past_days(sheet, _past_doing(sheet, j))) else None
    return None


def _is_name(sheet: Sheet, i: int, j: int) -> bool:
    """Whether two words or more are a name that would be read as something else: written large,
    marked by "ne" as who did it, or begun by a word that is no command."""
    words, run = Words(sheet, set()), range(i, j)
    if len(run) < 2 or any(sheet.has(at, *_IS_NONE) for at in run):
        return False
    if sheet.has(j, "ne") or all(words.capital(at) for at in run):
        return any(words.plain(at) for at in run)
    return not words.plain(i) and any(words.plain(at) for at in run[1:])
