"""An import taken back, though somebody has changed a part of it; what a file from chat holds."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest

from bot.incoming import Attachment, Incoming
from handlers.reply import File
from tests.conversation import AYESHA, Conversation, FakeDoor, part, unpacked, words

PEOPLE = """\
Name,Company,Phone,City
Omar Farooq,Halal Dairy,0300 5550102,Multan
Hina Shah,,0300 5550103,
,Beta,,Karachi
"""


@pytest.fixture
def sends(chat: Conversation, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Hand over a file."""
    files: dict[str, bytes] = {}

    async def fetched(_door: FakeDoor, payload: dict[str, Any]) -> Incoming:
        incoming = unpacked(payload)
        if incoming.other != "file":
            return incoming
        name = incoming.extra["name"]
        return replace(incoming, attachment=Attachment(name, files[name]))

    def send(name: str, data: str | bytes) -> str:
        files[name] = data if isinstance(data, bytes) else data.encode()
        return words(chat.does(AYESHA, "", other="file", extra={"name": name}))

    monkeypatch.setattr(FakeDoor, "read", fetched)
    return send


def test_what_somebody_changed_since_stays_and_is_named(chat: Conversation, sends: Any) -> None:
    sends("people.csv", PEOPLE)
    taken = words(chat.taps("Take it in"))
    assert "put them right there and send it again" in taken
    chat.says("Omar Farooq phone 0321 5557777", by="Bilal")
    undone = words(chat.says("undo"))
    assert "It was: people.csv" in undone
    assert "Omar Farooq, Halal Dairy" in undone
    assert "+923215557777" in words(chat.says("who is omar farooq"))
    assert "I know nobody called" in words(chat.says("who is hina shah"))


def test_sums_of_a_file_are_told_as_they_are_said(sends: Any) -> None:
    deals = "Deal,Company,Amount,Currency\nLooms,Nishat Mills,500000,\nYarn,Zenith,1200,USD\n"
    told = sends("deals.csv", deals)
    assert "Looms, Nishat Mills, Rs 5 lakh" in told
    assert "Yarn, Zenith, $1,200" in told


def test_everything_holds_what_the_team_made_its_own(chat: Conversation) -> None:
    for said in (
        "add stage Site visit after qualified", "add field NTN for companies",
        "1 USD = 278.5 PKR", "goal 50 lakh this month", "deal for Halal Dairy: milk, 5 lakh",
    ):  # fmt: skip
        chat.says(said)
    reply = chat.says("export everything as jsonl")
    data = b64decode(part(reply, File).data).decode()
    kinds = [json.loads(line)["type"] for line in data.splitlines()]
    assert set(kinds) >= {"stage", "field", "rate", "goal", "company", "deal"}
    assert kinds.index("stage") < kinds.index("deal")
    assert "Beside them:" in words(reply)


def test_a_city_is_meant_in_either_script(chat: Conversation) -> None:
    chat.says("add contact علی رضا, Beta Traders, لاہور")
    assert "Contacts: 1" in words(chat.says("export contacts in Lahore"))


def test_a_wrong_number_of_a_file_is_kept_and_told_of_when_one_tidies(
    chat: Conversation, sends: Any
) -> None:
    wrong = "Name,Phone,Mobile\nOmar Farooq,0300 55,0300 5550102\nHina Shah,1122,n/a\n"
    sends("people.csv", wrong)
    chat.taps("Take it in")
    told = words(chat.says("data quality"))
    assert "2 wrong numbers" in told
    assert "0300 55 is no number that can be rung" in told
    assert "1122 is no number that can be rung" in told
    sends("again.csv", wrong)
    assert "2 here already" in words(chat.taps("Take it in"))
    reply = chat.says("export everything as jsonl")
    lines = b64decode(part(reply, File).data).decode().splitlines()
    phones = {each["name"]: each["phones"] for each in map(json.loads, lines) if "phones" in each}
    assert phones == {"Omar Farooq": ["+923005550102", "0300 55"], "Hina Shah": ["1122"]}


@pytest.mark.parametrize("form", ["csv", "excel", "vcard"])
@pytest.mark.parametrize("asked", ["export my contacts as {form}", "میرے رابطے {form} میں بھیجو"])
def test_what_is_private_stays_so_in_a_file(
    chat: Conversation, sends: Any, form: str, asked: str
) -> None:
    chat.says("add Hina Shah, 0300 5550103")
    chat.says("add Omar Farooq, Multan")
    chat.says("keep Hina Shah private")
    file = part(chat.says(asked.format(form=form)), File)
    for _ in range(3):
        chat.says("undo")
    assert "I know nobody called" in words(chat.says("who is hina shah"))
    sends(file.name, b64decode(file.data))
    told = words(chat.taps("Take it in"))
    assert "Hina Shah" not in words(chat.says("who is hina shah", by="Bilal"))
    assert "Private: only you see this." in words(chat.says("who is hina shah")), told
    assert "Private" not in words(chat.says("who is omar farooq"))
