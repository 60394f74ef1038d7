"""Which of the three tongues a text is in."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from language.lexicon import lexicon
from language.roman import skeleton
from language.tokens import Token, tokenise


@lru_cache(maxsize=1)
def _roman_only() -> frozenset[str]:
    """Roman Urdu words, in their skeleton, that no English words file holds."""
    book = lexicon()
    english = book.words["en"]
    names = {phrase[0] for phrase, senses in book.tables["en"].senses.items() if len(phrase) == 1}
    return frozenset(
        form
        for word in book.words["roman"]
        for form in (word, skeleton(word))
        if form.isalpha() and len(form) > 1 and form not in english and form not in names
    )  # fmt: skip


def tongue_of_tokens(tokens: tuple[Token, ...]) -> Literal["en", "ur", "roman"] | None:
    """The tongue of words: Urdu letters win, then any word that only Roman Urdu has.

    A capital within the text is taken for a name, which is of no tongue.
    """
    book = lexicon()
    words = [token for token in tokens if token.kind == "word"]
    keys = [token.key for at, token in enumerate(words) if not (at and token.capital)]
    latin = [key for key in keys if key[:1].isalpha() and key[:1] < "Ͱ"]
    urdu = sum(1 for key in keys if "؀" <= key[:1] <= "ۿ" and key[:1].isalpha())
    if urdu and urdu >= len(latin) / 2:
        return "ur"
    english = book.words["en"]
    roman = sum(
        1
        for key in latin
        if key not in english and not _roman_only().isdisjoint((key, skeleton(key)))
    )
    if roman:
        return "roman"
    if urdu:
        return "ur"
    shared = sum(1 for key in latin if key in english)
    return "en" if shared else None


def tongue_of(text: str) -> Literal["en", "ur", "roman"] | None:
    """English, Urdu or Roman Urdu; None where it cannot be told (digits, emoji, names only)."""
    return tongue_of_tokens(tokenise(text))
