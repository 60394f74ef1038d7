"""vCards as JSON, as some address books in the web hand them out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exchange.refusing import Refused
from tests.exchange.files import one, records, said

SARA: list[Any] = ["vcard", [
    ["version", {}, "text", "4.0"],
    ["fn", {}, "text", "Sara Malik"],
    ["n", {}, "text", ["Malik", "Sara", "", ["Dr.", "Prof."], ""]],
    ["org", {}, "text", ["Nishat Mills", "Purchasing"]],
    ["tel", {"type": ["work", "fax"]}, "uri", "tel:+92-42-35761235"],
    ["tel", {"type": "cell", "pref": "1"}, "uri", "tel:+92-300-1234567;ext=12"],
    ["email", {"type": "work"}, "text", "Sara@Nishat.pk"],
    ["adr", {}, "text", ["", "", ["12 Mall Road", "Block B"], "Lahore", "", "54000", "Pakistan"]],
    ["categories", {}, "text", "VIP", "Textile"],
    ["bday", {}, "date", "1984-07-23"],
    ["photo", {}, "uri", "data:image/jpeg;base64,AAAA"],
    ["x-odd"], "odd",
]]  # fmt: skip


def test_a_card() -> None:
    assert said(one(json.dumps(SARA))) == {
        "type": "contact",
        "name": "Sara Malik",
        "first_name": "Sara",
        "last_name": "Malik",
        "company": "Nishat Mills",
        "phones": ["+923001234567", "+924235761235"],
        "phones_as_written": ["+92-300-1234567 ext. 12", "+92-42-35761235"],
        "emails": ["sara@nishat.pk"],
        "city": "Lahore",
        "tags": ["vip", "textile"],
        "fields": {
            "department": "Purchasing",
            "extension": "+923001234567 ext. 12",
            "address": "12 Mall Road, Block B, Lahore, 54000, Pakistan",
            "birthday": "1984-07-23",
        },
    }


def test_several_of_them() -> None:
    ali = ["vcard", [["fn", {}, "text", "علی"]]]
    found = records(json.dumps([SARA, ali, ["vevent", []]], ensure_ascii=False, indent=1))
    assert [(each["name"], each["source"]["record"]) for each in found] == [
        ("Sara Malik", 1), ("علی", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('["vcard", [["fn", {}', "broken"), ('["vcard", ' + "[" * 100_000, "broken"),
        ('["vcard"]', "nobody"), ('[{"name": "Sara"}]', "unknown_format"),
        ('{\n  "people": []\n}', "unknown_format"), ("<html><table>", "unknown_format"),
        ('<?xml version="1.0"?><vcards/>', "unknown_format"), ("{\\rtf1 Sara}", "unknown_format"),
    ],
)  # fmt: skip
def test_what_is_no_card(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        records(text)
    assert refused.value.reason == why
