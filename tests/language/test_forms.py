"""One entry of the words files stands for the forms and spellings of a phrase."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from language.reader import read
from language.sheet import lay_out

NOW = datetime(2026, 12, 2, 11, tzinfo=ZoneInfo("Asia/Karachi"))


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


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("12 hazar shirts ka order Ayesha se", "quantity", 12000),
        ("ہلال ڈیری نے ۲ ہزار قمیضیں آرڈر کیں", "quantity", 2000),
        ("won Bilal Traders 50 hazar", "amount", 50000),
        ("deal for Ayesha: 12 looms, closing 15 Dec", "text", "looms"),
        ("send the samples to veronika", "contact", "veronika"),
        ("میرا ٹائم زون دبئی ہے", "value", "Asia/Dubai"),
    ],
)
def test_a_slot_is_what_was_meant(text: str, slot: str, value: object) -> None:
    (action,) = read(text, NOW)
    assert action.slots[slot] == value
