"""A team's own stages and fields, where a message speaks of them.

An own name may be any words at all ("Trial", "Sample bheja"), so it is taken for a stage only
where a deal is put somewhere, or where stages or deals are spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from language.folding import fold
from language.lexicon import lexicon
from language.own_names import Span, find_names
from language.sheet import Sheet
from language.tongues import tongues
from language.wordfiles import listed, under

_FIGURES = 3  # of a value among other words; fewer may be an hour or a count
_RUN = 12  # tokens of such a value
_PUT = ("move", "put", "add", "deal", "deals", "stage_word")
_IN = ("mein", "par", "stage_word")
_OF = ("wala", "ka")


def own_stages(stages: Mapping[str, str]) -> dict[str, str]:
    """Those whose name is not the usual one, which the words files know in all languages."""
    return {key: name for key, name in stages.items() if not (name == key and _is_usual(key))}


def _is_usual(key: str) -> bool:
    return any(
        f"stage:{key}" in lexicon(tongue).table.senses.get((key,), ()) for tongue in tongues()
    )


def stages_said(sheet: Sheet, stages: Mapping[str, str]) -> Iterator[Span]:
    """Own stages that a deal is put into, or that are spoken of as stages."""
    own = own_stages(stages)
    if not own or not any(not m.senses.isdisjoint(_PUT) for m in sheet.marks.values()):
        return
    for span in find_names(sheet, own):
        if _placed(sheet, span.i, span.j):
            yield span


def _placed(sheet: Sheet, i: int, j: int) -> bool:
    before = i - 1
    while before >= 0 and (sheet.has(before, "the") or sheet.tokens[before].kind == "mark"):
        before -= 1
    mark = sheet.covered[before] if before >= 0 else None
    moved_to = mark is not None and mark.j - mark.i > 1 and "move" in mark.senses
    led = sheet.key(before) in _words_of("into") or sheet.has(before, "stage_word")
    if moved_to or led or sheet.has(j, *_IN):
        return True
    after = j + 1 if sheet.has(j, *_OF) else j
    return sheet.has(after, "deals", "deal")


def values_said(sheet: Sheet, fields: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
    """Fields with figures right behind them ("NTN 1234567-8", "NTN is KHI-2291"), and the value."""
    for span in find_names(sheet, fields):
        at = span.j
        while at < len(sheet.tokens) and _leads(sheet, at):
            at += 1
        j = at
        while j < min(at + _RUN, len(sheet.tokens)) and (j == at or sheet.glued(j)):
            j += 1
        while j > at and sheet.tokens[j - 1].kind == "mark":
            j -= 1
        value = sheet.said(at, j)
        if sum(char.isdecimal() for char in value) >= _FIGURES:
            yield Span(span.i, j, span.key), value


def _leads(sheet: Sheet, at: int) -> bool:
    """Small words and signs between a field and its value: number, is, a colon."""
    key = sheet.key(at)
    return sheet.has(at, "is") or key in _words_of("number") or key in {":", "#", "=", "-"}


@lru_cache(maxsize=4)
def _words_of(macro: str) -> frozenset[str]:
    """The single words of a macro of the words files, of every language."""
    return frozenset(
        fold(word) for said in under("macros")[macro].values() for word in listed(said)
    )
