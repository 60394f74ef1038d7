"""Whose a new lead is: the first rule that fits, and whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rules.scoring import Words, says

KINDS = ("city", "source", "word", "amount", "language", "all")
"""What a rule may ask of a new lead. A product or an industry is a ``word``."""

MOST = 12
"""Members who may take turns."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Leads of which something holds go to a member, or turn by turn to several.

    ``kind`` and ``value`` say what: ``city`` Lahore, ``source`` website, ``word`` loom (said
    anywhere), ``amount`` 500000 (a deal of so much and more, in whole units of the workspace's
    currency), ``language`` ur, ``all``. ``words`` are those of the value, ``key`` the city's.
    """

    id: int
    kind: str
    value: str
    members: tuple[int, ...]
    words: Words = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is known of a lead that comes in; ``said`` are all texts about them as words."""

    cities: frozenset[str] = frozenset()
    sources: Sequence[Words] = ()
    said: Sequence[Words] = ()
    amount: int | None = None
    language: str | None = None


def fits(rule: Rule, lead: Newcomer) -> bool:
    """Whether a rule is about this lead."""
    match rule.kind:
        case "all":
            return True
        case "city":
            return bool(rule.key) and rule.key in lead.cities
        case "source":
            return any(says(rule.words, text) for text in lead.sources)
        case "amount":
            return lead.amount is not None and lead.amount >= int(rule.value)
        case "language":
            return lead.language == rule.value
    return any(says(rule.words, text) for text in (*lead.said, *lead.sources))


def fitting(rules: Iterable[Rule], lead: Newcomer) -> list[Rule]:
    """The rules about a lead, in the order in which they are asked: as they were made, and what is
    for all leads after what is for some."""
    found = [rule for rule in rules if fits(rule, lead)]
    return sorted(found, key=lambda rule: rule.kind == "all")


def next_of(members: Sequence[int], last: int | None, here: Collection[int]) -> int | None:
    """Whose turn it is after ``last``, round and round, passing over who is not ``here``; None
    where nobody is."""
    start = members.index(last) + 1 if last in members else 0
    turns = (*members[start:], *members[:start])
    return next((member for member in turns if member in here), None)
