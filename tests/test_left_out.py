"""What is left out comes back in the shape in which it came, to be mended and sent again."""

from __future__ import annotations

import csv
import io
from base64 import b64decode
from pathlib import Path

import pytest

from handlers.reply import File
from storage.database import Database
from tests.conversation import Conversation, part, words
from tests.test_cli import Rabta
from tests.test_columns import sends
from tests.test_day import kept
from tests.test_importing import kept as kept_by
from tests.test_importing import put

BOOK = (
    "Name;City;Phone;Phone;Looms\n"
    "Sara Malik;Lahore;0300 5550101;;12\n"
    ";=HYPERLINK(1);;;9\n"
    ";Multan;;;\n"
)
DEALS = "Deal Name,Account Name,Amount,Stage\nLooms,Nishat,a lot,Proposal\nYarn,Nishat,5,Proposal\n"


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_file_has_the_heads_of_the_original_and_the_reason(chat: Conversation) -> None:
    sends(chat, "shops.csv", BOOK)
    told = chat.taps("Take it in")
    file = part(told, File)
    assert file.name == "shops-left-out.csv"
    why = "No name, phone or e-mail"
    assert rows(b64decode(file.data)) == [
        ["Name", "City", "Phone", "Phone", "Looms", "Left out because"],
        ["", "'=HYPERLINK(1)", "", "", "9", why],
        ["", "Multan", "", "", "", why],
    ]
    assert "2 left out" in words(told)


def test_mended_and_sent_again_it_goes_in(chat: Conversation) -> None:
    sends(chat, "shops.csv", BOOK)
    file = part(chat.taps("Take it in"), File)
    mended = b64decode(file.data).decode("utf-8-sig").splitlines()
    mended[1] = f"Omar Shah{mended[1]}"
    sends(chat, file.name, "\n".join(mended[:2]))
    chat.taps("Take it in")
    omar = kept(chat, "contact")[-1]
    assert (omar["name"], omar["city"]) == ("Omar Shah", "=HYPERLINK(1)")
    assert omar["fields"] == {"Looms": "9"}, "and the reason is no field"


@pytest.mark.parametrize("said", ["zabaan urdu", "Roman mein jawab do"])
def test_in_their_own_words_it_goes_in_as_well(chat: Conversation, said: str) -> None:
    chat.says(said)
    sends(chat, "deals.csv", DEALS)
    assert [each["title"] for each in kept(chat, "deal")] == []
    file = part(chat.does("Ayesha", "", tap=chat.heard[-1].reply.buttons[0].token), File)
    mended = b64decode(file.data).decode("utf-8-sig").replace("a lot", "700")
    sends(chat, file.name, mended)
    chat.does("Ayesha", "", tap=chat.heard[-1].reply.buttons[0].token)
    deals = {each["title"]: (each["amount"], each["fields"]) for each in kept(chat, "deal")}
    assert deals == {"Yarn": ("5.00", {}), "Looms": ("700.00", {})}


def test_lines_of_json_come_back_as_a_table(chat: Conversation) -> None:
    sends(
        chat, "x.jsonl", '{"type":"deal","company":"Nishat","amount":"much","stage":"Proposal"}\n'
    )
    file = part(chat.taps("Take it in"), File)
    assert rows(b64decode(file.data)) == [
        ["company", "amount", "stage", "Left out because"],
        ["Nishat", "much", "Proposal", "The amount is no number"],
    ]


@pytest.fixture
def rabta(tmp_path: Path, database: Database) -> Rabta:
    return Rabta(tmp_path, database.url.render_as_string(hide_password=False))


def test_the_command_writes_it_beside_the_file(rabta: Rabta) -> None:
    told = rabta("import", put(rabta, "deals.csv", DEALS), put(rabta, "shops.csv", BOOK))
    beside = rabta.folder / "deals-left-out.csv"
    assert str(beside) in told.stderr
    assert rows(beside.read_bytes())[1] == [
        "Looms", "Nishat", "a lot", "Proposal", "The amount is no number",
    ]  # fmt: skip
    assert len(rows((rabta.folder / "shops-left-out.csv").read_bytes())) == 3
    beside.write_bytes(beside.read_bytes().replace(b"a lot", b"700"))
    rabta("import", str(beside))
    assert [each["amount"] for each in kept_by(rabta, "deal")] == ["5.00", "700.00"]
