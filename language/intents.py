"""Which intent a clause has: the heaviest rule whose senses it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from language.clauses import Clause
from language.wordfiles import words_files

LEAST = 6  # a rule lighter than this says nothing
_LONG, _STEP = 16, 4  # the longer a clause beyond this, the less its words have to do with another
_CHAT = 5  # how much small talk in the same clause takes away
_PLAIN = {"need", "remind", "call_past", "email_past", "message_past", "had"}


@dataclass(frozen=True, slots=True)
class Rule:
    """An intent for clauses that show one of each of `needs`, begin with one of `opens`
    (if any) and show none of `never`."""

    intent: str
    weight: int
    needs: tuple[frozenset[str], ...]
    opens: frozenset[str]
    never: frozenset[str]

    @property
    def asks(self) -> tuple[frozenset[str], ...]:
        """Sets of senses, of each of which a clause must have one."""
        return (*self.needs, self.opens) if self.opens else self.needs

    def fits(self, clause: Clause) -> bool:
        shows = clause.shows
        for need in self.needs:
            if need.isdisjoint(shows):
                return False
        if not self.never.isdisjoint(shows):
            return False
        return not self.opens or not self.opens.isdisjoint(clause.opens)


def _rule(intent: str, line: str) -> Rule:
    weight, _, senses = line.partition(":")
    needs, opens, never = [], frozenset[str](), set()
    for word in senses.split():
        if word.startswith("-"):
            never.update(word[1:].split("|"))
        elif word.startswith("^"):
            opens = frozenset(word[1:].split("|"))
        else:
            needs.append(frozenset(word.split("|")))
    return Rule(intent, int(weight), tuple(needs), opens, frozenset(never))


def _walk(table: dict[str, Any], path: str = "") -> list[Rule]:
    found = []
    for key, value in table.items():
        if key == "rules":
            found += [_rule(path, line) for line in value]
        else:
            found += _walk(value, f"{path}.{key}" if path else key)
    return found


def rules_of(table: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules that stand in a table of a words file, the heaviest first."""
    return tuple(sorted(_walk(table), key=lambda rule: -rule.weight))


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All rules, the heaviest first."""
    return rules_of(words_files()["intents"])


@lru_cache(maxsize=1)
def _places() -> dict[str, list[int]]:
    """For each sense the rules that cannot do without it or its like, as places in `rules`.

    A rule stands under the fewest and rarest of the senses that it asks for.
    """
    common = Counter(sense for rule in rules() for need in rule.asks for sense in need)
    places: dict[str, list[int]] = {}
    for place, rule in enumerate(rules()):
        for sense in min(rule.asks, key=lambda need: sum(common[sense] for sense in need)):
            places.setdefault(sense, []).append(place)
    return places


@lru_cache(maxsize=4096)
def _likely(senses: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that a clause with these senses may fit, the heaviest first."""
    places = {place for sense in senses for place in _places().get(sense, ())}
    return tuple(rules()[place] for place in sorted(places))


def _loss(clause: Clause) -> int:
    """How much lighter every rule is here: in small talk, and in a long clause."""
    loss = _chat(clause)
    return loss + max(0, (clause.words - _LONG) // _STEP)


def fitting(clause: Clause) -> Iterator[tuple[str, int]]:
    """The intents that a clause may have with the weights of their rules, the heaviest first."""
    loss = _loss(clause)
    for rule in _likely(frozenset(clause.shows | clause.opens)):
        if rule.weight - loss < LEAST:
            return
        if rule.fits(clause):
            yield rule.intent, rule.weight - loss


def _chat(clause: Clause) -> int:
    """How much small talk takes away: less where it is plain what to do or what was done."""
    if "chat" not in clause.shows:
        return 0
    plain = "who" in clause.shows and not clause.shows.isdisjoint(_PLAIN)
    return _CHAT - 2 if plain else _CHAT


def intent_of(clause: Clause) -> tuple[str, int] | None:
    """The intent of a clause and the weight of the rule; None where no rule is heavy enough."""
    return next(fitting(clause), None)


def ties(clause: Clause, intent: str, weight: int) -> bool:
    """Whether a rule of the same weight gives the clause another intent."""
    return any(other != intent and like == weight for other, like in fitting(clause))
