"""Every slot of an action has its places in the text, or is said to be carried over or assumed."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from bot.understanding import answer
from language.reader import read
from tests.language.test_reader import SENTENCES

NOW = "2026-11-25T10:00:00+05:00"


def explained(text: str) -> list[dict[str, object]]:
    """The actions of a text, each slot's value replaced by the words that say it."""
    line = json.dumps({"id": 1, "text": text, "now": NOW}).encode()
    return [
        {
            slot: places if isinstance(places, str) else [text[i:j] for i, j in places]
            for slot, places in action["spans"].items()
        }
        for action in answer(line, explain=True)["actions"]
    ]


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: str(row["id"]))
def test_every_slot_has_its_place(row: dict[str, str]) -> None:
    for action in read(row["text"], datetime.fromisoformat(row["now"])):
        assert set(action.slots) == set(action.spans) | (set(action.assumed) & set(action.slots))


def test_free_text_and_what_is_carried_over() -> None:
    met, deal, call = explained(
        "met Sara Malik from Nishat Mills, wants 40 looms, deal 5 lakh, call her friday at 3"
    )
    assert met["kind"] == ["met"]
    assert met["text"] == ["wants 40 looms"]
    assert deal == {
        "amount": ["5 lakh"], "currency": "assumed", "contact": "carried", "company": "carried",
    }  # fmt: skip
    assert call == {
        "due": ["friday at 3"], "contact": "carried", "company": "carried", "text": ["call her"],
    }  # fmt: skip


def test_what_is_said_by_a_word_for_it() -> None:
    assert explained("quotation sent to Ali") == [{"contact": ["Ali"], "stage": ["quotation sent"]}]
    assert explained("ہول سیل ٹیگ والے گاہک ڈھونڈو") == [{"tags": ["ہول سیل"]}]
    assert explained("meri is mahine ki sales") == [
        {"metric": ["sales"], "period": ["is mahine"], "owner": ["meri"]}
    ]
    assert explained("snooze Ali 3 days") == [{"contact": ["Ali"], "due": ["3 days"]}]


def test_lines_of_a_card() -> None:
    card = "BEGIN:VCARD\r\nN:Latif;Shahid;;;\r\nFN:Shahid Latif\r\nTEL;TYPE=CELL:0300 1234567\r\n"
    assert explained(card + "ORG:Interloop Ltd\r\nEND:VCARD") == [
        {"contact": ["Shahid Latif"], "phone": ["0300 1234567"], "company": ["Interloop Ltd"]}
    ]
