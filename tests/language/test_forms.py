"""One entry of the words files stands for the forms and spellings of a phrase."""

from __future__ import annotations

import pytest

from language.sheet import lay_out


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sauda pakka ho gaya", "sauda pakke ho gaye"),
        ("hath se gayi", "hath se gaya"),
        ("yaad dila do", "yaad dila dijiye"),
        ("mulaqat", "mlaqat"),
        ("shikayat", "shkayat"),
        ("3 baje", "3 bjay"),
        ("ہاتھ سے گئی", "ہاتھ سے گئے"),
        ("یاد دلا دو", "یاد دلا دیجیے"),
    ],
)
def test_forms_and_spellings_mean_the_same(one: str, other: str) -> None:
    def senses(said: str) -> set[str]:
        sheet = lay_out(f"Ayesha ki {said}" if said.isascii() else f"عائشہ کی {said}")
        last = len(sheet.tokens) - 1
        return set(sheet.senses(last))

    assert senses(one) & senses(other)
