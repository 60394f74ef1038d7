"""What codes on business cards say."""

from __future__ import annotations

import pytest

from exchange.refusing import Refused
from tests.exchange.files import one, said


@pytest.mark.parametrize(
    ("text", "name", "phones", "emails"),
    [
        ("MECARD:N:Malik,Sara;TEL:03001234567;EMAIL:s@nishat.pk;;", "Sara Malik",
         ["03001234567"], ["s@nishat.pk"]),
        ("mecard:TEL:1;N:Sara Malik;ORG:A\\;B;TEL:2", "Sara Malik", ["1", "2"], []),
        ("BIZCARD:N:Sara;X:Malik;T:CEO;C:Nishat;M:+923001234567;E:s@nishat.pk;", "Sara Malik",
         ["+923001234567"], ["s@nishat.pk"]),
        ("MEMORY:met\r\nNAME1:Sara Malik\r\nTEL1:03001234567\r\nMAIL1:s@nishat.pk\r\n",
         "Sara Malik", ["03001234567"], ["s@nishat.pk"]),
        ("begin:vcard\r\nn:Malik;Sara\r\ntel;cell:30\r\nend:vcard", "Sara Malik", ["30"], []),
        ("BEGIN:VCARD\nN:Malik;Sara;T;Dr.;PhD\nEND:VCARD", "Dr. Sara T Malik PhD", [], []),
        ("tel:+923001234567", None, ["+923001234567"], []),
        ("SMSTO:03001234567:hello", None, ["03001234567"], []),
        ("mailto:s@nishat.pk?subject=Hello", None, [], ["s@nishat.pk"]),
        ("MATMSG:TO:s@nishat.pk;SUB:Hello;BODY:x;;", None, [], ["s@nishat.pk"]),
        ("https://wa.me/923001234567", None, ["+923001234567"], []),
        ("whatsapp://send?text=Hi&phone=%2B923001234567", None, ["+923001234567"], []),
        ("https://api.whatsapp.com/send/?text=Hi&phone=923001234567", None, ["+923001234567"], []),
        ("https://t.me/+923001234567", None, ["+923001234567"], []),
        ("https://signal.me/#p/+923001234567", None, ["+923001234567"], []),
        ("viber://chat?number=%2B923001234567", None, ["+923001234567"], []),
        ("s@nishat.pk", None, [], ["s@nishat.pk"]),
        ("0300 1234567", None, ["0300 1234567"], []),
    ],
)  # fmt: skip
def test_a_code(text: str, name: str | None, phones: list[str], emails: list[str]) -> None:
    found = one(text, format="qr")
    assert (found["name"], found["phones_as_written"], found["emails"]) == (name, phones, emails)


def test_what_else_a_card_says_is_kept() -> None:
    found = one(
        "MECARD:N:Sara;ORG:Nishat\\, Lahore;TITLE:CEO;ADR:12 Mall Road\\;Lahore;"
        "URL:http\\://nishat.pk;NOTE:tea\\: no sugar;BDAY:19840723;;",
        format="qr",
    )
    assert said(found) == {
        "type": "contact",
        "name": "Sara",
        "company": "Nishat, Lahore",
        "title": "CEO",
        "fields": {"address": "12 Mall Road;Lahore", "website": "http://nishat.pk",
                   "birthday": "1984-07-23"},
        "note": "tea: no sugar",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "WIFI:S:office;;",
        "https://t.me/+AbCd123",
        "https://wa.me/qr/XYZ",
        "https://example.com",
        "",
        "hello",
    ],
)
def test_a_code_that_tells_of_nobody(text: str) -> None:
    with pytest.raises(Refused) as refused:
        one(text, format="qr")
    assert refused.value.reason == "nobody"
