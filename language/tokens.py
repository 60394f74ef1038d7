"""A text cut into tokens that remember where they stood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from language.folding import fold

Kind = Literal["word", "number", "email", "link", "handle", "tag", "mark", "rest"]

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d"
_LETTER = rf"[^\W\d_{_MARKS}][{_MARKS}]*"
_PIECES = re.compile(
    rf"""
    (?P<email>[\w.+%-]{{1,64}}@(?:[A-Za-z0-9-]{{1,63}}\.){{1,6}}[A-Za-z]{{2,24}})
  | (?P<link>(?:https?://|www\.)\S{{1,400}})
  | (?P<handle>@(?![\d.]+\b)[\w.]{{2,64}})
  | (?P<tag>\#[\w-]{{1,64}})
  | (?P<number>\d+(?:[.,٫٬]\d+)*)
  | (?P<own>['’]s(?!\w))
  | (?P<word>{_LETTER}(?:{_LETTER}|['’](?!s\b)(?={_LETTER})|-(?={_LETTER}))*)
  | (?P<mark>\S)
    """,
    re.VERBOSE,
)


MOST = 1000
"""Tokens of a text that are read: more than anybody types at once."""

_REST = "..."
_LONGEST = 80  # letters of a token by which it is looked up


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign: `text` as typed, `key` folded, `[start, end)` in the text.

    What follows the last that is read is one token of kind `rest`, kept as it stands.
    """

    text: str
    key: str
    start: int
    end: int
    kind: Kind

    @property
    def latin(self) -> bool:
        """Whether its first letter is a Latin one."""
        return self.text[:1].isascii() or "À" <= self.text[:1] <= "ɏ"

    @property
    def capital(self) -> bool:
        """Whether it is written like a Latin name."""
        return self.text[:1].isupper()


@lru_cache(maxsize=20_000)
def key_of(text: str) -> str:
    """The folded form of one token (kept: messages say the same words again and again)."""
    return fold(text)


def plain_keys(text: str) -> tuple[str, ...]:
    """The keys of a text of plain words, which needs no cutting; none for any other text."""
    if not text.isascii() or not text.replace(" ", "").isalpha():
        return ()
    return tuple(word[:_LONGEST] for word in text.lower().split())


@lru_cache(maxsize=8)  # one message is read by several readers
def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a text, left to right, in time linear in its length."""
    found: list[Token] = []
    for piece in _PIECES.finditer(text):
        if len(found) == MOST:
            rest = text[piece.start() :].rstrip()
            found.append(Token(rest, _REST, piece.start(), piece.start() + len(rest), "rest"))
            break
        own = piece.lastgroup == "own"
        kind = cast("Kind", "word" if own else piece.lastgroup)
        said = piece.group()
        key = "'s" if own else key_of(said[:_LONGEST])
        if key:
            found.append(Token(said, key, piece.start(), piece.end(), kind))
    return tuple(found)
