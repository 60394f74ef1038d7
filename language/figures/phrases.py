"""The words of such questions, looked up in a text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from rapidfuzz.distance import OSA

from language.lexicon import Table, knows, usual
from language.sheet import Sheet, once
from language.tokens import tokenise
from language.tongues import script_of, tongues
from language.variants import common_form, spelt_freely
from language.wordfiles import listed, under

_FROM_ELSEWHERE = ("month", "weekday")
"""Headings of the common words files that are meant the same here."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `i` up to `j` with what they mean to a question."""

    i: int
    j: int
    senses: frozenset[str]


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads((resources.files("language.figures") / "words.toml").read_text("utf-8"))


@lru_cache(maxsize=8)
def _table(tongue: str) -> Table:
    table = Table()
    said = {key: about for key, about in _file().items() if key not in {"same", "names"}}
    for sense, phrases in _entries(said | {key: under(key) for key in _FROM_ELSEWHERE}, tongue):
        for phrase in listed(phrases):
            form = tuple(common_form(token.key, tongue) for token in tokenise(phrase))
            table.add(form, sense)
    return table


@lru_cache(maxsize=16)
def word_list(name: str) -> frozenset[str]:
    """Words that stand around names that nothing is known of, of all languages, folded."""
    said = _file()["names"][name].values()
    return frozenset(token.key for each in said for token in tokenise(each) if token.key != ",")


def _entries(table: dict[str, object], tongue: str, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _entries(value, tongue, f"{path}:{key}" if path else key)
        elif key in {tongue, "any"}:
            yield path, str(value)


def phrases(sheet: Sheet, taken: frozenset[int] = frozenset()) -> tuple[Phrase, ...]:
    """The phrases of a text, the longest at each place, left to right; not within ``taken``."""
    return tuple(_read(sheet, taken)) if taken else _all(sheet, 0)


@once
def _all(sheet: Sheet, _start: int) -> tuple[Phrase, ...]:
    return tuple(_read(sheet, frozenset()))


def _read(sheet: Sheet, taken: frozenset[int]) -> Iterator[Phrase]:
    looks = {name: _Look(sheet, name) for name in tongues()}
    at = 0
    while at < len(sheet.tokens):
        best = Phrase(at, at + 1, frozenset())
        for look in _in_order(sheet, at, looks):
            size, senses = look.match(at)
            if size > best.j - best.i or (size and not best.senses):
                best = Phrase(at, at + size, senses)
        if not best.senses and at not in taken:
            best = _with_a_slip(sheet, at)
        if best.senses and taken.isdisjoint(range(best.i, best.j)):
            yield best
            at = best.j
        else:
            at += 1


def _in_order(sheet: Sheet, at: int, looks: dict[str, _Look]) -> Iterator[_Look]:
    """The languages of a token's script, that of the text first; a word that is in everyday use
    in it ("main") is no word of another."""
    script = script_of(sheet.tokens[at].key[0])
    of_script = [name for name, tongue in tongues().items() if tongue.script == script]
    of_script = of_script if sheet.tokens[at].kind == "word" else list(tongues())
    for name in sorted(of_script, key=lambda name: name != sheet.tongue):
        if name == sheet.tongue or not _is_own(sheet.tokens[at].key, sheet.tongue):
            yield looks[name]


def _is_own(key: str, tongue: str | None) -> bool:
    """Whether a word is surely of the text's own language; where spelling is free, none is."""
    return tongue is not None and not spelt_freely(tongue) and knows(key, (tongue,))


class _Look:
    """The tokens of a text as one language spells them."""

    def __init__(self, sheet: Sheet, tongue: str) -> None:
        self.keys = sheet.forms[tongue]
        self.table = _table(tongue)

    def match(self, at: int) -> tuple[int, frozenset[str]]:
        return self.table.match(self.keys, at)


# --- slips --------------------------------------------------------------------------------------

_SHORTEST, _LONG = 5, 9  # letters from which on one slip, and two, leave no doubt


def _with_a_slip(sheet: Sheet, at: int) -> Phrase:
    """A word that nothing is known of, as the nearest word of such questions."""
    key, tongue = sheet.tokens[at].key, sheet.tongue
    nothing = Phrase(at, at + 1, frozenset())
    if not key.isalpha() or len(key) < _SHORTEST or tongue is None:
        return nothing
    if is_everyday(sheet, at):
        return nothing
    most = 2 if len(key) >= _LONG else 1
    near = [
        (slips, word) for word in _words(tongue).get(key[0], ())
        if (slips := OSA.distance(key, word, score_cutoff=most)) <= most
    ]  # fmt: skip
    if not near:
        return nothing
    _, senses = _table(tongue).match([min(near)[1]], 0)
    return Phrase(at, at + 1, senses)


def is_everyday(sheet: Sheet, at: int) -> bool:
    """Whether a word is one of the text's language, as it is written."""
    looks = sheet.written_in(at).looks
    key = sheet.tokens[at].key
    return knows(key, looks) or usual(key, looks)


@lru_cache(maxsize=8)
def _words(tongue: str) -> dict[str, list[str]]:
    """Single words by their first letter."""
    found: dict[str, list[str]] = {}
    for phrase in _table(tongue).senses:
        if len(phrase) == 1 and len(phrase[0]) >= _SHORTEST:
            found.setdefault(phrase[0][0], []).append(phrase[0])
    return found


def synonyms(name: str) -> list[str]:
    """Other words for what a team calls one of its fields, or a value of it; it may have misspelt
    that itself (technolgy)."""
    said = name.casefold()
    for words in _groups():
        if said in words:
            return list(words)
    if len(said) < _LONG or not said.isalpha():
        return []
    near = (words for words in _groups() if any(OSA.distance(said, w) == 1 for w in words))
    return list(next(near, ()))


@lru_cache(maxsize=1)
def _groups() -> tuple[tuple[str, ...], ...]:
    """Words for the same, of all languages."""
    return tuple(
        tuple(word for said_so in said.values() for word in listed(said_so))
        for said in _file()["same"].values()
    )


def words_for(name: str) -> set[str]:
    """What a field is called: as the team does, other words for the same, and its single words."""
    plain = name.replace("_", " ").casefold()
    return {plain, *synonyms(plain), *plain.split()}
