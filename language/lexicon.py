"""The words files, read once: which phrase means what, in which tongue."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from language.roman import skeleton
from language.tokens import tokenise

TONGUES = ("en", "roman", "ur")
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

    def match(self, keys: list[str], at: int) -> tuple[int, Senses]:
        """The longest phrase that starts here: how many words, and what they mean."""
        for size in range(min(self.longest.get(keys[at], 0), len(keys) - at), 0, -1):
            found = self.senses.get(tuple(keys[at : at + size]))
            if found:
                return size, frozenset(found)
        return 0, frozenset()


@dataclass(slots=True)
class Lexicon:
    """All words files. `roman` is keyed by skeleton, the others by folded word."""

    tables: dict[str, Table] = field(
        default_factory=lambda: {tongue: Table() for tongue in TONGUES}
    )
    words: dict[str, set[str]] = field(
        default_factory=lambda: {tongue: set() for tongue in TONGUES}
    )

    def add(self, tongue: str, phrase: str, sense: str) -> None:
        keys = tuple(token.key for token in tokenise(phrase))
        if not keys:
            return
        if not sense.startswith(NAMELIKE):
            self.words[tongue].update(keys)
        self.tables[tongue].add(_bones(tongue, keys), sense)

    def knows(self, tongue: str, phrase: str) -> bool:
        """Whether a phrase has a heading already."""
        keys = tuple(token.key for token in tokenise(phrase))
        return _bones(tongue, keys) in self.tables[tongue].senses


def _bones(tongue: str, keys: Phrase) -> Phrase:
    return tuple(skeleton(key) for key in keys) if tongue == "roman" else keys


# What stands under these headings may be (part of) a name: it is no everyday word.
NAMELIKE = ("given", "org", "city", "unit_name", "title")


def _entries(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _entries(value, f"{path}:{key}" if path else key)
        elif key in (*TONGUES, "any"):
            tongues = ("en", "roman") if key == "any" else (key,)
            for phrase in value.replace("\n", ",").split(","):
                if phrase.strip():
                    for tongue in tongues:
                        yield tongue, phrase.strip(), path


def _forms(families: dict[str, str]) -> dict[tuple[str, str], list[str]]:
    """For each tongue and form of a verb the whole family of forms."""
    found = {}
    for tongue, lines in families.items():
        for line in lines.strip().splitlines():
            family = [form.strip() for form in line.split(",")]
            found.update({(tongue, form): family for form in family})
    return found


def _formed(forms: dict[tuple[str, str], list[str]], tongue: str, phrase: str) -> list[str]:
    """The forms of a phrase that ends in a verb, in Roman Urdu also with the verb joined on."""
    before, _, last = phrase.rpartition(" ")
    family = forms.get((tongue, last), []) if before else []
    joined = [f"{before}{form}" for form in family] if tongue == "roman" else []
    return [f"{before} {form}" for form in family] + joined


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Every words file in `language/words` but the rules of intents. Phrases that end in a verb
    are known in all its forms; a form with a heading of its own keeps to that."""
    book = Lexicon()
    folder = resources.files("language") / "words"
    tables = {
        file.name: tomllib.loads(file.read_text("utf-8"))
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if file.name.endswith(".toml") and not file.name.startswith("intents")
    }
    forms = _forms(tables.pop("verbs.toml")["families"])
    entries = [entry for table in tables.values() for entry in _entries(table)]
    for tongue, phrase, sense in entries:
        book.add(tongue, phrase, sense)
    more = []
    for tongue, phrase, sense in entries:
        said = _formed(forms, tongue, phrase)
        more += [(tongue, form, sense) for form in said if not book.knows(tongue, form)]
    for tongue, phrase, sense in more:
        book.add(tongue, phrase, sense)
    return book
