"""How one word sounds, whichever script it is written in. Words come folded.

A skeleton keeps the consonants that both scripts write and lets go of what they spell freely:
vowels, aspirates, doubled letters.
"""

from __future__ import annotations

import re
from functools import lru_cache

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
_ALIKE_WITHOUT_H = tuple(pair for pair in _ALIKE if "h" not in pair[0])
_SOFT_C = re.compile("c(?=[eiy])")
_VOWELS = re.compile("[aeiouwvy]")
_URDU = re.compile("[\u0600-\u06ff]")


def is_urdu(text: str) -> bool:
    return not text.isascii() and bool(_URDU.search(text))


def latin(text: str) -> str:
    """A folded text in Latin letters, roughly as it is spoken: ``علی خان`` is ``ali khan``."""
    return text if text.isascii() else text.translate(_LATIN_LETTERS)


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """The consonants of one folded word; an opening vowel, whichever, counts as ``a``."""
    opens_with_w, opens_with_y = word[:1] in tuple("wvو"), word[:1] in tuple("yی")
    word = latin(word)
    for written, sound in _ALIKE if "h" in word else _ALIKE_WITHOUT_H:
        word = word.replace(written, sound)
    word = _SOFT_C.sub("s", word).replace("c", "k")
    if len(word) > 1:
        word = word.removesuffix("h")
    opening = "a" if word[:1] in tuple("aeiou") else ""
    opening = "w" if opens_with_w else "y" if opens_with_y else opening
    bones = re.sub(r"(.)\1+", r"\1", opening + _VOWELS.sub("", word))
    return bones[1:] if re.match("as.", bones) else bones  # اسکول is school, اسٹیل steel


def bones(word: str) -> str:
    """The skeleton as names are looked up by it: many write ``j`` where others write ``z``."""
    return skeleton(word).replace("j", "s")
