"""The words files, read once: which phrase means what, in which tongue."""

from __future__ import annotations

import gc
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from language.tokens import key_of, tokenise
from language.tongues import of_first_script, tongues
from language.variants import common_form, common_forms
from language.verbs import commands, conjugated, families, formed
from language.wordfiles import listed, under, words_files

Phrase = tuple[str, ...]
Senses = frozenset[str]


@dataclass(slots=True)
class Table:
    """The phrases of one tongue; `longest` says how far to look from a first word."""

    senses: dict[Phrase, set[str]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, phrase: Phrase, sense: str) -> None:
        self.senses.setdefault(phrase, set()).add(sense)
        self.longest[phrase[0]] = max(self.longest.get(phrase[0], 0), len(phrase))

    def match(self, keys: Sequence[str], at: int) -> tuple[int, Senses]:
        """The longest phrase that starts here: how many words, and what they mean."""
        for size in range(min(self.longest.get(keys[at], 0), len(keys) - at), 0, -1):
            found = self.senses.get(tuple(keys[at : at + size]))
            if found:
                return size, frozenset(found)
        return 0, frozenset()


@dataclass(slots=True)
class Lexicon:
    """What the words files say in one language: phrases by the common forms of their words, the
    words as they are folded, and those in everyday use."""

    tongue: str
    table: Table = field(default_factory=Table)
    words: set[str] = field(default_factory=set)
    everyday: set[str] = field(default_factory=set)

    def add(self, phrase: str, sense: str, unless: Container[Phrase] = ()) -> None:
        """Give a phrase one more sense, `unless` it stands there already."""
        keys = _keys_of(phrase)
        forms = common_forms(keys, self.tongue)
        if not keys or forms in unless:
            return
        if not namelike(sense):
            self.words.update(keys)
        self.table.add(forms, sense)


def usual(key: str, looks: tuple[str, ...], free: bool = True) -> bool:
    """Whether a word is in everyday use in one of these languages; `free` in any spelling."""
    return any(
        key in lexicon(tongue).everyday
        or (free and common_form(key, tongue) in lexicon(tongue).everyday)
        for tongue in looks
    )


def knows(key: str, looks: tuple[str, ...]) -> bool:
    """Whether a word stands in a phrase of one of these languages, other than in a name."""
    return any(key in lexicon(tongue).words for tongue in looks)


@lru_cache(maxsize=100_000)
def _keys_of(phrase: str) -> Phrase:
    """The folded words of a phrase; plain words need no cutting into tokens."""
    if phrase.isalpha() and phrase.isascii():
        return (phrase.lower(),)
    words = phrase.split()
    if all(map(str.isalpha, words)):
        return tuple(phrase.lower().split()) if phrase.isascii() else tuple(map(key_of, words))
    return tuple(token.key for token in tokenise(phrase))


# What stands under these headings may be (part of) a name: it is no everyday word.
NAMELIKE = ("given", "org", "city", "unit_name", "title")


@lru_cache(maxsize=4096)
def namelike(sense: str) -> bool:
    return sense.startswith(NAMELIKE)


# A form of a verb that tells the bot nothing: everyday, and no name.
VERB = "common:verb"


# Headings that hold no phrases: what the languages are, how they are spelt and what commands need.
_OTHERS = frozenset({
    "tongues", "scripts", "spelling", "families", "stems", "endings", "zones",
    "imperatives", "joining", "templates", "macros", "subjects", "kinds", "letters",
    "everyday", "roles", "label_kinds", "label_lists", "unit_forms",
    "labels", "label_little", "ticketing",
})  # fmt: skip
_RULES = "intents"


def _entries(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, str, str]]:
    """Each phrase with its language and the path of its headings."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _entries(value, f"{path}:{key}" if path else key)
        elif key == "any" or key in tongues():
            for phrase in listed(value):
                for tongue in of_first_script() if key == "any" else (key,):
                    for form in commands(tongue, phrase):
                        yield tongue, form, path


@lru_cache(maxsize=1)
def _by_tongue() -> dict[str, list[tuple[str, str]]]:
    """Every phrase of `language/words` with its sense, by language; no rules of intents."""
    found: dict[str, list[tuple[str, str]]] = {tongue: [] for tongue in tongues()}
    for name, table in words_files().items():
        if not name.startswith(_RULES):
            said = {key: table[key] for key in table if key not in _OTHERS}
            for tongue, phrase, sense in _entries(said):
                found[tongue].append((phrase, sense))
    return found


@lru_cache(maxsize=64)
def lexicon(tongue: str) -> Lexicon:
    """The words files in one language, read when it is first needed. Phrases that end in a verb
    are known in all its forms; a form with a heading of its own keeps to that."""
    collecting = gc.isenabled()
    gc.disable()  # nothing of it is garbage, and looking for some takes a third of the time
    try:
        return _read(tongue)
    finally:
        if collecting:
            gc.enable()


def _read(tongue: str) -> Lexicon:
    book = Lexicon(tongue)
    entries = _by_tongue()[tongue]
    for phrase, sense in entries:
        book.add(phrase, sense)
    listed = frozenset(book.table.senses)
    book.everyday.update(under("everyday").get(tongue, "").replace("\n", " ").split(" "))
    known = families()
    for phrase, sense in entries:
        for form in formed(known, tongue, phrase):
            book.add(form, sense, unless=listed)
    for form in conjugated(tongue):
        book.add(form, VERB, unless=listed)
    return book
