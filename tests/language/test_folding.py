"""Letters that look alike, or that two keyboards write differently, are found by one key."""

from __future__ import annotations

import pytest

from language.folding import fold


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("علي كمال", "علی کمال"),  # an Arabic keyboard
        ("ﻋﻠﻲ", "علی"),  # presentation forms
        ("عل\u200cی", "علی"),
        ("عَلِی", "علی"),
        ("Ｎｉｓｈａｔ", "nishat"),  # full width
        ("Nis\u200dhat", "nishat"),
        ("Ni\u0336shat", "nishat"),
        ("\u202eAli\u202c Khan", "ali khan"),
        ("Аlі Кhаn", "ali khan"),  # some of it Cyrillic
        ("Αli", "ali"),  # a Greek alpha
        ("José Łukasz Søren", "jose lukasz soren"),
    ],
)
def test_what_looks_alike_is_one_key(written: str, key: str) -> None:
    assert fold(written) == key


@pytest.mark.parametrize("name", ["иван", "γιωργος", "олена"])
def test_a_name_in_another_alphabet_stays_one(name: str) -> None:
    assert fold(name.title()) == name.casefold()
