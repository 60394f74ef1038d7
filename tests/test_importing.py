"""``rabta import`` as an operator types it: whole or not at all, twice is once, and taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.test_cli import Rabta

PEOPLE = (
    "Name;Company;Phone;City;Email\n"
    "Sara Malik;Nishat Mills;0300 5550101;Lahore;sara@nishat.example\n"
    "عمر فاروق;Halal Dairy;0300 5550102;Karachi;\n"
    ";;;Multan;\n"
)
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Sarah Malik\nTEL:+92 300 5550101\nTITLE:Buyer\nEND:VCARD\n"


@pytest.fixture
def rabta(tmp_path: Path, database: Database) -> Rabta:
    return Rabta(tmp_path, database.url.render_as_string(hide_password=False))


def put(rabta: Rabta, name: str, text: str) -> str:
    path = rabta.folder / name
    path.write_text(text, "utf-8")
    return str(path)


def kept(rabta: Rabta, kind: str = "") -> list[dict[str, Any]]:
    asked = ("--type", kind) if kind else ()
    return [json.loads(line) for line in rabta("export", *asked).stdout.splitlines()]


def test_files_of_any_kind_come_together_and_who_is_in_both_is_one(rabta: Rabta) -> None:
    told = rabta("import", put(rabta, "people.csv", PEOPLE), put(rabta, "sara.vcf", CARD))
    assert "contacts: 2 new, 1 made one with another, 1 left out" in told.stdout
    assert "people.csv 3: no name" in told.stderr
    sara, omar = kept(rabta, "contact")
    assert (sara["company"], sara["city"], sara["title"]) == ("Nishat Mills", "Lahore", "Buyer")
    assert omar["phones"] == ["+923005550102"]


def test_twice_is_once_and_undo_takes_the_last_one_back(rabta: Rabta) -> None:
    file = put(rabta, "people.csv", PEOPLE)
    rabta("import", file)
    before = kept(rabta)
    assert "2 here already" in rabta("import", file).stdout
    assert kept(rabta) == before
    rabta("import", put(rabta, "more.csv", "Name,Phone\nHina Shah,0300 5550109\n"))
    assert "more.csv" in rabta("import", "--undo").stdout
    assert kept(rabta) == before
    assert "people.csv" in rabta("import", "--undo").stdout
    assert kept(rabta) == []
    assert "no import to take back" in rabta("import", "--undo", code=1).stderr


def test_one_file_that_is_refused_stops_all(rabta: Rabta) -> None:
    broken = rabta.folder / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and no more")
    told = rabta("import", put(rabta, "people.csv", PEOPLE), str(broken), code=1)
    assert "broken.xlsx: it is damaged" in told.stderr
    assert "Nothing was stored" in told.stderr
    assert kept(rabta) == []


def test_a_file_that_is_not_there_is_told_beside_what_is_read(rabta: Rabta) -> None:
    told = rabta("import", str(rabta.folder / "none.csv"), code=1)
    assert "none.csv: No such file or directory" in told.stderr
    assert told.stdout == ""


def test_a_dry_run_stores_nothing(rabta: Rabta) -> None:
    told = rabta("import", put(rabta, "people.csv", PEOPLE), "--dry-run", "--json")
    assert [json.loads(line)["name"] for line in told.stdout.splitlines()][:1] == ["Sara Malik"]
    assert kept(rabta) == []


DESK = (
    "Id,Subject,Status,Priority,Requester,Organization,Assignee,Created at,Solved at\n"
    "101,Rolls torn,Open,Urgent,Bilal Ahmed,Bilal Traders,Ayesha,2026-11-20 10:00,\n"
    "102,Invoice wrong,Solved,Normal,Sara Malik,Nishat Mills,Ayesha,2026-11-18 10:00,"
    "2026-11-19 12:30\n"
)


def test_tickets_of_a_help_desk_keep_their_numbers_states_and_times(rabta: Rabta) -> None:
    assert "tickets: 2 new" in rabta("import", put(rabta, "desk.csv", DESK)).stdout
    torn, wrong = kept(rabta, "ticket")
    assert (torn["number"], torn["priority"], torn["status"]) == (101, "urgent", "open")
    assert (torn["contact"], torn["company"]) == ("Bilal Ahmed", "Bilal Traders")
    assert torn["due_at"] == "2026-11-20T09:00:00Z"
    assert (wrong["number"], wrong["status"], wrong["worked"]) == (102, "resolved", 41400)
    assert "2 here already" in rabta("import", put(rabta, "desk.csv", DESK)).stdout
