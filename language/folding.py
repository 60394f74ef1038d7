"""The search key: two spellings that a reader would call the same fold to one string."""

from __future__ import annotations

import re
import unicodedata

# Arabic code points that Urdu keyboards and Arabic keyboards give for the same letter.
_LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ې": "ی", "ے": "ے", "ك": "ک", "ه": "ہ", "ة": "ہ", "ۃ": "ہ",
        "ۀ": "ہ", "ھ": "ھ", "أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و", "ـ": "", "٫": ".", "٬": ",",
        "ە": "ہ", "ڪ": "ک", "ۍ": "ی", "ێ": "ی", "ٲ": "ا", "ٳ": "ا",
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "—": "-", "−": "-",
        "“": '"', "”": '"', "،": ",", "؛": ";", "؟": "?", "۔": ".", "ß": "ss",
    }
)  # fmt: skip
_DIACRITICS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
# Letters that look like Latin ones, small as they are folded.
_LOOKALIKES = str.maketrans(
    "авсԁеһіјкӏмнорԛѕтухѵԝ" "αβεηικνορτυχγω" "ɑɡ",
    "abcdehijklmhopqstyxvw" "abenikvoptuxyw" "ag",
)  # fmt: skip
_FOREIGN = re.compile("[\u0251\u0261\u0370-\u03ff\u0400-\u052f]")
_WORD = re.compile(r"[^\W\d_]+")
# Signs for a whole blessing, as it is abbreviated: spelt out, a text of them grows eighteenfold.
_BLESSINGS = {0xFDFA: "صلعم", 0xFDFB: "ج"}
_DIGIT = re.compile(r"[^\D0-9]")
_UNSEEN = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Zero-width and bidi signs. Looked for as one pattern: a long text is folded many times over."""
_SPACE = re.compile(r"\s+")


def ascii_digits(text: str) -> str:
    """Every decimal digit of any script as 0-9; the length stays the same."""
    if text.isascii():
        return text
    return _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def fold(text: str) -> str:
    """The search key of a text.

    NFKC and casefold; Arabic and Urdu code points unified; digits to ASCII; zero-width and
    bidi signs and diacritics dropped; Greek and Cyrillic letters that stand among Latin ones, or
    make a word that looks Latin, as those they look like; white space squeezed.
    """
    if text.isascii():
        return _SPACE.sub(" ", text.casefold()).strip()
    text = unicodedata.normalize("NFKC", text.translate(_BLESSINGS)).casefold()
    text = _DIACRITICS.sub("", unicodedata.normalize("NFD", text))
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).translate(_LETTERS)
    if _FOREIGN.search(text):
        text = _WORD.sub(_as_it_looks, text)
    return _SPACE.sub(" ", ascii_digits(text)).strip()


def _as_it_looks(word: re.Match[str]) -> str:
    looks = word[0].translate(_LOOKALIKES)
    return looks if looks.isascii() or any("a" <= char <= "z" for char in word[0]) else word[0]


LONGEST_KEY = 500
"""Letters by which a value is looked up."""


def letters(text: str) -> str:
    """The letters and digits of a text alone, folded: ``1234567-8`` is found as ``12345678``. Of
    a text that grows by folding (\ufdfa is eighteen letters) the first ``LONGEST_KEY``."""
    return "".join(char for char in fold(text) if char.isalnum())[:LONGEST_KEY]
