"""Which intent a clause has: the heaviest rule whose senses it shows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from language.clauses import Clause

LEAST = 6  # a rule lighter than this says nothing
_LONG, _STEP = 16, 4  # the longer a clause beyond this, the less its words have to do with another
_CHAT = 5  # how much small talk in the same clause takes away


@dataclass(frozen=True, slots=True)
class Rule:
    """An intent for clauses that show one of each of `needs`, begin with one of `opens`
    (if any) and show none of `never`."""

    intent: str
    weight: int
    needs: tuple[frozenset[str], ...]
    opens: frozenset[str]
    never: frozenset[str]

    def fits(self, clause: Clause) -> bool:
        if self.opens and self.opens.isdisjoint(clause.opens):
            return False
        if not self.never.isdisjoint(clause.shows):
            return False
        return all(not need.isdisjoint(clause.shows) for need in self.needs)


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


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All rules, the heaviest first."""
    text = (resources.files("language") / "words" / "intents.toml").read_text("utf-8")
    return tuple(sorted(_walk(tomllib.loads(text)), key=lambda rule: -rule.weight))


def intent_of(clause: Clause) -> tuple[str, int] | None:
    """The intent of a clause and the weight of the rule; None where no rule is heavy enough."""
    loss = _CHAT if "chat" in clause.shows else 0
    loss += max(0, (clause.j - clause.i - _LONG) // _STEP)
    for rule in rules():
        if rule.weight - loss < LEAST:
            return None
        if rule.fits(clause):
            return rule.intent, rule.weight - loss
    return None
