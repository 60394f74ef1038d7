"""Whether two are one, as a chat asks it, and what is offered to stay: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.duplicates.people import Day, Person
from rules.duplicates.verdict import (
    FILLED_IN,
    Verdict,
    of_files,
    prior_among,
    same_one,
)  # fmt: skip
from rules.duplicates.weights import Weights, held_as
from rules.merging import stays


def one(
    name: str, company: str = "", city: str = "", *reach: str, born: Day | None = None
) -> Person:
    return Person(
        id=name,
        name=name,
        company=company,
        city=city,
        phones=tuple(each for each in reach if "@" not in each),
        emails=tuple(each for each in reach if "@" in each),
        born=born,
    )


def among(people: int, **counts: int) -> Weights:
    """A list of so many, with so many who have a word in their name."""
    prior = prior_among(people)
    held = {held_as("name", word): count for word, count in counts.items()}
    known = {"name": 2 * people, "company": people}
    return Weights(held=held, known=known, prior=prior, house=prior)


def asked(ours: Person, theirs: Person, weights: Weights | None = None) -> Verdict:
    return same_one(ours, theirs, weights or among(10))


MOBILE, LANDLINE, MAIL = "+923005550101", "+924235550101", "sara@nishat.example"
ONE = [
    (one("sara malik"), one("sarah malick"), ("like_name",)),
    (one("sara malik"), one("malik sara"), ("name",)),
    (one("sara malik"), one("سارہ ملک"), ("sound",)),
    (one("sara malik", "nishat mills"), one("s malik", "nishat"), ("like_name",)),
    (one("sara malik", "nishat mills"), one("سارہ ملک", "نشاط ملز"), ("sound", "company")),
    (one("sara malik", "", "lahore", MOBILE), one("سارہ", "", "لاہور", MOBILE),
     ("phone", "sound", "city")),
    (one("abdul rehman", "", "", MOBILE), one("عبدالرحمان", "", "", MOBILE), ("phone", "sound")),
    (one("sara malik", "", "", MOBILE), one("omar khan", "", "", MOBILE), ("phone",)),
    (one("sara malik", "", "", MAIL), one("omar", "bata", "", MAIL), ("email",)),
    (one("sana malik", "", "lahore"), one("sana malick", "", "lahore"), ("like_name", "city")),
    (one("ali khan", born=Day(1990, 11, 7)), one("ali khan", born=Day(1990, 11, 7)),
     ("name", "born")),
]  # fmt: skip
TWO = [
    (one("sara malik"), one("omar malik")),
    (one("sara malik"), one("sana malik")),
    (one("hassan raza"), one("hussain raza")),
    (one("ali khan", "nishat mills"), one("ali khan", "bata")),
    (one("ali khan", born=Day(1990, 11, 7)), one("ali khan", born=Day(1964, 2, 19))),
    (one("sara malik", "nishat mills"), one("omar farooq", "nishat mills")),
    (one("ali khan", "", "", MOBILE), one("ali raza", "", "", LANDLINE)),
    (one("al karam textile mills"), one("al abid textile mills")),
]


@pytest.mark.parametrize(("ours", "theirs", "evidence"), ONE)
def test_two_records_of_one(ours: Person, theirs: Person, evidence: tuple[str, ...]) -> None:
    verdict = asked(ours, theirs)
    assert verdict.is_asked
    assert verdict.evidence == evidence
    assert asked(theirs, ours).evidence == verdict.evidence
    assert asked(theirs, ours).score == pytest.approx(verdict.score)


@pytest.mark.parametrize(("ours", "theirs"), TWO)
def test_two_records_of_two(ours: Person, theirs: Person) -> None:
    assert not asked(ours, theirs).is_asked


def test_more_evidence_makes_surer() -> None:
    bare = asked(one("sara malik"), one("sarah malick"))
    there = asked(one("sara malik", "nishat"), one("sarah malick", "nishat"))
    sure = asked(one("sara malik", "", "", MOBILE), one("sarah malick", "", "", MOBILE))
    assert bare.score < there.score < sure.score
    assert sure.score > FILLED_IN


def test_a_usual_name_says_little_and_the_less_the_more_have_it() -> None:
    ali, gulrez = one("ali khan"), one("gulrez mastoi")
    assert asked(ali, ali).score < 0.6 < 0.9 < asked(gulrez, gulrez).score
    many = among(1000, ali=60, khan=80, gulrez=2, mastoi=3)
    assert not asked(ali, ali, many).is_asked
    assert asked(gulrez, gulrez, many).score > 0.8


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("sana malik", "sara malik"), ("hina butt", "hania butt"), ("sara malik", "hamza malik"),
     ("hassan raza", "hussain raza"), ("tooba leghari", "zooba leghari")],
)  # fmt: skip
def test_those_of_a_house_are_two(ours: str, theirs: str) -> None:
    """Though they have one landline, one city and one family name; an import leaves them two."""
    home = ("", "lahore", LANDLINE)
    assert same_one(one(ours, *home), one(theirs, *home), of_files()).score < 0.6 < FILLED_IN
    assert same_one(one(ours, *home), one(ours, *home), of_files()).score > FILLED_IN


OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "other", "lasting", "stays_why"),
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
    first: tuple[str, datetime], other: tuple[str, datetime], lasting: bool, stays_why: object
) -> None:
    assert stays(first, other, lasting=lasting) == stays_why
