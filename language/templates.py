"""Whole messages that say one thing plainly, told by templates of the words files.

    [a|an] text     may stand there, or not           {name}  any few words, as few as fit
    [{name}]        the same, or nothing
    <add>           one of the phrases of that macro  {stage} known words of that kind
    set|change      either of them                    :       a sign stands here, whichever

Other signs between words are passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from types import MappingProxyType

from language.sheet import Sheet
from language.tokens import tokenise
from language.tongues import tongues
from language.variants import common_forms
from language.wordfiles import listed, under

LONGEST = 24
"""Tokens of a message that a template can tell."""

_MOST = 10  # tokens of a slot
_PIECE = re.compile(r"\[[^\]]*\]|<\w+>|\{\w+\}|\S+")
_SIGNS = frozenset(",:;\"'()-=.!?*")

Place = tuple[int, int]
Known = Mapping[str, Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A slot, a sign, or phrases one of which stands here; `optional`: or nothing does."""

    slot: str = ""
    sign: bool = False
    phrases: tuple[tuple[str, ...], ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Template:
    """What a message of this form asks for, in which spelling its words are looked up."""

    intent: str
    tongue: str
    pieces: tuple[Piece, ...]
    needs: tuple[frozenset[str], ...]
    """Words of each of which a message must have one."""

    @cached_property
    def slots(self) -> frozenset[str]:
        """All that may stand in it."""
        return frozenset(piece.slot for piece in self.pieces if piece.slot)

    @cached_property
    def wants(self) -> frozenset[str]:
        """Slots that must be filled."""
        return frozenset(piece.slot for piece in self.pieces if piece.slot and not piece.optional)


@lru_cache(maxsize=1)
def _by_word() -> Mapping[tuple[str, str], Sequence[tuple[str, int]]]:
    """Of words in a language the templates, by heading and number, that stand under one of them:
    under those of its needs that the fewest ask for. One that needs none stands under no word."""
    every = [
        (heading, number, template)
        for heading in under("templates")
        for number, template in enumerate(templates(heading))
    ]
    asked = Counter(
        (each.tongue, word) for _, _, each in every for need in each.needs for word in need
    )
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for heading, number, each in every:
        needs = sorted(each.needs, key=lambda need: sum(asked[each.tongue, word] for word in need))
        for word in needs[0] if needs else ("",):
            found.setdefault((each.tongue, word), []).append((heading, number))
    return found


@cache
def templates(heading: str) -> tuple[Template, ...]:
    """The templates under `[templates.<heading>]`, in their order."""
    found = []
    for intent, said in under("templates").get(heading, {}).items():
        for tongue in tongues():
            lines = said.get(tongue, "").strip().splitlines()
            found += [_template(intent, tongue, line) for line in lines]
    return tuple(found)


def _template(intent: str, tongue: str, line: str) -> Template:
    pieces = _pieces(line, tongue)
    told = (piece.phrases for piece in pieces if piece.phrases and not piece.optional)
    needs = tuple(frozenset(phrase[0] for phrase in phrases) for phrases in told)
    return Template(intent, tongue, pieces, needs)


def _pieces(line: str, tongue: str) -> tuple[Piece, ...]:
    return tuple(_piece(each, tongue) for each in _PIECE.findall(line))


def _piece(said: str, tongue: str) -> Piece:
    if said.startswith(("{", "[{")):
        return Piece(slot=said.strip("[{}]"), optional=said.startswith("["))
    if said == ":":
        return Piece(sign=True)
    optional = said.startswith("[")
    said = said[1:-1] if optional else said
    forms = tuple(form for each in said.split("|") for form in _forms(each, tongue))
    return Piece(phrases=forms, optional=optional)


@lru_cache(maxsize=1000)
def _forms(said: str, tongue: str) -> tuple[tuple[str, ...], ...]:
    """One phrase, or all of a macro, as their words are looked up."""
    phrases = listed(under("macros")[said[1:-1]][tongue]) if said.startswith("<") else [said]
    texts = map(tokenise, phrases)
    return tuple(common_forms((token.key for token in each), tongue) for each in texts)


def likely(sheet: Sheet, heading: str, known: Known = MappingProxyType({})) -> list[Template]:
    """The templates that may tell a message, in their order: their words are there, and of the
    ``known`` places one for each slot that needs it. Of most messages there are none."""
    worded = _worded(sheet).get(heading)
    if not worded:
        return []
    lacking = {slot for slot, places in known.items() if not places}
    return [each for each in worded if lacking.isdisjoint(each.wants)]


def _worded(sheet: Sheet) -> Mapping[str, Sequence[Template]]:
    """By their heading the templates whose words a message has."""
    found: Mapping[str, Sequence[Template]] | None = sheet.kept.get((_worded, 0))
    if found is None:
        found = sheet.kept[_worded, 0] = _find(sheet) if len(sheet.tokens) <= LONGEST else {}
    return found


def _find(sheet: Sheet) -> Mapping[str, Sequence[Template]]:
    said, begun = sheet.forms, _by_word()
    begin = {
        each
        for tongue, forms in said.items()
        for word in (*forms, "")
        for each in begun.get((tongue, word), ())
    }
    words = {tongue: frozenset(forms) for tongue, forms in said.items()}
    found: dict[str, list[Template]] = {}
    for heading, number in sorted(begin):
        template = templates(heading)[number]
        if not any(map(words[template.tongue].isdisjoint, template.needs)):
            found.setdefault(heading, []).append(template)
    return found


def tell(sheet: Sheet, heading: str, known: Known) -> Iterator[tuple[str, dict[str, Place]]]:
    """The intents that templates tell, each with its slots as places, the first the likeliest."""
    for template in likely(sheet, heading, known):
        reading = _Reading(sheet, sheet.forms[template.tongue], known)
        for slots in reading.from_(0, template.pieces):
            yield template.intent, slots


@dataclass(frozen=True, slots=True)
class _Reading:
    """A message held against one template."""

    sheet: Sheet
    forms: tuple[str, ...]
    known: Known

    def from_(self, at: int, pieces: Sequence[Piece]) -> Iterator[dict[str, Place]]:
        """All ways in which the rest of the message is the rest of the template."""
        at = self._past_signs(at)
        if not pieces:
            if at == len(self.forms):
                yield {}
            return
        piece, rest = pieces[0], pieces[1:]
        if piece.sign and at and self.forms[at - 1] in _SIGNS:
            yield from self.from_(at, rest)
        if piece.slot:
            for i, j in self._fillings(piece.slot, at):
                for slots in self.from_(j, rest):
                    yield {piece.slot: (i, j), **slots}
            if piece.optional:
                yield from self.from_(at, rest)
            return
        for phrase in piece.phrases:
            if self.forms[at : at + len(phrase)] == phrase:
                yield from self.from_(at + len(phrase), rest)
        if piece.optional:
            yield from self.from_(at, rest)

    def _fillings(self, slot: str, at: int) -> Iterator[Place]:
        if slot in self.known:
            yield from (place for place in self.known[slot] if place[0] == at)
            return
        for j in range(at + 1, min(at + _MOST, len(self.forms)) + 1):
            if self.forms[j - 1] not in _SIGNS:
                yield at, j

    def _past_signs(self, at: int) -> int:
        while at < len(self.forms) and self.forms[at] in _SIGNS:
            at += 1
        return at
