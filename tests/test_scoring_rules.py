"""The rules of the score, by themselves: for any rules and any lead."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.scoring import (
    DEFAULTS,
    DID,
    HAS,
    HIGHEST,
    LOWEST,
    Lead,
    Reason,
    Rule,
    Word,
    holds,
    in_force,
    says,
    score,
)

TODAY = date(2026, 11, 24)
NAMES = st.sampled_from(("textile", "mills", "lahore", "vip", "owner"))
WORDS = st.lists(NAMES.map(Word), min_size=1, max_size=3).map(tuple)
POINTS = st.integers(-100, 100)


def rule(kind: str, value: str, points: int) -> Rule:
    return Rule(kind, value, points, (Word(value),), value if kind == "city" else "")


RULES = st.lists(
    st.one_of(
        st.builds(rule, st.sampled_from(("word", "tag", "city", "note")), NAMES, POINTS),
        st.builds(Rule, st.just("has"), st.sampled_from(HAS), POINTS),
        st.builds(Rule, st.just("did"), st.sampled_from(DID), POINTS),
        st.builds(Rule, st.just("silent"), st.integers(1, 200).map(str), POINTS),
        st.builds(Rule, st.just("amount"), st.integers(1, 10**9).map(str), POINTS),
    ),
    max_size=12,
)
LEADS = st.builds(
    Lead,
    touched=st.integers(0, 300).map(lambda days: TODAY - timedelta(days=days)),
    said=st.dictionaries(st.sampled_from(("tag", "note", "company")), st.lists(WORDS, max_size=3)),
    cities=st.frozensets(NAMES, max_size=2),
    has=st.frozensets(st.sampled_from(HAS)),
    did=st.frozensets(st.sampled_from(DID)),
    deal=st.none() | st.integers(0, 10**9),
)


@given(RULES, LEADS, st.integers(0, 100))
def test_a_score_is_what_its_reasons_come_to(rules: list[Rule], lead: Lead, base: int) -> None:
    held = in_force(rules)
    told = score(held, lead, TODAY, base=base)
    total = base + sum(reason.points for reason in told.reasons)
    assert told.score == max(LOWEST, min(HIGHEST, total))
    assert len(told.reasons) == sum(holds(each, lead, TODAY) for each in held)
    assert all(reason.points for reason in told.reasons)
    sizes = [abs(reason.points) for reason in told.reasons]
    assert sizes == sorted(sizes, reverse=True)


@given(RULES, LEADS)
def test_nothing_changes_before_the_day_that_is_told(rules: list[Rule], lead: Lead) -> None:
    told = score(rules, lead, TODAY)
    until = told.next_day or TODAY + timedelta(days=400)
    assert until > TODAY
    for day in (TODAY + timedelta(days=1), until - timedelta(days=1)):
        if TODAY <= day < until:
            assert score(rules, lead, day).score == told.score
            assert score(rules, lead, day).reasons == told.reasons
    if told.next_day:
        later = score(rules, lead, told.next_day)
        assert {each.kind for each in later.reasons} >= {"silent"}


@given(RULES)
def test_of_two_rules_for_one_thing_the_later_holds(rules: list[Rule]) -> None:
    held = in_force(rules)
    assert len({each.name for each in held}) == len(held)
    last = {each.name: each for each in rules}
    assert all(each is last[each.name] for each in held if each.own)
    assert {each.name for each in DEFAULTS} - last.keys() <= {each.name for each in held}


@given(RULES, LEADS, st.lists(POINTS.filter(bool), max_size=4))
def test_what_was_learned_adds_up_with_the_rest(
    rules: list[Rule], lead: Lead, more: list[int]
) -> None:
    learned = [Reason("learned", str(at), points) for at, points in enumerate(more)]
    told = score(rules, lead, TODAY, learned=learned)
    assert sum(each.points for each in told.reasons if each.kind == "learned") == sum(more)


def test_words_are_found_whole_begun_and_in_the_other_script() -> None:
    text = (Word("gul"), Word("textiles"), Word("karachi"))
    assert says((Word("textile"),), text)
    assert says((Word("gul"), Word("textile")), text)
    assert not says((Word("textile"), Word("gul")), text)
    assert not says((Word("kar"),), text)
    assert not says((), text)
    urdu = (Word("ٹیکسٹائل", "tkstl", arabic=True),)
    assert says(urdu, (Word("textile", "tkstl"),))
    assert not says((Word("price", "prs"),), (Word("prize", "prs"),))
