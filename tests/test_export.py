"""Files of what is kept: asked for in chat or on the command line, read back by other hands."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot import cli
from exchange.writing.tables import COLUMNS, Reader, Shape, table
from handlers import exporting
from handlers.exported import label_in
from handlers.library import the_book
from handlers.reply import File, Reply
from storage.clock import SetClock
from storage.database import Database
from storage.export import KINDS
from storage.models import Turn
from tests.conversation import Conversation, labels, part, words
from tests.test_cli import Rabta


@pytest.fixture
def chat(database: Database, clock: SetClock) -> Conversation:
    """Ayesha's book: two people at Nishat, one in Lahore, and two deals."""
    chat = Conversation(database, clock)
    chat.says("add Sara Malik, buyer at Nishat Mills, 0300 1234567, sara@nishat.example #vip")
    chat.says("add Umar Farooq, Nishat Mills, Karachi")
    chat.says("نیا رابطہ: عائشہ خان، لاہور، 03215550101")
    chat.says("add Bilal Ahmed, Lahore, 0321 7654321")
    chat.says("deal 4.8 lakh with Sara Malik")
    chat.says("won Sara Malik")
    chat.says("deal 2 lakh with Bilal Ahmed")
    return chat


def data_of(reply: Reply) -> bytes:
    return b64decode(part(reply, File).data)


def sheet(reply: Reply) -> list[dict[str, Any]]:
    """The rows of a workbook's first sheet, by their heads."""
    book = openpyxl.load_workbook(io.BytesIO(data_of(reply)))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def names(reply: Reply) -> set[str]:
    """What stands in the first column."""
    return {next(iter(row.values())) for row in sheet(reply)}


EVERYBODY = {"Sara Malik", "Umar Farooq", "عائشہ خان", "Bilal Ahmed"}


def test_all_contacts_as_a_workbook(chat: Conversation) -> None:
    reply = chat.says("send me the contacts as excel")
    assert part(reply, File).name == "contacts-2026-11-23.xlsx"
    assert names(reply) == EVERYBODY
    (sara,) = (row for row in sheet(reply) if row["Name"] == "Sara Malik")
    assert (sara["Company"], sara["Phone"], sara["Email"], sara["Tags"]) == (
        "Nishat Mills", "+923001234567", "sara@nishat.example", "vip",
    )  # fmt: skip
    assert isinstance(sara["Created"], datetime)
    assert "Contacts: 4" in words(reply)
    assert labels(reply) == ["CSV", "vCard"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("export customers in Karachi", {"Umar Farooq"}),
        ("Lahore ke customers export karo", {"Bilal Ahmed", "عائشہ خان"}),
        ("export contacts of Nishat Mills", {"Sara Malik", "Umar Farooq"}),
        ("export vip customers", {"Sara Malik"}),
        ("/export Nishat Mills", {"Sara Malik", "Umar Farooq"}),
        ("/export", EVERYBODY),
    ],
)
def test_only_what_fits(chat: Conversation, said: str, found: set[str]) -> None:
    reply = chat.commands(said) if said.startswith("/") else chat.says(said)
    assert names(reply) == found


def test_deals_won_this_month_with_real_sums(chat: Conversation) -> None:
    (deal,) = sheet(chat.says("export deals won this month"))
    assert (deal["Contact"], deal["Amount"], deal["Currency"]) == ("Sara Malik", 480000, "PKR")
    assert deal["Status"] == "won"
    assert isinstance(deal["Closed"], datetime)
    (deal,) = sheet(chat.says("export open deals"))
    assert deal["Contact"] == "Bilal Ahmed"
    assert "There is nothing of that kind" in words(chat.says("export deals lost this month"))


def test_what_there_is_with_some_people(chat: Conversation) -> None:
    by = {"export deals of Nishat Mills": 1, "export deals in Lahore": 1, "export vip deals": 1}
    assert {said: len(sheet(chat.says(said))) for said in by} == by
    (deal,) = sheet(chat.says("export deals in Lahore"))
    assert deal["Contact"] == "Bilal Ahmed"


def test_in_urdu_the_sheet_runs_from_right_to_left(chat: Conversation) -> None:
    reply = chat.says("گاہکوں کی فہرست ایکسل میں بھیجو")
    book = openpyxl.load_workbook(io.BytesIO(data_of(reply)))
    (page,) = book.worksheets
    assert page.sheet_view.rightToLeft
    assert page.title == "رابطے"
    assert [cell.value for cell in page[1]][:3] == ["نام", "کمپنی", "عہدہ"]
    roman = chat.says("contacts csv mein bhejo")
    assert next(iter(rows_of(data_of(roman))[0])) == "Naam"


def test_a_tap_gives_the_other_formats(chat: Conversation) -> None:
    chat.says("export contacts of Nishat Mills")
    reply = chat.taps("CSV")
    assert {row["Name"] for row in rows_of(data_of(reply))} == {"Sara Malik", "Umar Farooq"}
    cards = data_of(chat.taps("vCard")).decode()
    assert cards.count("BEGIN:VCARD\r\nVERSION:4.0\r\n") == 2
    assert "TEL;TYPE=cell;PREF=1:+923001234567\r\n" in cards


def test_a_card_tells_what_was_noted(chat: Conversation) -> None:
    chat.says("note about Sara Malik: likes tea, no calls before 10")
    cards = data_of(chat.says("export Sara Malik's vcard")).decode().replace("\r\n ", "")
    assert re.search(r"^NOTE:.*likes tea\\, no calls before 10\r$", cards, re.MULTILINE)
    assert "ORG:Nishat Mills" in cards
    assert "Umar" not in cards


def test_everything_is_a_sheet_each(chat: Conversation) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data_of(chat.says("export everything"))))
    assert book.sheetnames == ["Contacts", "Companies", "Deals"]


def test_a_channel_gets_no_list_of_customers(chat: Conversation) -> None:
    """The file goes to whoever asked, alone."""
    chat.says("export contacts", place="Sales")
    here = chat.last(place="Sales")
    assert "File" not in {type(each).__name__ for each in here.reply.parts}
    assert names(chat.last().reply) == EVERYBODY


def test_others_private_contacts_are_in_no_file(chat: Conversation) -> None:
    chat.says("keep Sara Malik private")
    assert names(chat.says("export contacts", by="Bilal")) == EVERYBODY - {"Sara Malik"}
    assert names(chat.says("export contacts")) == EVERYBODY
    deals = sheet(chat.says("export deals", by="Bilal"))
    assert {deal["Contact"] for deal in deals} == {"Bilal Ahmed"}
    refused = words(chat.says("export Sara Malik's contact", by="Bilal"))
    assert "Sara Malik" in refused
    assert "+92" not in refused


def test_only_mine_is_offered_where_others_have_some(chat: Conversation) -> None:
    chat.says("add Kamran Shah, 0333 1112223", by="Bilal")
    reply = chat.says("export my contacts")
    assert names(reply) == {*EVERYBODY, "Kamran Shah"}
    assert names(chat.taps("Only mine")) == EVERYBODY


def test_a_long_file_says_what_it_leaves_out(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST", 3)
    reply = chat.says("export contacts")
    assert len(sheet(reply)) == 3
    assert names(reply) == EVERYBODY - {"Sara Malik"}, "the newest"
    assert "holds 3 at most, so here are the newest of 4" in words(reply)


def test_who_took_what_is_kept(chat: Conversation, database: Database) -> None:
    chat.says("export contacts of Nishat Mills")
    with database.transaction() as session:
        kept = session.query(Turn).order_by(Turn.id.desc()).first()
        assert kept is not None
        assert (kept.reading or {})["export"] == {"format": "xlsx", "contact": 2}


def test_what_was_said_before_narrows_nothing(chat: Conversation) -> None:
    assert names(chat.says("call with Sara Malik yesterday. export contacts")) == EVERYBODY


def test_custom_fields_are_columns(chat: Conversation) -> None:
    chat.says("add field NTN")
    chat.says("Sara Malik's NTN is 0123456-7")
    by_name = {row["Name"]: row["NTN"] for row in sheet(chat.says("export contacts"))}
    assert by_name["Sara Malik"] == "0123456-7"
    assert by_name["Bilal Ahmed"] is None


# --- on the command line --------------------------------------------------------------------------


@pytest.fixture
def rabta(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Rabta:
    """The command on the test's database, with nobody's own settings."""
    for name in [each for each in os.environ if each.startswith("RABTA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Rabta(tmp_path, database_url)


def written(rabta: Rabta, *arguments: str) -> bytes:
    """What the command writes to a file."""
    path = rabta.folder / "written"
    rabta("export", "--to", str(path), *arguments)
    return path.read_bytes()


def test_csv_of_one_type_to_a_pipe(rabta: Rabta, chat: Conversation) -> None:
    rows = rows_of(rabta("export", "--format", "csv", "--type", "contact").stdout.encode())
    assert rows == rows_of(written(rabta, "--format", "csv", "--type", "contact"))
    assert {row["Name"] for row in rows} == EVERYBODY
    assert next(row["Phone"] for row in rows if row["Name"] == "Sara Malik") == "+923001234567"


def test_csv_of_all_types_to_a_folder(rabta: Rabta, chat: Conversation) -> None:
    alone = rabta("export", "--format", "csv", code=1)
    assert "say --to FOLDER" in alone.stderr
    folder = rabta.folder / "out"
    rabta("export", "--format", "csv", "--to", str(folder))
    assert {path.name for path in folder.iterdir()} == {"company.csv", "contact.csv", "deal.csv"}
    deals = rows_of((folder / "deal.csv").read_bytes())
    assert {deal["Amount"] for deal in deals} == {"480000.00", "200000.00"}


def test_a_workbook_has_a_sheet_for_each_type(rabta: Rabta, chat: Conversation) -> None:
    path = rabta.folder / "all.xlsx"
    rabta("export", "--format", "xlsx", "--to", str(path))
    assert openpyxl.load_workbook(path).sheetnames == ["Companies", "Contacts", "Deals"]


@pytest.mark.parametrize("tongue", ["en", "ur", "roman"])
def test_every_type_can_be_a_table_and_be_asked_for(tongue: str) -> None:
    label = label_in(the_book().words, tongue)
    assert set(cli.KINDS) == set(COLUMNS) == set(KINDS)
    for kind in KINDS:
        heads = table(kind, [], Shape({}), Reader(label)).heads
        assert all(heads), kind
        assert len(set(heads)) == len(heads), heads


def test_cards_of_people_and_companies(rabta: Rabta, chat: Conversation) -> None:
    cards = written(rabta, "--format", "vcard").decode()
    assert cards.count("KIND:individual") == 4
    assert cards.count("KIND:org") == 1
    wrong = rabta("export", "--format", "vcard", "--type", "deal", code=1)
    assert "A vCard holds no deal" in wrong.stderr


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("nishat", {"Sara Malik", "Umar Farooq"}),
        ("sara mallik", {"Sara Malik"}),
        ("Lahore", {"Bilal Ahmed", "عائشہ خان"}),
        ("#vip", {"Sara Malik"}),
        ("+923001234567", {"Sara Malik"}),
        ("nobody at all", set()),
    ],
)
def test_a_search_narrows_it_down(
    rabta: Rabta, chat: Conversation, said: str, found: set[str]
) -> None:
    records = rabta.export("--search", said, "--type", "contact")
    assert {record["name"] for record in records} == found


def test_what_is_about_somebody_comes_along(rabta: Rabta, chat: Conversation) -> None:
    kinds = [record["type"] for record in rabta.export("--search", "sara malik")]
    assert kinds == ["contact", "deal"]


def test_lines_tell_apart_who_is_called_alike(rabta: Rabta, chat: Conversation) -> None:
    by_type: dict[str, list[dict[str, Any]]] = {}
    for record in rabta.export():
        by_type.setdefault(record["type"], []).append(record)
    sara = next(each for each in by_type["contact"] if each["name"] == "Sara Malik")
    assert {deal["contact_id"] for deal in by_type["deal"]} >= {sara["id"]}
    assert sara["company_id"] == by_type["company"][0]["id"]


def test_a_file_is_there_whole_or_not_at_all(rabta: Rabta, chat: Conversation) -> None:
    path = rabta.folder / "no" / "such.jsonl"
    told = rabta("export", "--to", str(path), code=1)
    assert "No such file or directory" in told.stderr
    path = rabta.folder / "all.jsonl"
    rabta("export", "--to", str(path))
    assert all(json.loads(line)["type"] for line in path.read_text().splitlines())
    assert [each.name for each in Path(rabta.folder).glob(".*")] == []
