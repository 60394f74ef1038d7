"""A long list of people, and counts of what they hold, in little memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from tempfile import TemporaryFile
from typing import overload

from rules.duplicates.people import Day, Person

_FIELD, _ITEM, _PART = "\x1f", "\x1e", "\x1d"
"""White space, which folded text does not have."""

_RECENT = 5_000
_BEGINNING = 16

_AT_ONCE = 8_192
"""Numbers that are written to the disk together."""


class Packed(Sequence[Person]):
    """People in the order of what is known of them, whatever order they came in. Each is a few
    letters in one long text until somebody looks at them."""

    def __init__(self, people: Iterable[Person]) -> None:
        text, begins = bytearray(), array("Q", [0])
        for person in people:
            text += _pack(person).encode()
            begins.append(len(text))

        def place(at: int) -> bytes:
            """By how it begins, so that those of one name are together; then by all of it."""
            row = bytes(text[begins[at] : begins[at + 1]])
            return row[:_BEGINNING] + blake2b(row, digest_size=8).digest()

        order = sorted(range(len(begins) - 1), key=place)
        self._text, self._begins, self._order = text, begins, array("I", order)
        self._person = lru_cache(_RECENT)(self._unpacked)

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> Person: ...
    @overload
    def __getitem__(self, place: slice) -> list[Person]: ...
    def __getitem__(self, place: int | slice) -> Person | list[Person]:
        if isinstance(place, slice):
            return [self._unpacked(each) for each in range(*place.indices(len(self)))]
        return self._person(place)

    def __iter__(self) -> Iterator[Person]:
        return map(self._unpacked, range(len(self)))

    def _unpacked(self, place: int) -> Person:
        at = self._order[place]
        return _unpack(self._text[self._begins[at] : self._begins[at + 1]].decode())


class Parts:
    """Very many numbers, in parts: what does not fit in little memory waits on the disk."""

    def __init__(self, many: int) -> None:
        self._files = ExitStack()
        self._waiting = [array("Q") for _ in range(many)]
        self._written = [
            self._files.enter_context(TemporaryFile())  # noqa: SIM115 - it is entered
            for _ in range(many)
        ]

    def put(self, part: int, number: int) -> None:
        waiting = self._waiting[part]
        waiting.append(number)
        if len(waiting) == _AT_ONCE:
            waiting.tofile(self._written[part])
            del waiting[:]

    def taken(self) -> Iterator[array[int]]:
        """Each part, once."""
        with self._files:
            for file, waiting in zip(self._written, self._waiting, strict=True):
                file.seek(0)
                numbers = array("Q", file.read())
                numbers.extend(waiting)
                yield numbers


class Counts(Mapping[int, int]):
    """How often each number is met, of those that are met more than once. The numbers come in
    parts, by what is left of them divided by how many parts there are."""

    def __init__(self, parts: Iterable[Iterable[int]]) -> None:
        self._parts: list[tuple[array[int], array[int]]] = []
        for part in parts:
            numbers, times = array("q"), array("I")
            for number, same in groupby(part):
                if (count := sum(1 for _ in same)) > 1:
                    numbers.append(number)
                    times.append(count)
            self._parts.append((numbers, times))

    def __getitem__(self, number: int) -> int:
        numbers, times = self._parts[number % len(self._parts)]
        at = bisect_left(numbers, number)
        if at == len(numbers) or numbers[at] != number:
            raise KeyError(number)
        return times[at]

    def __iter__(self) -> Iterator[int]:
        for numbers, _ in self._parts:
            yield from numbers

    def __len__(self) -> int:
        return sum(len(numbers) for numbers, _ in self._parts)


def _pack(person: Person) -> str:
    born = _ITEM.join(map(str, person.born)) if person.born else ""
    lists = (person.phones, person.emails, person.ids, map(_PART.join, person.traits))
    texts = (person.name, person.company, person.city, person.postcode, person.address, born)
    return _FIELD.join((*texts, *map(_ITEM.join, lists), person.id))


def _unpack(row: str) -> Person:
    name, company, city, postcode, address, born, *lists, id_ = row.split(_FIELD, 10)
    phones, emails, ids, traits = (tuple(each.split(_ITEM)) if each else () for each in lists)
    day = Day(*map(int, born.split(_ITEM))) if born else None
    return Person(
        id=id_, name=name, phones=phones, emails=emails, ids=ids, company=company, city=city,
        postcode=postcode, address=address, born=day,
        traits=tuple((trait, value) for trait, _, value in (t.partition(_PART) for t in traits)),
    )  # fmt: skip
