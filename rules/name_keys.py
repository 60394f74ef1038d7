"""The keys by which names are found: their words, all words as one key, and keys of near spellings.

Two words of which at most two letters differ (one in short words) share a key made by leaving
letters out; two that sound the same share their bones, in either script. All words are folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations

from rules.sounds import bones, is_urdu

WHOLE = "="
"""Begins the key of a whole name, its words in order of the alphabet: ``=ali khan``."""

SOUND = "~"
"""Begins the key of how a word sounds; doubled, of how it does with a consonant left out."""

LONGEST = 60
"""Letters of a word that are kept and compared."""

START = 8
"""Letters in which a slip is looked for; what follows them is for the ranking."""

SLIPS = 2
"""Slips in a word at most."""

_TWO_SLIPS = 6
_ONE_SLIP = 3
_WORDS = re.compile(r"\d+|[^\W\d_]+(?:['-][^\W\d_]+)*")


def words_of(name: str) -> list[str]:
    """The words of a folded name, without hyphens, each once."""
    if name.isascii() and name.replace(" ", "").isalpha():
        found = name.split(" ")
    else:
        found = [word.replace("-", "") for word in _WORDS.findall(name)]
    return list(dict.fromkeys(word[:LONGEST] for word in found if word))


def whole_key(words: Iterable[str]) -> str:
    """One key for all words of a name, whatever their order."""
    return WHOLE + " ".join(sorted(words))


def words_in(whole: str) -> list[str]:
    """The words of such a key."""
    return whole.removeprefix(WHOLE).split(" ")


def kept_keys(word: str) -> frozenset[str]:
    """All keys under which a word of a name is kept."""
    sound = bones(word)
    across = (f"{_across(is_urdu(word))}{each}" for each in _without_one(sound))
    return frozenset((*_spelt(word), SOUND + sound, *across))


@lru_cache(maxsize=20_000)
def asked_keys(word: str, slips: int) -> frozenset[str]:
    """The keys under which spellings of a word with so many slips are kept, in both scripts."""
    sound = bones(word)
    across = (f"{_across(not is_urdu(word))}{each}" for each in _without_one(sound))
    return frozenset((*_spelt(word, slips), SOUND + sound, *across))


def _across(urdu: bool) -> str:
    return f"{SOUND}{SOUND}{'u' if urdu else 'l'}"


def _spelt(word: str, most: int = SLIPS) -> Iterator[str]:
    start = word[:START]
    yield start
    slips = 2 if len(start) >= _TWO_SLIPS else 1 if len(start) >= _ONE_SLIP else 0
    if min(slips, most) > 0:
        yield from _without_letter(start)
    if min(slips, most) > 1:
        for i, j in combinations(range(len(start)), 2):
            yield start[:i] + start[i + 1 : j] + start[j + 1 :]


def _without_one(sound: str) -> Iterator[str]:
    yield sound
    if len(sound) >= _ONE_SLIP:
        yield from _without_letter(sound)


def _without_letter(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))
