"""Any text is read without an exception, and in time that grows with its length only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import chain, islice
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.folding import fold
from language.reader import read
from language.tokens import tokenise
from language.tongue import tongue_of
from language.typed import typed_values
from language.values import (
    read_amount,
    read_due,
    read_email,
    read_hours,
    read_on,
    read_phone,
    read_stage,
    read_time,
)  # fmt: skip
from tests.language.hostile import PIECES, hostile

NOW = datetime.fromisoformat("2026-12-02T11:00:00+05:00")
WORDS = st.sampled_from(
    [
        "call",
        "Ali",
        "kal",
        "deal",
        "5",
        "lakh",
        "ko",
        "ne",
        "se",
        ",",
        ".",
        "?",
        "aur",
        "and",
        "-",
        "/",
        ":",
        "\n",
        "99",
        "12/12",
        "next",
        "friday",
        "Mills",
        "&",
        "(Pvt)",
        "ڈیل",
        "کل",
        "کو",
        "لاکھ",
        "۵",
        "سارہ",
        "،",
        "اور",
        "@ali",
        "#vip",
        "a@b.co",
        "+92",
        "0300",
        "k",
        "half",
        "past",
        "every",
        "har",
        "1.5",
        "sawa",
        "do",
    ]
)


def values(text: str) -> None:
    read_amount(text, "PKR")
    read_due(text, NOW)
    read_on(text, NOW)
    read_phone(text, "PK")
    read_email(text)
    read_stage(text, {"lead": "lead", "visit": "Site visit"})
    read_hours(text)
    read_time(text)
    tongue_of(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert read(text, NOW)
    assert fold(fold(text)) == fold(text)
    values(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_any_words_are_read(text: str) -> None:
    for action in read(text, NOW):
        for start, end in chain.from_iterable(action.spans.values()):
            assert 0 <= start < end <= len(text)
    values(text)


def calls(work: Callable[[], Any]) -> int:
    """How many Python functions a piece of work calls: a clock that no machine disturbs."""
    count = 0

    def note(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def actions(text: str) -> Any:
    return read(text, NOW)


def typed(text: str) -> Any:
    return typed_values(text, NOW)


READERS = pytest.mark.parametrize("reader", [actions, typed])


@READERS
@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_time_grows_with_length_only(piece: str, reader: Callable[[str], Any]) -> None:
    reader(piece * 4)  # words files are read once
    small = calls(partial(reader, piece * 50))
    large = calls(partial(reader, piece * 200))
    assert large < small * 6 + 2000


A_TEXT, A_TOKEN, A_CHARACTER = 20_000, 800, 5
"""Functions called at most."""


@READERS
@pytest.mark.parametrize("seed", range(2))
def test_no_text_asks_for_much(seed: int, reader: Callable[[str], Any]) -> None:
    for text in ("rename stage, set field", "kya Orbit ki deals", *hostile(len(PIECES) + 40, 7)):
        reader(text)  # words files are read once, each when it is first asked for
    for text in islice(hostile(len(PIECES) + 40, seed), len(PIECES) if seed else 0, None):
        most = A_TEXT + A_TOKEN * len(tokenise(text)) + A_CHARACTER * len(text)
        assert calls(partial(reader, text)) < most, ascii(text[:80])


def test_what_is_not_read_is_kept() -> None:
    """A text of more tokens than are read keeps them all as its free text."""
    told = "met Ali, " + "he said a lot " * 600 + "the end"
    (action,) = read(told, NOW)
    assert action.slots["contact"] == "Ali"
    assert action.slots["text"].endswith("the end")
