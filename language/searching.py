"""Whole messages that look for somebody by name, where nothing else was read in them: "find malik",
"m iqbal", "khan sahab ko dhoondo"; or that ask for all: "contacts". A rank is a surname there, and
a letter an initial."""

from __future__ import annotations

from language.action import Action
from language.naming import Words
from language.sheet import Sheet

_LONGEST = 5  # words of a name
_BESIDE = ("polite_end", "ko", "please", "honorific")
_NAMELIKE = {"given", "rank", "given:surname", "given:word", "honorific"}


def read_search(sheet: Sheet) -> Action | None:
    """Such a message; None for any other."""
    first, end = 0, len(sheet.tokens)
    if (
        end
        and "everybody" in sheet.shown
        and all(sheet.has(at, "everybody", "mine", "we") for at in range(end))
    ):
        return Action("contact.find")
    while end > first and (sheet.key(end - 1) in ".!?؟۔" or sheet.has(end - 1, "seek", *_BESIDE)):
        end -= 1
    while first < end and sheet.has(first, "seek", *_BESIDE):
        first += 1
    sought = any(sheet.has(at, "seek") for at in (*range(first), *range(end, len(sheet.tokens))))
    if not _is_name(sheet, first, end, sought=sought):
        return None
    said = sheet.said(first, end)
    place = (sheet.tokens[first].start, sheet.tokens[end - 1].end)
    return Action("contact.find", {"query": said}, spans={"query": (place,)})


def _is_name(sheet: Sheet, first: int, end: int, *, sought: bool) -> bool:
    """Whether these tokens are a name and no more; initials and a name, where nobody said that
    one is sought."""
    words = [at for at in range(first, end) if sheet.key(at) != "."]
    initials = [at for at in words if len(sheet.key(at)) == 1 and sheet.tokens[at].latin]
    whole = [at for at in words if at not in initials]
    if not whole or len(words) > _LONGEST or initials != words[: len(initials)]:
        return False
    if not sought and not (initials and all(sheet.has(at, *_NAMELIKE) for at in whole)):
        return False
    return all(_may_name(sheet, at) for at in whole)


def _may_name(sheet: Sheet, at: int) -> bool:
    words = Words(sheet, set())
    if not words.word(at):
        return False
    return sheet.has(at, "given", "rank") or not (words.plain(at) or words.usual(at))
