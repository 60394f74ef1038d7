"""What the words of a note tell of how a customer stands: a complaint, nobody reached, somebody who
has left. A hint, looked for by whole words; nothing is done by it but to look sooner."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import lru_cache
from importlib import resources

from language.lexicon import Table
from language.tokens import tokenise
from language.tongues import tongues
from language.variants import common_form
from language.wordfiles import listed

LONGEST = 600
"""Letters of a note that are looked at."""


def complains(text: str | None) -> bool:
    """Whether a customer was not content."""
    return "complaint" in _senses((text or "")[:LONGEST])


def reached_nobody(text: str | None) -> bool:
    """Whether a call or visit found nobody."""
    return "unheard" in _senses((text or "")[:LONGEST])


def has_left(tags: Collection[str]) -> bool:
    """Whether the tags of a person say that they are with their company no more."""
    said = [" ".join(tag.replace("-", " ").replace("_", " ").split()) for tag in tags]
    return any("left" in _whole(tag) for tag in said)


@lru_cache(maxsize=1024)
def _senses(text: str) -> frozenset[str]:
    """All that the words say, the longest phrase at each place in any language."""
    tokens = tokenise(text)
    looks = [([common_form(t.key, name) for t in tokens], _table(name)) for name in tongues()]
    found: set[str] = set()
    at = 0
    while at < len(tokens):
        matches = [table.match(keys, at) for keys, table in looks]
        size = max(size for size, _ in matches)
        for length, some in matches:
            if length and length == size:
                found |= some
        at += size or 1
    return frozenset(found - {"left"})


def _whole(text: str) -> frozenset[str]:
    """What a text says that is nothing but one phrase."""
    tokens = tokenise(text)
    found: set[str] = set()
    for name in tongues():
        size, some = _table(name).match([common_form(t.key, name) for t in tokens], 0)
        if size and size == len(tokens):
            found |= some
    return frozenset(found)


@lru_cache(maxsize=8)
def _table(tongue: str) -> Table:
    table = Table()
    for sense, said in _file().items():
        for phrase in listed(said.get(tongue, "")):
            table.add(tuple(common_form(token.key, tongue) for token in tokenise(phrase)), sense)
    return table


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, str]]:
    return tomllib.loads((resources.files("language") / "tone.toml").read_text("utf-8"))
