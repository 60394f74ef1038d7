"""A slip of the finger in a cue word: read as the nearest cue, cautiously."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from language.lexicon import NAMELIKE, knows, lexicon
from language.tokens import Token
from language.variants import common_form, spelt_freely

# Dates and numbers are read as they stand or not at all, whatever else the word means.
_EXACT = (
    "weekday", "month", "day_word", "swing", "number", "nudge", "times", "currency", "span", "part",
)  # fmt: skip
# Nor are these, which tell too little, cues by themselves.
_LITTLE = (
    *NAMELIKE, *_EXACT, "common", "rank", "honorific", "chat", "measure", "source", "polite",
    "game", "elsewhere",
)  # fmt: skip
_SHORTEST = 5  # below this, a slip and another word look the same


@lru_cache(maxsize=64)
def _cues(tongue: str) -> dict[str, list[str]]:
    """Single cue words of a language by their first letter."""
    found: dict[str, list[str]] = {}
    for phrase, senses in lexicon(tongue).table.senses.items():
        useful = not all(sense.startswith(_LITTLE) for sense in senses)
        useful = useful and not any(sense.startswith(_EXACT) for sense in senses)
        if len(phrase) == 1 and len(phrase[0]) >= _SHORTEST and useful:
            found.setdefault(phrase[0][0], []).append(phrase[0])
    return found


@lru_cache(maxsize=64)
def _frames(tongue: str) -> dict[str, list[str]]:
    """Single cue words of a language of free spelling by their consonants."""
    found: dict[str, list[str]] = {}
    for cues in _cues(tongue).values():
        for cue in cues:
            found.setdefault(_frame(cue), []).append(cue)
    return found


def _frame(word: str) -> str:
    return word[0] + "".join(char for char in word[1:] if char not in _VOWELS)


_VOWELS = frozenset("aeiouyh")
_CONSONANTS = 4  # fewer are common to too many words
_AWAY = 2  # vowels put in, left out or changed


@lru_cache(maxsize=20_000)
def _vowelled(word: str, tongue: str) -> str | None:
    """The cue that a freely spelt word is when only its vowels are other ones."""
    frame = _frame(word)
    if len(frame) < _CONSONANTS:
        return None
    near = [
        (OSA.distance(word, cue), cue)
        for cue in _frames(tongue).get(frame, ())
        if OSA.distance(word, cue, score_cutoff=_AWAY) <= _AWAY
    ]
    return min(near)[1] if near else None


@lru_cache(maxsize=20_000)
def _nearest(word: str, tongue: str) -> str | None:
    for cue in _cues(tongue).get(word[0], ()):
        if abs(len(cue) - len(word)) > 1 or OSA.distance(word, cue, score_cutoff=1) > 1:
            continue
        if len(word) > _SHORTEST or len(cue) != len(word) or sorted(word) == sorted(cue):
            return cue  # of five letters, another one makes another word
    return None


def likely(token: Token, plan: tuple[str, ...]) -> tuple[str, str] | None:
    """The tongue and cue word that an unknown word was probably meant to be."""
    if token.kind != "word" or len(token.key) < _SHORTEST or len(token.key) > 24:
        return None
    if token.capital and token.latin:
        return None
    if knows(token.key, plan):
        return None
    for tongue in plan:
        word = common_form(token.key, tongue)
        cue = _nearest(word, tongue) if len(word) >= _SHORTEST else None
        cue = cue or (_vowelled(word, tongue) if spelt_freely(tongue) else None)
        if cue:
            return tongue, cue
    return None
