"""How well a lead fits: points of rules that somebody can read, added up. Pure.

What each criterion and number stands for is told in docs/numbers.md, under "The score of a lead".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

BASE = 20
"""Points of a lead of whom nothing is known."""

LOWEST, HIGHEST = 0, 100
"""What a score is kept between."""

MOST = 100
"""Points that one rule can give or take."""

PROFILE = ("company", "title", "tag", "source", "city", "own", "note")
"""Of whom what is said; a rule of the kind ``word`` looks in all of them."""

HAS = ("phone", "email", "company", "deal")
DID = ("asked_price", "met", "talked", "unanswered", "no_budget", "complained")

KINDS = ("word", *PROFILE, "has", "did", "silent", "amount")
"""What a rule may ask of a lead."""

BEGINS = 4
"""A word of so many letters also fits a longer one that begins with it: textile, textiles."""


class Word(NamedTuple):
    """A word of a text: its folded letters, how it sounds, and whether it is in Arabic letters."""

    key: str
    sound: str = ""
    arabic: bool = False


Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """So many points where something holds of a lead.

    ``kind`` and ``value`` say what: ``city`` Lahore, ``has`` phone, ``did`` met, ``silent`` 30
    (days without a touch), ``amount`` 500000 (an open deal of so much and more, in whole units of
    the workspace's currency), ``word`` textile (said anywhere). ``words`` are those of the value;
    ``key`` the city's, by which cities are the same. ``field``: of the kind ``own``, in which
    custom field.
    """

    kind: str
    value: str
    points: int
    words: Words = ()
    key: str = ""
    field: str = ""
    own: bool = True

    @property
    def name(self) -> tuple[str, str, str]:
        """What there is one rule of only: the sound of a city, the letters of words."""
        said = self.key or " ".join(word.key for word in self.words) or self.value
        return self.kind, self.field, said


@dataclass(frozen=True, slots=True)
class Lead:
    """What is known of a lead.

    ``said``: texts by where they stand (``PROFILE``), each as its words; ``fields`` the same by the
    key of a custom field. ``cities`` are keys. ``has`` and ``did`` hold what of ``HAS`` and ``DID``
    is so. ``deal`` is what the largest open deal comes to, in whole units of the workspace's
    currency; ``touched`` the day of the last touch, else that on which they came.
    """

    touched: date
    said: Mapping[str, Sequence[Words]] = field(default_factory=dict)
    fields: Mapping[str, Sequence[Words]] = field(default_factory=dict)
    cities: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    did: frozenset[str] = frozenset()
    deal: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Points, and what they are for: a rule's kind and value, or ``learned`` and a feature."""

    kind: str
    value: str
    points: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """``reasons`` are the heaviest first; ``next_day``: time alone changes it then, if at all."""

    score: int
    reasons: tuple[Reason, ...]
    next_day: date | None = None


DEFAULTS = (
    Rule("did", "asked_price", 15, own=False),
    Rule("did", "met", 15, own=False),
    Rule("has", "deal", 15, own=False),
    Rule("has", "phone", 10, own=False),
    Rule("has", "company", 10, own=False),
    Rule("has", "email", 5, own=False),
    Rule("did", "talked", 5, own=False),
    Rule("did", "unanswered", -5, own=False),
    Rule("silent", "30", -10, own=False),
    Rule("silent", "90", -20, own=False),
    Rule("did", "no_budget", -20, own=False),
)
"""What holds until a team says otherwise: nothing of it depends on what anybody sells."""


def in_force(own: Iterable[Rule]) -> tuple[Rule, ...]:
    """A team's own rules and the defaults that they do not replace; one of no points is none."""
    mine = {rule.name: rule for rule in own}
    rest = (rule for rule in DEFAULTS if rule.name not in mine)
    return tuple(rule for rule in (*mine.values(), *rest) if rule.points)


def clamped(points: int) -> int:
    return max(LOWEST, min(HIGHEST, points))


def score(
    rules: Iterable[Rule],
    lead: Lead,
    today: date,
    *,
    base: int = BASE,
    learned: Sequence[Reason] = (),
) -> Scored:
    """The base, and the points of all that holds, kept between 0 and 100. The score is exactly
    what its reasons and the base come to, but for that."""
    rules = tuple(rules)
    held = [
        Reason(rule.kind, rule.value, rule.points, rule.field)
        for rule in rules if rule.points and holds(rule, lead, today)
    ]  # fmt: skip
    reasons = sorted((*held, *learned), key=lambda each: (-abs(each.points), each.kind, each.value))
    total = clamped(base + sum(reason.points for reason in reasons))
    return Scored(total, tuple(reasons), _next_day(rules, lead, today))


def holds(rule: Rule, lead: Lead, today: date) -> bool:
    """Whether what a rule asks is so."""
    match rule.kind:
        case "has":
            return rule.value in lead.has
        case "did":
            return rule.value in lead.did
        case "silent":
            return today >= lead.touched + timedelta(days=int(rule.value))
        case "amount":
            return lead.deal is not None and lead.deal >= int(rule.value)
        case "city":
            return bool(rule.key) and rule.key in lead.cities
        case "own":
            return any(says(rule.words, text) for text in lead.fields.get(rule.field, ()))
        case "word":
            texts = (text for where in PROFILE for text in lead.said.get(where, ()))
            return any(says(rule.words, text) for text in texts)
    return any(says(rule.words, text) for text in lead.said.get(rule.kind, ()))


def says(words: Words, text: Words) -> bool:
    """Whether these words stand in a text, one after the other."""
    size = len(words)
    if not size:
        return False
    return any(
        all(_is(words[n], text[at + n]) for n in range(size)) for at in range(len(text) - size + 1)
    )


def _is(word: Word, said: Word) -> bool:
    """The same word, its beginning, or the same in the other script."""
    if word.key == said.key or (len(word.key) >= BEGINS and said.key.startswith(word.key)):
        return True
    if not word.sound or word.arabic == said.arabic:
        return False
    return word.sound == said.sound or (
        len(word.sound) >= BEGINS and said.sound.startswith(word.sound)
    )


def _next_day(rules: Iterable[Rule], lead: Lead, today: date) -> date | None:
    """When the next silence is long enough to count."""
    return min((day for day in _silences(rules, lead) if day > today), default=None)


def _silences(rules: Iterable[Rule], lead: Lead) -> Iterator[date]:
    for rule in rules:
        if rule.kind == "silent" and rule.points:
            yield lead.touched + timedelta(days=int(rule.value))
