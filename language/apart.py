"""Words typed without the space between them: "علیکو", "کوکال", "ہرمہینے", "کوSMS"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from language.folding import fold
from language.lexicon import lexicon
from language.tokens import Token
from language.tongues import reading_of, script_of
from language.wordfiles import listed, under

_LEAST = 3  # letters of the word that is left; fewer are found in too many others
_MOST = 40


@dataclass(frozen=True, slots=True)
class Joining:
    """The small words that a language's writers join to the word before or after them."""

    tails: tuple[str, ...]
    heads: tuple[str, ...]


@lru_cache(maxsize=1)
def _joinings() -> dict[str, Joining]:
    return {
        tongue: Joining(tuple(listed(said["tails"])), tuple(listed(said["heads"])))
        for tongue, said in under("joining").items()
    }


def apart(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens with such words cut in two; a word that is known stays whole."""
    if all(token.kind != "word" or token.text.isascii() for token in tokens):
        return tokens
    return tuple(part for token in tokens for part in _parts(token) if part.key)


def _parts(token: Token) -> list[Token]:
    if token.kind != "word" or token.text.isascii() or len(token.text) > _MOST:
        return [token]
    return [part for piece in _by_script(token) for part in _unjoined(piece)]


def _by_script(token: Token) -> list[Token]:
    """The stretches of one script; signs over letters go with the letter before them."""
    scripts = [script_of(char) for char in token.text]
    if len({script for script in scripts if script}) < 2:
        return [token]
    for at in range(1, len(scripts)):
        scripts[at] = scripts[at] or scripts[at - 1]
    sizes = [len(list(run)) for _, run in groupby(scripts)]
    parts, at = [], 0
    for size in sizes:
        parts.append(_piece(token, at, at + size))
        at += size
    return parts


def _unjoined(token: Token) -> list[Token]:
    joining = _joinings().get(reading_of(None, script_of(token.key[:1])).name)
    if not joining or len(token.key) != len(token.text):
        return [token]
    cuts = _cuts(token.key, joining)
    return [_piece(token, i, j) for i, j in pairwise((0, *cuts, len(token.text)))]


@lru_cache(maxsize=20_000)
def _cuts(word: str, joining: Joining) -> tuple[int, ...]:
    """The places where an unknown word falls into small words and one that is known."""
    if cut := _cut(word, joining):
        return (cut,)
    for head in joining.heads:  # "سےجمعےکو"
        rest = word.removeprefix(head)
        if rest != word and (cut := _cut(rest, joining)) and not _known(word):
            return len(head), len(head) + cut
    return ()


def _cut(word: str, joining: Joining) -> int:
    """Where a word that nobody knows falls into a small word and one that is known; else 0."""
    if _known(word):
        return 0
    for tail in joining.tails:
        if word.endswith(tail) and _known(word[: -len(tail)]):
            return len(word) - len(tail)
    for head in joining.heads:
        if word.startswith(head) and _known(word[len(head) :]):
            return len(head)
    return 0


def _known(word: str) -> bool:
    if len(word) < _LEAST:
        return False
    book = lexicon(reading_of(None, script_of(word[:1])).name)
    return word in book.words or (word,) in book.table.senses


def _piece(token: Token, i: int, j: int) -> Token:
    text = token.text[i:j]
    return Token(text, fold(text), token.start + i, token.start + j, "word")
