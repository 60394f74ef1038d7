"""Job titles: "Head of Procurement", "GM Supply Chain", "laundry in-charge"."""

from __future__ import annotations

from collections.abc import Iterator

from language.naming import Words
from language.sheet import Sheet


def find_titles(sheet: Sheet, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Where job titles stand: a head word with the words of its field before or after it."""
    at = 0
    while at < len(sheet.tokens):
        if at in taken or at not in sheet.marks or not sheet.has(at, "title_head", "title_whole"):
            at += 1
            continue
        i, j = at, at + sheet.size(at)
        while i - 1 not in taken and sheet.has(i - 1, "title_part") and i - 1 >= 0:
            i -= 1
        if i == at and _of_a_field(sheet, i - 1) and i - 1 not in taken:
            i -= 1
        while j not in taken and sheet.has(j, "title_head") and sheet.tokens[j].kind == "word":
            j += sheet.size(j)
        if sheet.has(j - 1, "title_head") and sheet.has(j, "place_of"):  # "head office"
            at = j
            continue
        named = sheet.has(j - 1, "title_head") and sheet.has(j + 1, "title_part")
        if named and sheet.has(j, "of"):
            j += 1 + sheet.size(j + 1)
        j = _further(sheet, taken, i, j)
        of_what = any(sheet.has(k, "of", "title_head_of") for k in range(i, j))
        while of_what and sheet.has(j, "title_part"):
            j += sheet.size(j)
        yield i, j
        at = j


def _further(sheet: Sheet, taken: set[int], i: int, j: int) -> int:
    """The place after the capital everyday words that a title goes on with on its line: "GM
    Supply Chain", "Head of Radiology"."""
    words = Words(sheet, taken)
    if not words.capital(j - 1) or not words.capital(i):
        return j
    at = j + sheet.has(j, "of")
    while words.word(at) and words.capital(at) and words.same_line(at) and not words.given(at):
        if words.command(at) or not (words.usual(at) or sheet.has(at, "title_part")):
            break
        at += 1
    return at if at > j + 1 or not sheet.has(j, "of") else j


def _of_a_field(sheet: Sheet, at: int) -> bool:
    """A small everyday word before a title: "laundry in-charge"."""
    if at < 0 or sheet.tokens[at].kind != "word" or sheet.tokens[at].capital:
        return False
    if not sheet.verb_first or sheet.has(at + 1, "customer") or not sheet.senses(at):
        return False
    return sheet.senses(at) <= {"common", "goods", "place_of", "title_part"}
