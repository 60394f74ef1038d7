"""Who stands in a list of N made-up people more than once: CPU, memory, and what was found, beside
the cost of comparing every name with every other.

    python -m benchmarks.duplicates 100000

A fifth stand there twice, with a slip in the name, a number or address missing or changed. A fifth
share a telephone and a street with family or a telephone and a company with colleagues; many share
a whole name with a stranger.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from time import process_time

from rapidfuzz import fuzz
from rapidfuzz.process import extract

from benchmarks.crowd import SPELLINGS, made_up
from rules.duplicates.finding import Found
from rules.duplicates.people import Day, Person

TWICE, HOUSED = 0.2, 0.2
CITIES = "karachi lahore islamabad multan quetta peshawar sialkot hyderabad".split()
MAILERS = ("gmail.com", "yahoo.com", "hotmail.com")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_QUERIES = 30


def listed(count: int, dice: Random) -> Iterator[Person]:
    """So many records; those of one person begin with one number: ``17``, ``17 again``."""
    people = int(count / (1 + TWICE))
    before: Person | None = None
    for number, name in enumerate(made_up(people, dice)):
        person = _person(str(number), name.lower(), dice)
        if before is not None and dice.random() < HOUSED:
            person = _housed(person, before, dice)
        yield person
        if number < count - people:
            yield _again(person, dice)
        before = person


def _person(number: str, name: str, dice: Random) -> Person:
    born = Day(dice.randrange(1950, 2005), dice.randrange(1, 13), dice.randrange(1, 29))
    mailbox = name.replace(" ", dice.choice(("", ".", "_"))) + str(dice.randrange(100))
    has = [dice.random() < share for share in (0.8, 0.5, 0.6, 0.8, 0.3)]
    return Person(
        id=number,
        name=name,
        phones=(f"03{dice.randrange(10**9):09}",) if has[0] else (),
        emails=(f"{mailbox}@{dice.choice(MAILERS)}",) if has[1] else (),
        company=f"company {dice.randrange(20_000)}" if has[2] else "",
        city=dice.choice(CITIES) if has[3] else "",
        address=f"house {dice.randrange(500)} street {dice.randrange(100)}",
        born=born if has[4] else None,
    )


def _housed(person: Person, other: Person, dice: Random) -> Person:
    """Family of another, or a colleague who has the same switchboard."""
    shared = replace(person, phones=other.phones, city=other.city)
    if dice.random() < 0.5:
        return replace(shared, company=other.company)
    name = f"{person.name.split()[0]} {other.name.split()[-1]}"
    return replace(shared, name=name, address=other.address)


def _again(person: Person, dice: Random) -> Person:
    changes = [
        {"name": _slipped(person.name, dice)},
        {"name": " ".join(reversed(person.name.split()))},
        {"name": _spelt(person.name, dice)},
        {"phones": ()},
        {"phones": (f"03{dice.randrange(10**9):09}",)},
        {"emails": ()},
        {"company": ""},
        {"address": "", "city": dice.choice(CITIES)},
        {"born": person.born._replace(year=person.born.year + 1) if person.born else None},
    ]
    again = replace(person, id=f"{person.id} again")
    for change in dice.sample(changes, dice.choice((1, 2, 2, 3))):
        again = replace(again, **change)
    return again


def _slipped(name: str, dice: Random) -> str:
    at = dice.randrange(1, len(name) - 1)
    return name[:at] + dice.choice((dice.choice(_LETTERS), "", name[at] * 2)) + name[at + 1 :]


def _spelt(name: str, dice: Random) -> str:
    ways = {word: group for group in SPELLINGS for word in group}
    return " ".join(dice.choice(ways.get(word, [word])) for word in name.split())


def main(count: int) -> None:
    dice = Random(5)
    begun = process_time()
    tally = [0, 0]
    for match in Found(listed(count, dice)):
        tally[match.one.id.split()[0] == match.other.id.split()[0]] += 1
    taken = process_time() - begun
    twice = count - int(count / (1 + TWICE))
    print(f"{count:,} people: {taken:.1f} s CPU, {_megabytes():.0f} MB at most")
    print(
        f"found {tally[1] / twice:.3f} of those twice there; "
        f"{tally[1] / max(1, sum(tally)):.4f} of what is held to be one is"
    )
    names = made_up(min(count, 20_000), dice)
    begun = process_time()
    for name in names[:_QUERIES]:
        extract(name, names, scorer=fuzz.WRatio, limit=5)
    each = (process_time() - begun) / _QUERIES / len(names)
    brute = each * count * (count - 1) / 2
    print(
        f"rapidfuzz WRatio, every name with every other: {brute:,.0f} s CPU (extrapolated), "
        f"{brute / taken:,.0f} times as much"
    )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
