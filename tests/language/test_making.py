"""Own stages and fields are made, renamed and filled in words, and only where that is plain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from language.making import read_making
from language.setting import USUAL_STAGES, Setting
from language.sheet import lay_out

OWN = Setting(
    stages={**USUAL_STAGES, "visit": "Site visit", "trial": "Trial", "negotiation": "Mol tol"},
    fields={"ntn": "NTN", "drug_licence": "Drug licence", "id": "شناختی کارڈ", "size": "Size"},
)
ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("making.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_what_is_said_of_stages_and_fields(row: dict[str, Any]) -> None:
    found = read_making(lay_out(row["text"]), OWN)
    assert (found.intent if found else None) == row["intent"]
    assert (found.slots if found else {}) == row["slots"]


def test_a_value_is_read_only_of_fields_that_there_are() -> None:
    for row in ROWS:
        if str(row["intent"]) in {"field.set", "field.show", "field.find"}:
            assert read_making(lay_out(row["text"]), Setting()) is None


def test_spans_point_into_the_text() -> None:
    text = "add stage Site visit after qualified"
    found = read_making(lay_out(text), Setting())
    assert found is not None
    assert {name: text[i:j] for name, (i, j) in found.spans.items()} == found.slots
