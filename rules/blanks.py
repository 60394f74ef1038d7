"""Texts with blanks that are filled for each reader: ``Dear {first_name|friend}, ...``.

    {name}           the reader's value; who has none gets no such message
    {name|friend}    or this instead, where there is none; {name|} leaves it out
    {{ and }}        a brace itself

A value is put in as it is and never read as a text with blanks itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST = 3500
"""Letters of a text."""

LONGEST_SUBJECT = 150

_KEPT = frozenset("\u200c\u200d")
"""Joiners are formatting signs that Urdu is written with."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place for a value. ``fallback`` is None where nothing was given instead."""

    name: str
    fallback: str | None = None


Piece = str | Blank


class Malformed(ValueError):
    """A text whose braces do not fit. ``why``: open, close or empty; ``near``: what is there."""

    def __init__(self, why: str, near: str) -> None:
        super().__init__(why)
        self.why, self.near = why, near


@dataclass(frozen=True, slots=True)
class Filled:
    """A text for one reader; ``gaps`` are the blanks for which there was nothing at all."""

    text: str
    gaps: tuple[str, ...] = ()


def blank_key(name: str) -> str:
    """``First name`` and ``first_name`` are one."""
    return "_".join(name.replace("_", " ").casefold().split())


def parse(text: str) -> tuple[Piece, ...]:
    """The pieces of a text. Raises Malformed."""
    pieces: list[Piece] = []
    plain = ""
    at = 0
    while at < len(text):
        two, sign = text[at : at + 2], text[at]
        if two in ("{{", "}}"):
            plain += sign
            at += 2
        elif sign == "}":
            raise Malformed("close", text[max(0, at - 15) : at + 1])
        elif sign == "{":
            end = text.find("}", at)
            inside = text[at + 1 : end] if end > 0 else ""
            if end < 0 or "{" in inside:
                raise Malformed("open", text[at : at + 20])
            name, given, fallback = inside.partition("|")
            if not blank_key(name):
                raise Malformed("empty", text[at : end + 1])
            pieces += [plain] if plain else []
            pieces.append(Blank(blank_key(name), one_line(fallback) if given else None))
            plain = ""
            at = end + 1
        else:
            plain += sign
            at += 1
    return (*pieces, plain) if plain else tuple(pieces)


def unparse(pieces: Iterable[Piece]) -> str:
    """The text that has these pieces."""
    return "".join(
        piece.replace("{", "{{").replace("}", "}}")
        if isinstance(piece, str)
        else f"{{{piece.name}}}"
        if piece.fallback is None
        else f"{{{piece.name}|{piece.fallback}}}"
        for piece in pieces
    )


def blanks_in(pieces: Iterable[Piece]) -> list[Blank]:
    return [piece for piece in pieces if isinstance(piece, Blank)]


def unknown(pieces: Iterable[Piece], known: Collection[str]) -> list[tuple[str, str | None]]:
    """The blanks that nobody has values for, each once, with the name that is nearest to it."""
    names = dict.fromkeys(blank.name for blank in blanks_in(pieces))
    strange = [name for name in names if name not in known]
    return [(name, next(iter(get_close_matches(name, known, 1, 0.5)), None)) for name in strange]


def fill(pieces: Sequence[Piece], values: Mapping[str, str | None]) -> Filled:
    """The text for who has these values. What is left out takes a space beside it along."""
    text, gaps = "", []
    for piece in pieces:
        if isinstance(piece, str):
            left_out = text and text[-1:].isspace() and piece[:1] == " "
            text += piece[1:] if left_out or (not text and piece[:1] == " ") else piece
            continue
        value = one_line(values.get(piece.name) or "") or piece.fallback
        if value is None:
            gaps.append(piece.name)
        text += value or ""
    return Filled(text, tuple(dict.fromkeys(gaps)))


def one_line(text: str) -> str:
    """A value as it can stand in a line, also in a header: no breaks and no hidden signs in it."""
    kept = (
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in text
        if sign in _KEPT or unicodedata.category(sign) not in ("Cf", "Cs", "Co")
    )  # fmt: skip
    return " ".join("".join(kept).split())
