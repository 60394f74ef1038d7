"""How two records compare, field by field: the same, nearly, likely, or not at all.

Evidence is told in codes (a field, a level), so that words can be made of it in any language. It
says the same of two records whichever comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel

from rules.duplicates.common import one_name
from rules.duplicates.people import Day, Person, words_of
from rules.likeness import SAME as SAME_NAME
from rules.likeness import also_called, names_alike, words_alike
from rules.reach_keys import city_key
from rules.sounds import bones, is_urdu

_SPELT = 0.5
"""Share of the letters in which one name may differ that sounds the same."""


_LONG_ENOUGH = 6
"""Letters of a word in which one for another is a slip: in short ones, Sara and Sana, it makes
another name."""


class Level(IntEnum):
    """How well a field agrees."""

    SAME = 0
    NEAR = 1
    """A slip of the finger, or another spelling of the same sound."""
    CALLED = 2
    """A nickname, an initial, a beginning; of e-mail, the same mailbox elsewhere."""
    LIKE = 3
    """More alike than chance would have it."""
    DIFFERS = 4


class Sign(NamedTuple):
    """One piece of evidence: a field, how it agrees, and the two values that were compared."""

    field: str
    level: Level
    ours: str
    theirs: str


def evidence(one: Person, other: Person) -> list[Sign]:
    """All that can be compared; a field that either does not have says nothing."""
    signs = _names(one.words, other.words)
    for field, several, others, level in (
        ("email", one.emails, other.emails, email_level),
        ("phone", one.numbers, other.numbers, number_level),
        ("id", one.ids, other.ids, number_level),
    ):
        if several and others:
            signs.append(_best(field, several, others, level))
    if one.born and other.born:
        days = written(one.born), written(other.born)
        signs.append(Sign("born", born_level(one.born, other.born), *days))
    for field, ours, theirs, level in (
        ("company", one.company, other.company, text_level),
        ("city", one.city, other.city, text_level),
        ("postcode", one.postcode, other.postcode, code_level),
        ("address", one.address, other.address, text_level),
    ):
        if ours and theirs:
            signs.append(Sign(field, level(ours, theirs), ours, theirs))
    if one.traits and other.traits:
        known = dict(other.traits)
        signs += [
            Sign(trait, Level.SAME if value == known[trait] else Level.DIFFERS, value, known[trait])
            for trait, value in one.traits
            if trait in known
        ]
    return signs


def _names(ours: Sequence[str], theirs: Sequence[str]) -> list[Sign]:
    """Each word with the word that it fits best, whatever the order. Words that only one of both
    has say nothing: a middle name is often left out."""
    same = [word for word in ours if word in theirs]
    signs = [Sign("name", Level.SAME, word, word) for word in same]
    left = [word for word in ours if word not in same]
    right = [word for word in theirs if word not in same]
    if not left or not right:
        return signs
    if len(left) != len(right) and _closed_up(left, right):
        if len(left) > len(right):
            return signs + [Sign("name", Level.NEAR, word, "".join(right)) for word in left]
        return signs + [Sign("name", Level.NEAR, "".join(left), word) for word in right]
    fits = sorted((word_level(a, b), min(a, b), max(a, b), a, b) for a in left for b in right)
    for level, *_, a, b in fits:
        if a in left and b in right:
            signs.append(Sign("name", level, a, b))
            left.remove(a)
            right.remove(b)
    return signs


def _closed_up(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Abdul Rehman is Abdulrehman, and so is عبدالرحمان."""
    one, other = "".join(ours), "".join(theirs)
    if one == other:
        return True
    if is_urdu(one) == is_urdu(other):
        return False
    return words_alike(one, other) >= SAME_NAME or words_alike(other, one) >= SAME_NAME


@lru_cache(maxsize=100_000)
def word_level(ours: str, theirs: str) -> Level:
    """How well two words of names agree."""
    if ours == theirs:
        return Level.SAME
    known = one_name(ours, theirs)
    if known is not None:
        return Level.NEAR if known else Level.DIFFERS
    if is_urdu(ours) != is_urdu(theirs):
        return _across(max(words_alike(ours, theirs), words_alike(theirs, ours)))
    shorter, longer = sorted((len(ours), len(theirs)))
    if shorter == 1:
        return Level.CALLED if ours[0] == theirs[0] else Level.DIFFERS
    away = OSA.distance(ours, theirs)
    sounds = bones(ours)
    heard = len(sounds) > 1 and sounds == bones(theirs)
    if heard and away / longer <= _SPELT:
        return Level.NEAR
    another = shorter == longer < _LONG_ENOUGH and sorted(ours) != sorted(theirs)
    if away <= (1 if longer < 8 else 2) and longer > 3 and not another:
        return Level.NEAR
    if theirs in also_called(ours) or _begins(ours, theirs):
        return Level.CALLED
    if heard or away / longer <= 0.4 or _jumbled(ours, theirs):
        return Level.LIKE
    return Level.DIFFERS


def _across(alike: float) -> Level:
    if alike >= SAME_NAME:
        return Level.NEAR
    return Level.LIKE if alike > 0.3 else Level.DIFFERS


def _begins(ours: str, theirs: str) -> bool:
    shorter, longer = sorted((ours, theirs), key=len)
    return len(shorter) >= 3 and longer.startswith(shorter)


def _jumbled(ours: str, theirs: str) -> bool:
    """Whether the letters are about the same, in whatever order."""
    if min(len(ours), len(theirs)) < 4:
        return False
    return Indel.normalized_similarity(sorted(ours), sorted(theirs)) >= 0.85


def _best(
    field: str, ours: Sequence[str], theirs: Sequence[str], level: Callable[[str, str], Level]
) -> Sign:
    """The two of several values that agree best."""
    return min(
        (Sign(field, level(a, b), a, b) for a in ours for b in theirs),
        key=lambda sign: (sign.level, min(sign[2:]), max(sign[2:])),
    )


@lru_cache(maxsize=20_000)
def email_level(ours: str, theirs: str) -> Level:
    if ours == theirs:
        return Level.SAME
    if Indel.normalized_similarity(ours, theirs) >= 0.9:
        return Level.NEAR
    mailbox, other = ours.partition("@")[0], theirs.partition("@")[0]
    if mailbox == other and len(mailbox) > 3:
        return Level.CALLED
    alike = Indel.normalized_similarity(ours, theirs) >= 0.75
    return Level.LIKE if alike else Level.DIFFERS


def number_level(ours: str, theirs: str) -> Level:
    if ours == theirs:
        return Level.SAME
    near = len(ours) > 4 and OSA.distance(ours, theirs, score_cutoff=1) <= 1
    return Level.NEAR if near else Level.DIFFERS


def code_level(ours: str, theirs: str) -> Level:
    """Postcodes: those of one district begin alike."""
    if ours == theirs:
        return Level.SAME
    if OSA.distance(ours, theirs, score_cutoff=1) <= 1:
        return Level.NEAR
    if OSA.distance(ours, theirs, score_cutoff=2) <= 2:
        return Level.LIKE
    district, _, rest = ours.partition(" ")
    return Level.LIKE if rest and district == theirs.partition(" ")[0] else Level.DIFFERS


@lru_cache(maxsize=50_000)
def text_level(ours: str, theirs: str) -> Level:
    """Places and companies, their words in any order, in either script."""
    if ours == theirs:
        return Level.SAME
    if is_urdu(ours) != is_urdu(theirs):
        if city_key(ours) == city_key(theirs):
            return Level.NEAR
        words, others = words_of(ours), words_of(theirs)
        return _across(max(names_alike(words, others), names_alike(others, words)))
    alike = max(fuzz.token_sort_ratio(ours, theirs), fuzz.ratio(ours, theirs))
    if alike >= 85:
        return Level.NEAR
    return Level.LIKE if alike >= 62 else Level.DIFFERS


def written(born: Day) -> str:
    return f"{born.year:04}{born.month:02}{born.day:02}"


def born_level(ours: Day, theirs: Day) -> Level:
    if ours == theirs:
        return Level.SAME
    a, b = written(ours), written(theirs)
    if unknown_day(ours) or unknown_day(theirs):
        if ours.year == theirs.year:
            return Level.CALLED
        return Level.LIKE if OSA.distance(a[:4], b[:4]) == 1 else Level.DIFFERS
    if ours.year == theirs.year and (ours.month, ours.day) == (theirs.day, theirs.month):
        return Level.NEAR
    if OSA.distance(a, b) <= 1:
        return Level.NEAR
    year = OSA.distance(a[:4], b[:4]) <= 1 or abs(ours.year - theirs.year) == 1
    apart = abs((ours.month - theirs.month) * 30.5 + ours.day - theirs.day)
    if year and min(apart, 366 - apart) <= 45:
        return Level.LIKE
    same = (ours.year == theirs.year) + (ours.month == theirs.month) + (ours.day == theirs.day)
    return Level.LIKE if same >= 2 else Level.DIFFERS


def unknown_day(born: Day) -> bool:
    """Only the year is known; many systems write the first of January then."""
    return (born.month, born.day) in ((0, 0), (1, 1))


def facts(person: Person) -> Iterator[tuple[str, str]]:
    """All that is compared of one person: fields and values."""
    for word in person.words:
        yield "name", word
    for name, values in (("email", person.emails), ("phone", person.numbers), ("id", person.ids)):
        for value in values:
            yield name, value
    if person.born:
        yield "born", written(person.born)
    for name, value in (
        ("company", person.company),
        ("city", person.city),
        ("postcode", person.postcode),
        ("address", person.address),
    ):
        if value:
            yield name, value
    yield from person.traits
