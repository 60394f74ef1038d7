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
