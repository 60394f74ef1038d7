"""Whether two are one, and what is offered to stay when they become one: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.merging import stays
from rules.same import ASKED, SURE, Facts, same_one


def facts(name: str, company: str = "", city: str = "", *reach: str) -> Facts:
    return Facts(
        tuple(name.split()),
        tuple(company.split()),
        city,
        frozenset(each for each in reach if "@" not in each),
        frozenset(each for each in reach if "@" in each),
    )


ONE = [
    (facts("sara malik"), facts("sarah malick"), ("like_name",)),
    (facts("sara malik"), facts("malik sara"), ("name",)),
    (facts("sara malik"), facts("سارہ ملک"), ("sound",)),
    (facts("sara malik", "nishat mills"), facts("s malik", "nishat"), ("company", "like_name")),
    (facts("sara malik", "", "", "+92300"), facts("omar khan", "", "", "+92300"), ("phone",)),
    (facts("sara malik", "", "", "s@x"), facts("omar", "bata", "", "s@x"), ("email",)),
    (facts("sana malik", "", "lahore"), facts("sana malick", "", "lahore"), ("like_name", "city")),
]
TWO = [
    (facts("sara malik"), facts("omar malik")),
    (facts("sara malik"), facts("sana malik")),
    (facts("ali khan", "nishat mills"), facts("ali khan", "bata")),
    (facts("sara malik", "nishat mills"), facts("omar farooq", "nishat mills")),
    (facts("ali khan", "", "", "+92300"), facts("ali raza", "", "", "+92301")),
]


@pytest.mark.parametrize(("one", "other", "evidence"), ONE)
def test_two_records_of_one(one: Facts, other: Facts, evidence: tuple[str, ...]) -> None:
    verdict = same_one(one, other)
    assert verdict.score >= ASKED
    assert verdict.evidence == evidence
    assert same_one(other, one) == verdict


@pytest.mark.parametrize(("one", "other"), TWO)
def test_two_records_of_two(one: Facts, other: Facts) -> None:
    assert same_one(one, other).score < ASKED


def test_more_evidence_makes_surer() -> None:
    bare = same_one(facts("sara malik"), facts("sarah malick"))
    there = same_one(facts("sara malik", "nishat"), facts("sarah malick", "nishat"))
    sure = same_one(facts("sara malik", "", "", "+92300"), facts("sarah malick", "", "", "+92300"))
    assert bare.score < there.score < sure.score
    assert sure.score > SURE


def test_a_name_that_many_have_says_less() -> None:
    rare = same_one(facts("ali khan"), facts("ali khan"))
    usual = same_one(Facts(("ali", "khan"), namesakes=5), Facts(("ali", "khan"), namesakes=5))
    assert usual.score < rare.score


OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "lasting", "stays_why"),
    [
        (("s. malik", NEW), ("sara malik", OLD), True, (1, "fuller")),
        (("sara", NEW), ("sara malik", OLD), True, (1, "fuller")),
        (("sara malik", OLD), ("sarah malick", NEW), True, (0, "older")),
        (("lahore", OLD), ("karachi", NEW), False, (1, "newer")),
        (("karachi", NEW), ("lahore", OLD), False, (0, "newer")),
        (("director", NEW), ("director sales", OLD), False, (1, "fuller")),
    ],
)
def test_what_stays_is_the_fuller_or_the_newer(
    one: tuple[str, datetime], other: tuple[str, datetime], lasting: bool, stays_why: object
) -> None:
    assert stays(one, other, lasting=lasting) == stays_why
