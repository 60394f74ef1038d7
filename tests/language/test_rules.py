"""Rules of intents speak of senses that a clause can show, and none is covered by another."""

from __future__ import annotations

from itertools import permutations

import pytest

from language.clauses import split
from language.groups import group
from language.intents import LEAST, Rule, rules, rules_of
from language.lexicon import lexicon
from language.pronouns import stand_in
from language.setting import Setting
from language.sheet import lay_out
from language.spotting import spot
from language.tongues import tongues
from language.wordfiles import words_files
from tests.language.test_reader import SENTENCES

TEXTS = [*(row["text"] for row in SENTENCES), "call her", "today"]
LIKELY = rules_of(words_files()["doubt"]["likely"])


def senses_of(rule: Rule) -> frozenset[str]:
    return frozenset().union(*rule.needs, rule.opens, rule.never)


def shown() -> set[str]:
    """Senses that clauses of messages show, or that the words files list."""
    found = {
        sense
        for tongue in tongues()
        for senses in lexicon(tongue).table.senses.values()
        for sense in senses
    }
    for text in TEXTS:
        scene = spot(lay_out(text), Setting())
        clauses = split(scene)
        stand_in(scene, clauses, spoken=True)
        group(scene, clauses)
        found = found.union(*(clause.shows | clause.opens for clause in clauses))
    return found | {sense.partition(":")[0] for sense in found}


def covers(one: Rule, other: Rule) -> bool:
    """Whether a rule wins wherever the other one fits, with the same intent."""
    return (
        one.intent == other.intent
        and one.weight >= other.weight
        and all(any(need <= each for need in other.needs) for each in one.needs)
        and (not one.opens or bool(other.opens and other.opens <= one.opens))
        and one.never <= other.never
    )


def test_every_sense_of_a_rule_can_be_shown() -> None:
    known = shown()
    assert {sense for rule in (*rules(), *LIKELY) for sense in senses_of(rule)} - known == set()


@pytest.mark.parametrize("some", [rules(), LIKELY], ids=["intents", "likely"])
def test_no_rule_is_covered_by_another(some: tuple[Rule, ...]) -> None:
    assert [other for one, other in permutations(some, 2) if covers(one, other)] == []


def test_rules_ask_for_something_and_weigh_enough() -> None:
    assert [rule for rule in rules() if not rule.asks or rule.weight < LEAST] == []
