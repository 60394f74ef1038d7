"""Where phrases of the words files' macros stand in a message, of whatever language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from language.sheet import Sheet
from language.templates import Place
from language.tokens import tokenise
from language.wordfiles import listed, under

Macros = tuple[str, ...]


@lru_cache(maxsize=64)
def _phrases(macros: Macros) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The phrases of some macros, by their first words, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for macro in macros:
        for phrases in under("macros")[macro].values():
            for phrase in listed(phrases):
                words = tuple(token.key for token in tokenise(phrase))
                if words:
                    found.setdefault(words[0], []).append((words, macro))
    for begun in found.values():
        begun.sort(key=lambda each: -len(each[0]))
    return found


def phrases_at(sheet: Sheet, macros: Macros) -> Iterator[tuple[Place, str]]:
    """Where phrases of these macros stand, also within one another."""
    keys = tuple(token.key for token in sheet.tokens)
    begun = _phrases(macros)
    for at, key in enumerate(keys):
        for words, macro in begun.get(key, ()):
            if keys[at : at + len(words)] == words:
                yield (at, at + len(words)), macro


def called_at(sheet: Sheet, prefix: str, names: Iterable[str]) -> dict[Place, str]:
    """Where phrases of the macros of that prefix stand, and the name of each without it."""
    found = phrases_at(sheet, tuple(f"{prefix}{name}" for name in names))
    return {place: macro.removeprefix(prefix) for place, macro in found}


def longest_at(sheet: Sheet, macros: Macros) -> Iterator[tuple[Place, str]]:
    """Where phrases of these macros stand, the longest at each place."""
    keys, begun, at = tuple(token.key for token in sheet.tokens), _phrases(macros), 0
    while at < len(keys):
        fits = (each for each in begun.get(keys[at], ()) if keys[at : at + len(each[0])] == each[0])
        words, macro = next(fits, ((), ""))
        if words:
            yield (at, at + len(words)), macro
        at += len(words) or 1


def single_words(macro: str) -> frozenset[str]:
    """The phrases of a macro that are one word."""
    begun = _phrases((macro,)).values()
    return frozenset(words[0] for some in begun for words, _ in some if len(words) == 1)
