"""The words of what a team agrees on, looked up in a text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from language.lexicon import Table
from language.sheet import Sheet
from language.tokens import tokenise
from language.tongues import script_of, tongues
from language.variants import common_form
from language.wordfiles import listed, under

_FROM_ELSEWHERE = ("weekday",)
"""Headings of the common words files that are meant the same here."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `i` up to `j` with what they mean here."""

    i: int
    j: int
    senses: frozenset[str]

    def value(self, kind: str) -> str | None:
        """The value of a sense such as `days:weekend`."""
        found = sorted(sense for sense in self.senses if sense.startswith(f"{kind}:"))
        return found[0].partition(":")[2] if found else None


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads((resources.files("language.agreed") / "words.toml").read_text("utf-8"))


@lru_cache(maxsize=8)
def _table(tongue: str) -> Table:
    table = Table()
    said = _file() | {key: under(key) for key in _FROM_ELSEWHERE}
    for sense, phrases in _entries(said, tongue):
        for phrase in listed(phrases):
            table.add(tuple(common_form(token.key, tongue) for token in tokenise(phrase)), sense)
    return table


def _entries(table: dict[str, object], tongue: str, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _entries(value, tongue, f"{path}:{key}" if path else key)
        elif key in {tongue, "any"}:
            yield path, str(value)


@lru_cache(maxsize=8)
def _first_words(tongue: str, senses: tuple[str, ...]) -> frozenset[str]:
    said = _table(tongue).senses.items()
    return frozenset(words[0] for words, meant in said if not meant.isdisjoint(senses))


def may_say(sheet: Sheet, *senses: str) -> bool:
    """Whether a word of the text begins a phrase with one of these senses: a look that costs
    next to nothing, for the many messages that are about something else."""
    return any(
        not _first_words(tongue, senses).isdisjoint(forms) for tongue, forms in sheet.forms.items()
    )


def phrases(sheet: Sheet) -> list[Phrase]:
    """The phrases of a text, the longest at each place in any language of its script."""
    keys = sheet.forms
    found: list[Phrase] = []
    at = 0
    while at < len(sheet.tokens):
        best = Phrase(at, at + 1, frozenset())
        script = script_of(sheet.tokens[at].key[0])
        for name, tongue in tongues().items():
            if sheet.tokens[at].kind == "word" and tongue.script != script:
                continue
            size, senses = _table(name).match(keys[name], at)
            if size > best.j - best.i or (size and not best.senses):
                best = Phrase(at, at + size, senses)
            elif size == best.j - best.i:
                best = Phrase(at, at + size, best.senses | senses)
        if best.senses:
            found.append(best)
        at = best.j
    return found
