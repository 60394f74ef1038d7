"""The phrases of a words file, found in a message by whoever reads nothing but these."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from importlib import resources
from typing import Any

from language.lexicon import Table
from language.tokens import tokenise
from language.tongues import tongues
from language.variants import Forms, common_forms
from language.wordfiles import listed

Mark = tuple[int, int, frozenset[str]]
"""Where a phrase begins, where the next word does, and what it means."""

Meanings = Iterable[tuple[str, Mapping[str, str]]]
"""What is meant, and how it is said in each language."""


def words_in(name: str) -> dict[str, Any]:
    """A words file beside its reader."""
    return tomllib.loads((resources.files("language") / f"{name}.toml").read_text("utf-8"))


class Phrasebook:
    """Phrases in every language; read when the first message asks for them. One of the ``topics``
    is what such a message is about."""

    def __init__(self, meanings: Callable[[], Meanings], topics: Collection[str] = ()) -> None:
        self._meanings, self._topics = meanings, frozenset(topics)

    @cached_property
    def _tables(self) -> dict[str, Table]:
        tables = {name: Table() for name in tongues()}
        for sense, said in self._meanings():
            for name, table in tables.items():
                for phrase in listed(said.get(name, "")):
                    keys = (token.key for token in tokenise(phrase))
                    table.add(common_forms(keys, name), sense)
        return tables

    @cached_property
    def _starts(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset(
                phrase[0] for phrase, senses in table.senses.items() if senses & self._topics
            )
            for name, table in self._tables.items()
        }

    def may_be_in(self, forms: Forms) -> bool:
        """Whether a word of a topic is there: hardly any message has one."""
        return not all(starts.isdisjoint(forms[name]) for name, starts in self._starts.items())

    def marks(self, forms: Forms) -> list[Mark]:
        """The phrases of a text, the longest at each place."""
        looks = [(forms[name], table) for name, table in self._tables.items()]
        found: list[Mark] = []
        at = 0
        while at < len(looks[0][0]):
            begun = [(keys, table) for keys, table in looks if keys[at] in table.longest]
            matches = [table.match(keys, at) for keys, table in begun]
            size = max((size for size, _ in matches), default=0)
            if size:
                senses = (sense for length, some in matches if length == size for sense in some)
                found.append((at, at + size, frozenset(senses)))
            at += size or 1
        return found
