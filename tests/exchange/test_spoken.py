"""What the process that reads a file tells is what its parent hears."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exchange.spoken import line, told_by

ANY = some.characters(exclude_categories=["Cs"], exclude_characters="\0")
PLAIN = some.none() | some.booleans() | some.integers() | some.text(ANY)
TOLD = some.recursive(
    PLAIN, lambda each: some.lists(each) | some.dictionaries(some.text(ANY), each), max_leaves=9
)


@given(some.dictionaries(some.text(ANY), TOLD))
def test_whatever_is_told_is_heard_in_one_line(told: dict[str, Any]) -> None:
    said = line(told)
    assert said.count(b"\n") == 1
    assert told_by(said) == told


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        (
            {"name": "Ali\0 Khan", "fields": {"\0a": ["b\0"]}},
            {"name": "Ali Khan", "fields": {"a": ["b"]}},
        ),
        ({"name": "Ali \ud83d", "\udc00": 1}, {"name": "Ali ?", "?": 1}),
        ({"name": "Ali \ud83d\0", "amount": 10**30}, {"name": "Ali ?", "amount": 10**30}),
        ({"name": "\\u0000"}, {"name": "\\u0000"}),
    ],
)
def test_what_no_database_takes_as_text_goes(told: Any, heard: Any) -> None:
    assert told_by(line(told)) == heard
