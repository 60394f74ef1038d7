"""Whether somebody who comes in is one of those who are here, or came in just before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from language.folding import fold
from rules.duplicates.people import Person
from rules.duplicates.verdict import FILLED_IN, of_files, same_one

NAMESAKES = 5
"""People of one name at one company who are looked at."""

_WEIGHTS = of_files()


class Known(Protocol):
    """What is known of somebody, whether here or in the file."""

    @property
    def name_key(self) -> str: ...
    @property
    def company_id(self) -> int | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def points(self) -> Sequence[tuple[str, str]]: ...


Other = TypeVar("Other", bound=Known)


def alone(person: Known) -> tuple[Any, ...] | None:
    """All that whoever cannot be reached is told by; None for those who can be."""
    return None if person.points else (person.name_key, person.company_id, person.city)


def likeliest(person: Known, others: Sequence[Other]) -> Other | None:
    """Of those with whom it may be one the likeliest, where that is as good as sure."""
    if not others:
        return None
    ours = _compared(person, person)
    scored = [
        (same_one(ours, _compared(each, person), _WEIGHTS).score, each)
        for each in dict.fromkeys(others)
    ]
    score, one = max(scored, key=lambda pair: pair[0])
    return one if score >= FILLED_IN else None


def _compared(person: Known, other: Known) -> Person:
    """What tells who somebody is. Of companies it counts alone whether they are one."""
    of_one = "same" if person.company_id == other.company_id else "other"
    reach = {value for _, value in person.points}
    return Person(
        id="",
        name="" if person.name_key in reach else person.name_key,
        phones=tuple(value for kind, value in person.points if kind == "phone"),
        emails=tuple(value for kind, value in person.points if kind == "email"),
        company=of_one if person.company_id else "",
        city=fold(person.city or ""),
    )


class Here(Generic[Other]):
    """Those who are new in some records."""

    def __init__(self) -> None:
        self._by_point: dict[str, Other] = {}
        self._by_name: dict[tuple[str, int], list[Other]] = {}
        self._alone: dict[tuple[Any, ...], Other] = {}

    def of(self, person: Other) -> Other | None:
        """The one with whom it is one."""
        told = alone(person)
        if told and told in self._alone:
            return self._alone[told]
        reached = [self._by_point[each] for _, each in person.points if each in self._by_point]
        for other in reached:
            if other.name_key == person.name_key:
                return other
        return likeliest(person, [*reached, *self._namesakes(person)])

    def _namesakes(self, person: Other) -> list[Other]:
        if person.company_id is None:
            return []
        return self._by_name.get((person.name_key, person.company_id), [])[:NAMESAKES]

    def add(self, person: Other) -> None:
        self.reached(person, person.points)
        if told := alone(person):
            self._alone[told] = person
        if person.company_id is not None:
            self._by_name.setdefault((person.name_key, person.company_id), []).append(person)

    def reached(self, person: Other, points: Iterable[tuple[str, str]]) -> None:
        """So somebody is reached, too."""
        for _, value in points:
            self._by_point.setdefault(value, person)
