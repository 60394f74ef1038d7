"""Reasons and sources that everybody has, in the words that people use for them."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from language.folding import fold
from language.tokens import tokenise
from language.variants import common_form
from language.wordfiles import listed, under

_SURE = 5  # letters from which on one slip leaves no doubt
_LONGEST = 60  # tokens of a text that is looked through

Words = tuple[str, ...]


def usual_keys(kind: str) -> list[str]:
    """The usual ones of a kind (won, lost, source), the commonest first."""
    return list(under("labels")[kind])


def usual_label(kind: str, text: str) -> str | None:
    """The key of the usual one that a text speaks of; the longest phrase tells. A source must be
    all that is said: the Karachi expo is more than an expo."""
    said = tuple(common_form(token.key, "roman") for token in tokenise(text)[:_LONGEST])
    words = tuple(word for word in said if word[:1].isalnum())
    if kind == "source":
        little = _little()
        words = tuple(word for word in words if word not in little)
    best: tuple[int, int, str] | None = None
    for phrase, key in _phrases(kind):
        at = _place(words, phrase)
        if at is None or (kind == "source" and len(phrase) != len(words)):
            continue
        found = (len(phrase), -at, key)
        if best is None or found[:2] > best[:2]:
            best = found
    return best[2] if best else None


def _place(words: Words, phrase: Words) -> int | None:
    for at in range(len(words) - len(phrase) + 1):
        if all(_same(words[at + n], word) for n, word in enumerate(phrase)):
            return at
    return None


def _same(said: str, word: str) -> bool:
    if said == word:
        return True
    if len(word) < _SURE or said[:1] != word[:1]:
        return False
    return OSA.distance(said, word, score_cutoff=1) <= 1


@lru_cache(maxsize=8)
def _phrases(kind: str) -> tuple[tuple[Words, str], ...]:
    return tuple(
        (tuple(common_form(token.key, "roman") for token in tokenise(phrase)), key)
        for key, spoken in under("labels")[kind].items()
        for phrases in spoken.values()
        for phrase in listed(phrases)
    )


@lru_cache(maxsize=1)
def _little() -> frozenset[str]:
    said = under("label_little").values()
    return frozenset(common_form(fold(word), "roman") for words in said for word in listed(words))
