"""What the words of a note tell of how a customer stands: a complaint, nobody reached, a price
asked for, no money, somebody who has left. A hint, looked for by whole words; nothing is done by it
but to look sooner, or to reckon a score."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from language.phrasebook import Phrasebook, words_in
from language.tokens import tokenise
from language.variants import forms_of

LONGEST = 600
"""Letters of a note that are looked at."""

_PHRASES = Phrasebook(lambda: words_in("tone").items())


def complains(text: str | None) -> bool:
    """Whether a customer was not content."""
    return "complaint" in _senses((text or "")[:LONGEST])


def reached_nobody(text: str | None) -> bool:
    """Whether a call or visit found nobody."""
    return "unheard" in _senses((text or "")[:LONGEST])


def asks_price(text: str | None) -> bool:
    """Whether somebody wanted to know what it costs."""
    return "asks_price" in _senses((text or "")[:LONGEST])


def has_no_budget(text: str | None) -> bool:
    """Whether somebody has not the money for it."""
    return "no_budget" in _senses((text or "")[:LONGEST])


def has_left(tags: Collection[str]) -> bool:
    """Whether the tags of a person say that they are with their company no more."""
    said = [" ".join(tag.replace("-", " ").replace("_", " ").split()) for tag in tags]
    return any("left" in _whole(tag) for tag in said)


@lru_cache(maxsize=1024)
def _senses(text: str) -> frozenset[str]:
    """All that the words say, the longest phrase at each place in any language."""
    marks = _PHRASES.marks(forms_of(tokenise(text)))
    found = frozenset(sense for _, _, some in marks for sense in some)
    return found - {"left"}


def _whole(text: str) -> frozenset[str]:
    """What a text says that is nothing but one phrase."""
    tokens = tokenise(text)
    marks = _PHRASES.marks(forms_of(tokens))
    return marks[0][2] if marks and marks[0][:2] == (0, len(tokens)) else frozenset()
