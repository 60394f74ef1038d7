"""Which names a message may speak of: what to look up before it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.known import joined
from language.lexicon import knows
from language.tokens import Token, tokenise
from language.tongues import tongues

LONGEST = 5
"""Words of a name that is looked up whole."""

FARTHEST = 120
"""Tokens of a message that are looked at; more are a tale, with no new name at its end."""


@dataclass(frozen=True, slots=True)
class Sought:
    """`names` are runs of words as a folded name has them; `words` the single ones, without
    those that mean something by themselves; `tags` all single words."""

    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def sought(text: str) -> Sought:
    """What a message may name, each once, in the order said."""
    tokens = tokenise(text)[:FARTHEST]
    single = dict.fromkeys(token.key for token in tokens if token.kind == "word")
    words = dict.fromkeys(joined(key) for key in single if len(key) > 1 and not _everyday(key))
    return Sought(tuple(dict.fromkeys(_runs(tokens))), tuple(words), tuple(single))


def _everyday(key: str) -> bool:
    return knows(key, tuple(tongues()))


def _runs(tokens: Sequence[Token]) -> Iterator[str]:
    """What stands between any two words of a few, folded."""
    for at, token in enumerate(tokens):
        run = token.key
        if token.kind not in {"word", "number"}:
            continue
        yield run
        for before, after in zip(tokens[at:], tokens[at + 1 : at + LONGEST], strict=False):
            run += after.key if before.end == after.start else f" {after.key}"
            if after.kind != "mark" or after.key == ")":
                yield run
