"""A message laid out for reading: its tokens and what the words files say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from language.lexicon import Lexicon, Senses, lexicon
from language.roman import skeleton
from language.spelling import likely
from language.tokens import Token, tokenise
from language.tongue import tongue_of_tokens

Tongue = Literal["en", "ur", "roman"]
NOTHING: Senses = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """Tokens `i` up to `j` (not included) form a phrase with these senses."""

    i: int
    j: int
    senses: Senses


@dataclass
class Sheet:
    """A text, its tokens and marks. Built once for a message; nothing in it changes later."""

    text: str
    tokens: tuple[Token, ...]
    tongue: Tongue | None
    month_first: bool = False  # whether 5/12 is the twelfth of May
    marks: dict[int, Mark] = field(default_factory=dict)

    @cached_property
    def covered(self) -> list[Mark | None]:
        """For each token the mark that covers it."""
        found: list[Mark | None] = [None] * len(self.tokens)
        for mark in self.marks.values():
            found[mark.i : mark.j] = [mark] * (mark.j - mark.i)
        return found

    def senses(self, at: int) -> Senses:
        """What the phrase that covers this token means; empty outside the text."""
        mark = self.covered[at] if 0 <= at < len(self.tokens) else None
        return mark.senses if mark else NOTHING

    def has(self, at: int, *senses: str) -> bool:
        """Whether the phrase at this token has one of the senses."""
        return not self.senses(at).isdisjoint(senses)

    def value(self, at: int, kind: str) -> str | None:
        """The value of a sense such as `weekday:mon` at this token."""
        head = kind + ":"
        for sense in self.senses(at):
            if sense.startswith(head):
                return sense[len(head) :]
        return None

    def size(self, at: int) -> int:
        """How many tokens the phrase that begins here has (1 where there is none)."""
        mark = self.marks.get(at)
        return mark.j - mark.i if mark else 1

    def key(self, at: int) -> str:
        """The folded token, empty outside the text."""
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def glued(self, at: int) -> bool:
        """Whether this token touches the one before it."""
        return 0 < at < len(self.tokens) and self.tokens[at].start == self.tokens[at - 1].end

    def said(self, i: int, j: int) -> str:
        """The text from token `i` up to `j`, as typed."""
        return self.text[self.tokens[i].start : self.tokens[j - 1].end] if i < j else ""


def _find(book: Lexicon, keys: list[str], bones: list[str], at: int, plan: tuple[str, ...]) -> Mark:
    best = Mark(at, at + 1, NOTHING)
    everyday = book.words["roman"]
    if plan[0] == "roman" and len(keys[at]) < 4 and keys[at] in everyday:
        size, senses = book.tables["en"].match(keys, at)
        plan = plan if size > 1 else ("roman",)
    for tongue in plan:
        size, senses = book.tables[tongue].match(bones if tongue == "roman" else keys, at)
        if size and (not best.senses or size > best.j - best.i):
            best = Mark(at, at + size, senses)
        elif size == best.j - best.i and size:
            best = Mark(at, at + size, best.senses | senses)
    return best


def _plan(tongue: Tongue | None, latin: bool) -> tuple[str, ...]:
    if not latin:
        return ("ur",)
    return ("en",) if tongue == "en" else ("roman", "en")


def _bone(token: Token, at: int) -> str:
    """The skeleton of a word; a capital within a sentence is a name and stays as it is."""
    if not token.key.isascii():
        return token.key
    named = at and token.capital and token.key not in lexicon().words["roman"]
    return token.key if named else skeleton(token.key)


def lay_out(text: str, month_first: bool = False) -> Sheet:
    """Read the tokens of a text against the words files, longest phrase first."""
    book = lexicon()
    tokens = tokenise(text)
    keys = [token.key for token in tokens]
    bones = [_bone(token, at) for at, token in enumerate(tokens)]
    tongue = tongue_of_tokens(tokens)
    sheet = Sheet(text, tokens, tongue, month_first)
    at = 0
    while at < len(tokens):
        plan = _plan(tongue, not tokens[at].key[:1] > "؀")
        if sheet.glued(at) and tokens[at - 1].kind == "number":
            plan = ("en", "roman") if plan[0] != "ur" else plan
        mark = _find(book, keys, bones, at, plan)
        if not mark.senses and (meant := likely(tokens[at], plan)):
            size, senses = book.tables[meant[0]].match([meant[1]], 0)
            mark = Mark(at, at + size, senses)
        if mark.senses:
            sheet.marks[at] = mark
        at = max(at + 1, mark.j)
    return sheet


def speaks_of_them(text: str) -> bool:
    """Whether somebody is spoken of who was named before: her, usko, انہیں."""
    return any("them" in mark.senses for mark in lay_out(text).marks.values())
