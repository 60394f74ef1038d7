"""Who is worth comparing: those who share a key. The work follows the list, not its square.

A key does not depend on the order of words or records. What more than sixty share
tells nobody apart and is left to narrower keys.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import combinations, groupby, islice

from rules.duplicates.packed import Parts
from rules.duplicates.people import Person
from rules.sounds import bones

MOST = 60
"""People in a block."""

FEW = 4
"""What more than so many share is weak, whatever it is: a switchboard, a house, a usual name."""

_PARTS = 64
"""Keys and pairs are put in order part by part, to hold a part in memory at a time."""

WEAK = "?"
"""Begins a key of what many share."""

_WORDS, _CUT, _START, _MAILBOX = 4, 4, 3, 5
"""Words of a name, letters of their beginnings, and of a mailbox, that make a key."""

_PLACE = 24
_PLACES = (1 << _PLACE) - 1


LONG = 8_000
"""In a list of more, one weak key is not enough: what two have in common there must be rarer, and
a word or a place is no evidence."""


def keys(person: Person) -> Iterator[str]:
    """All keys of one person; the weak ones begin with ``WEAK``."""
    for kind, values in (("@", person.emails), ("#", person.numbers), ("!", person.ids)):
        yield from (kind + value for value in values)
    mailboxes = (email.partition("@")[0] for email in person.emails)
    yield from ("m" + mailbox for mailbox in mailboxes if len(mailbox) >= _MAILBOX)
    words = person.words[:_WORDS]
    sounds = sorted({bones(word) or word for word in words})
    yield from ("s" + " ".join(pair) for pair in combinations(sounds, 2))
    yield from (WEAK + "w" + word for word in words)
    cut = sorted(word[:_CUT] for word in words)
    yield from (WEAK + "p" + " ".join(pair) for pair in combinations(cut, 2))
    starts = sorted({word[:_START] for word in words})
    if person.born:
        year, month, day = person.born
        yield f"{WEAK}b{year} {month} {day}"
        for start in starts:
            yield f"{WEAK}y{year} {start}"
            yield f"d{month} {day} {start}"
    if person.address:
        yield "t" + person.address
    places = (person.postcode, person.city, person.company, person.address)
    for kind, place in zip("zckt", places, strict=True):
        if place:
            yield from (f"{WEAK}{kind}{place} {start}" for start in starts)
            if kind != "t":  # that is a key already
                yield f"{WEAK}{kind}{place}"


class Pairs:
    """All who share a key, or two weak ones where the list is long: the places of both, the lower
    one first, each pair once, in order."""

    def __init__(self, people: Sequence[Person]) -> None:
        met = Parts(_PARTS)
        width = max(1, -(-len(people) // _PARTS))
        for part in _keyed(people):
            for weak, block in _blocks(sorted(part)):
                for low, high in combinations(block, 2):
                    met.put(low // width, (low << _PLACE | high) << 1 | weak)
        alone = len(people) <= LONG
        self._parts = [array("Q", _kept(sorted(part), alone)) for part in met.taken()]

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for part in self._parts:
            for pair in part:
                yield pair >> _PLACE, pair & _PLACES


def _keyed(people: Sequence[Person]) -> Iterator[array[int]]:
    """Keys, whether weak, and the place of whom they are of; all of one key in one part."""
    parts = Parts(_PARTS)
    for place, person in enumerate(people):
        for key in set(keys(person)):
            digest = int.from_bytes(blake2b(key.encode(), digest_size=5).digest())
            marked = digest & ~1 | key.startswith(WEAK)
            parts.put(digest // 2 % _PARTS, marked << _PLACE | place)
    return parts.taken()


def _blocks(ordered: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    for key, same in groupby(ordered, lambda each: each >> _PLACE):
        block = [each & _PLACES for each in islice(same, MOST + 1)]
        if 1 < len(block) <= MOST:
            yield key & 1 | (len(block) > FEW), block


def _kept(ordered: Sequence[int], alone: bool) -> Iterator[int]:
    """Each pair once, if one key is enough, or one is strong (and comes first), or two are weak."""
    for pair, same in groupby(ordered, lambda each: each >> 1):
        marks = [each & 1 for each in same]
        if alone or len(marks) > 1 or not marks[0]:
            yield pair
