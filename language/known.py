"""Who and what is known in a workspace: whose name, or part of it, stands at a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz import fuzz

from language.sounds import NEAR, NEAR_SHORT, SHORT, is_urdu, latin, skeleton
from language.tokens import Token, plain_keys, tokenise

Kind = Literal["person", "org", "product", "tag"]

_KINDS: tuple[Kind, ...] = ("person", "org", "product", "tag")
_BY_PARTS = ("person", "org")
"""Kinds of names of which a part is said, or another spelling."""

_SAME_SCRIPT = 75
"""Likeness (0 to 100) from which another spelling in one's own script is the same name."""

_LEAST_BONES = 3
"""Consonants that a spelling in one's own script must share; fewer are common to too much."""

_WITHIN = frozenset("&-()/'")
"""Signs that may stand between the words of a name."""


@dataclass(frozen=True, slots=True)
class Match:
    """A known name in tokens `i` up to `j`; `whole` if all of it was said, `exact` if spelt so."""

    kind: Kind
    i: int
    j: int
    whole: bool
    exact: bool


_Way = tuple[Kind, tuple[str, ...], int, bool]
"""A kind of name, its words, the place of the next one, and whether all before it were said."""


@dataclass(slots=True)
class Index:
    """A tree of the words of names, begun at each of their words. It grows where it is walked:
    of the names that a message may speak of, it speaks of few.

    `parts` are the kinds of names in which the words up to here follow each other, `wholes` the
    kinds of those of which they are all.
    """

    ways: list[_Way] = field(default_factory=list)
    _next: dict[str, list[_Way]] | None = None
    _sounding: dict[str, list[str]] | None = None

    @classmethod
    def of(cls, names: Iterable[tuple[Kind, str]]) -> Index:
        begun: dict[str, list[_Way]] = {}
        for kind, name in names:
            words = words_of(name)
            for at, word in enumerate(words if kind in _BY_PARTS else words[:1]):
                begun.setdefault(word, []).append((kind, words, at + 1, at == 0))
        return cls(_next=begun)

    @property
    def next(self) -> dict[str, list[_Way]]:
        """Each word that may follow, and the ways on from there."""
        if self._next is None:
            self._next = {}
            for kind, words, at, whole in self.ways:
                if at < len(words):
                    self._next.setdefault(words[at], []).append((kind, words, at + 1, whole))
        return self._next

    @property
    def parts(self) -> set[Kind]:
        return {kind for kind, _, _, _ in self.ways}

    @property
    def wholes(self) -> set[Kind]:
        return {kind for kind, words, at, whole in self.ways if whole and at == len(words)}

    @property
    def sounding(self) -> dict[str, list[str]]:
        """The words that may follow, by how they sound."""
        if self._sounding is None:
            self._sounding = {}
            for word in self.next:
                self._sounding.setdefault(skeleton(word), []).append(word)
        return self._sounding

    def longest(self, tokens: Sequence[Token], at: int) -> Match | None:
        """The known name of which the most is said from this token on."""
        ends = list(self._walk(tokens, at, exact=True))
        if not ends:
            return None
        last = max(j for _, j, _ in ends)
        found = (
            Match(kind, at, j, kind in here.wholes, exact)
            for here, j, exact in ends
            if j == last
            for kind in here.parts
            if exact or kind in _BY_PARTS
        )
        return max(found, key=_rank, default=None)

    def _walk(
        self, tokens: Sequence[Token], at: int, *, exact: bool
    ) -> Iterator[tuple[Index, int, bool]]:
        """Where the words from this token on lead: the place in the tree and the token after it."""
        if at >= len(tokens):
            return
        word = joined(tokens[at].key)
        heard = [word] if word in self.next else self._heard(word)
        for each in heard:
            here, same = Index(self.next[each]), exact and each == word
            yield here, at + 1, same
            after = at + 1
            while after < len(tokens) and tokens[after].key in _WITHIN:
                after += 1
            yield from here._walk(tokens, after, exact=same)

    def _heard(self, word: str) -> list[str]:
        return [each for each in self.sounding.get(skeleton(word), ()) if alike(word, each)]


def _rank(match: Match) -> tuple[bool, bool, int]:
    return (match.whole, match.exact, -_KINDS.index(match.kind))


def alike(said: str, known: str) -> bool:
    """Whether two folded words are spellings of one name."""
    bones = skeleton(known)
    if len(bones) < 2 or skeleton(said) != bones:
        return False
    likeness = fuzz.ratio(latin(said), latin(known))
    if is_urdu(said) != is_urdu(known):
        return likeness >= (NEAR if len(bones) >= SHORT else NEAR_SHORT)
    return len(bones) >= _LEAST_BONES and likeness >= _SAME_SCRIPT


def joined(key: str) -> str:
    """A word without the hyphen that some write in it: Al-Karam is Alkaram."""
    return key.replace("-", "") or key


@lru_cache(maxsize=5_000)
def words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name, without signs."""
    if plain := plain_keys(name):
        return plain
    return tuple(joined(token.key) for token in tokenise(name) if token.kind != "mark")


@dataclass(frozen=True)
class Known:
    """Names as they are kept. The reader prefers them, also by a part, also in another script."""

    people: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.companies or self.products or self.tags)

    @cached_property
    def index(self) -> Index:
        everything = (self.people, self.companies, self.products, self.tags)
        kinds = zip(_KINDS, everything, strict=True)
        return Index.of((kind, name) for kind, names in kinds for name in names)
