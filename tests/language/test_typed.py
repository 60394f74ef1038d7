"""The typed values of a text, with their places."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from language.typed import typed_values

NOW = datetime(2026, 12, 2, 11, tzinfo=ZoneInfo("Asia/Karachi"))  # a Wednesday


def _said(text: str, **more: str) -> list[tuple[str, str, Any]]:
    found = typed_values(text, NOW, **more)
    return [(one.kind, text[one.start : one.end], one.value) for one in found]


def test_values_are_told_with_their_places() -> None:
    text = "call Ayesha on 0300-1234567 tomorrow at 4pm about 5 lakh, ayesha@bilal.example"
    assert _said(text) == [
        ("phone", "0300-1234567", "+923001234567"),
        ("moment", "tomorrow at 4pm", "2026-12-03T16:00:00"),
        ("amount", "5 lakh", {"value": 500000, "unit": None}),
        ("email", "ayesha@bilal.example", "ayesha@bilal.example"),
    ]


def test_silence_is_an_empty_list() -> None:
    assert _said("nothing of the kind") == []


@pytest.mark.parametrize(
    ("locale", "day"), [("en-US", "2027-05-12T00:00:00"), ("en-GB", "2026-12-05T00:00:00")]
)
def test_the_locale_says_which_figure_is_the_month(locale: str, day: str) -> None:
    assert _said("on 5/12", locale=locale) == [("moment", "5/12", day)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the second Monday of next month", "2027-01-11T00:00:00"),
        ("last friday in january", "2027-01-29T00:00:00"),
        ("Sunday of next week", "2026-12-13T00:00:00"),
        ("Saturday after next", "2026-12-12T00:00:00"),
        ("two fridays from now", "2026-12-11T00:00:00"),
        ("the next two days", "2026-12-04T11:00:00"),
        ("3 days before 20 December", "2026-12-17T00:00:00"),
        ("two hours after noon", "2026-12-02T14:00:00"),
        ("twenty to noon", "2026-12-02T11:40:00"),
        ("at 15h30", "2026-12-02T15:30:00"),
        ("nine fifty p.m.", "2026-12-02T21:50:00"),
        ("now - 3 hours", "2026-12-02T08:00:00"),
        ("in 3/4 of an hour", "2026-12-02T11:45:00"),
        ("-1 day", "2026-12-01T11:00:00"),
        ("by August", "2027-08-01T00:00:00"),
        ("2027-Feb-03", "2027-02-03T00:00:00"),
        ("Tue 13th", "2027-04-13T00:00:00"),
    ],
)
def test_moments(text: str, value: str) -> None:
    assert [one[2] for one in _said(text)] == [value]


@pytest.mark.parametrize("text", ["flat 4a", "two to four people", "you may not", "up to the end"])
def test_no_moment_is_made_up(text: str) -> None:
    assert _said(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42 Kuwaiti dinars", {"value": 42, "unit": "KWD"}),
        ("35 cents", {"value": 35, "unit": "cent"}),
        ("a dollar and 42 cents", {"value": 1.42, "unit": "USD"}),
        ("between 40 and 60 dollars", {"value": 40, "unit": "USD", "min": 40, "max": 60}),
        ("at most 9 euros", {"value": 9, "unit": "EUR", "max": 9}),
        ("a £12,500 deal", {"value": 12500, "unit": "GBP"}),
    ],
)
def test_sums(text: str, value: dict[str, Any]) -> None:
    assert [one[2] for one in _said(text)] == [value]


def test_an_extension_belongs_to_what_was_written() -> None:
    assert _said("0300 1234567 ext. 12") == [("phone", "0300 1234567 ext. 12", "+923001234567")]


@pytest.mark.parametrize("text", ["our account number 87654321", "a..b@hilal.example", "1.0000001"])
def test_no_phone_or_address_is_made_up(text: str) -> None:
    assert _said(text) == []
