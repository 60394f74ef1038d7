"""Tables and cards, written for strangers' programs: nothing is calculated, nothing is lost."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from exchange.formulas import as_written, defused
from exchange.writing import xlsx
from exchange.writing.csv_text import csv_of
from exchange.writing.tables import Cell, Reader, Shape, Table, table
from exchange.writing.vcard import vcards_of

PERSON: dict[str, Any] = {
    "type": "contact", "id": 7, "name": "Ayesha Khan", "company": "Bilal Traders", "title": "Owner",
    "phones": ["+923215550101", "+924235760000", "ext 12"], "emails": ["a@b.example"],
    "city": "Lahore", "tags": ["vip", "eid, list"], "fields": {"NTN": "0123456-7"},
    "source": None, "owner": "Sara", "created_at": "2026-11-23T05:00:00Z",
}  # fmt: skip


def read_csv(data: Iterable[bytes]) -> list[list[str]]:
    text = b"".join(data).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def one_cell(*cells: Cell) -> Table:
    return Table("T", ("Head",), iter([(cell,) for cell in cells]))


def workbook(*tables: Table, rtl: bool = False) -> Any:
    file = io.BytesIO()
    xlsx.write_xlsx(file, tables, rtl=rtl)
    return openpyxl.load_workbook(file)


moment = datetime.fromisoformat

FORMULAS = [
    "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200e=cmd|' /C calc'!A0",
    "＝1+1", "'=1", "''@x", "+92 300 1234567", "+923001234567;=1", "-",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_what_may_be_a_formula_is_text(text: str) -> None:
    assert defused(text) == f"'{text}"
    ((_,), (written,)) = read_csv(csv_of(one_cell(text)))
    assert as_written(written) == text
    cell = workbook(one_cell(text)).active["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("text", ["+923001234567", "-5", "Ali = Ahmed", "'tis", "O'Brien", ""])
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@given(some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_comes_back_from_csv(text: str) -> None:
    ((_,), *rows) = read_csv(csv_of(one_cell(text)))
    assert as_written(rows[0][0] if rows and rows[0] else "") == text


def test_people_as_rows() -> None:
    names = Shape({"phones": 3}, {"contact": ["NTN"]})
    written = table("contact", [PERSON], names, Reader(str.upper, "Asia/Karachi"))
    row = dict(zip(written.heads, next(written.rows), strict=True))
    assert (row["PHONE"], row["PHONE 3"]) == ("+923215550101", "ext 12")
    assert (row["TAGS"], row["NTN"]) == ("vip, eid, list", "0123456-7")
    assert row["CREATED_AT"] == moment("2026-11-23T10:00"), "as the clock on their wall"


def test_more_numbers_than_columns_stand_together() -> None:
    many = {**PERSON, "phones": [f"+92300000000{n}" for n in range(9)]}
    written = table("contact", [many], Shape({"phones": 9}), Reader(str))
    row = dict(zip(written.heads, next(written.rows), strict=True))
    assert row["phone 5"] == "; ".join(many["phones"][4:])


def test_days_moments_and_sums_are_what_they_are() -> None:
    cells: list[Cell] = [
        date(2026, 11, 23), moment("2026-11-23T10:30"), Decimal("480000.00"), Decimal("0.25"),
        Decimal(12345678901234567890), date(1850, 1, 1), "\x01\x0bx", "y" * 40_000,
    ]  # fmt: skip
    sheet = workbook(one_cell(*cells)).active
    assert [sheet.cell(row, 1).value for row in range(2, 8)] == [
        moment("2026-11-23"), moment("2026-11-23T10:30"), 480000, 0.25,
        "12345678901234567890", "1850-01-01",
    ]  # fmt: skip
    assert sheet["A8"].value == "x"
    assert len(sheet["A9"].value) == xlsx.LONGEST
    ((_,), *rows) = read_csv(csv_of(one_cell(*cells[:4])))
    assert rows == [["2026-11-23"], ["2026-11-23 10:30:00"], ["480000.00"], ["0.25"]]


def test_sheets_have_names_that_excel_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 3)
    tables = [Table("a/b:c*" + "x" * 40, ("H",), iter([("1",), ("2",), ("3",)]))]
    book = workbook(*tables, rtl=True)
    first, second = book.worksheets
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert (first["A3"].value, second["A1"].value, second["A2"].value) == ("2", "H", "3")
    assert first.sheet_view.rightToLeft
    with pytest.raises(ValueError, match="needs a table"):
        workbook()


# --- cards ----------------------------------------------------------------------------------------


def cards(*records: dict[str, Any]) -> list[str]:
    """The lines as a reader sees them, unfolded."""
    data = b"".join(vcards_of(records))
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_a_card_with_all_that_is_known() -> None:
    assert cards({**PERSON, "notes": ["likes tea", "no calls, before 10"]}) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        "UID;VALUE=text:rabta-contact-7",
        "FN:Ayesha Khan",
        "N:Khan;Ayesha;;;",
        "ORG:Bilal Traders",
        "TITLE:Owner",
        "TEL;TYPE=cell;PREF=1:+923215550101",
        "TEL;TYPE=voice:+924235760000",
        "TEL;TYPE=voice:ext 12",
        "EMAIL;PREF=1:a@b.example",
        "ADR:;;;Lahore;;;",
        "CATEGORIES:vip,eid\\, list",
        "NOTE:likes tea\\nno calls\\, before 10",
        'X-RABTA-FIELD;X-NAME="NTN":0123456-7',
        "X-RABTA-OWNER:Sara",
        "X-RABTA-SINCE:2026-11-23T05:00:00Z",
        "END:VCARD",
        "",
    ]


def test_a_company_is_an_organisation() -> None:
    lines = cards({"type": "company", "id": 3, "name": "A; B", "phone": "+9242", "email": None})
    assert lines[2:8] == [
        "KIND:org", "UID;VALUE=text:rabta-company-3", "FN:A\\; B", "N:A\\; B;;;;", "ORG:A\\; B",
        "TEL;TYPE=voice;PREF=1:+9242",
    ]  # fmt: skip


def test_nobody_writes_lines_of_their_own() -> None:
    evil = {**PERSON, "name": "x\r\nTEL:666\nEND:VCARD", "fields": {'a":b\n^': "y\rz"}}
    lines = cards(evil)
    assert lines.count("END:VCARD") == 1
    assert "FN:x\\nTEL:666\\nEND:VCARD" in lines
    assert 'X-RABTA-FIELD;X-NAME="a^\':b^n^^":y\\nz' in lines


@given(some.text(some.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_lines_are_short_and_no_letter_is_cut(name: str) -> None:
    data = b"".join(vcards_of([{**PERSON, "name": f"م{name}"}]))
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()  # each by itself
    (full,) = (
        line for line in data.decode().replace("\r\n ", "").split("\r\n") if line[:3] == "FN:"
    )
    assert re.sub(r"\\(.)", r"\1", full[3:]) == f"م{name}"
