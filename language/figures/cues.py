"""What the words of a question say, and what stands near what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from language.figures.phrases import Phrase
from language.own_names import Span as Place
from language.sheet import Sheet

APART = "\x1f"
"""Stands between the parts of a key, and in no name."""

_NEAR = 2  # tokens between a word and what it speaks of
_FAR = 6
_AROUND = frozenset({"which", "by", "who", "each"})


@dataclass(frozen=True, slots=True)
class Facet:
    """A word for what deals are told apart by: "agents" at token `i`."""

    i: int
    j: int
    kind: str


@dataclass(frozen=True, slots=True)
class Value:
    """A name of one of the values of a facet."""

    i: int
    j: int
    kind: str
    name: str

    @classmethod
    def at(cls, place: Place) -> Value:
        kind, name, _ = place.key.split(APART)
        return cls(place.i, place.j, kind, name)


class Cues:
    """The phrases of a question but those that say when; its facets and the values it names."""

    def __init__(
        self,
        sheet: Sheet,
        phrases: Iterable[Phrase],
        values: Sequence[Value],
        own: Sequence[Facet],
    ) -> None:
        self.sheet = sheet
        self.phrases = tuple(phrases)
        self.values = values
        self._own = own

    @cached_property
    def senses(self) -> frozenset[str]:
        return frozenset(sense for each in self.phrases for sense in each.senses)

    def has(self, *senses: str) -> bool:
        """Whether anything is said with one of these senses."""
        return not self.senses.isdisjoint(senses)

    def of(self, *senses: str) -> list[Phrase]:
        """The phrases with one of these senses, left to right."""
        return [phrase for phrase in self.phrases if not phrase.senses.isdisjoint(senses)]

    def first(self, *senses: str) -> int:
        """Where one of these senses stands first; behind the text where none does."""
        return next((phrase.i for phrase in self.of(*senses)), len(self.sheet.tokens))

    def between(self, i: int, j: int) -> frozenset[str]:
        """The senses of the phrases that lie within these tokens."""
        inside = (p.senses for p in self.phrases if i <= p.i and p.j <= j)
        return frozenset().union(*inside)

    def before(self, at: int, within: int = _NEAR) -> frozenset[str]:
        """The senses of the phrases that end shortly before a token."""
        near = (p.senses for p in self.phrases if at - within <= p.j <= at)
        return frozenset().union(*near)

    def after(self, at: int, within: int = _NEAR) -> frozenset[str]:
        """The senses of the phrases that begin shortly behind a token."""
        near = (p.senses for p in self.phrases if at <= p.i <= at + within)
        return frozenset().union(*near)

    def leads(self, first: str, *seconds: str, within: int = _NEAR) -> bool:
        """Whether one of the second senses follows soon on the first, or is said by it."""
        return any(
            not (self.after(phrase.j, within) | phrase.senses).isdisjoint(seconds)
            for phrase in self.of(first)
        )

    @cached_property
    def titles(self) -> list[Facet]:
        """Words for facets, also where they only say what a name beside them is."""
        found = list(self._own)
        for phrase in self.phrases:
            kinds = sorted(s for s in phrase.senses if s.startswith("by_what:"))
            found += [Facet(phrase.i, phrase.j, kind.removeprefix("by_what:")) for kind in kinds]
        return found

    @cached_property
    def facets(self) -> list[Facet]:
        """Words for facets that do not only say what a name beside them is."""
        found = sorted((f for f in self.titles if not self._is_title(f)), key=lambda facet: facet.i)
        keys = [token.key for token in self.sheet.tokens]
        nouns = {f.i for f in found if not keys[f.i].endswith("ed")}  # "accounts located in ..."
        return [facet for facet in found if facet.j not in nouns]  # of "product series" the last

    def _is_title(self, facet: Facet) -> bool:
        """ "The retail sector", "account Cancity", "Cara Losch's team"."""
        if self.before(facet.i, 1) & _AROUND:
            return False
        return any(
            value.kind == facet.kind
            and (0 <= facet.i - value.j <= 1 or 0 <= value.i - facet.j <= 1)
            for value in self.values
        )

    def of_a_deal(self, *senses: str) -> bool:
        """Whether a word such as "biggest" speaks of single deals, not of customers or months."""
        for phrase in self.of(*senses):
            if phrase.senses & {"deals", "size"}:
                return True
            for other in self.phrases:
                if not phrase.j <= other.i <= phrase.j + _FAR:
                    continue
                if any(phrase.j <= facet.i <= other.i for facet in self.facets):
                    break
                if other.senses & {"deals", "size"}:
                    return True
        return False

    def number(self, at: int) -> int | None:
        """A whole number in figures, or one that is written out."""
        tokens = self.sheet.tokens
        if not 0 <= at < len(tokens):
            return None
        if tokens[at].key.isdecimal() and len(tokens[at].key) < 9:
            return int(tokens[at].key)
        said = [s for p in self.phrases if p.i == at for s in p.senses if s.startswith("num:")]
        return int(said[0].removeprefix("num:")) if said else None
