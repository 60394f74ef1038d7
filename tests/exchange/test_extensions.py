"""What is dialled within the house, after a number: kept beside it, however it was written."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.asked import Asked
from exchange.bounded import read_bytes


def one(data: str, name: str = "sent") -> dict[str, Any]:
    (found,) = [each for each in read_bytes(data.encode(), name, Asked("PK")) if "type" in each]
    return found


def card(*phones: str) -> dict[str, Any]:
    lines = "".join(f"{phone}\r\n" for phone in phones)
    return one(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sara Malik\r\n{lines}END:VCARD\r\n")


@pytest.mark.parametrize(
    "said",
    [
        "TEL:042 35761234 x12", "TEL;TYPE=WORK:+92 42 35761234;ext=12",
        "TEL:(042) 3576-1234 ext. 12", "TEL:042 35761234 EXTN 12", "TEL:04235761234,12",
        "TEL:04235761234p12", "TEL;VALUE=uri:tel:+92-42-35761234;ext=12",
        "TEL:۰۴۲ ۳۵۷۶۱۲۳۴ ایکسٹینشن ۱۲",
    ],
)  # fmt: skip
def test_of_a_card(said: str) -> None:
    found = card(said)
    assert (found["phones"], found["fields"]) == (["+924235761234"], {"extension": "12"})


def test_of_several_numbers_each_says_whose_it_is() -> None:
    found = card("TEL:0300 5550101", "TEL:042 35761234 x12", "TEL:+49 221 555010 Durchwahl 7")
    assert found["phones"] == ["+923005550101", "+924235761234", "+49221555010"]
    assert found["fields"] == {
        "extension": "+924235761234 ext. 12", "extension 2": "+49221555010 ext. 7",
    }  # fmt: skip


def test_of_a_table() -> None:
    found = one("Name,Phone\nSara Malik,042-35761234 ext 12\n", "list.csv")
    assert found["fields"] == {"extension": "12"}


@pytest.mark.parametrize("said", ["0300 5550101", "0300-5550101;0321-5550102", "0300 5550101 x"])
def test_where_there_is_none(said: str) -> None:
    assert "extension" not in one(f'Name;Phone\nSara Malik;"{said}"\n', "list.csv")["fields"]
