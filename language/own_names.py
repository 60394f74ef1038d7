"""Own names in a text: as they are written, with a slip, in the other script, or spelt out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from language.folding import fold
from language.sheet import Sheet, lay_out
from language.sounds import is_urdu, likeness, near_enough, skeleton, sound_key
from language.tokens import tokenise
from language.wordfiles import under
from rules.likeness import also_called

_INITIALS = 6
_SURE, _LONG = 5, 9  # letters from which on one slip, and two, leave no doubt
_LONGEST = 200  # letters of a text that is to be nothing but a name


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `i` up to `j` that mean the thing with this key; `slips` are letters amiss."""

    i: int
    j: int
    key: str
    slips: int = 0


@dataclass(frozen=True, slots=True)
class _Name:
    """A name: its words joined, how many they are, and how it sounds."""

    key: str
    name: str
    joined: str
    size: int


@dataclass(slots=True)
class _Index:
    """Names by how they may begin: a letter, a sound in the other script, a letter's name."""

    letter: dict[str, list[_Name]] = field(default_factory=lambda: defaultdict(list))
    sound: dict[str, list[_Name]] = field(default_factory=lambda: defaultdict(list))
    initials: dict[str, list[tuple[list[str], _Name]]] = field(
        default_factory=lambda: defaultdict(list)
    )


@lru_cache(maxsize=256)
def _index(names: tuple[tuple[str, str], ...]) -> _Index:
    index = _Index()
    for key, name in names:
        words = [token.key for token in tokenise(name)]
        if not words:
            continue
        entry = _Name(key, name, "".join(words), len(words))
        index.letter[words[0][0]].append(entry)
        index.sound[skeleton(words[0])].append(entry)
        if initials := _initials(entry.joined):
            index.initials[initials[0]].append((initials, entry))
        if short := _abbreviation(words):
            index.letter[short[0]].append(_Name(key, name, short, 1))
    return index


def _initials(name: str) -> list[str]:
    """The names of its letters in another script, as an abbreviation is read out there."""
    spoken: dict[str, str] = under("letters")
    short = 1 < len(name) <= _INITIALS and all(letter in spoken for letter in name)
    return [fold(spoken[letter]) for letter in name] if short else []


def _abbreviation(words: list[str]) -> str:
    """What is read out letter by letter, as it is written in short; empty for other words."""
    letters = {fold(said): letter for letter, said in under("letters").items()}
    return "".join(letters.get(word, " ") for word in words) if set(words) <= set(letters) else ""


def find_names(sheet: Sheet, names: Mapping[str, str]) -> list[Span]:
    """Where these names stand, left to right; of those that overlap, the surest and longest."""
    if not names:
        return []
    index = _index(tuple(names.items()))
    keys = [token.key for token in sheet.tokens]
    found = [span for i in range(len(keys)) for span in _from(sheet, keys, i, index)]
    found.sort(key=lambda span: (span.slips, span.i - span.j, span.i))
    taken: set[int] = set()
    kept = []
    for span in found:
        if taken.isdisjoint(range(span.i, span.j)):
            taken.update(range(span.i, span.j))
            kept.append(span)
    return sorted(kept, key=lambda span: span.i)


def _from(sheet: Sheet, keys: list[str], i: int, index: _Index) -> Iterator[Span]:
    """The names that begin at a token, in about as many words as they have."""
    for name in index.letter.get(keys[i][0], ()):
        for size in {max(1, name.size - 1), name.size, name.size + 1}:
            slips = _slips("".join(keys[i : i + size]), name.joined)
            if slips is not None and i + size <= len(keys):
                yield Span(i, i + size, name.key, slips)
    for initials, name in index.initials.get(keys[i], ()):
        if keys[i : i + len(initials)] == initials:
            yield Span(i, i + len(initials), name.key)
    for name in index.sound.get(skeleton(keys[i]), ()) if keys[i].isalpha() else ():
        j = i + name.size
        if j <= len(keys) and _sounds_so(sheet.said(i, j), name.name):
            yield Span(i, j, name.key, 1)


def _slips(said: str, name: str) -> int | None:
    """How many letters are amiss; None where another word is said."""
    if said == name:
        return 0
    most = (len(name) >= _SURE) + (len(name) >= _LONG)
    if not most or abs(len(said) - len(name)) > most:
        return None
    slips = OSA.distance(said, name, score_cutoff=most)
    return slips if slips <= most else None


def _sounds_so(said: str, name: str) -> bool:
    """The same name in the other script."""
    if is_urdu(said) == is_urdu(name) or sound_key(said) != sound_key(name):
        return False
    return likeness(said, name) >= near_enough(name) or _is_so_called(said, name)


def _is_so_called(said: str, name: str) -> bool:
    """A given name as it is usually written in the other script: عائشہ is Ayesha."""
    ours, theirs = fold(said).split(), fold(name).split()
    return len(ours) == len(theirs) and all(
        one in also_called(other) or other in also_called(one)
        for one, other in zip(ours, theirs, strict=True)
    )


def named(text: str, names: Mapping[str, str]) -> str | None:
    """The key of the one thing that a text names and nothing else; None where it is unclear."""
    said = fold(text)
    exact = next((key for key, name in names.items() if fold(name) == said), None)
    if exact or said in names:
        return exact or said
    sheet = lay_out(text.strip()[:_LONGEST])
    whole = [s for s in find_names(sheet, names) if s.j - s.i == len(sheet.tokens)]
    return whole[0].key if len(whole) == 1 else None
