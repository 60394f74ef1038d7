"""A reading says how sure it is, what speaks against it, and what else may be meant."""

from __future__ import annotations

import json
import re
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from language import doubt
from language.reader import read
from tests.language.test_reader import BLIND, HEARD, NOW, SENTENCES, fault

ROWS = [*SENTENCES, *HEARD, *BLIND]


def misspelt(row: dict[str, Any]) -> dict[str, Any] | None:
    """The row with two letters changed round in its longest word that is no value."""
    told = json.dumps(row["actions"], ensure_ascii=False)
    words = [word for word in re.findall(r"[^\W\d_]{5,}", row["text"]) if word not in told]
    if not words:
        return None
    word = max(words, key=len)
    wrong = word[:2] + word[3] + word[2] + word[4:]
    return {**row, "text": row["text"].replace(word, wrong, 1)} if wrong != word else None


def asked(row: dict[str, Any]) -> bool:
    """Whether the bot would ask before it acts on it."""
    return any(
        doubt.to_be_asked(action.confidence) and not doubt.only_looks(action.intent)
        for action in read(row["text"], datetime.fromisoformat(row["now"]))
    )


def test_what_is_said_clearly_is_seldom_asked_about() -> None:
    right = [row for row in ROWS if not fault(row)]
    assert sum(map(asked, right)) / len(right) <= 0.03


def test_doubtful_readings_are_wrong_much_more_often() -> None:
    spoilt = [row for each in ROWS if (row := misspelt(each))]
    least = [
        min(a.confidence for a in read(row["text"], datetime.fromisoformat(row["now"])))
        for row in spoilt
    ]
    wrong = [bool(fault(row)) for row in spoilt]
    edges = (0.0, 0.63, 0.85, 1.01)
    shares = []
    for low, high in pairwise(edges):
        here = [w for w, sure in zip(wrong, least, strict=True) if low <= sure < high]
        assert len(here) > 20
        shares.append(sum(here) / len(here))
    assert shares[0] > shares[1] > shares[2]
    assert shares[0] > 2 * shares[2]


@pytest.mark.parametrize(
    ("text", "intent", "why", "rival"),
    [
        ("met zorbix", "activity.log", "name", "activity.log"),
        ("Ali ka naya number 0300 5550199, 45 cartons", "contact.update", "left_over", "order.add"),
        ("add Ali Raza 0300 5550199?", "contact.add", "torn", "contact.show"),
    ],
)  # fmt: skip
def test_a_doubt_is_named_with_what_else_it_may_be(
    text: str, intent: str, why: str, rival: str
) -> None:
    action = read(text, NOW)[0]
    assert action.intent == intent
    assert why in action.doubts
    assert doubt.to_be_asked(action.confidence)
    assert rival in {each.intent for each in action.rivals}


def test_an_unknown_name_may_be_a_company() -> None:
    (action,) = read("met zorbix", NOW)
    assert action.slots["contact"] == "zorbix"
    assert action.rivals[0].slots == {"kind": "meeting", "company": "zorbix"}


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [
        ("Sara Malik 5 lakh", "deal.add"),
        ("Ali call", "task.add"),
        ("bilal traders 20 fans", "order.add"),
        ("علی خان 5 لاکھ", "deal.add"),
        ("Ali Raza ki call", "task.add"),
    ],
)
def test_where_something_of_selling_is_visible_it_is_told_what_may_be_meant(
    text: str, likeliest: str
) -> None:
    (action,) = read(text, NOW)
    assert action.intent == "none"
    assert action.rivals[0].intent == likeliest


@pytest.mark.parametrize(
    "text", ["hello", "haha nice one", "burger deal 1+1 today, anyone?", "عید مبارک سب کو", ""]
)
def test_small_talk_may_be_nothing_else(text: str) -> None:
    (action,) = read(text, NOW)
    assert (action.intent, action.rivals) == ("none", ())


def test_every_doubt_has_its_weight_and_the_other_way_round() -> None:
    from language.wordfiles import words_files

    takes = words_files()["doubt"]["takes"]
    assert set(takes) == set(doubt.DOUBTS)
    assert all(0 < part < 1 for part in takes.values())


VISIT = "Sara se kal mulaqat hui, jumme ko 3 baje call karni hai, deal 5 lakh"


def test_what_was_not_said_is_told_with_why() -> None:
    meeting, task, deal = read(VISIT, NOW)
    assert meeting.assumed == {"on": "back"}
    assert task.assumed == {"due": "ahead", "contact": "carried"}
    assert deal.assumed == {"currency": "usual", "contact": "carried"}
    (clock,) = read("5 baje Ali ko call karni hai", NOW)
    assert clock.assumed == {"due": "today"}
    (told,) = read("won Ali 20 dollars", NOW)
    assert told.assumed == {}
