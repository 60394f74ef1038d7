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

LONGEST_NAME = 200
"""Characters of a name, and of its keys, that are kept."""

NEAR, NEAR_SHORT, SHORT = 40, 55, 4
"""Likeness (0 to 100) that two names of one skeleton must reach; more where it has few bones."""


def is_urdu(text: str) -> bool:
    return bool(_URDU.search(text))


def latin(text: str) -> str:
    """A folded text in Latin letters, roughly as it is spoken: ``علی خان`` is ``ali khan``."""
    return text.translate(_LATIN_LETTERS)


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """The consonants of one folded word; an opening vowel, whichever, counts as ``a``."""
    opens_with_w, opens_with_y = word[:1] in tuple("wvو"), word[:1] in tuple("yی")
    word = latin(word)
    for written, sound in _ALIKE:
        word = word.replace(written, sound)
    word = _SOFT_C.sub("s", word).replace("c", "k")
    if len(word) > 1:
        word = word.removesuffix("h")
    opening = "a" if word[:1] in tuple("aeiou") else ""
    opening = "w" if opens_with_w else "y" if opens_with_y else opening
    bones = re.sub(r"(.)\1+", r"\1", opening + _VOWELS.sub("", word))
    return bones[1:] if re.match("as.", bones) else bones  # اسکول is school, اسٹیل steel


def sound_key(name: str) -> str:
    """The skeletons of all words between spaces, to be looked up a word at a time."""
    bones = [skeleton(word) for word in re.findall(r"\w+", fold(name))]
    return f" {' '.join(bone for bone in bones if bone)} "


def name_keys(name: str) -> dict[str, str]:
    """All that a record keeps of a name: as it is written, as it is looked up, as it sounds."""
    name = name[:LONGEST_NAME]
    keys = {"name_key": fold(name), "sound_key": sound_key(name)}
    return {"name": name, **{key: value[:LONGEST_NAME] for key, value in keys.items()}}


def near_enough(name: str) -> int:
    """How alike another name of the same skeleton must be."""
    return NEAR if len(sound_key(name).replace(" ", "")) >= SHORT else NEAR_SHORT


def likeness(one: str, other: str) -> float:
    """How near two names are in sound, 0 to 100; the shorter may be a part of the longer."""
    ours, theirs = (latin(fold(name)).split() for name in (one, other))
    if not ours or not theirs:
        return 0
    best = [max(fuzz.ratio(word, each) for each in theirs) for word in ours]
    return sum(best) / len(best)
