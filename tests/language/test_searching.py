"""Names that are looked for: a rank for a surname, an initial, everybody; and firms on a list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from language.reader import read

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def told(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(action.intent, dict(action.slots)) for action in read(text, NOW)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("find malik", "malik"), ("search khan", "khan"), ("look for sheikh", "sheikh"),
        ("find a khan", "a khan"), ("malik dhoondo", "malik"), ("ملک تلاش کرو", "ملک"),
        ("khan sahab ko dhoondo", "khan"), ("m iqbal", "m iqbal"), ("M. Iqbal", "M. Iqbal"),
        ("find m iqbal", "m iqbal"), ("s m ali", "s m ali"),
    ],
)  # fmt: skip
def test_a_name_alone_is_looked_for(text: str, query: str) -> None:
    assert told(text) == [("contact.find", {"query": query})]


@pytest.mark.parametrize("text", ["contacts", "customers", "رابطے", "my contacts", "customer list"])
def test_everybody_is_asked_for(text: str) -> None:
    assert told(text) == [("contact.find", {})]


@pytest.mark.parametrize(
    "text", ["find", "find it", "find the file", "m", "kr iqbal", "find peace", "search karo"]
)
def test_what_is_no_name_is_not(text: str) -> None:
    assert told(text)[0][0] != "contact.find"


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("met M. Iqbal from Nishat", "M. Iqbal"), ("call S. M. Ali tomorrow", "S. M. Ali"),
        ("M. Iqbal se mulaqat hui", "M. Iqbal"), ("met Ali Khan", "Ali Khan"),
    ],
)  # fmt: skip
def test_initials_belong_to_the_name(text: str, contact: str) -> None:
    (_, slots), *_ = told(text)
    assert slots["contact"] == contact
    assert slots.get("text") != "M"


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("نیا رابطہ: علی رضا، بیٹا ٹریڈرز", "بیٹا ٹریڈرز"),
        ("نیا رابطہ: علی رضا، اچھا کپڑا ہاؤس، لاہور", "اچھا کپڑا ہاؤس"),
        ("new contact: Ali Raza, good morning traders", "good morning traders"),
        ("met Ali Raza, visited the mills", None),
    ],
)
def test_a_firm_of_everyday_words_stands_between_commas(text: str, company: str | None) -> None:
    assert told(text)[0][1].get("company") == company
