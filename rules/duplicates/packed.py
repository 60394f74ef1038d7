"""A long list of people in little memory: each is one string until somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import overload

from rules.duplicates.people import Day, Person

_FIELD, _ITEM, _PART = "\x1f", "\x1e", "\x1d"
"""White space, which folded text does not have."""

_RECENT = 5_000


class Packed(Sequence[Person]):
    """People in the order of what is known of them, whatever order they came in."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._rows = sorted(map(_pack, people))
        self._person = lru_cache(_RECENT)(self._unpacked)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Person: ...
    @overload
    def __getitem__(self, place: slice) -> list[Person]: ...
    def __getitem__(self, place: int | slice) -> Person | list[Person]:
        if isinstance(place, slice):
            return [_unpack(row) for row in self._rows[place]]
        return self._person(place)

    def _unpacked(self, place: int) -> Person:
        return _unpack(self._rows[place])


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
