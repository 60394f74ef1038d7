"""A message laid out for reading: its tokens and what the words files say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar

from language.apart import apart
from language.lexicon import Senses, knows, lexicon, usual
from language.spelling import likely
from language.tokens import Token, tokenise
from language.tongue import tongue_of_tokens
from language.tongues import Tongue, reading_of, script_of, tongues, usual_first
from language.variants import Forms, common_form, forms_of, spelt_freely

NOTHING: Senses = frozenset()
_GIVEN: Senses = frozenset({"given"})
Found = TypeVar("Found")


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
    tongue: str | None
    month_first: bool = False  # whether 5/12 is the twelfth of May
    marks: dict[int, Mark] = field(default_factory=dict)
    kept: dict[tuple[object, int], Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def verb_first(self) -> bool:
        """Whether commands of this language begin with the verb; not where it cannot be told."""
        return self.tongue is not None and tongues()[self.tongue].verb_first

    def written_in(self, at: int) -> Tongue:
        """The language that the word at a token is taken to be of."""
        return reading_of(self.tongue, script_of(self.tokens[at].key[0]))

    @cached_property
    def covered(self) -> list[Mark | None]:
        """For each token the mark that covers it."""
        found: list[Mark | None] = [None] * len(self.tokens)
        for mark in self.marks.values():
            found[mark.i : mark.j] = [mark] * (mark.j - mark.i)
        return found

    @cached_property
    def meant(self) -> dict[int, Senses]:
        """What the phrase that covers each token means, where there is one."""
        marks = self.marks.values()
        return {at: mark.senses for mark in marks for at in range(mark.i, mark.j)}

    @cached_property
    def forms(self) -> Forms:
        """Its words as each language looks them up."""
        return forms_of(self.tokens)

    @cached_property
    def shown(self) -> Senses:
        """Every sense that any phrase of the text has."""
        return NOTHING.union(*(mark.senses for mark in self.marks.values()))

    @cached_property
    def shouted(self) -> bool:
        """Whether the whole text is written large."""
        return self.text.isupper()

    @cached_property
    def figures(self) -> int:
        """How many numbers are written in figures."""
        return sum(token.kind == "number" for token in self.tokens)

    def senses(self, at: int) -> Senses:
        """What the phrase that covers this token means; empty outside the text."""
        return self.meant.get(at, NOTHING)

    def has(self, at: int, *senses: str) -> bool:
        """Whether the phrase at this token has one of the senses."""
        return not self.meant.get(at, NOTHING).isdisjoint(senses)

    def value(self, at: int, kind: str) -> str | None:
        """The value of a sense such as `weekday:mon` at this token."""
        senses = self.meant.get(at)
        return _values(senses).get(kind) if senses else None

    @cached_property
    def looks(self) -> dict[int, Senses]:
        """What each token is at a glance; see `kinds`."""
        meant = self.meant
        return {
            at: _kinds(meant.get(at, NOTHING), token.key[:1])
            for at, token in enumerate(self.tokens)
        }

    def kinds(self, at: int) -> Senses:
        """The senses at this token without their values, or the sign that it is; also `figure`
        for figures. Readers tell by it whether it is worth to look closer."""
        return self.looks.get(at, NOTHING)

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


@lru_cache(maxsize=10_000)
def _values(senses: Senses) -> dict[str, str]:
    """The values of senses by their kind: of `weekday:mon` it is `mon`; of two always the same."""
    valued = [sense.partition(":") for sense in sorted(senses) if ":" in sense]
    return {kind: value for kind, _, value in valued}


@lru_cache(maxsize=10_000)
def _kinds(senses: Senses, like: str) -> Senses:
    also = "figure" if like.isdecimal() else like
    return frozenset({*(sense.partition(":")[0] for sense in senses), also})


def once(reader: Callable[[Sheet, int], Found]) -> Callable[[Sheet, int], Found]:
    """A reader that looks at each place of a sheet once and remembers what it found there.

    Readers look ahead through one another; this keeps the time linear in the length of a text.
    """

    @wraps(reader)
    def remembered(sheet: Sheet, at: int) -> Found:
        found = sheet.kept.get((reader, at), sheet)
        if found is sheet:  # which no reader finds
            found = sheet.kept[reader, at] = reader(sheet, at)
        known: Found = found
        return known

    return remembered


# Words of free spelling that are shorter than this are alike in two languages ("or", "me").
_SHORT = 4


class _Layout:
    """The tokens of one text, looked up in the words files of its languages."""

    def __init__(self, tokens: tuple[Token, ...], tongue: str | None) -> None:
        self.tokens = tokens
        self.tongue = tongue
        self.forms: dict[str, list[str]] = {}

    def mark(self, at: int, glued: bool) -> Mark:
        """The phrase that starts at a token, or the one that was probably meant."""
        looks = self._looks(at, glued)
        mark = self._find(at, looks)
        if not mark.senses and self._named(at, looks):
            return Mark(at, at + 1, _GIVEN)
        if not mark.senses and (meant := likely(self.tokens[at], looks)):
            size, senses = lexicon(meant[0]).table.match([meant[1]], 0)
            return Mark(at, at + size, senses)
        return mark

    def _named(self, at: int, looks: tuple[str, ...]) -> bool:
        """Whether a word is a given name in another spelling, which is free in any language."""
        key = self.tokens[at].key
        guest = reading_of(None, script_of(key[0])).name
        known = guest in looks or knows(key, looks)
        if known or not spelt_freely(guest) or usual(key, looks):
            return False
        return "given" in lexicon(guest).table.senses.get((common_form(key, guest),), NOTHING)

    def _looks(self, at: int, glued: bool) -> tuple[str, ...]:
        """The languages of a token; glued to a figure, all of its script, the usual one first."""
        script = script_of(self.tokens[at].key[0])
        read = reading_of(self.tongue, script)
        if glued and self.tokens[at - 1].kind == "number" and len(usual_first(read)) > 1:
            return usual_first(read)
        return read.looks

    def _find(self, at: int, looks: tuple[str, ...]) -> Mark:
        """The longest phrase that starts here, with its senses in all languages that have it."""
        own, key = looks[0], self.tokens[at].key
        size, senses = self._match(own, at) if spelt_freely(own) else (0, NOTHING)
        if size and (len(key) < _SHORT or "own_only" in senses):
            longer = max((self._match(tongue, at)[0] for tongue in looks[1:]), default=0)
            looks = looks if longer > 1 else (own,)
        best = Mark(at, at + 1, NOTHING)
        for tongue in looks:
            size, senses = self._match(tongue, at)
            if size and (not best.senses or size > best.j - best.i):
                best = Mark(at, at + size, senses)
            elif size == best.j - best.i and size:
                best = Mark(at, at + size, best.senses | senses)
        return best

    def _match(self, tongue: str, at: int) -> tuple[int, Senses]:
        if tongue not in self.forms:
            self.forms[tongue] = [self._form(tongue, each) for each in range(len(self.tokens))]
        return lexicon(tongue).table.match(self.forms[tongue], at)

    def _form(self, tongue: str, at: int) -> str:
        """How a word is looked up; a capital within a sentence is a name and stays as it is."""
        token = self.tokens[at]
        named = at and token.capital and token.key not in lexicon(tongue).words
        return token.key if named else common_form(token.key, tongue)


@lru_cache(maxsize=8)  # one message is read by several readers
def lay_out(text: str, month_first: bool = False) -> Sheet:
    """Read the tokens of a text against the words files, longest phrase first."""
    tokens = apart(tokenise(text))
    sheet = Sheet(text, tokens, tongue_of_tokens(tokens), month_first)
    layout = _Layout(tokens, sheet.tongue)
    at = 0
    while at < len(tokens):
        mark = layout.mark(at, sheet.glued(at))
        if mark.senses:
            sheet.marks[at] = mark
        at = max(at + 1, mark.j)
    return sheet
