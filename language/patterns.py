"""A sentence as its pattern: what the words files know stays, names and figures are blanked out.

So that it can be shown what was not understood, and not what somebody wrote of whom.
"""

from __future__ import annotations

from language.lexicon import knows, namelike
from language.sheet import Sheet, lay_out

BLANK = "…"
LONGEST = 160
FEWEST = 2
"""Known words without which a pattern says nothing."""


def pattern_of(text: str) -> str | None:
    """``where is my … invoice``; None for what has hardly a known word, or is a tale.

    A word stays only where the words files know it as something other than a name, in small
    letters; numbers, addresses, names and all unknown words are ``…``.
    """
    sheet = lay_out(text)
    if not 0 < len(sheet.tokens) <= 40:
        return None
    told = [_word(sheet, at) for at in range(len(sheet.tokens))]
    known = [each for each in told if each not in ("", BLANK)]
    if len(known) < FEWEST:
        return None
    found: list[str] = []
    for each in told:
        if each and not (each == BLANK and found and found[-1] == BLANK):
            found.append(each)
    return " ".join(found)[:LONGEST]


def _word(sheet: Sheet, at: int) -> str:
    """As it may be shown; nothing for a sign."""
    key = sheet.key(at)
    if not any(map(str.isalnum, key)):
        return ""
    senses = sheet.kinds(at)
    is_known = key.isalpha() and knows(key, sheet.written_in(at).looks)
    is_name = any(namelike(sense) for sense in senses)
    begins = sheet.tokens[at].text[:1].isupper() and at > 0
    return key if is_known and not is_name and not begins else BLANK
