"""How a name sounds, whichever script it is written in: نشاط ملز and Nishat Mills are one.

A skeleton keeps the consonants that both scripts write and lets go of what they spell freely:
vowels, aspirates, doubled letters. It finds candidates; the nearest spelling is then chosen.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from language.folding import fold

_LATIN = {
    "ا": "a", "آ": "a", "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "s", "ج": "j", "چ": "ch",
    "ح": "h", "خ": "kh", "د": "d", "ڈ": "d", "ذ": "z", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "j",
    "س": "s", "ش": "sh", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f",
    "ق": "q", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ں": "n", "و": "o", "ہ": "h",
    "ھ": "", "ء": "", "ی": "i", "ئ": "i", "ؤ": "o",
}  # fmt: skip
_LATIN_LETTERS = str.maketrans(_LATIN)
_ALIKE = (
    ("sch", "sk"), ("ph", "f"), ("kh", "k"), ("gh", "g"), ("sh", "s"), ("th", "t"), ("dh", "d"),
    ("bh", "b"), ("zh", "j"), ("ck", "k"), ("ch", "C"), ("q", "k"), ("x", "ks"), ("z", "s"),
)  # fmt: skip
_SOFT_C = re.compile("c(?=[eiy])")
_VOWELS = re.compile("[aeiouwvy]")
_URDU = re.compile("[\u0600-\u06ff]")

NEAR = 60
"""Likeness (0 to 100) that the Latin spellings of two names of one skeleton must reach."""


def is_urdu(text: str) -> bool:
    return bool(_URDU.search(text))


def latin(text: str) -> str:
    """A folded text in Latin letters, roughly as it is spoken: ``علی خان`` is ``ali khan``."""
    return text.translate(_LATIN_LETTERS)


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """The consonants of one folded word; an opening vowel, whichever, counts as ``a``."""
    word = latin(word)
    for written, sound in _ALIKE:
        word = word.replace(written, sound)
    word = _SOFT_C.sub("s", word).replace("c", "k")
    if len(word) > 1:
        word = word.removesuffix("h")
    opening = "a" if _VOWELS.match(word) and word[0] not in "wvy" else ""
    if word[:1] in set("wv"):
        opening = "w"
    if re.match("as[^aeiou]", word):  # اسکول for school
        opening = ""
    bones = opening + _VOWELS.sub("", word)
    return re.sub(r"(.)\1+", r"\1", bones)


def sound_key(name: str) -> str:
    """The skeletons of all words between spaces, to be looked up a word at a time."""
    bones = [skeleton(word) for word in re.findall(r"\w+", fold(name))]
    return f" {' '.join(bone for bone in bones if bone)} "


def likeness(one: str, other: str) -> float:
    """How near two names are in sound, 0 to 100; the shorter may be a part of the longer."""
    ours, theirs = (latin(fold(name)).split() for name in (one, other))
    if not ours or not theirs:
        return 0
    best = [max(fuzz.ratio(word, each) for each in theirs) for word in ours]
    return sum(best) / len(best)
