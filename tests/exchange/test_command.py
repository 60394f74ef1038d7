"""``rabta import`` as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

BOOK = "Name,Phone,City\nSara Malik,0300 1234567,Lahore\n"


def imported(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(main, ["import", *arguments], input=said)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = tmp_path / "book.csv"
    file.write_text(BOOK)
    return file


def test_records_as_json_lines(book: Path) -> None:
    result = imported(str(book), "--dry-run", "--json")
    (line,) = result.stdout.splitlines()
    told = json.loads(line)
    assert (told["type"], told["name"], told["phones"]) == (
        "contact",
        "Sara Malik",
        ["+923001234567"],
    )
    assert told["source"] == {"file": "book.csv", "record": 1}


def test_without_json_it_counts(book: Path) -> None:
    assert imported(str(book), "--dry-run").stdout == f"{book}: 1 contact\n"


def test_owners_who_are_not_in_the_team_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RABTA_DATABASE_URL", f"sqlite:///{tmp_path}/rabta.db")
    book = tmp_path / "book.csv"
    book.write_text("Name,Phone,Owner\nSara Malik,0300 1234567,Moses Frase\n")
    assert "Not in the team, kept by name: Moses Frase\n" in imported(str(book)).stdout
    book.write_text("Name,Phone\nOmar Ali,0300 1234568\n")
    assert "Not in the team" not in imported(str(book)).stdout


def test_a_code_from_a_pipe() -> None:
    result = imported(
        "--dry-run", "--json", "--format", "qr", "-", said="MECARD:N:Malik,Sara;TEL:10;;"
    )
    told = json.loads(result.stdout)
    assert (told["name"], told["phones_as_written"]) == ("Sara Malik", ["10"])


def test_the_country_of_the_house_reads_national_numbers(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RABTA_REGION", "GB")
    book.write_text("Name,Phone\nJim,020 7946 0018\n")
    assert json.loads(imported(str(book), "--dry-run", "--json").stdout)["phones"] == [
        "+442079460018"
    ]


def test_one_bad_file_keeps_none_from_the_others(book: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.xlsx"
    torn.write_bytes(b"PK\x03\x04 torn")
    result = imported(str(torn), str(tmp_path / "none.csv"), str(book), "--dry-run", "--json")
    assert len(result.stdout.splitlines()) == 1
    assert "torn.xlsx: it is damaged" in result.stderr
    assert "none.csv: No such file" in result.stderr
    assert result.exit_code == 1


def test_a_file_that_lies_beside_is_not_run(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (book.parent / "csv.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(book.parent)
    assert imported("book.csv", "--dry-run").stdout == "book.csv: 1 contact\n"
