"""Where spelling is free, as in Roman Urdu, the variants of one word are brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from language.tokens import Token
from language.tongues import tongues
from language.wordfiles import listed, under

_LEAST, _MOST = 4, 40  # letters of a word that the steps are for
_SHORTEST = 2

Steps = tuple[tuple[re.Pattern[str], str], ...]

Forms = Mapping[str, tuple[str, ...]]
"""The words of a text as each language looks them up, by its name."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The steps that bring variants together, those of a first letter, and the words that no
    step reaches."""

    steps: Steps
    starts: dict[str, Steps]
    listed: dict[str, str]

    def form(self, word: str) -> str:
        """The common form; a short word is too like others and stays as it is."""
        word = self.listed.get(word, word)
        if not _LEAST <= len(word) <= _MOST:
            return word
        form = word
        for found, put in self.starts.get(word[0], ()):
            form = found.sub(put, form)
        for found, put in self.steps:
            form = found.sub(put, form)
        return form if len(form) > _SHORTEST else word


def _steps(pairs: Iterable[tuple[str, str]]) -> Steps:
    return tuple((re.compile(found), put) for found, put in pairs)


def _spelling(rules: dict[str, Any]) -> Spelling:
    return Spelling(
        _steps(rules.get("steps", ())),
        {letter: _steps(steps) for letter, steps in rules.get("starts", {}).items()},
        {word: form for form, words in rules.get("words", {}).items() for word in listed(words)},
    )


@lru_cache(maxsize=1)
def _spellings() -> dict[str, Spelling]:
    return {tongue: _spelling(rules) for tongue, rules in under("spelling").items()}


def spelt_freely(tongue: str) -> bool:
    """Whether a language has variants to bring together."""
    return tongue in _spellings()


@lru_cache(maxsize=20_000)
def common_form(word: str, tongue: str) -> str:
    """The common form of the spellings of a folded word; the word itself where all spell alike."""
    spelling = _spellings().get(tongue)
    return spelling.form(word) if spelling else word


def common_forms(words: Iterable[str], tongue: str) -> tuple[str, ...]:
    """The same of folded words: what is looked up."""
    if not spelt_freely(tongue):
        return tuple(words)
    return tuple(common_form(word, tongue) for word in words)


def forms_of(tokens: Sequence[Token]) -> Forms:
    """The words of a text as each language looks them up."""
    keys = [token.key for token in tokens]
    return {tongue: common_forms(keys, tongue) for tongue in tongues()}
