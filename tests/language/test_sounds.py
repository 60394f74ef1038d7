"""A name is found in either script."""

from __future__ import annotations

import pytest

from language.sounds import likeness, near_enough, sound_key

SAME = [
    ("نشاط ملز", "Nishat Mills"),
    ("علی خان", "Ali Khan"),
    ("سارہ ملک", "Sara Malik"),
    ("محمد اقبال", "Mohammad Iqbal"),
    ("عائشہ صدیقی", "Aisha Siddiqi"),
    ("بلال ٹریڈرز", "Bilal Traders"),
    ("سٹی اسکول", "City School"),
    ("پنجاب اسٹیل", "Punjab Steel"),
    ("وقاص حیدر", "Waqas Haider"),
    ("عمر", "Umar"),
]
APART = [("علی خان", "Ali Raza"), ("عمر", "Imran"), ("سارہ", "Saima"), ("بلال", "Hilal Dairy")]


@pytest.mark.parametrize(("urdu", "latin"), SAME)
def test_both_spellings_sound_the_same(urdu: str, latin: str) -> None:
    assert sound_key(urdu) == sound_key(latin)
    assert likeness(urdu, latin) >= near_enough(urdu)


@pytest.mark.parametrize(("urdu", "latin"), APART)
def test_another_name_sounds_otherwise(urdu: str, latin: str) -> None:
    words = sound_key(latin).split()
    assert not all(bone in words for bone in sound_key(urdu).split())
