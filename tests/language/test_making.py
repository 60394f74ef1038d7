"""Own stages and fields are made, renamed and filled in words, and only where that is plain."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.making import read_making
from language.reader import read
from language.setting import USUAL_STAGES, Setting
from language.sheet import lay_out

OWN = Setting(
    stages={**USUAL_STAGES, "visit": "Site visit", "trial": "Trial", "negotiation": "Mol tol"},
    fields={"ntn": "NTN", "drug_licence": "Drug licence", "id": "شناختی کارڈ", "size": "Size"},
)
NOW = datetime.fromisoformat("2026-11-25T13:00:00+05:00")
ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("making.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_what_is_said_of_stages_and_fields(row: dict[str, Any]) -> None:
    found = read_making(lay_out(row["text"]), OWN)
    assert [each.intent for each in found] == ([row["intent"]] if row["intent"] else [])
    assert [each.slots for each in found] == ([row["slots"]] if row["intent"] else [])


def test_a_value_is_read_only_of_fields_that_there_are() -> None:
    for row in ROWS:
        if str(row["intent"]) in {"field.set", "field.show", "field.find"}:
            assert read_making(lay_out(row["text"]), Setting()) == []


def test_spans_point_into_the_text() -> None:
    text = "add stage Site visit after qualified"
    (found,) = read_making(lay_out(text), Setting())
    assert {name: text[i:j] for name, ((i, j),) in found.spans.items()} == found.slots


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "add Karim Mills, NTN 1234567-8, drug licence KHI-2291",
            {"company": "Karim Mills"},
        ),
        ("Ali's NTN is 1234567-8 and drug licence is KHI-2291", {"contact": "Ali"}),
        ("met Ali, NTN 1234567-8, Drug licence: KHI-2291", {"contact": "Ali"}),
        ("علی کا این ٹی این 1234567-8 ہے اور Drug licence KHI-2291", {"contact": "علی"}),
    ],
)
def test_several_values_are_said_at_once(text: str, who: dict[str, str]) -> None:
    values = [a.slots for a in read(text, NOW, OWN) if a.intent == "field.set"]
    assert values == [
        {**who, "field": "ntn", "value": "1234567-8"},
        {**who, "field": "drug_licence", "value": "KHI-2291"},
    ]


def test_an_abbreviation_is_known_however_it_is_written() -> None:
    for name, said in (("NTN", "علی کا این ٹی این 123 ہے"), ("این ٹی این", "Ali's NTN is 123")):
        (found,) = read(said, NOW, Setting(fields={"tax": name}))
        assert (found.intent, found.slots["field"]) == ("field.set", "tax")


def test_an_hour_behind_a_field_is_no_value() -> None:
    assert [a.intent for a in read("call Ali about NTN 5 pm", NOW, OWN)] == ["task.add"]


PIECES = st.sampled_from(
    [
        *("stage", "stages", "field", "add", "rename", "remove", "after", "ke baad", "naam", "to"),
        *("NTN", "drug licence", "این ٹی این", "Site visit", "mol tol", "مرحلہ", "فیلڈ", "کے بعد"),
        *(
            "1234567-8",
            ":",
            ",",
            "?",
            "'s",
            "ka",
            "hai",
            "companies",
            "Ali",
            "نشاط",
            "deal",
            "move",
        ),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map(" ".join))
def test_any_words_about_own_things_are_read(text: str) -> None:
    for action in read(text, NOW, OWN):
        if action.intent in {"field.set", "field.show", "field.find"}:
            assert action.slots["field"] in OWN.fields
        places = chain.from_iterable(action.spans.values())
        assert all(0 <= start < end <= len(text) for start, end in places)
