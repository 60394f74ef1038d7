"""Pipelines in a question: the word itself, and one that is named beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from language.own_names import Span, find_names
from language.sheet import Sheet, lay_out
from language.tokens import tokenise
from language.wordfiles import listed, under


@lru_cache(maxsize=1)
def _said_so() -> tuple[tuple[str, ...], ...]:
    said = (*under("macros")["pipeline"].values(), *under("macros")["pipelines"].values())
    return tuple(
        tuple(token.key for token in tokenise(phrase)) for each in said for phrase in listed(each)
    )


def pipeline_words(sheet: Sheet) -> list[tuple[int, int]]:
    """Where a pipeline is spoken of."""
    keys = tuple(token.key for token in sheet.tokens)
    return [
        (at, at + len(words))
        for words in _said_so()
        for at in range(len(keys) - len(words) + 1)
        if keys[at : at + len(words)] == words
    ]


def with_its_word(sheet: Sheet, i: int, j: int) -> tuple[int, int] | None:
    """A name and the word for a pipeline beside it ("the Export pipeline"); None without that."""
    for start, end in pipeline_words(sheet):
        if 0 <= start - j <= 1 or 0 <= i - end <= 1:
            return min(i, start), max(j, end)
    return None


_BEFORE = ("in", "the", "to", "into", "our", "for", "from")
_BEHIND = ("mein", "me", "main", "ki", "ke", "میں", "کی", "کے")


@dataclass(frozen=True, slots=True)
class Named:
    """A pipeline's ``name`` in a text, and the ``phrase`` that it stands in ("in the Export
    pipeline"), as places in it."""

    key: str
    name: tuple[int, int]
    phrase: tuple[int, int]

    def blanked(self, text: str, *, wholly: bool = False) -> str:
        """The text without it, at the same places."""
        start, end = self.phrase if wholly else self.name
        return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def where_named(text: str, pipelines: Mapping[str, str]) -> Named | None:
    """The pipeline that is named in a text, beside the word."""
    sheet = lay_out(text)
    tokens = sheet.tokens
    for span in find_names(sheet, pipelines):
        if place := with_its_word(sheet, span.i, span.j):
            i, j = place
            while i > 0 and tokens[i - 1].key in _BEFORE:
                i -= 1
            while j < len(tokens) and tokens[j].key in _BEHIND:
                j += 1
            name = tokens[span.i].start, tokens[span.j - 1].end
            return Named(span.key, name, (tokens[i].start, tokens[j - 1].end))
    return None


def pipeline_in(sheet: Sheet, pipelines: Mapping[str, str]) -> str | None:
    """The key of the pipeline that is named."""
    named: list[Span] = find_names(sheet, pipelines)
    return next((span.key for span in named if with_its_word(sheet, span.i, span.j)), None)
