"""How alike two names are."""

from __future__ import annotations

import math

import pytest

from rules.across import cost
from rules.likeness import SAME, names_alike, surely_same, words_alike
from rules.name_keys import asked_keys, kept_keys, whole_key, words_of


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("mohamad iqbal", "muhammad iqbal"),
        ("iqbal muhammad", "muhammad iqbal"),
        ("m iqbal", "muhammad iqbal"),
        ("bob smith", "robert smith"),
        ("aisha", "ayesha"),
        ("علی خان", "ali khan"),
        ("hasnain", "حسنین"),
        ("بلال ٹریڈرز", "bilal traders"),
    ],
)
def test_the_same_name(said: str, known: str) -> None:
    assert names_alike(said.split(), known.split()) > SAME


@pytest.mark.parametrize(
    ("said", "known"),
    [("ali khan", "sara malik"), ("عمر", "imran"), ("سارہ", "saima"), ("bilal", "hilda")],
)
def test_another_name(said: str, known: str) -> None:
    assert names_alike(said.split(), known.split()) < SAME


def test_the_nearer_name_is_more_alike() -> None:
    said = ["sara", "malik"]
    order = [["sara", "malik"], ["sarah", "malik"], ["sana", "malik"], ["ali", "khan"]]
    scores = [names_alike(said, known) for known in order]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


@pytest.mark.parametrize(
    ("said", "known", "sure"),
    [
        ("kahsmala", "kashmala", True),
        ("aisha", "ayesha", True),
        ("tradrs", "traders", True),
        ("farhan", "farhat", False),
        ("sara", "sana", False),
        ("ali", "alia", False),
    ],
)
def test_only_spelling_is_amiss(said: str, known: str, sure: bool) -> None:
    assert surely_same([said], [known]) is sure


def test_near_spellings_share_a_key() -> None:
    for said, known in [("khna", "khan"), ("mohammd", "muhammad"), ("hasnain", "حسنین")]:
        assert asked_keys(said, 2) & kept_keys(known), (said, known)
    assert not asked_keys("kashmala", 2) & kept_keys("robert")


def test_a_whole_name_has_one_key_in_any_order() -> None:
    assert whole_key(words_of("al-karam khan")) == whole_key(words_of("khan alkaram"))


def test_what_cannot_be_read_so_costs_everything() -> None:
    assert math.isinf(cost("", "ali"))
    assert words_alike("ع", "q") < 0.01
