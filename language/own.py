"""A team's own names for things, found in a message: in either script, slips forgiven.

An own name may be any words at all ("Trial", "Sample bheja"), so it is taken for a stage only
where a deal is put somewhere, or where stages or deals are spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from language.folding import fold
from language.lexicon import lexicon
from language.sheet import Sheet, lay_out
from language.sounds import is_urdu, likeness, near_enough, sound_key
from language.tokens import tokenise
from language.wordfiles import listed, under

_INITIALS = 6
_FIGURES = 3  # of a value among other words; fewer may be an hour or a count
_SURE, _LONG = 5, 9  # letters from which on one slip, and two, leave no doubt
_PUT = ("move", "put", "add", "deal", "deals", "stage_word")
_IN = ("mein", "par", "stage_word")
_OF = ("wala", "ka")


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `i` up to `j` that mean the thing with this key; `slips` are letters amiss."""

    i: int
    j: int
    key: str
    slips: int = 0


def find_names(sheet: Sheet, names: Mapping[str, str]) -> list[Span]:
    """Where these names stand, left to right; of those that overlap, the longest and surest."""
    found = [span for key, name in names.items() for span in _places(sheet, key, name)]
    found.sort(key=lambda span: (span.slips, span.i - span.j, span.i))
    taken: set[int] = set()
    kept = []
    for span in found:
        if taken.isdisjoint(range(span.i, span.j)):
            taken.update(range(span.i, span.j))
            kept.append(span)
    return sorted(kept, key=lambda span: span.i)


def _places(sheet: Sheet, key: str, name: str) -> Iterator[Span]:
    """Windows of about as many words as the name has that say it."""
    words = _words(name)
    initials = _initials("".join(words))
    said = [token.key for token in sheet.tokens]
    for size in {max(1, len(words) - 1), len(words), len(words) + 1, len(initials)} - {0}:
        for i in range(len(said) - size + 1):
            here = said[i : i + size]
            slips = 0 if here == initials else _slips("".join(here), "".join(words))
            if slips is None and size == len(words) and _sounds_so(sheet.said(i, i + size), name):
                slips = 1
            if slips is not None:
                yield Span(i, i + size, key, slips)


@lru_cache(maxsize=1000)
def _words(name: str) -> list[str]:
    return [token.key for token in tokenise(name)]


@lru_cache(maxsize=1000)
def _initials(name: str) -> list[str]:
    """The names of its letters in another script, as an abbreviation is read out there."""
    spoken: dict[str, str] = under("letters")
    short = 1 < len(name) <= _INITIALS and all(letter in spoken for letter in name)
    return [fold(spoken[letter]) for letter in name] if short else []


def _slips(said: str, name: str) -> int | None:
    """How many letters are amiss; None where another word is said."""
    if said == name:
        return 0
    most = (len(name) >= _SURE) + (len(name) >= _LONG)
    if not most or abs(len(said) - len(name)) > most or said[:1] != name[:1]:
        return None
    slips = OSA.distance(said, name, score_cutoff=most)
    return slips if slips <= most else None


def _sounds_so(said: str, name: str) -> bool:
    """The same name in the other script."""
    if is_urdu(said) == is_urdu(name) or sound_key(said) != sound_key(name):
        return False
    return likeness(said, name) >= near_enough(name)


def values_said(sheet: Sheet, fields: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
    """Fields with figures right behind them ("NTN 1234567-8", "NTN is KHI-2291"), and the value."""
    for span in find_names(sheet, fields) if fields else ():
        at = span.j
        while at < len(sheet.tokens) and _leads(sheet, at):
            at += 1
        j = at
        while j < len(sheet.tokens) and (j == at or sheet.glued(j)):
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


def named(text: str, names: Mapping[str, str]) -> str | None:
    """The key of the one thing that a text names and nothing else; None where it is unclear."""
    text = text.strip()
    said = fold(text)
    exact = next((key for key, name in names.items() if fold(name) == said), None)
    if exact or said in names:
        return exact or said
    sheet = lay_out(text[:200])
    whole = [s for s in find_names(sheet, names) if s.j - s.i == len(sheet.tokens)]
    return whole[0].key if len(whole) == 1 else None


def own_stages(stages: Mapping[str, str]) -> dict[str, str]:
    """Those whose name is not the usual one, which the words files know in all languages."""
    return {key: name for key, name in stages.items() if not (name == key and _is_usual(key))}


def _is_usual(key: str) -> bool:
    return any(
        f"stage:{key}" in table.senses.get((key,), ()) for table in lexicon().tables.values()
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
